//! Files of this program's own: the texts of waivers and baselines. People write waivers, so they are read by
//! the reader of configurations, which knows YAML and places, and every mistake in them is told at once.

use kubelet_audit::render::visible;
use kubelet_audit::source::tree::{Node, NodeValue};
use kubelet_audit::source::{Limits, LineIndex, ReadError, SourceId, Span, bytes, document};

use crate::failure::Failure;
use crate::host::Host;

/// Largest file, in bytes; a report of a large fleet has its size.
const MOST: usize = 256 * 1024 * 1024;

/// The text of such a file.
pub(crate) fn text(path: &str, host: &mut dyn Host) -> Result<String, Failure> {
    let data = host.read_file(path, MOST).map_err(|error| {
        Failure::unusable(format!("`{}` cannot be read: {}", visible(path), visible(error.reason())))
    })?;
    match bytes::decode(&data, &limits()) {
        Ok(text) => Ok(text.into_owned()),
        Err(error) => Err(Failure::unusable(format!("{}: {}", visible(path), visible(&error.message)))),
    }
}

const fn limits() -> Limits {
    Limits { bytes: MOST, nodes: usize::MAX, depth: 64 }
}

/// A file with all that is wrong in it.
#[derive(Debug)]
pub(crate) struct OwnFile<'t> {
    path: &'t str,
    text: &'t str,
    lines: Option<LineIndex<'t>>,
    /// What is wrong, with its line and column.
    troubles: Vec<(u32, u32, String)>,
}

impl<'t> OwnFile<'t> {
    pub(crate) fn new(path: &'t str, text: &'t str) -> Self {
        Self { path, text, lines: None, troubles: Vec::new() }
    }

    /// The file's tree.
    pub(crate) fn tree(&mut self) -> Option<Node<'t>> {
        match document::read(self.text, SourceId(0), &limits()) {
            Ok(document) => {
                for twice in &document.duplicates {
                    self.wrong(twice.again, &format!("`{}` is written twice", twice.key), "");
                }
                Some(document.root)
            }
            Err(error) => {
                self.unreadable(&error);
                None
            }
        }
    }

    fn unreadable(&mut self, error: &ReadError) {
        self.wrong(error.span, &error.message, "");
    }

    /// Line and column of a place, `3:5`.
    pub(crate) fn place(&mut self, span: Span) -> (u32, u32) {
        let lines = self.lines.get_or_insert_with(|| LineIndex::new(self.text));
        let position = lines.position(span.start);
        (position.line, position.column)
    }

    /// Notes what is wrong.
    pub(crate) fn wrong(&mut self, span: Span, message: &str, help: &str) {
        let (line, column) = self.place(span);
        let mut text = format!("{}:{line}:{column}: {}", visible(self.path), visible(message));
        if !help.is_empty() {
            text.push_str("\n  ");
            text.push_str(&visible(help));
        }
        self.troubles.push((line, column, text));
    }

    /// The text of a member, which must be there and not be empty.
    pub(crate) fn required(&mut self, object: &Node<'t>, name: &str) -> Option<(String, Span)> {
        match object.get(name) {
            None => {
                self.wrong(object.place.span, &format!("`{name}` is missing"), "");
                None
            }
            Some(Node { value: NodeValue::String(text), place }) if !text.trim().is_empty() => {
                Some((text.trim().to_owned(), place.span))
            }
            Some(Node { value: NodeValue::String(_), place }) => {
                self.wrong(place.span, &format!("`{name}` is empty"), "");
                None
            }
            Some(other) => {
                let message = format!("`{name}` is a string, and this is of the kind {}", other.value.kind());
                self.wrong(other.place.span, &message, "put it in quotes");
                None
            }
        }
    }

    /// Notes members of other names.
    pub(crate) fn only(&mut self, object: &Node<'t>, names: &[&'static str]) {
        for member in object.as_object().unwrap_or(&[]) {
            if !names.contains(&member.key.as_ref()) {
                let near = crate::suggest::nearest(&member.key, names.iter().copied());
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known are {}", names.join(", ")),
                };
                self.wrong(member.key_place.span, &format!("`{}` is not known here", member.key), &help);
            }
        }
    }

    /// The file, if nothing is wrong with it; or else all that is, in the order of the file.
    pub(crate) fn check<T>(mut self, value: T) -> Result<T, Failure> {
        if self.troubles.is_empty() {
            return Ok(value);
        }
        self.troubles.sort_by_key(|(line, column, _)| (*line, *column));
        let texts: Vec<String> = self.troubles.into_iter().map(|(.., text)| text).collect();
        Err(Failure::unusable(texts.join("\nerror: ")))
    }
}
