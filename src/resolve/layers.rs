//! The layers of a kubelet's configuration.

use crate::command_line::{Argument, CommandLine};
use crate::source::tree::{Document, Node};
use crate::source::{MissingLayer, ReadError, SourceId};

/// A document of the input, readable or not.
#[derive(Debug)]
pub struct NamedDocument<'a> {
    /// Its name; for a drop-in, its path below the directory.
    pub name: String,
    /// The source that its places point into.
    pub source: SourceId,
    /// The document, or why it could not be read.
    pub document: Result<Document<'a>, ReadError>,
}

/// The input of one kubelet.
#[derive(Debug, Default)]
pub struct Layers<'a> {
    /// The file named by `--config`.
    pub config: Option<NamedDocument<'a>>,
    /// The files under `--config-dir`, in the order of [`Layers::sort_drop_ins`].
    pub drop_ins: Option<Vec<NamedDocument<'a>>>,
    /// The command line.
    pub command_line: Option<CommandLine>,
    /// The platform that the input belongs to, as the benchmark editions name it; empty if none is known.
    pub platform: &'static str,
    /// Layers that the kubelet uses but the caller did not supply, as far as the caller knows of them.
    pub missing: Vec<MissingLayer>,
}

impl<'a> Layers<'a> {
    /// Every document, readable or not, lowest precedence first.
    pub(crate) fn documents(&self) -> Vec<&NamedDocument<'a>> {
        self.config.iter().chain(self.drop_ins.iter().flatten()).collect()
    }

    /// The arguments of the command line; none if it was not given.
    pub fn arguments(&self) -> &[Argument] {
        self.command_line.as_ref().map_or(&[], |line| &line.arguments)
    }

    /// Whether the whole command line was given.
    pub fn has_complete_command_line(&self) -> bool {
        self.command_line.as_ref().is_some_and(|line| line.complete)
    }

    /// Whether a command line was given, but only a part of it.
    pub(super) fn has_partial_command_line(&self) -> bool {
        self.command_line.as_ref().is_some_and(|line| !line.complete)
    }

    /// Sorts the drop-ins into the order in which the kubelet reads them: that of `filepath.WalkDir`, which
    /// sorts the names of one directory by bytes and visits a subdirectory in its place among them.
    pub fn sort_drop_ins(&mut self) {
        if let Some(drop_ins) = &mut self.drop_ins {
            drop_ins.sort_by(|a, b| a.name.split('/').cmp(b.name.split('/')));
        }
    }

    /// The object inside `{"kubeletconfig": {...}}`, if the config is a `/configz` dump.
    pub(super) fn configz(&self) -> Option<&Node<'a>> {
        let document = self.config.as_ref()?.document.as_ref().ok()?;
        document.root.get("kubeletconfig").filter(|inner| inner.as_object().is_some())
    }
}

/// Whether the kubelet reads a file of this name under `--config-dir` (`filepath.Ext`).
pub fn is_drop_in_name(name: &str) -> bool {
    name.ends_with(".conf")
}
