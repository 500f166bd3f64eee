//! Values of flags, each type read as its Go code reads it.

use crate::json_value::{Json, JsonObject};
use crate::kubelet::duration;
use crate::kubelet::flags::FlagKind;
use crate::list::{ToList, add_all};
use crate::source::{Place, Span};
use crate::texts;
use crate::whole;

use super::value::Value;

/// What a flag was set to.
#[derive(Clone, Debug, PartialEq)]
pub enum FlagValue {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A duration in nanoseconds.
    Nanos(i64),
    /// Text.
    Str(String),
    /// A list, to be appended to earlier occurrences.
    List(Vec<String>),
    /// Pairs, to be added to earlier occurrences.
    Pairs(Vec<(String, String)>),
    /// Feature gates, each with its place, to be added to earlier occurrences.
    Bools(Vec<(String, bool, Place)>),
    /// Lists by key (HTTP headers; their values are secrets).
    Lists(Vec<(String, String)>),
    /// Objects of a field that lists objects.
    Objects(Vec<Json>),
    /// The version is printed and the kubelet exits.
    Version,
}

impl FlagValue {
    /// The value of the field that the flag sets, given that no earlier occurrence adds to it.
    pub fn to_value(&self, place: Place) -> Value {
        use super::value::Entry;
        match self {
            Self::Bool(b) => Value::Bool(*b),
            Self::Int(n) => Value::Int(*n),
            Self::Nanos(n) => Value::Nanos(*n),
            Self::Str(s) => Value::Str(s.clone()),
            Self::List(l) => Value::List(l.clone()),
            Self::Pairs(pairs) => {
                let mut map: Vec<Entry<String>> = Vec::new();
                for (key, value) in pairs {
                    match map.iter_mut().find(|entry| entry.key == *key) {
                        Some(entry) => entry.value.clone_from(value),
                        None => map.push(Entry { key: key.clone(), value: value.clone(), place }),
                    }
                }
                Value::Map(map)
            }
            Self::Bools(_) | Self::Version => Value::Absent,
            Self::Lists(pairs) => {
                let mut map: Vec<Entry<Vec<String>>> = Vec::new();
                for (key, value) in pairs {
                    match map.iter_mut().find(|entry| entry.key == *key) {
                        Some(entry) => entry.value.push(value.clone()),
                        None => map.push(Entry { key: key.clone(), value: vec![value.clone()], place }),
                    }
                }
                Value::Lists(map)
            }
            Self::Objects(l) => Value::Objects(l.clone()),
        }
    }

    /// Adds a later occurrence of the same flag: lists and maps add up, of all else the last counts.
    pub fn then(&mut self, later: &Self) {
        match (self, later) {
            (Self::List(all), Self::List(more)) => add_all(all, more.iter().cloned()),
            (Self::Pairs(all), Self::Pairs(more)) | (Self::Lists(all), Self::Lists(more)) => {
                add_all(all, more.iter().cloned());
            }
            (Self::Objects(all), Self::Objects(more)) => add_all(all, more.iter().cloned()),
            (this, later) => *this = later.clone(),
        }
    }
}

type Read = Result<FlagValue, &'static str>;

/// Reads a flag's value; `place` is where it stands. The error is a reason for a message.
pub(super) fn read(kind: FlagKind, text: &str, place: Place) -> Read {
    match kind {
        FlagKind::Bool => parse_bool(text).map(FlagValue::Bool).ok_or("that is not a boolean"),
        FlagKind::Int32 => parse_int(text)
            .filter(|n| i32::try_from(*n).is_ok())
            .map(FlagValue::Int)
            .ok_or("that is not a whole number of 32 bits"),
        FlagKind::Int64 => parse_int(text).map(FlagValue::Int).ok_or("that is not a whole number"),
        FlagKind::Level => {
            whole::uint32(text).map(|n| FlagValue::Int(n.into())).ok_or("that is not a whole number")
        }
        FlagKind::Duration => duration::parse(text).map(FlagValue::Nanos).ok_or("that is not a duration"),
        FlagKind::Str => Ok(FlagValue::Str(text.into())),
        FlagKind::Ip => {
            if text.is_empty() || texts::is_ip_address(text.trim()) {
                Ok(FlagValue::Str(text.into()))
            } else {
                Err("that is not an IP address")
            }
        }
        FlagKind::Quantity => Ok(FlagValue::Str(text.into())),
        FlagKind::StrSlice => csv(text).map(FlagValue::List),
        FlagKind::StrMap => pairs(text, '=', true),
        FlagKind::LangleMap => pairs(text, '<', true),
        FlagKind::StrMapNoSplit => pairs(text, '=', false),
        FlagKind::BoolMap => gates(text, place),
        FlagKind::Headers => headers(text),
        FlagKind::Taints => taints(text),
        FlagKind::ReservedMemory => reserved_memory(text),
        FlagKind::Vmodule => vmodule(text),
        FlagKind::Version => match text {
            "false" => Ok(FlagValue::Bool(false)),
            _ => Ok(FlagValue::Version),
        },
    }
}

/// Go's `strconv.ParseBool`.
pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Go's `strconv.ParseInt(text, 0, 64)`: a prefix names the base, underscores may separate digits
/// where the base is taken from the text.
fn parse_int(text: &str) -> Option<i64> {
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let lower = body.to_ascii_lowercase();
    let (radix, digits, prefixed) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest, true)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest, true)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest, true)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, lower.get(1..)?, true)
    } else {
        (10, lower.as_str(), false)
    };
    // An underscore stands between two digits, or between the base prefix and a digit.
    let first_may_be_underscore = prefixed;
    if digits.is_empty()
        || digits.ends_with('_')
        || texts::has(digits, "__")
        || (digits.starts_with('_') && !first_may_be_underscore)
    {
        return None;
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let magnitude = whole::magnitude(&plain, radix)?;
    if negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// One line of Go's encoding/csv, without lazy quotes (pflag `stringSliceValue`).
fn csv(text: &str) -> Result<Vec<String>, &'static str> {
    const BARE: &str = "a quote stands inside an unquoted piece";
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        if let Some(mut body) = rest.strip_prefix('"') {
            let mut field = String::new();
            loop {
                let (piece, after) = body.split_once('"').ok_or("a quote is not closed")?;
                field.push_str(piece);
                match after.strip_prefix('"') {
                    Some(more) => {
                        field.push('"');
                        body = more;
                    }
                    None => {
                        body = after;
                        break;
                    }
                }
            }
            fields.push(field);
            match body.strip_prefix(',') {
                Some(more) => rest = more,
                None if body.is_empty() || body.starts_with('\n') => return Ok(fields),
                None => return Err("text stands after a closing quote"),
            }
        } else {
            let (line, ends) = rest.split_once('\n').map_or((rest, true), |(line, _)| (line, true));
            let (field, more) = match line.split_once(',') {
                Some((field, more)) => (field, Some(more)),
                None => (line, None),
            };
            if field.contains('"') {
                return Err(BARE);
            }
            fields.push(field.into());
            match more {
                Some(more) => rest = more,
                None if ends => return Ok(fields),
                None => return Ok(fields),
            }
        }
    }
}

fn pairs(text: &str, separator: char, split_at_commas: bool) -> Read {
    const MALFORMED: &str = "a piece is not a pair";
    let pieces: Vec<&str> = if split_at_commas { text.split(',').to_list() } else { vec![text] };
    let mut out = Vec::new();
    for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
        let (key, value) = piece.split_once(separator).ok_or(MALFORMED)?;
        out.push((key.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(FlagValue::Pairs(out))
}

/// component-base `map_string_bool.go`: quotes are not stripped, white space around is.
fn gates(text: &str, place: Place) -> Read {
    let length = place.span.end.saturating_sub(place.span.start) as usize;
    let mut out = Vec::new();
    let mut at = 0_usize;
    for piece in text.split(',') {
        let start = at;
        at = at.saturating_add(piece.len()).saturating_add(1);
        if piece.is_empty() {
            continue;
        }
        let (name, value) = piece.split_once('=').ok_or("a piece has no equals sign")?;
        let value = parse_bool(value.trim()).ok_or("the value of a gate is not a boolean")?;
        // Where the text is written just as it is read, each pair has its own place.
        let place = if length == text.len() {
            let base = place.span.start as usize;
            let start = base.saturating_add(start);
            Place::new(place.source, Span::new(start, start.saturating_add(piece.len())))
        } else {
            place
        };
        out.push((name.trim().to_owned(), value, place));
    }
    Ok(FlagValue::Bools(out))
}

fn headers(text: &str) -> Read {
    let mut out = Vec::new();
    for piece in text.split(',').filter(|piece| !piece.is_empty()) {
        let (key, value) = piece.split_once(':').ok_or("a piece has no colon")?;
        out.push((key.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(FlagValue::Lists(out))
}

/// `key[=value]:effect` (`pkg/util/taints`).
fn taints(text: &str) -> Read {
    let mut out = Vec::new();
    for piece in text.split(',').filter(|piece| !piece.is_empty()) {
        let (pair, effect) = piece.rsplit_once(':').ok_or("a taint has no effect")?;
        if !matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
            return Err("a taint's effect is not NoSchedule, PreferNoSchedule or NoExecute");
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let mut taint = vec![("key".to_owned(), Json::from(key)), ("effect".to_owned(), Json::from(effect))];
        if !value.is_empty() {
            taint.push(("value".to_owned(), Json::from(value)));
        }
        out.push(Json::Object(JsonObject::new(taint)));
    }
    Ok(FlagValue::Objects(out))
}

/// `numa:type=quantity,type=quantity;numa:...`
fn reserved_memory(text: &str) -> Read {
    const FORM: &str = "it is not of the form numa:type=quantity";
    let mut out = Vec::new();
    for piece in text.split(';').filter(|piece| !piece.is_empty()) {
        let (node, limits) = piece.split_once(':').ok_or(FORM)?;
        let node = whole::int32(node.trim()).ok_or(FORM)?;
        let mut resources = Vec::new();
        for limit in limits.split(',') {
            let (name, quantity) = limit.split_once('=').ok_or(FORM)?;
            resources.push((name.trim().to_owned(), Json::from(quantity.trim())));
        }
        out.push(Json::Object(JsonObject::new(vec![
            ("numaNode".to_owned(), Json::Int(node)),
            ("limits".to_owned(), Json::Object(JsonObject::new(resources))),
        ])));
    }
    Ok(FlagValue::Objects(out))
}

fn vmodule(text: &str) -> Read {
    let mut out = Vec::new();
    for piece in text.split(',').filter(|piece| !piece.is_empty()) {
        let (pattern, level) = piece.split_once('=').ok_or("a piece is not pattern=number")?;
        let level = whole::uint32(level).ok_or("a level is not a whole number")?;
        if pattern.is_empty() {
            return Err("a pattern is empty");
        }
        out.push(Json::Object(JsonObject::new(vec![
            ("filePattern".to_owned(), Json::from(pattern)),
            ("verbosity".to_owned(), Json::Int(level.into())),
        ])));
    }
    Ok(FlagValue::Objects(out))
}

#[cfg(test)]
mod tests {
    use super::{FlagValue, csv, parse_int, read};
    use crate::kubelet::flags::FlagKind;
    use crate::source::Place;

    #[test]
    fn whole_numbers_take_base_prefixes() {
        for (text, number) in [
            ("5", 5),
            ("-1", -1),
            ("+7", 7),
            ("010", 8),
            ("0x10", 16),
            ("0b11", 3),
            ("0o17", 15),
            ("1_0", 10),
            ("0_7", 7),
            ("0", 0),
        ] {
            assert_eq!(parse_int(text), Some(number), "{text}");
        }
        for text in ["", "5.0", " 5", "08", "0x", "_1", "1_", "1__0", "1e1", "--1", "9223372036854775808"] {
            assert_eq!(parse_int(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_read_as_csv() {
        assert_eq!(csv("A,B").unwrap(), ["A", "B"]);
        assert_eq!(csv("A, B").unwrap(), ["A", " B"]);
        assert_eq!(csv("").unwrap(), [""; 0]);
        assert_eq!(csv("A,").unwrap(), ["A", ""]);
        assert_eq!(csv("\"A,B\",C").unwrap(), ["A,B", "C"]);
        assert!(csv("A\"B").is_err());
        assert!(csv("\"A").is_err());
    }

    #[test]
    fn gates_are_trimmed_and_empty_pieces_skipped() {
        let names = |text| match read(FlagKind::BoolMap, text, Place::DEFAULT) {
            Ok(FlagValue::Bools(pairs)) => {
                Some(pairs.into_iter().map(|(n, v, _)| (n, v)).collect::<Vec<_>>())
            }
            _ => None,
        };
        assert_eq!(names(",,"), Some(vec![]));
        assert_eq!(names(" A = true ,B=0"), Some(vec![("A".into(), true), ("B".into(), false)]));
        for text in ["A", "A=", "A=yes", "A=true;B=true", "\"A=true\""] {
            assert_eq!(names(text), None, "{text}");
        }
    }
}
