//! The kubelets that objects configure.

use crate::command_line::CommandLine;
use crate::source::diagnostic::Diagnostic;
use crate::source::tree::Document;
use crate::source::{MissingLayer, ReadError, SourceId};

/// The text as a config file: places of configurations point into it.
pub(crate) const CONFIG: SourceId = SourceId(0);
/// The same text as a command line: places of arguments point into it.
pub(super) const ARGUMENTS: SourceId = SourceId(1);

/// The most kubelets of one text that are audited. Each takes some 50 KB of a report.
pub(super) const MAX_KUBELETS: usize = 500;

/// One kubelet that an object configures.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfiguredKubelet {
    /// The object, `ConfigMap kube-system/kubelet-config`, and the part of it if it configures several.
    pub(crate) name: String,
    /// The config file, readable or not.
    pub(crate) config: Option<Result<Document<'static>, ReadError>>,
    /// The command line, or the part of it that the object shows.
    pub(crate) command_line: Option<CommandLine>,
    /// Layers of this kubelet that the object does not show, and values that it leaves open.
    pub(crate) missing: Vec<MissingLayer>,
    /// Notes on how the configuration was read.
    pub(crate) notes: Vec<Diagnostic>,
    /// Why the object cannot be read. There is then neither a config file nor a command line.
    pub(crate) unreadable: Option<ReadError>,
    /// The Kubernetes version that the object names, as it is written.
    pub(crate) version: Option<String>,
    /// The platform that the object belongs to, as `benchmark` names it; empty if it belongs to none.
    pub(crate) platform: &'static str,
    /// Whether the drop-ins of the request are a part of what the object configures.
    pub(crate) has_drop_ins: bool,
}

impl ConfiguredKubelet {
    /// The kubelet of an object that cannot be read.
    pub(super) fn unreadable(error: ReadError) -> Self {
        Self { unreadable: Some(error), ..Self::default() }
    }
}
