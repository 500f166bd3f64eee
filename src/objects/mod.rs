//! Kubelet configuration inside Kubernetes objects: which parts of an object, or of a file with several,
//! reach a kubelet, and as which layer.
//!
//! What is found keeps its places: a text inside a text (`data.kubelet` of kubeadm's ConfigMap) points
//! into the outer one. What an object does not hold, for the platform puts it under or over it, is told
//! as a missing layer, so that nothing is judged by it.

mod arguments;
mod embedded;
mod rules;
mod search;
mod stream;
#[cfg(test)]
mod tests;

use crate::command_line::Word;
use crate::resolve::MissingLayer;
use crate::source::diagnostic::Diagnostic;
use crate::source::tree::{Document, ReadError};
use crate::source::{Limits, SourceId, document};

/// The text as a config: places of configurations point into it.
pub(crate) const CONFIG: SourceId = SourceId(0);
/// The same text as a command line: places of arguments point into it.
pub(crate) const ARGUMENTS: SourceId = SourceId(1);

/// More kubelets than this in one text are not audited: each takes some 50 KB of a report.
const MOST: usize = 500;

/// What one object says of one kubelet.
#[derive(Debug, Default)]
pub(crate) struct Carried {
    /// The object, `ConfigMap kube-system/kubelet-config`, and which part of it where it has several.
    pub(crate) name: String,
    /// The config file, readable or not.
    pub(crate) config: Option<Result<Document<'static>, ReadError>>,
    /// The command line.
    pub(crate) words: Option<Vec<Word>>,
    /// What else the kubelet gets that the object does not show.
    pub(crate) lacks: Vec<MissingLayer>,
    /// What is worth knowing of the way it was found.
    pub(crate) notes: Vec<Diagnostic>,
    /// Why nothing can be said: then there is neither config nor command line.
    pub(crate) unreadable: Option<ReadError>,
}

/// Whether objects in `text` hold the configuration or the command line of a kubelet.
pub fn hold_kubelets(text: &str, limits: &Limits) -> bool {
    !find(text, &document::read(text, CONFIG, limits), limits).is_empty()
}

/// What the objects in `text` say of kubelets, in document order. Nothing where the kubelet itself would
/// read the text: it is a configuration, and no Kubernetes object stands beside it.
///
/// `first` is the first document, as the kubelet reads it.
pub(crate) fn find(text: &str, first: &Result<Document<'_>, ReadError>, limits: &Limits) -> Vec<Carried> {
    search::in_text(text, first, limits)
}
