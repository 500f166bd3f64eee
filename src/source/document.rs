//! Chooses the reader for a document as the kubelet does.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::tree::{Document, ReadError, ReadFault};
use super::{Limits, SourceId, Span, json, yaml};
use crate::source::diagnostic::Code;

/// The deepest nesting read whatever [`Limits`] say: trees are dropped by recursion, and a Wasm
/// stack is small.
pub(super) const MAX_DEPTH: usize = 256;

/// Reads the first document of `text`.
///
/// A text whose first character after white space is `{` is strict JSON and nothing else; any other
/// is YAML (apimachinery `pkg/runtime/serializer/json`, `IsJSONBuffer`). White space is Go's
/// `unicode.IsSpace`, so a no-break space still leads to the JSON reader, which then refuses it.
pub fn read<'a>(text: &'a str, source: SourceId, limits: &Limits) -> Result<Document<'a>, ReadError> {
    check_size(text.len(), limits)?;
    if text.is_empty() {
        return Err(error(
            Code::Empty,
            Span::at(0),
            "the document is empty",
            "the kubelet refuses an empty file: write at least apiVersion and kind",
        ));
    }
    if text.trim_start().starts_with('{') {
        json::read(text, source, limits)
    } else {
        yaml::read(text, source, limits)
    }
}

/// A [`ReadError`] in one expression.
pub(super) fn error(
    code: Code,
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> ReadError {
    Box::new(ReadFault { code, message: message.into(), help: help.into(), span })
}

pub(super) fn check_size(bytes: usize, limits: &Limits) -> Result<(), ReadError> {
    if bytes <= limits.bytes {
        return Ok(());
    }
    Err(error(
        Code::TooLarge,
        Span::at(limits.bytes),
        format!("the document has {bytes} bytes, the limit is {}", limits.bytes),
        "check that this is a kubelet configuration, or raise the limit",
    ))
}

/// Levels of objects and lists that are read.
pub(super) fn depth_limit(limits: &Limits) -> usize {
    limits.depth.min(MAX_DEPTH)
}

pub(super) fn too_deep(span: Span, limit: usize) -> ReadError {
    error(
        Code::TooDeep,
        span,
        format!("objects and lists are nested more than {limit} levels deep"),
        "flatten the document: no kubelet configuration nests this deep",
    )
}

pub(super) fn too_many_nodes(span: Span, limit: usize) -> ReadError {
    error(
        Code::TooManyNodes,
        span,
        format!("the document has more than {limit} values"),
        "check that this is a kubelet configuration, or raise the limit",
    )
}

/// Pairs (first, again) of indices whose keys are equal, ordered by `again`.
///
/// INVARIANT: O(n log n) whatever the keys are, for hostile texts hold 100,000 in one object. A hash map
/// would not do: in WebAssembly its keys are not random.
pub(super) fn repeats<K: Ord>(keys: impl IntoIterator<Item = (usize, K)>) -> Vec<(usize, usize)> {
    let mut first_of = BTreeMap::new();
    let mut found = Vec::new();
    for (at, key) in keys {
        match first_of.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(at);
            }
            Entry::Occupied(first) => found.push((*first.get(), at)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Format, NodeValue};
    use super::*;

    #[test]
    fn the_first_character_decides_and_there_is_no_way_back() {
        let table = [
            ("{\"a\": 1}", Ok(Format::Json)),
            (" \r\n\t{\"a\": 1}", Ok(Format::Json)),
            ("{a: 1}", Err(Code::JsonSyntax)),
            ("\u{A0}{\"a\": 1}", Err(Code::JsonSyntax)),
            ("\u{B}{\"a\": 1}", Err(Code::JsonSyntax)),
            ("\u{FEFF}{\"a\": 1}", Ok(Format::Yaml)),
            ("\u{FEFF}{a: 1}", Ok(Format::Yaml)),
            ("# c\n{\"a\": 1}", Ok(Format::Yaml)),
            ("---\n{a: 1}", Ok(Format::Yaml)),
            ("// c\n{\"a\": 1}", Err(Code::YamlSyntax)),
            ("[1]", Ok(Format::Yaml)),
            ("", Err(Code::Empty)),
        ];
        for (text, want) in table {
            let got = read(text, SourceId(0), &Limits::default()).map(|d| d.format).map_err(|e| e.code);
            assert_eq!(got, want, "{text:?}");
        }
    }

    #[test]
    fn a_document_without_content_is_null() {
        for text in [
            " \n\n",
            "# x\n",
            "---",
            "---\n",
            "null",
            "--- ~",
            "\u{FEFF}",
            "\u{FEFF}\n",
            "---\n---\na: 1\n",
            "---\n...",
        ] {
            let document = read(text, SourceId(0), &Limits::default()).expect(text);
            assert!(matches!(document.root.value, NodeValue::Null), "{text:?}");
        }
    }

    #[test]
    fn every_repeat_is_paired_with_the_first_of_its_kind() {
        let keys = ["a", "b", "a", "c", "a", "b"];
        assert_eq!(repeats(keys.into_iter().enumerate()), [(0, 2), (0, 4), (1, 5)]);
    }
}
