//! The layers of a kubelet's configuration.

use crate::command_line::{Argument, CommandLine, Extent};
use crate::kubelet::Version;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::tree::{Document, Node};
use crate::source::{MissingLayer, Place, ReadError, SourceId, Span};

use super::parse_flags::{self, Flags};
use super::value::Value;

use super::startup::Machine;

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
    /// The node, if its capacity is known. Otherwise nothing is compared with it.
    pub machine: Option<Machine>,
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

    /// Whether a command line was given of which nothing is known to be hidden.
    pub fn has_complete_command_line(&self) -> bool {
        self.command_line.as_ref().is_some_and(CommandLine::is_complete)
    }

    /// Whether the whole command line was given, with the program that it starts.
    pub fn has_full_command_line(&self) -> bool {
        self.command_line.as_ref().is_some_and(|line| line.extent == Extent::Full)
    }

    /// Whether a command line was given, but only a part of it.
    pub(super) fn has_partial_command_line(&self) -> bool {
        self.command_line.as_ref().is_some_and(|line| !line.is_complete())
    }

    /// Whether the arguments are not certain, because their text lost something.
    pub(super) fn has_garbled_command_line(&self) -> bool {
        self.command_line.as_ref().is_some_and(|line| line.is_garbled)
    }

    /// Sets aside the config file and the drop-ins that the kubelet does not read: those without a flag in a
    /// full command line, and those whose flag is empty. Returns a warning for each.
    pub fn set_aside_unread(&mut self) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        if self.configz().is_some() {
            return warnings;
        }
        // Every version that reads these flags reads them alike.
        let flags = parse_flags::parse(self.arguments(), Version::NEWEST).flags;
        let is_full = self.has_full_command_line();
        let is_unread = |flag: &str| match flags.last(flag).map(|given| &given.value) {
            Some(Value::Str(path)) => path.is_empty(),
            _ => is_full,
        };
        if is_unread("config")
            && let Some(config) = self.config.take()
        {
            warnings.push(unread(&config.name, config.source, "--config"));
        }
        if is_unread("config-dir")
            && let Some(first) = self.drop_ins.as_ref().and_then(|drop_ins| drop_ins.first())
        {
            warnings.push(unread("the drop-ins", first.source, "--config-dir"));
            self.drop_ins = None;
        }
        warnings
    }

    /// The path in `--config`, if the config file that was given can be no copy of that file.
    pub fn other_config_path(&self) -> Option<Diagnostic> {
        let config = self.config.as_ref().filter(|_| self.configz().is_none())?;
        let Flags { given, .. } = parse_flags::parse(self.arguments(), Version::NEWEST).flags;
        let flag = given.iter().rev().find(|given| given.flag.name == "config")?;
        let Value::Str(path) = &flag.value else { return None };
        if path.is_empty() || is_copy(&config.name, path) {
            return None;
        }
        let message = format!("the command line names --config={path}; {} is read in its place", config.name);
        Some(
            Diagnostic::note(Code::OtherConfigPath, message)
                .help("pass the file that the kubelet reads, if this is another one")
                .at(flag.place),
        )
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

fn unread(what: &str, source: SourceId, flag: &str) -> Diagnostic {
    let message =
        format!("the kubelet's whole command line names no {flag}, so the kubelet does not read {what}");
    Diagnostic::warning(Code::ConfigNotRead, message)
        .help(format!(
            "add {flag} to the command line; if the kubelet reads {what} all the same, set assumeConfig (--assume-config)"
        ))
        .at(Place::new(source, Span::at(0)))
}

/// Whether a file of this name can be the file at `path`, or a copy of it.
fn is_copy(name: &str, path: &str) -> bool {
    let file_of = |path: &str| path.rsplit(['/', '\\']).next().map(str::to_owned);
    let has_no_name = matches!(name, "" | "-" | "config");
    has_no_name || name.ends_with(path) || (!name.starts_with('/') && file_of(name) == file_of(path))
}

/// Whether the kubelet reads a file of this name under `--config-dir` (`filepath.Ext`).
pub fn is_drop_in_name(name: &str) -> bool {
    name.ends_with(".conf")
}
