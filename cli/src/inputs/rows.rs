//! What one record of a stream says: a node's configuration with what a collector wrote beside it.

use kubelet_audit::report::{Issue, IssueSeverity, Point};
use kubelet_audit::source::diagnostic::Code;
use kubelet_audit::source::tree::Node;
use kubelet_audit::source::{Limits, LineIndex, SourceId, json};

/// A record of one node.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Name of the node.
    pub(crate) node: Option<String>,
    /// Its kubelet's version.
    pub(crate) version: Option<String>,
    /// Why there is no configuration.
    pub(crate) error: Option<String>,
    /// The configuration, where it stands deeper than the record itself: its bytes in the record, and the
    /// place of the first of them.
    pub(crate) inner: Option<(std::ops::Range<usize>, Point)>,
}

impl Row {
    /// Reads a record; `None` where it is no row but a document as any other, or no JSON.
    ///
    /// A row has a member `kubeletconfig` as `/configz` answers, or the whole answer as `configz`, or a
    /// configuration as `config`, or an `error` of a named node instead. The node is named by `node`, `nodeName` or `name`
    /// (a text, or a Node object), its version by `kubeletVersion`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let document = json::read(text, SourceId(0), &Limits::for_bytes(Limits::MAX_BYTES)).ok()?;
        let root = &document.root;
        let object = |name: &str| root.get(name).filter(|inner| inner.as_object().is_some());
        let inner = object("configz").or_else(|| object("config"));
        let has_config = object("kubeletconfig").is_some() || inner.is_some();
        let named = ["node", "nodeName", "name"].into_iter().find_map(|name| root.get(name));
        let text_of = |node: Option<&Node<'_>>| {
            node.and_then(Node::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let below = |path: &[&str]| path.iter().try_fold(named?, |node, name| node.get(name));
        let node = text_of(named).or_else(|| text_of(below(&["metadata", "name"])));
        let error = root.get("error").filter(|_| !has_config && node.is_some());
        let error = error.and_then(|error| error.as_str().or_else(|| error.get("message")?.as_str()));
        if !has_config && error.is_none() {
            return None;
        }
        Some(Self {
            node,
            version: text_of(root.get("kubeletVersion"))
                .or_else(|| text_of(below(&["status", "nodeInfo", "kubeletVersion"]))),
            error: error.map(str::to_owned),
            inner: inner.filter(|_| object("kubeletconfig").is_none()).map(|inner| {
                let span = inner.place.span;
                let position = LineIndex::new(text).position(span.start);
                let start = Point { offset: span.start, line: position.line, column: position.column };
                (span.start as usize..span.end as usize, start)
            }),
        })
    }

    /// What a report says of a node that has no configuration to show.
    pub(crate) fn no_answer(node: &str, reason: &str) -> Issue {
        Issue {
            code: Code::NoAnswer.as_str().to_owned(),
            severity: IssueSeverity::Error,
            message: format!("node `{node}` did not answer: {reason}"),
            help: String::new(),
            location: None,
        }
    }
}

/// Whether these bytes are a row.
pub(crate) fn is_row(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| Row::read(text).is_some())
}

/// Whether a file of this name holds a record on every line.
pub(crate) fn is_name_of_lines(path: &str) -> bool {
    path.ends_with(".ndjson") || path.ends_with(".jsonl")
}
