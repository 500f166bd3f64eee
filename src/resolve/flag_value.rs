//! Parses the values of flags as the Go code of each type does.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::{Map, json};

use crate::kubelet::flags::FlagKind;
use crate::kubelet::quantity::Quantity;
use crate::kubelet::{duration, label};
use crate::source::go_integer::{magnitude, signed, split_base, split_sign};
use crate::source::{Place, Span};

use super::value::{MapEntry, Value, ValueMap};

/// Adds the value of a flag at `place` to those of earlier occurrences. Lists and maps accumulate; for other
/// types the last value wins.
pub(super) fn add(earlier: &mut Value, later: &Value, place: Place) {
    match (earlier, later) {
        (Value::List(all), Value::List(more)) => all.extend(more.iter().cloned()),
        (Value::Items(all), Value::Items(more)) => all.extend(more.iter().cloned()),
        (Value::Map(all), Value::Map(more)) => {
            for entry in more.entries() {
                add_entry(all, &entry.key, entry.value.clone(), place);
            }
        }
        (earlier, later) => *earlier = later.clone(),
    }
}

/// Adds an entry to a map. Lists of one key accumulate; for other types the last value wins.
fn add_entry(map: &mut ValueMap, key: &str, value: Value, place: Place) {
    match (map.get_mut(key), value) {
        (Some(MapEntry { value: Value::List(all), .. }), Value::List(more)) => all.extend(more),
        (_, value) => map.set(key, value, place),
    }
}

type Read = Result<Value, &'static str>;

/// Parses the value of a flag at `place`. The error is the reason for a message.
pub(super) fn read(kind: FlagKind, text: &str, place: Place) -> Read {
    let (value, reason) = match kind {
        FlagKind::Bool => (parse_bool(text).map(Value::Bool), "it is not a boolean"),
        FlagKind::Int32 => {
            let number = parse_int(text).filter(|n| i32::try_from(*n).is_ok());
            (number.map(Value::Int), "it is not an integer (int32)")
        }
        FlagKind::Int64 => (parse_int(text).map(Value::Int), "it is not an integer"),
        FlagKind::Uint64 => (parse_uint(text).map(Value::Str), "it is not an integer from 0"),
        FlagKind::Level => (level(text).map(Value::Int), "it is not an integer from 0 to 2147483647"),
        FlagKind::Duration => (duration::parse(text).map(Value::Nanos), "it is not a duration"),
        FlagKind::Ip if !(text.is_empty() || text.trim().parse::<IpAddr>().is_ok()) => {
            (None, "it is not an IP address")
        }
        FlagKind::Quantity => {
            let quantity = Quantity::parse(text).map(|quantity| Value::Str(quantity.canonical()));
            (quantity, "it is not a quantity")
        }
        FlagKind::Str | FlagKind::Ip => (Some(Value::Str(text.into())), ""),
        FlagKind::StrSlice => return csv(text).map(Value::List),
        FlagKind::StrMap => return pairs(text, '=', place),
        FlagKind::LangleMap => return pairs(text, '<', place),
        FlagKind::StrMapNoSplit => return one_pair(text, place),
        FlagKind::Labels => return labels(text, place),
        FlagKind::BoolMap => return gates(text, place).map(|_| Value::Absent),
        FlagKind::Headers => return headers(text, place),
        FlagKind::Taints => return taints(text),
        FlagKind::ReservedMemory => return reserved_memory(text),
        FlagKind::Vmodule => return vmodule(text),
        FlagKind::Severity => (severity(text).then(|| Value::Str(text.into())), "it is not a severity"),
        FlagKind::TraceLocation => {
            (is_trace(text).then(|| Value::Str(text.into())), "it is not in the format file.go:line")
        }
        // The value is whether the version is printed.
        FlagKind::Version => (Some(Value::Bool(text != "false")), ""),
    };
    value.ok_or(reason)
}

/// Go's `strconv.ParseBool`.
pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Go's `strconv.ParseInt(text, 0, 64)`: a prefix selects the base, and underscores may separate digits.
fn parse_int(text: &str) -> Option<i64> {
    let (is_negative, unsigned) = split_sign(text);
    let (radix, digits) = split_base(unsigned);
    // An underscore is allowed between two digits, or between the base prefix and a digit.
    let is_first = unsigned.starts_with('_');
    if is_first || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    signed(is_negative, magnitude(&digits.replace('_', ""), radix)?)
}

/// Go's `strconv.ParseUint(text, 0, 64)`, which takes no sign. As digits, because JSON readers lose such numbers.
fn parse_uint(text: &str) -> Option<String> {
    let (radix, digits) = split_base(text);
    let is_first = text.starts_with(['_', '+', '-']);
    if is_first || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    magnitude(&digits.replace('_', ""), radix).map(|number| number.to_string())
}

/// `strconv.ParseUint(text, 10, 31)` (component-base `logs/api/v1/pflags.go`).
fn level(text: &str) -> Option<i64> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse::<i32>().ok().map(i64::from)
}

/// klog's `severityValue.Set`: the name of a severity in any letter case, or a number (klog v2.70).
fn severity(text: &str) -> bool {
    let names = ["INFO", "WARNING", "ERROR", "FATAL"];
    names.iter().any(|name| text.eq_ignore_ascii_case(name)) || text.parse::<i32>().is_ok()
}

/// klog's `traceLocation.Set`: empty, or a file with a dot and a line that is positive (klog v2.70).
fn is_trace(text: &str) -> bool {
    let Some((file, line)) = text.split_once(':') else { return text.is_empty() };
    file.contains('.') && line.parse::<i64>().is_ok_and(|line| line > 0)
}

/// The fields of one line, as in Go's encoding/csv without lazy quotes (pflag `stringSliceValue`).
fn csv(text: &str) -> Result<Vec<String>, &'static str> {
    const BARE: &str = "an unquoted item contains a quote";
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
                None => return Err("text follows a closing quote"),
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

const NOT_A_PAIR: &str = "an item is not a key-value pair";

fn pairs(text: &str, separator: char, place: Place) -> Read {
    let mut map = ValueMap::default();
    for piece in filled(text, ',') {
        let (key, value) = piece.split_once(separator).ok_or(NOT_A_PAIR)?;
        map.set(key.trim(), Value::Str(value.trim().into()), place);
    }
    Ok(Value::Map(map))
}

fn one_pair(text: &str, place: Place) -> Read {
    let mut map = ValueMap::default();
    let (key, value) = text.split_once('=').ok_or(NOT_A_PAIR)?;
    map.set(key.trim(), Value::Str(value.trim().into()), place);
    Ok(Value::Map(map))
}

/// Pairs of which the value may be missing (component-base `cli/flag/configuration_map.go`).
fn labels(text: &str, place: Place) -> Read {
    let mut map = ValueMap::default();
    for piece in filled(text, ',') {
        let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
        map.set(key.trim(), Value::Str(value.trim().into()), place);
    }
    Ok(Value::Map(map))
}

/// The items that are not empty.
fn filled(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).filter(|piece| !piece.is_empty())
}

/// The value of `--feature-gates` (component-base `map_string_bool.go`): white space around names and values is
/// trimmed, quotes are not. A gate that occurs twice has two entries, each with its place.
pub(super) fn gates(text: &str, place: Place) -> Result<Vec<MapEntry>, &'static str> {
    let length = place.span.end.saturating_sub(place.span.start) as usize;
    let mut out = Vec::new();
    let mut at = 0_usize;
    for piece in text.split(',') {
        let start = at;
        at = at.saturating_add(piece.len()).saturating_add(1);
        if piece.is_empty() {
            continue;
        }
        let (name, value) = piece.split_once('=').ok_or("an item has no equals sign")?;
        let value = parse_bool(value.trim()).ok_or("the value of a gate is not a boolean")?;
        // If the text has no quotes or escapes in its source, each pair and its name have their own places.
        let (place, name_place) = if length == text.len() {
            let start = (place.span.start as usize).saturating_add(start);
            let name_start = start.saturating_add(name.len() - name.trim_start().len());
            let part = |start: usize, part: &str| {
                place.with_span(Span::new(start, start.saturating_add(part.len())))
            };
            (part(start, piece), part(name_start, name.trim()))
        } else {
            (place, place)
        };
        out.push(MapEntry { key: name.trim().into(), value: Value::Bool(value), place, name_place });
    }
    Ok(out)
}

fn headers(text: &str, place: Place) -> Read {
    let mut map = ValueMap::default();
    for piece in filled(text, ',') {
        let (key, value) = piece.split_once(':').ok_or("an item has no colon")?;
        add_entry(&mut map, key.trim(), Value::List(vec![value.trim().into()]), place);
    }
    Ok(Value::Map(map))
}

/// `key[=value]:effect` (`pkg/util/taints/taints.go`, `ParseTaints`). A taint to remove, `key-`, adds nothing.
fn taints(text: &str) -> Read {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    for piece in text.split(',').take_while(|_| !text.is_empty()) {
        let (spec, is_removed) = piece.strip_suffix('-').map_or((piece, false), |spec| (spec, true));
        let (pair, effect) = match spec.split_once(':') {
            Some((pair, effect)) if label::is_taint_effect(effect) => (pair, effect),
            None if is_removed => (spec, ""),
            _ => return Err("the effect of a taint is not NoSchedule, PreferNoSchedule or NoExecute"),
        };
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !label::is_qualified_name(key) || !label::is_value(value) {
            return Err("the key or value of a taint is not valid");
        }
        if is_removed {
            continue;
        }
        if !seen.insert((key, effect)) {
            return Err("two taints have the same key and effect");
        }
        out.push(json!({ "key": key, "value": value, "effect": effect }));
    }
    Ok(Value::Items(out))
}

/// `numa:type=quantity,type=quantity;numa:...` (`pkg/util/flag/flags.go`)
fn reserved_memory(text: &str) -> Read {
    const FORM: &str = "it is not in the format numa:type=quantity";
    let mut out = Vec::new();
    for piece in text.split(';').take_while(|_| !text.is_empty()) {
        let (node, limits) = piece.split_once(':').ok_or(FORM)?;
        let node: i64 = node.parse().map_err(|_| FORM)?;
        let mut resources = Map::new();
        for limit in limits.split(',') {
            let (name, quantity) = limit.split_once('=').ok_or(FORM)?;
            if name != "memory" && !name.starts_with("hugepages-") {
                return Err("the type is not memory or hugepages-SIZE");
            }
            let quantity = Quantity::parse(quantity).ok_or("the amount is not a quantity")?;
            resources.insert(name.to_owned(), quantity.canonical().into());
        }
        // Kubernetes truncates the number to 32 bits.
        #[expect(clippy::cast_possible_truncation, reason = "as Kubernetes does")]
        out.push(json!({ "numaNode": node as i32, "limits": resources }));
    }
    Ok(Value::Items(out))
}

fn vmodule(text: &str) -> Read {
    let mut out = Vec::new();
    for piece in filled(text, ',') {
        let (pattern, level) = piece.split_once('=').ok_or("an item is not pattern=number")?;
        let level = self::level(level).ok_or("a level is not an integer")?;
        if pattern.is_empty() {
            return Err("a pattern is empty");
        }
        out.push(json!({ "filePattern": pattern, "verbosity": level }));
    }
    Ok(Value::Items(out))
}

#[cfg(test)]
mod tests {
    use super::{csv, gates, parse_int};
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
        for text in [
            "",
            "5.0",
            " 5",
            "08",
            "0x",
            "_1",
            "1_",
            "0_x1",
            "-+1",
            "1__0",
            "1e1",
            "--1",
            "9223372036854775808",
        ] {
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
        let names = |text| {
            let gates = gates(text, Place::DEFAULT).ok()?;
            Some(gates.iter().map(|gate| (gate.key.clone(), gate.is_true())).collect::<Vec<_>>())
        };
        assert_eq!(names(",,"), Some(vec![]));
        assert_eq!(names(" A = true ,B=0"), Some(vec![("A".into(), true), ("B".into(), false)]));
        for text in ["A", "A=", "A=yes", "A=true;B=true", "\"A=true\""] {
            assert_eq!(names(text), None, "{text}");
        }
    }
}
