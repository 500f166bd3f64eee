//! The table of flags.

use crate::step::{Failure, Outcome};

use super::{Row, Table, Universe, all_minors, newest};

/// What stands before the rows.
const HEAD: &str = r#"//! Every flag of the kubelet. Generated from `oracle/tables/flags.json` by `cargo x gen`.

use super::Minors;
use super::fields::FieldId;
use super::flags::{Flag, FlagKind};

use FlagKind::{
@KINDS@
};

const ALL: Minors = Minors::ALL;

const fn since(first: u8) -> Minors {
    Minors::since(first)
}

const fn until(last: u8) -> Minors {
    Minors::until(last)
}
@MINORS@
/// A flag that sets no field.
const fn flag(name: &'static str, kind: FlagKind, minors: Minors) -> Flag {
    Flag { name, kind, minors, field: None }
}

impl Flag {
    /// The same flag, setting the field at this path.
    const fn sets(self, path: &str) -> Self {
        Self { field: Some(FieldId::of(path)), ..self }
    }
}

/// Every flag, sorted by name: the type of its value, the minor versions that have it, and the field that it sets.
#[rustfmt::skip]
pub static FLAGS: &[Flag] = &[
"#;

const MINORS: &str = "
const fn minors(first: u8, last: u8) -> Minors {
    Minors { first, last }
}
";

/// The text of the file. `--help` is no setting.
pub(super) fn written(table: &Table, universe: &Universe) -> Outcome<String> {
    let mut rows = String::new();
    let mut kinds = Vec::new();
    for (name, flag) in table.iter().filter(|(name, _)| *name != "help") {
        let Some(row) = newest(flag) else { continue };
        let kind = kind(name, row)?;
        kinds.push(kind);
        let minors = universe.minors(name, &all_minors(flag))?;
        let field = row.text("field");
        let sets = if field.is_empty() { String::new() } else { format!(".sets({field:?})") };
        rows.push_str(&format!("    flag({name:?}, {kind}, {minors}){sets},\n"));
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds.retain(|kind| !kind.contains("::"));
    let minors = if rows.contains("minors(") { MINORS } else { "" };
    let head = HEAD.replace("@KINDS@", &wrapped(&kinds)).replace("@MINORS@", minors);
    Ok(format!("{head}{rows}];\n"))
}

/// Names in lines of at most 100 characters.
fn wrapped(names: &[&str]) -> String {
    let mut lines = vec![String::from("    ")];
    for name in names {
        let piece = format!("{name}, ");
        match lines.last_mut() {
            Some(line) if line.len() + piece.trim_end().len() <= 100 => line.push_str(&piece),
            _ => lines.push(format!("    {piece}")),
        }
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

/// The kind of a flag, as a Rust expression.
fn kind(name: &str, row: &Row) -> Outcome<&'static str> {
    let kind = match (row.text("type"), name) {
        ("bool", _) => "Bool",
        ("int32", _) => "Int32",
        ("int" | "int64", _) => "Int64",
        ("uint64", _) => "Uint64",
        ("duration", _) => "Duration",
        ("string", _) => "Str",
        ("ip", _) => "Ip",
        ("stringSlice", _) => "StrSlice",
        ("mapStringString", "node-labels") => "Labels",
        ("mapStringString", "eviction-hard" | "eviction-soft") => "LangleMap",
        ("mapStringString", "cpu-manager-policy-options") => "StrMapNoSplit",
        ("mapStringString", _) => "StrMap",
        ("mapStringBool", _) => "BoolMap",
        ("quantity", _) => "Quantity",
        ("colonSeparatedMultimapStringString", _) => "Headers",
        ("[]v1.Taint", _) => "Taints",
        ("reserved-memory", _) => "ReservedMemory",
        ("Level", _) => "Level",
        ("pattern=N,...", _) => "Vmodule",
        ("version", _) => "FlagKind::Version",
        ("severity", _) => "Severity",
        ("traceLocation", _) => "TraceLocation",
        (other, _) => return Err(Failure::new(format!("--{name} has the unknown type {other}"))),
    };
    Ok(kind)
}
