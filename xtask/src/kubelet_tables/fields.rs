//! The table of fields.

use serde_json::Value;

use crate::step::{Failure, Outcome};

use super::{Row, Table, Universe, all_minors, newest};

/// What stands before the rows.
const HEAD: &str = r#"//! Every field of KubeletConfiguration. Generated from `oracle/tables/fields.json` by `cargo x gen`.

use super::Minors;
use super::field::{DefaultValue, Field, Kind, Shape};

use DefaultValue::{Bool, Float, Int, List, Map, Nanos, Str, Zero};
use Kind::{
    BoolMap, Duration, Int32, Int32List, Int64, Objects, PtrBool, PtrDuration, PtrFloat64, PtrInt32,
    PtrInt64, PtrStr, Quantity, StrList, StrListMap, StrMap, TimeOrDuration, Uint32,
};

/// `/configz` omits the field if it is zero.
const OMIT: bool = true;
/// `/configz` shows the field even if it is zero.
const KEEP: bool = false;

const ALL: Minors = Minors::ALL;

const fn since(first: u8) -> Minors {
    Minors::since(first)
}
@UNTIL@
const fn field(
    path: &'static str,
    kind: Kind,
    omit_zero: bool,
    minors: Minors,
    default: DefaultValue,
) -> Field {
    Field { path, kind, omit_zero, minors, default, earlier: &[] }
}

impl Field {
    /// The same field, with other defaults up to and including these minor versions, newest first.
    const fn earlier(self, earlier: &'static [(u8, DefaultValue)]) -> Self {
        Self { earlier, ..self }
    }
}

/// Every field with a value, sorted by path: its type, whether `/configz` omits it if it is zero, the minor
/// versions that have it, and its default with a config file.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
"#;

const UNTIL: &str = "
const fn until(last: u8) -> Minors {
    Minors::until(last)
}
";

/// The text of the file.
pub(super) fn written(table: &Table, universe: &Universe) -> Outcome<String> {
    let mut rows = String::new();
    for (path, field) in table {
        rows.push_str(&line(path, field, universe)?);
    }
    let until = if rows.contains("until(") { UNTIL } else { "" };
    Ok(format!("{}{rows}];\n", HEAD.replace("@UNTIL@", until)))
}

fn line(path: &str, rows: &[Row], universe: &Universe) -> Outcome<String> {
    let Some(row) = newest(rows) else { return Ok(String::new()) };
    let kind = kind(path, row)?;
    let omit = if row.is("omitempty") { "OMIT" } else { "KEEP" };
    let minors = all_minors(rows);
    let versions = universe.minors(path, &minors)?;
    let default_of =
        |minor: &u8| rows.iter().find(|row| row.minors.contains(minor)).map(|row| default(path, row));
    let mut defaults: Vec<(u8, String)> = Vec::new();
    for minor in minors.iter().rev() {
        let default = default_of(minor).transpose()?.unwrap_or_default();
        if defaults.last().is_none_or(|(_, newer)| *newer != default) {
            defaults.push((*minor, default));
        }
    }
    let (_, default) = defaults.remove(0);
    let earlier: Vec<String> =
        defaults.iter().map(|(last, default)| format!("({last}, {default})")).collect();
    let earlier =
        if earlier.is_empty() { String::new() } else { format!(".earlier(&[{}])", earlier.join(", ")) };
    Ok(format!("    field({path:?}, {kind}, {omit}, {versions}, {default}){earlier},\n"))
}

/// The kind of a field, as a Rust expression.
fn kind(path: &str, row: &Row) -> Outcome<&'static str> {
    let kind = match (row.text("type"), row.is("pointer")) {
        ("bool", false) => "Kind::Bool",
        ("bool", true) => "PtrBool",
        ("int32", false) => "Int32",
        ("int32", true) => "PtrInt32",
        ("int64", false) => "Int64",
        ("int64", true) => "PtrInt64",
        ("float64", true) => "PtrFloat64",
        ("v1.VerbosityLevel", false) => "Uint32",
        ("v1.Duration", false) => "Duration",
        ("v1.Duration", true) => "PtrDuration",
        ("v1.TimeOrMetaDuration", false) => "TimeOrDuration",
        ("resource.QuantityValue", false) => "Quantity",
        ("[]string", _) => "StrList",
        ("[]int32", _) => "Int32List",
        ("map[string]string", _) => "StrMap",
        ("map[string]bool", _) => "BoolMap",
        ("map[string][]string", _) => "StrListMap",
        ("[]v1.Taint", _) => "Objects(Shape::Taint)",
        ("[]v1beta1.MemoryReservation", _) => "Objects(Shape::ReservedMemory)",
        ("[]v1beta1.ShutdownGracePeriodByPodPriority", _) => "Objects(Shape::ShutdownByPriority)",
        ("v1.VModuleConfiguration", _) => "Objects(Shape::Vmodule)",
        ("string", true) => "PtrStr",
        // The names of v1beta1 are names of strings.
        ("string", false) => "Kind::Str",
        (name, false) if name.starts_with("v1beta1.") => "Kind::Str",
        (name, pointer) => {
            return Err(Failure::new(format!("{path} has the unknown type {name} (pointer: {pointer})")));
        }
    };
    Ok(kind)
}

/// The default of a field, as a Rust expression. The paths of the generated certificate are no defaults.
fn default(path: &str, row: &Row) -> Outcome<String> {
    let is_duration = row.text("type") == "v1.Duration" || row.text("type") == "v1.TimeOrMetaDuration";
    let is_quantity = row.text("type") == "resource.QuantityValue";
    Ok(match row.values.get("default") {
        None | Some(Value::Null | Value::Bool(false)) if !row.is("pointer") => "Zero".into(),
        None | Some(Value::Null) => "Zero".into(),
        Some(_) if matches!(path, "tlsCertFile" | "tlsPrivateKeyFile") || is_quantity => "Zero".into(),
        Some(Value::Bool(value)) => format!("Bool({value})"),
        Some(Value::Number(number)) if number.as_i64() == Some(0) && !row.is("pointer") => "Zero".into(),
        Some(Value::Number(number)) if row.text("type") == "float64" => format!("Float({number})"),
        Some(Value::Number(number)) => format!("Int({number})"),
        Some(Value::String(text)) if is_duration => nanos(path, text)?,
        Some(Value::String(text)) if text.is_empty() => "Zero".into(),
        Some(Value::String(text)) => format!("Str({text:?})"),
        Some(Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(Value::to_string).collect();
            format!("List(&[{}])", items.join(", "))
        }
        Some(Value::Object(members)) => {
            let members: Vec<String> =
                members.iter().map(|(key, value)| format!("({key:?}, {value})")).collect();
            format!("Map(&[{}])", members.join(", "))
        }
    })
}

/// A duration as Go prints it, such as `4h0m0s`; the defaults have no fractions.
fn nanos(path: &str, text: &str) -> Outcome<String> {
    const UNITS: [(&str, i64); 4] =
        [("ms", 1_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000)];
    let unknown = || Failure::new(format!("{path} has the default {text:?}, which is no duration"));
    let mut total = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(unknown)?;
        let (digits, after) = rest.split_at(end);
        let number: i64 = digits.parse().map_err(|_| unknown())?;
        let unit = UNITS.iter().find_map(|(unit, nanos)| Some((after.strip_prefix(unit)?, nanos)));
        let (after, nanos) = unit.ok_or_else(unknown)?;
        total += number * nanos;
        rest = after;
    }
    Ok(if total == 0 { "Zero".into() } else { format!("Nanos({})", grouped(total)) })
}

/// Digits in groups of three.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
