//! What carriers read from: the objects of a text, and the text itself.

use std::cell::Cell;

use crate::source::diagnostic::Code;
use crate::source::template::{Masked, is_placeholder};
use crate::source::tree::{Document, DuplicateKey, Format, Node, NodeValue};
use crate::source::{Limits, ReadError};

use super::arguments::fault;
use super::embedded::Embedded;
use super::encoding;

/// A text of the request that belongs to the same node: a drop-in.
#[derive(Clone, Debug)]
pub(crate) struct Beside<'t> {
    /// Its path below the directory.
    pub(crate) name: &'t str,
    /// Its content.
    pub(crate) text: &'t str,
    /// The source that its places point into.
    pub(crate) source: crate::source::SourceId,
}

/// The outermost text and the limits on reading it.
pub(super) struct Context<'t> {
    /// The outermost text, with the expressions of a template masked.
    pub(super) text: &'t str,
    pub(super) masked: Option<&'t Masked>,
    pub(super) limits: &'t Limits,
    /// The drop-ins of the request.
    pub(super) beside: &'t [Beside<'t>],
    /// The number of bytes inside values that may still be parsed. Values are parts of the text, so only
    /// aliases can make their sum much larger than the text.
    budget: Cell<usize>,
}

impl<'t> Context<'t> {
    pub(super) fn new(
        text: &'t str,
        masked: Option<&'t Masked>,
        limits: &'t Limits,
        beside: &'t [Beside<'t>],
    ) -> Self {
        let budget = Cell::new(text.len().saturating_mul(4));
        Self { text, masked, limits, beside, budget }
    }

    /// The text in a string value; `None` if the value is not a string.
    pub(super) fn inner(&self, value: &Node<'_>) -> Option<Result<Embedded, ReadError>> {
        if !self.spend(value.as_str()?.len()) {
            let message = "aliases repeat a string with a configuration too often".to_owned();
            return Some(Err(fault(Code::ExcessiveAliasing, value.place.span, message)));
        }
        Embedded::of_value(self.text, value).map(Ok)
    }

    /// The text in a string value, decoded if it is base64; `None` if there is none.
    pub(super) fn decoded(&self, value: &Node<'_>) -> Option<Embedded> {
        let text = value.as_str().filter(|text| self.spend(text.len()))?;
        Embedded::decoded(encoding::base64(text)?, value)
    }

    /// The text of a `data:` URL.
    pub(super) fn data_url(&self, value: &Node<'_>) -> Option<Embedded> {
        let text = value.as_str().filter(|text| self.spend(text.len()))?;
        Embedded::decoded(encoding::data_url(text)?, value)
    }

    /// A scalar as it is written: YAML reads the version 1.30 as a number, and prints it as 1.3.
    pub(super) fn written(&self, node: &Node<'_>) -> Option<String> {
        match &node.value {
            NodeValue::String(text) => Some(text.to_string()),
            NodeValue::Number(number) => {
                let text = node.place.span.slice(self.text).trim();
                Some(if text.is_empty() { number.to_string() } else { text.to_owned() })
            }
            _ => None,
        }
    }

    fn spend(&self, bytes: usize) -> bool {
        let left = self.budget.get().checked_sub(bytes);
        self.budget.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// How a document was parsed, for the parts that are extracted from it.
#[derive(Clone, Copy)]
pub(super) struct Reading<'d> {
    pub(super) format: Format,
    pub(super) duplicates: &'d [DuplicateKey],
}

impl<'d> From<&'d Document<'_>> for Reading<'d> {
    fn from(document: &'d Document<'_>) -> Self {
        Self { format: document.format, duplicates: &document.duplicates }
    }
}

/// An object of a text.
#[derive(Clone, Copy)]
pub(super) struct Object<'n> {
    pub(super) root: &'n Node<'n>,
    /// Its kind; empty if it has none.
    pub(super) kind: &'n str,
    /// The group of its apiVersion, without the version.
    pub(super) group: &'n str,
    /// The version of its apiVersion.
    pub(super) version: &'n str,
    pub(super) reading: Reading<'n>,
    /// Its position among the objects of the text.
    pub(super) order: usize,
}

impl<'n> Object<'n> {
    pub(super) fn new(root: &'n Node<'n>, reading: Reading<'n>, order: usize) -> Self {
        let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
        let api = text("apiVersion");
        let (group, version) = api.split_once('/').unwrap_or(("", api));
        Self { root, kind: text("kind"), group, version, reading, order }
    }

    /// The node at a dotted path.
    pub(super) fn at(&self, path: &str) -> Option<&'n Node<'n>> {
        below(self.root, path)
    }

    /// `Kind namespace/name`, as far as the object has them.
    pub(super) fn name(&self) -> String {
        let text =
            |key: &str| below(self.root, key).and_then(Node::as_str).filter(|text| !is_placeholder(text));
        match (text("metadata.namespace"), text("metadata.name")) {
            (Some(namespace), Some(name)) => format!("{} {namespace}/{name}", self.kind),
            (_, Some(name)) => format!("{} {name}", self.kind),
            _ => self.kind.to_owned(),
        }
    }

    /// Its name with the name of a part.
    pub(super) fn part(&self, part: &str) -> String {
        if part.is_empty() { self.name() } else { format!("{}, {part}", self.name()) }
    }
}

/// The most items of a list, objects of a carrier and files of a machine that are looked at: putting them
/// together takes a look at each pair.
pub(super) const MOST_ITEMS: usize = 1000;

/// The node at a dotted path; the node itself for an empty path.
pub(super) fn below<'n>(node: &'n Node<'n>, path: &str) -> Option<&'n Node<'n>> {
    let found =
        if path.is_empty() { Some(node) } else { path.split('.').try_fold(node, |node, key| node.get(key)) };
    found.filter(|node| !matches!(node.value, NodeValue::Null))
}

/// The items of the list at a dotted path, each with its name: `workers[a]`.
pub(super) fn items<'n>(node: &'n Node<'n>, path: &str) -> Vec<(&'n Node<'n>, String)> {
    let list = below(node, path).and_then(Node::as_array).unwrap_or_default();
    let key = path.rsplit('.').next().unwrap_or(path);
    let named = |(number, item): (usize, &'n Node<'n>)| {
        let name = ["name", "path", "id", "role"].iter().find_map(|key| item.get(key).and_then(Node::as_str));
        let label = name.map_or_else(|| format!("{key}[{number}]"), |name| format!("{key}[{name}]"));
        (item, label)
    };
    // More than this become no kubelets of their own: see `MAX_KUBELETS`.
    list.iter().take(MOST_ITEMS).enumerate().map(named).collect()
}
