//! JSON documents as text: reading, and changing one place of it.
//!
//! A document stays the text that the host sent. What is not changed keeps its spelling, so that a
//! number that no machine number can hold arrives at the core as it was written.

use kubelet_audit::source::tree::{Document, Member, Node};
use kubelet_audit::source::{Limits, SourceId, json};

/// Why a place cannot be changed. The numbers are the ABI's (`wasm/src/error.h` of OPA).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathError {
    /// A value on the way is no object.
    Type = 2,
    /// The path is not a list of strings with at least one.
    Path = 3,
}

/// Reads a document. The texts inside it have limits of their own.
pub(crate) fn read(text: &str) -> Option<Document<'_>> {
    json::read(text, SourceId(0), &Limits { bytes: usize::MAX, nodes: usize::MAX, depth: 256 }).ok()
}

/// The document as Rego's own printer writes it, if it is not JSON: strings quoted as Go does it, which
/// knows `\x7f`, `\a`, `\v` and `\U0001f600` besides JSON's escapes.
#[cfg_attr(not(any(target_arch = "wasm32", test)), expect(dead_code, reason = "what calls it is the ABI"))]
pub(crate) fn from_go(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at)?);
        let mut after = rest.get(at + 1..)?.chars();
        let digits = match after.next()? {
            'x' => 2,
            'U' => 8,
            'a' => {
                out.push_str("\\u0007");
                0
            }
            'v' => {
                out.push_str("\\u000b");
                0
            }
            other => {
                out.push('\\');
                out.push(other);
                0
            }
        };
        rest = after.as_str();
        if digits > 0 {
            let code = u32::from_str_radix(rest.get(..digits)?, 16).ok()?;
            let quoted = serde_json::to_string(char::from_u32(code)?.encode_utf8(&mut [0; 4])).ok()?;
            out.push_str(quoted.get(1..quoted.len() - 1)?);
            rest = rest.get(digits..)?;
        }
    }
    out.push_str(rest);
    read(&out).is_some().then_some(out)
}

/// The strings of a path, `["a", "b"]`.
fn keys(path: &str) -> Result<Vec<String>, PathError> {
    let document = read(path).ok_or(PathError::Path)?;
    let items = document.root.as_array().filter(|items| !items.is_empty()).ok_or(PathError::Path)?;
    items.iter().map(|item| item.as_str().map(str::to_owned).ok_or(PathError::Path)).collect()
}

/// `base` with `value` at `path`. Objects that are missing on the way are made; a value that is there is
/// replaced. All three are JSON.
pub fn put(base: &str, path: &str, value: &str) -> Result<String, PathError> {
    let keys = keys(path)?;
    let document = read(base).ok_or(PathError::Type)?;
    let mut node = &document.root;
    let mut rest = keys.iter();
    while let Some(key) = rest.next() {
        let members = node.as_object().ok_or(PathError::Type)?;
        match node.get(key) {
            Some(next) if rest.len() == 0 => return Ok(spliced(base, start(next)..end(next), value)),
            Some(next) => node = next,
            None => {
                let mut member = if members.is_empty() { String::new() } else { ",".to_owned() };
                member.push_str(&quote(key));
                member.push(':');
                for key in rest.clone() {
                    member.push('{');
                    member.push_str(&quote(key));
                    member.push(':');
                }
                member.push_str(value);
                member.extend(rest.map(|_| '}'));
                // In front of the closing brace.
                let at = end(node).saturating_sub(1);
                return Ok(spliced(base, at..at, &member));
            }
        }
    }
    Err(PathError::Path)
}

/// `base` without the value at `path`. What is not there is removed already.
pub fn remove(base: &str, path: &str) -> Result<String, PathError> {
    let keys = keys(path)?;
    let (last, way) = keys.split_last().ok_or(PathError::Path)?;
    let mut text = base.to_owned();
    // A key that was written twice is to be gone as well.
    loop {
        let document = read(&text).ok_or(PathError::Type)?;
        let mut node = &document.root;
        for key in way {
            match node.get(key) {
                Some(next) => node = next,
                None => return Ok(text),
            }
        }
        let members = node.as_object().ok_or(PathError::Type)?;
        let Some(range) = extent(members, last) else { return Ok(text) };
        let shorter = spliced(&text, range, "");
        drop(document);
        text = shorter;
    }
}

/// A member with the comma that goes with it.
fn extent(members: &[Member<'_>], key: &str) -> Option<std::ops::Range<usize>> {
    let at = members.iter().position(|member| member.key == key)?;
    let member = members.get(at)?;
    let key_start = member.key_place.span.start as usize;
    Some(match (at.checked_sub(1).and_then(|before| members.get(before)), members.get(at + 1)) {
        (Some(before), _) => end(&before.value)..end(&member.value),
        (None, Some(after)) => key_start..after.key_place.span.start as usize,
        (None, None) => key_start..end(&member.value),
    })
}

fn start(node: &Node<'_>) -> usize {
    node.place.span.start as usize
}

fn end(node: &Node<'_>) -> usize {
    node.place.span.end as usize
}

fn spliced(text: &str, range: std::ops::Range<usize>, insert: &str) -> String {
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    [before.unwrap_or_default(), insert, after.unwrap_or_default()].concat()
}

/// A JSON string.
pub(crate) fn quote(text: &str) -> String {
    // A text has nothing in it that JSON could not say.
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{PathError, from_go, put, remove};

    #[test]
    fn values_are_put_where_the_path_says() {
        for (base, path, expected) in [
            ("{}", r#"["a"]"#, r#"{"a":5}"#),
            (r#"{"a":1}"#, r#"["a"]"#, r#"{"a":5}"#),
            (r#"{ "a" : [1, {"b": 2}] , "c" : 3.50 }"#, r#"["a"]"#, r#"{ "a" : 5 , "c" : 3.50 }"#),
            (r#"{"a":{"b":1}}"#, r#"["a","c","d \"é"]"#, r#"{"a":{"b":1,"c":{"d \"é":5}}}"#),
            (r#"{"a":{}}"#, r#"["a","c"]"#, r#"{"a":{"c":5}}"#),
            (r#"{"a":1,"a":2}"#, r#"["a"]"#, r#"{"a":1,"a":5}"#),
        ] {
            assert_eq!(put(base, path, "5").as_deref(), Ok(expected), "{base} {path}");
        }
        for path in ["[]", "{}", "\"a\"", "[1]", "[\"a\",1]", "nonsense"] {
            assert_eq!(put("{}", path, "5"), Err(PathError::Path), "{path}");
            assert_eq!(remove("{}", path), Err(PathError::Path), "{path}");
        }
        for base in ["[]", "5", "{\"a\":[]}", "{\"a\":\"b\"}"] {
            assert_eq!(put(base, r#"["a","b"]"#, "5"), Err(PathError::Type), "{base}");
        }
    }

    #[test]
    fn values_are_removed_with_their_comma() {
        for (base, path, expected) in [
            (r#"{"a":1}"#, r#"["a"]"#, "{}"),
            (r#"{ "a": 1, "b": 2 }"#, r#"["a"]"#, r#"{ "b": 2 }"#),
            (r#"{ "a": 1, "b": 2 }"#, r#"["b"]"#, r#"{ "a": 1 }"#),
            (r#"{"a":1,"b":2,"c":3}"#, r#"["b"]"#, r#"{"a":1,"c":3}"#),
            (r#"{"a":1,"b":2,"a":3}"#, r#"["a"]"#, r#"{"b":2}"#),
            (r#"{"a":{"b":[{"c":1}]}}"#, r#"["a","b"]"#, r#"{"a":{}}"#),
            (r#"{"a":1}"#, r#"["b"]"#, r#"{"a":1}"#),
            (r#"{"a":1}"#, r#"["b","c"]"#, r#"{"a":1}"#),
        ] {
            assert_eq!(remove(base, path).as_deref(), Ok(expected), "{base} {path}");
        }
        assert_eq!(remove(r#"{"a":[1]}"#, r#"["a","b"]"#), Err(PathError::Type));
    }

    #[test]
    fn what_go_quotes_is_read() {
        assert_eq!(
            from_go(r#"{"a": "\x7f\a\v\U0001f600\"\\x\u00e9\x22"}"#).as_deref(),
            Some("{\"a\": \"\u{7f}\\u0007\\u000b😀\\\"\\\\x\\u00e9\\\"\"}")
        );
        for text in [r#""\x7"#, r#""\U00110000""#, r#""\q""#, "{1, 2}"] {
            assert_eq!(from_go(text), None, "{text}");
        }
    }
}
