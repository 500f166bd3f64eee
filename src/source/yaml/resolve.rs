//! Determines the type of scalars: go-yaml v2 `resolve.go` and the scalar part of its `decode.go`.

use std::ops::Range;

use super::number::{self, Integer};
use super::scalar::{Scalar, Tag};
use crate::source::bytes::replace_invalid;

/// A scalar's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    Uint(u64),
    Float(f64),
    /// The text itself.
    Text,
    /// Decoded `!!binary`.
    Bytes(String),
}

impl Resolved {
    fn tag(&self) -> Tag {
        match self {
            Self::Null => Tag::Null,
            Self::Bool(_) => Tag::Bool,
            Self::Int(_) | Self::Uint(_) => Tag::Int,
            Self::Float(_) => Tag::Float,
            Self::Text => Tag::Str,
            Self::Bytes(_) => Tag::Binary,
        }
    }
}

/// Whether a key with this scalar is a merge key: an unquoted `<<`, or one with the merge tag (`isMerge`).
pub(super) fn is_merge(scalar: &Scalar<'_>) -> bool {
    scalar.value == "<<" && (scalar.plain || scalar.tag == Some(Tag::Merge))
}

/// Resolves a scalar. The error is a message about its tag.
pub(super) fn resolve(scalar: &Scalar<'_>) -> Result<Resolved, String> {
    let text: &str = &scalar.value;
    let Some(tag) = scalar.tag else {
        return Ok(if scalar.plain { guess(text) } else { Resolved::Text });
    };
    match tag {
        Tag::Str | Tag::Merge | Tag::Other => Ok(Resolved::Text),
        Tag::Binary => base64(text)
            .map(Resolved::Bytes)
            .ok_or_else(|| "found a !!binary value that is not base64".to_owned()),
        Tag::Timestamp if is_timestamp(text) => Ok(Resolved::Text),
        Tag::Bool | Tag::Int | Tag::Float | Tag::Null | Tag::Timestamp => match guess(text) {
            Resolved::Int(value) if tag == Tag::Float => {
                let value = value as f64;
                Ok(Resolved::Float(value))
            }
            found if found.tag() == tag => Ok(found),
            found => Err(format!("found a {} value tagged as {}", found.tag().shown(), tag.shown())),
        },
    }
}

/// go-yaml's `resolveTable`: plain scalars that are not text.
fn constant(text: &str) -> Option<Resolved> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Resolved::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Resolved::Bool(false)
        }
        "" | "~" | "null" | "Null" | "NULL" => Resolved::Null,
        ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Resolved::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

/// Resolves a plain scalar without a tag.
///
/// Timestamps need no special case: go-yaml v2 keeps them as text, and none of them is a valid number.
fn guess(text: &str) -> Resolved {
    if let Some(constant) = constant(text) {
        return constant;
    }
    match text.bytes().next() {
        // For a text that starts with a point, `ParseFloat` accepts the same texts as the pattern.
        Some(b'.') => number::float(text).map_or(Resolved::Text, Resolved::Float),
        Some(b'+' | b'-' | b'0'..=b'9') => number(&text.replace('_', "")),
        _ => Resolved::Text,
    }
}

/// Resolves a scalar that starts like a number. `text` must not contain underscores.
fn number(text: &str) -> Resolved {
    match number::integer(text) {
        Some(Integer::Signed(value)) => Resolved::Int(value),
        Some(Integer::Unsigned(value)) => Resolved::Uint(value),
        None => number::float(text).map_or(Resolved::Text, Resolved::Float),
    }
}

/// `allowedTimestampFormats`: a date, or a date with a time, with one- or two-digit fields.
fn is_timestamp(text: &str) -> bool {
    let mut rest = text.as_bytes();
    timestamp(&mut rest).is_some() && rest.is_empty()
}

fn timestamp(rest: &mut &[u8]) -> Option<()> {
    let year = field(rest, 4..5, 9999)?;
    byte(rest, b"-")?;
    let month = field(rest, 1..3, 12)?;
    byte(rest, b"-")?;
    let day = field(rest, 1..3, 31)?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        0 => return None,
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day == 0 || day > longest {
        return None;
    }
    if rest.is_empty() {
        return Some(());
    }
    let separator = byte(rest, b"Tt ")?;
    field(rest, 1..3, 23)?;
    byte(rest, b":")?;
    field(rest, 1..3, 59)?;
    byte(rest, b":")?;
    field(rest, 1..3, 59)?;
    if byte(rest, b".,").is_some() {
        field(rest, 1..usize::MAX, u64::MAX)?;
    }
    // Only the format with a `T` has a time zone.
    if separator != b' ' && byte(rest, b"Z").is_none() {
        byte(rest, b"+-")?;
        field(rest, 2..3, 24)?;
        byte(rest, b":")?;
        field(rest, 2..3, 60)?;
    }
    Some(())
}

/// Steps over one of these bytes.
fn byte(rest: &mut &[u8], allowed: &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    if !allowed.contains(first) {
        return None;
    }
    *rest = after;
    Some(*first)
}

/// Steps over all digits at the start of `rest`.
fn field(rest: &mut &[u8], lengths: Range<usize>, most: u64) -> Option<u64> {
    let mut value = 0_u64;
    let mut length = 0_usize;
    while let Some(digit) = byte(rest, b"0123456789") {
        value = value.saturating_mul(10).saturating_add(u64::from(digit & 15));
        length = length.saturating_add(1);
    }
    (lengths.contains(&length) && value <= most).then_some(value)
}

/// Decodes base64 as Go's `base64.StdEncoding`: padding is required, line breaks are skipped, and unused
/// bits of the last group are ignored. Invalid UTF-8 becomes U+FFFD, as when Go writes JSON.
fn base64(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut count = 0_usize;
    let mut padding = 0_usize;
    let mut held = 0_u32;
    for symbol in text.bytes() {
        let six = match symbol {
            b'\r' | b'\n' => continue,
            b'=' => 64,
            b'A'..=b'Z' => symbol.wrapping_sub(b'A'),
            b'a'..=b'z' => symbol.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => symbol.wrapping_sub(b'0').wrapping_add(52),
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        count = count.wrapping_add(1);
        if six == 64 {
            padding = padding.saturating_add(1);
        } else if padding > 0 {
            return None;
        }
        held = (held << 6 | u32::from(six & 63)) & 0xFF_FFFF;
        if count.is_multiple_of(4) {
            let [_, group @ ..] = held.to_be_bytes();
            bytes.extend_from_slice(group.get(..3_usize.saturating_sub(padding))?);
        }
    }
    if !count.is_multiple_of(4) || padding > 2 {
        return None;
    }
    Some(replace_invalid(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Resolved {
        guess(text)
    }

    fn tagged(tag: &str, text: &str) -> Option<Resolved> {
        let tag = Tag::named(&format!("tag:yaml.org,2002:{tag}"));
        resolve(&Scalar { value: text.into(), tag, plain: false }).ok()
    }

    #[test]
    fn plain_scalars_resolve_as_in_go_yaml_v2() {
        for text in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
            assert_eq!(plain(text), Resolved::Bool(true), "{text}");
        }
        for text in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
            assert_eq!(plain(text), Resolved::Bool(false), "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text), Resolved::Null, "{text}");
        }
        for text in [
            "tRue",
            "yEs",
            "nULL",
            "true#c",
            "${X}",
            "1:30",
            "2001-01-01",
            "1d",
            "5 m",
            "0x",
            "-",
            "+",
            ".",
            "<<",
            "=",
            "_1",
            "1e999",
            "0xFFFFFFFFFFFFFFFFFF",
            "∞",
            "._5",
            "-.5.",
        ] {
            assert_eq!(plain(text), Resolved::Text, "{text}");
        }
        for (text, want) in [
            ("5", 5),
            ("-1", -1),
            ("+7", 7),
            ("010", 8),
            ("0777", 511),
            ("0o10", 8),
            ("0x10", 16),
            ("0b101", 5),
            ("1_000", 1000),
            ("0x_1_0", 16),
            ("1_", 1),
        ] {
            assert_eq!(plain(text), Resolved::Int(want), "{text}");
        }
        assert_eq!(plain("18446744073709551615"), Resolved::Uint(u64::MAX));
        for (text, want) in [
            ("5.0", 5.0),
            ("1e1", 10.0),
            ("08", 8.0),
            (".5", 0.5),
            ("1_0.5", 10.5),
            ("-.inf", f64::NEG_INFINITY),
        ] {
            assert_eq!(plain(text), Resolved::Float(want), "{text}");
        }
        assert!(matches!(plain(".NaN"), Resolved::Float(value) if value.is_nan()));
    }

    #[test]
    fn tags_are_obeyed_or_refused() {
        let table = [
            ("str", "true", Some(Resolved::Text)),
            ("str", "", Some(Resolved::Text)),
            ("bool", "yes", Some(Resolved::Bool(true))),
            ("bool", "1", None),
            ("bool", "x", None),
            ("int", "5", Some(Resolved::Int(5))),
            ("int", "5.0", None),
            ("int", "", None),
            ("float", "5", Some(Resolved::Float(5.0))),
            ("float", "5.5", Some(Resolved::Float(5.5))),
            ("float", "x", None),
            ("null", "", Some(Resolved::Null)),
            ("null", "x", None),
            ("timestamp", "2001-1-2", Some(Resolved::Text)),
            ("timestamp", "2001-02-29", None),
            ("timestamp", "2000-02-29t1:2:3.5Z", Some(Resolved::Text)),
            ("timestamp", "2001-12-14T21:59:43.10-05:00", Some(Resolved::Text)),
            ("timestamp", "2001-12-14 21:59:43.10", Some(Resolved::Text)),
            ("timestamp", "2001-12-14 21:59:43.10 -5", None),
            ("timestamp", "5", None),
            ("binary", "aGk=", Some(Resolved::Bytes("hi".to_owned()))),
            ("binary", "aG\nk=\n", Some(Resolved::Bytes("hi".to_owned()))),
            ("binary", "/w==", Some(Resolved::Bytes("\u{FFFD}".to_owned()))),
            ("binary", "", Some(Resolved::Bytes(String::new()))),
            ("binary", "aGk", None),
            ("binary", "a===", None),
            ("binary", "=aGk", None),
            ("set", "5", Some(Resolved::Text)),
        ];
        for (tag, text, want) in table {
            assert_eq!(tagged(tag, text), want, "!!{tag} {text:?}");
        }
    }
}
