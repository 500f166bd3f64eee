//! Reads waivers and baselines. People write waivers, so they are read by the reader of configurations, which
//! knows YAML and positions.

use kubelet_audit::render::visible;
use kubelet_audit::source::tree::{Node, NodeValue};
use kubelet_audit::source::{Limits, LineIndex, SourceId, Span, bytes, document};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::failure::Failure;
use crate::host::Host;

/// Largest file, in bytes; enough for the report of a large fleet.
const MOST: usize = 256 * 1024 * 1024;

/// Returns the text of such a file.
pub(crate) fn text(path: &str, host: &mut dyn Host) -> Result<String, Failure> {
    let data = host.read_file(path, MOST).map_err(|error| {
        Failure::unusable(format!("cannot read {}: {}", visible(path), visible(error.reason())))
    })?;
    match bytes::decode(&data, &limits()) {
        Ok(text) => Ok(text.into_owned()),
        Err(error) => Err(Failure::unusable(format!("{}: {}", visible(path), visible(&error.message)))),
    }
}

const fn limits() -> Limits {
    Limits { bytes: MOST, nodes: usize::MAX, depth: 64 }
}

/// A file, and the errors found in it.
#[derive(Debug)]
pub(crate) struct OwnFile<'t> {
    path: &'t str,
    text: &'t str,
    lines: LineIndex<'t>,
    /// Each with its line and column.
    errors: Vec<(u32, u32, String)>,
}

impl<'t> OwnFile<'t> {
    pub(crate) fn new(path: &'t str, text: &'t str) -> Self {
        Self { path, text, lines: LineIndex::new(text), errors: Vec::new() }
    }

    /// Returns the tree of the file.
    pub(crate) fn tree(&mut self) -> Option<Node<'t>> {
        match document::read(self.text, SourceId(0), &limits()) {
            Ok(document) => {
                for key in &document.duplicates {
                    self.error(key.again, &format!("duplicate field `{}`", key.key));
                }
                Some(document.root)
            }
            Err(error) => {
                self.error(error.span, &error.message);
                None
            }
        }
    }

    /// Deserializes an object, or notes the first error in it.
    pub(crate) fn read<T: DeserializeOwned>(&mut self, node: &Node<'_>) -> Option<T> {
        let value = match &node.value {
            // A derived `Deserialize` also accepts an array of the field values.
            NodeValue::Array(_) => Value::Null,
            _ => value_of(node),
        };
        let error = match serde_path_to_error::deserialize(value) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        let message = error.inner().to_string();
        let span = span_at(node, error.path(), message.starts_with("unknown field"));
        let path = error.path().iter().filter(|segment| !matches!(segment, Segment::Unknown)).count();
        let text = if path == 0 { message } else { format!("{}: {message}", error.path()) };
        self.error(span, &text);
        None
    }

    /// Returns the line and column of a span.
    pub(crate) fn position(&self, span: Span) -> (u32, u32) {
        let position = self.lines.position(span.start);
        (position.line, position.column)
    }

    /// Notes an error.
    pub(crate) fn error(&mut self, span: Span, message: &str) {
        let (line, column) = self.position(span);
        let text = format!("{}:{line}:{column}: {}", visible(self.path), visible(message));
        self.errors.push((line, column, text));
    }

    /// Returns the value, or all errors in the order of the file.
    pub(crate) fn check<T>(mut self, value: T) -> Result<T, Failure> {
        if self.errors.is_empty() {
            return Ok(value);
        }
        self.errors.sort_by_key(|(line, column, _)| (*line, *column));
        let texts: Vec<String> = self.errors.into_iter().map(|(.., text)| text).collect();
        Err(Failure::unusable(texts.join("\nerror: ")))
    }
}

/// Returns the span of the value at `path`, or of its key.
fn span_at(node: &Node<'_>, path: &Path, of_key: bool) -> Span {
    let (mut node, mut span) = (node, node.place.span);
    for segment in path {
        let next = match segment {
            Segment::Seq { index } => node.as_array().and_then(|items| items.get(*index)),
            Segment::Map { key } => {
                let members = node.as_object().unwrap_or_default();
                let member = members.iter().rev().find(|member| member.key == *key);
                span = member.filter(|_| of_key).map_or(span, |member| member.key_place.span);
                member.map(|member| &member.value)
            }
            _ => None,
        };
        let Some(next) = next else { break };
        node = next;
        if !of_key {
            span = node.place.span;
        }
    }
    span
}

fn value_of(node: &Node<'_>) -> Value {
    match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Bool(value) => Value::Bool(*value),
        NodeValue::Number(text) => serde_json::from_str(text).unwrap_or_default(),
        NodeValue::String(text) => Value::String(text.to_string()),
        NodeValue::Array(items) => items.iter().map(value_of).collect(),
        NodeValue::Object(members) => {
            members.iter().map(|member| (member.key.to_string(), value_of(&member.value))).collect()
        }
    }
}
