//! Chooses the reader for a document as the kubelet does.

use std::borrow::Cow;

use super::tree::{Document, ReadError, ReadFault};
use super::{Limits, SourceId, Span, json, yaml};
use crate::diagnostic::Code;
use crate::list::ToList;
use crate::sorting::{order, sort};

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
pub(super) fn error<'m>(
    code: Code,
    span: Span,
    message: impl Into<Cow<'m, str>>,
    help: impl Into<Cow<'m, str>>,
) -> ReadError {
    // The part that is compiled once.
    #[inline(never)]
    fn inner(code: Code, span: Span, message: Cow<'_, str>, help: Cow<'_, str>) -> ReadError {
        Box::new(ReadFault { code, message: message.into_owned(), help: help.into_owned(), span })
    }
    inner(code, span, message.into(), help.into())
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

/// What tells an entry's key from others: two are the same if both parts are.
pub(super) type Identity<'k> = (bool, &'k str);

/// Pairs (first, again) of entries with equal keys, ordered by `again`.
///
/// INVARIANT: O(n log n), for hostile texts hold 100,000 keys in one object.
pub(super) fn repeats<'k>(count: usize, key: &dyn Fn(usize) -> Option<Identity<'k>>) -> Vec<(usize, usize)> {
    /// Up to here comparing all with all is fastest.
    const FEW: usize = 12;
    let mut found = Vec::new();
    if count <= FEW {
        for again in 0..count {
            let of_again = key(again);
            if let Some(first) = (0..again).find(|first| key(*first) == of_again) {
                found.push((first, again));
            }
        }
        return found;
    }
    // Sorting numbers is far cheaper than sorting texts, and most objects repeat nothing.
    let hashes: Vec<u64> = (0..count).map(|at| key(at).map_or(0, hash)).to_list();
    let by_hash = order(count, &|a, b| hashes.get(a) < hashes.get(b));
    if !by_hash.windows(2).any(|pair| matches!(pair, [a, b] if hashes.get(*a) == hashes.get(*b))) {
        return found;
    }
    let mut first = None;
    for at in order(count, &|a, b| key(a) < key(b)) {
        match first {
            Some(first) if key(first) == key(at) => found.push((first, at)),
            _ => first = Some(at),
        }
    }
    sort(&mut found, &|a, b| a.1 < b.1);
    found
}

/// A quick hash. Forging collisions with it gains nothing: they only lead to the sorting of keys.
fn hash((kind, text): Identity<'_>) -> u64 {
    let mut mixed = u64::from(kind);
    for byte in text.bytes() {
        mixed = (mixed.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517C_C1B7_2722_0A95);
    }
    mixed
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
    fn repeats_agree_for_few_and_for_many_entries() {
        let few = ["a", "b", "a", "c", "a", "b"];
        let want = vec![(0, 2), (0, 4), (1, 5)];
        assert_eq!(repeats(few.len(), &|at| Some((true, *few.get(at)?))), want);
        let many: Vec<String> =
            few.iter().map(|k| (*k).to_owned()).chain((0..50).map(|n| format!("k{n}"))).collect();
        assert_eq!(repeats(many.len(), &|at| Some((true, many.get(at)?))), want);
    }
}
