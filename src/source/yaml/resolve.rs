//! What a scalar is: go-yaml v2 `resolve.go` and the scalar half of its `decode.go`.

use super::compose::Scalar;
use super::number::{self, Integer};
use crate::list::ToList;

/// The tags that change how a scalar is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Str,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    Merge,
    /// Any other, `!` among them: the scalar stays text.
    Other,
}

impl Tag {
    /// The tag of that full name; `None` for an empty name, which is no tag.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.strip_prefix("tag:yaml.org,2002:") {
            Some("str") => Self::Str,
            Some("bool") => Self::Bool,
            Some("int") => Self::Int,
            Some("float") => Self::Float,
            Some("null") => Self::Null,
            Some("timestamp") => Self::Timestamp,
            Some("binary") => Self::Binary,
            Some("merge") => Self::Merge,
            None if name.is_empty() => return None,
            _ => Self::Other,
        })
    }

    fn shown(self) -> &'static str {
        match self {
            Self::Str => "!!str",
            Self::Bool => "!!bool",
            Self::Int => "!!int",
            Self::Float => "!!float",
            Self::Null => "!!null",
            Self::Timestamp => "!!timestamp",
            Self::Binary => "!!binary",
            Self::Merge => "!!merge",
            Self::Other => "another tag",
        }
    }
}

/// A scalar's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    Uint(u64),
    Float(f64),
    /// The text as it is.
    Text,
    /// Another text: decoded `!!binary`.
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

/// Whether a key with this scalar is a merge key: `<<` unquoted, or tagged so (`isMerge`).
pub(super) fn is_merge(scalar: &Scalar<'_>) -> bool {
    scalar.value == "<<" && (scalar.plain || scalar.tag == Some(Tag::Merge))
}

/// Resolves a scalar, or says what is wrong with its tag.
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

/// What an untagged plain scalar is.
///
/// Timestamps need no case of their own: go-yaml v2 hands them on as the text they are, and none
/// is a number as well.
fn guess(text: &str) -> Resolved {
    let Some(first) = text.bytes().next() else { return Resolved::Null };
    match first {
        b'+' | b'-' | b'0'..=b'9' => match text {
            "+.inf" | "+.Inf" | "+.INF" => Resolved::Float(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Resolved::Float(f64::NEG_INFINITY),
            _ if text.contains('_') => number(&text.replace('_', "")),
            _ => number(text),
        },
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => Resolved::Float(f64::INFINITY),
            // `ParseFloat`, which for a text that starts with a point takes what the pattern takes.
            _ => number::float(text).map_or(Resolved::Text, Resolved::Float),
        },
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => match text {
            "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
                Resolved::Bool(true)
            }
            "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
                Resolved::Bool(false)
            }
            "~" | "null" | "Null" | "NULL" => Resolved::Null,
            _ => Resolved::Text,
        },
        _ => Resolved::Text,
    }
}

/// `text` is without underscores.
fn number(text: &str) -> Resolved {
    match number::integer(text) {
        Some(Integer::Signed(value)) => Resolved::Int(value),
        Some(Integer::Unsigned(value)) => Resolved::Uint(value),
        None => number::float(text).map_or(Resolved::Text, Resolved::Float),
    }
}

/// `allowedTimestampFormats`: a date, or a date with a time, with one- or two-digit fields.
fn is_timestamp(text: &str) -> bool {
    parse_timestamp(text).is_some()
}

fn parse_timestamp(text: &str) -> Option<()> {
    let (year, rest) = text.split_once('-')?;
    let (month, rest) = rest.split_once('-')?;
    let day_length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at_checked(day_length)?;
    let year = (year.len() == 4).then(|| field(year, 9999))??;
    let month = field_short(month, 12)?;
    let day = field_short(day, 31)?;
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
    let zoned = rest.starts_with(['T', 't']);
    let (hour, rest) = rest.strip_prefix(['T', 't', ' '])?.split_once(':')?;
    let (minute, rest) = rest.split_once(':')?;
    field_short(hour, 23)?;
    field_short(minute, 59)?;
    let second_length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (second, mut rest) = rest.split_at_checked(second_length)?;
    field_short(second, 59)?;
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return None;
        }
        rest = fraction.get(digits..)?;
    }
    if !zoned {
        return rest.is_empty().then_some(());
    }
    if rest == "Z" {
        return Some(());
    }
    let (hours, minutes) = rest.strip_prefix(['+', '-'])?.split_once(':')?;
    (hours.len() == 2 && minutes.len() == 2).then_some(())?;
    field(hours, 24)?;
    field(minutes, 60)?;
    Some(())
}

fn field_short(text: &str, most: u32) -> Option<u32> {
    if text.len() <= 2 { field(text, most) } else { None }
}

fn field(text: &str, most: u32) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok().filter(|value| *value <= most) } else { None }
}

/// Go's `base64.StdEncoding`: padded, line breaks skipped, the last bits not looked at. What is
/// not UTF-8 becomes U+FFFD when Go writes the JSON.
fn base64(text: &str) -> Option<String> {
    let mut symbols: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).to_list();
    if !symbols.len().is_multiple_of(4) {
        return None;
    }
    let padding = symbols.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    symbols.truncate(symbols.len().saturating_sub(padding));
    let mut bytes = Vec::with_capacity(symbols.len());
    let mut held = 0_u32;
    let mut bits = 0_u32;
    for symbol in symbols {
        let six = match symbol {
            b'A'..=b'Z' => symbol.wrapping_sub(b'A'),
            b'a'..=b'z' => symbol.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => symbol.wrapping_sub(b'0').wrapping_add(52),
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(six)) & 0x3FFF;
        bits = bits.saturating_add(6);
        if bits >= 8 {
            bits = bits.saturating_sub(8);
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Some(out)
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
