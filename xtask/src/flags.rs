//! The kubelet's flags: from `oracle/tables/flags.json` to `src/kubelet/flag_table.rs`.
//!
//! A minor that the table does not hold yet has the flags of the nearest one that it holds, with the exceptions
//! of `oracle/flags-from-source.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::generate::GeneratedFile;
use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

const ORACLE: &str = "oracle/tables/flags.json";
const SOURCE: &str = "oracle/flags-from-source.json";
const TABLE: &str = "src/kubelet/flag_table.rs";

/// The oldest minor that the library knows.
const OLDEST: u8 = 25;

/// A flag at some minors.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    minors: String,
    #[serde(rename = "type")]
    kind: String,
    field: Option<String>,
    /// Whether the flag sets a field.
    #[serde(default)]
    in_file: bool,
    #[serde(default)]
    deprecated: bool,
}

/// The fields of flags whose values the oracle does not guess when it looks for the field of each flag.
const FIELDS: [(&str, &str); 3] =
    [("eviction-hard", "evictionHard"), ("feature-gates", "featureGates"), ("vmodule", "logging.vmodule")];

/// What minors without an oracle have, where it differs from the nearest minor.
#[derive(Deserialize)]
struct FromSource {
    added: BTreeMap<String, Row>,
    absent: BTreeMap<String, String>,
}

/// A flag with every minor that has it.
#[derive(Clone, Debug, PartialEq)]
struct Flag {
    name: String,
    kind: &'static str,
    field: Option<String>,
    minors: BTreeSet<u8>,
    deprecated: BTreeSet<u8>,
}

/// The table of all flags.
pub(crate) fn generate(workspace: &Workspace) -> Outcome<Vec<GeneratedFile>> {
    let rows = read(workspace, ORACLE)?;
    let flags = flags(&rows, &read(workspace, SOURCE)?).map_err(Failure::new)?;
    Ok(vec![GeneratedFile { path: TABLE.into(), text: table(&flags).map_err(Failure::new)? }])
}

fn read<T: DeserializeOwned>(workspace: &Workspace, path: &str) -> Outcome<T> {
    let path = workspace.root.join(path);
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

fn flags(oracle: &BTreeMap<String, Vec<Row>>, source: &FromSource) -> Result<Vec<Flag>, String> {
    let mut held = BTreeSet::new();
    for row in oracle.values().flatten() {
        held.extend(minors(&row.minors)?);
    }
    let newest = held.last().copied().ok_or_else(|| format!("{ORACLE} holds no minor"))?;
    // Each minor with the one whose flags it has.
    let model = |minor: u8| {
        let newer = held.range(minor..).next();
        newer.or_else(|| held.range(..=minor).next_back()).copied().unwrap_or(newest)
    };
    let models: Vec<(u8, u8)> = (OLDEST..=newest).map(|minor| (minor, model(minor))).collect();
    let mut flags: BTreeMap<String, Flag> = BTreeMap::new();
    // `--help` is no setting.
    for (name, rows) in oracle.iter().filter(|(name, _)| *name != "help") {
        for row in rows {
            let of_row = minors(&row.minors)?;
            let absent = source.absent.get(name).map_or(Ok(BTreeSet::new()), |text| minors(text))?;
            let has = |(minor, model): &(u8, u8)| {
                of_row.contains(model) && (held.contains(minor) || !absent.contains(minor))
            };
            add(&mut flags, name, row, models.iter().filter(|pair| has(pair)).map(|(minor, _)| *minor))?;
        }
    }
    for (name, row) in &source.added {
        add(&mut flags, name, row, minors(&row.minors)?.into_iter().filter(|minor| !held.contains(minor)))?;
    }
    Ok(flags.into_values().filter(|flag| !flag.minors.is_empty()).collect())
}

fn add(
    flags: &mut BTreeMap<String, Flag>,
    name: &str,
    row: &Row,
    minors: impl Iterator<Item = u8>,
) -> Result<(), String> {
    // The kubelet reads both as `-` (`WordSepNormalizeFunc`).
    let name = &name.replace('_', "-");
    let known = FIELDS.iter().find(|(flag, _)| flag == name).map(|(_, field)| (*field).to_owned());
    let field = known.or_else(|| row.field.clone());
    if row.in_file && field.is_none() {
        return Err(format!("--{name} sets a field, and the oracle does not know which"));
    }
    let new = Flag {
        name: name.clone(),
        kind: kind(name, &row.kind)?,
        field,
        minors: BTreeSet::new(),
        deprecated: BTreeSet::new(),
    };
    let flag = flags.entry(name.clone()).or_insert_with(|| new.clone());
    // In a minor without the field, the flag sets none (`Flag::field`).
    let is_same_field = new.field.is_none() || flag.field.is_none() || flag.field == new.field;
    if flag.kind != new.kind || !is_same_field {
        return Err(format!(
            "--{name} differs by minor: the library has one kind and one field for each flag"
        ));
    }
    flag.field = flag.field.take().or(new.field);
    for minor in minors {
        flag.minors.insert(minor);
        if row.deprecated {
            flag.deprecated.insert(minor);
        }
    }
    Ok(())
}

/// The minors of `1.25-1.27,1.29`.
fn minors(text: &str) -> Result<BTreeSet<u8>, String> {
    let number = |name: &str| {
        let minor = name.strip_prefix("1.").and_then(|minor| minor.parse::<u8>().ok());
        minor.ok_or_else(|| format!("{text:?} names no minors such as 1.25-1.27,1.29"))
    };
    let mut out = BTreeSet::new();
    for run in text.split(',') {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        out.extend(number(first)?..=number(last)?);
    }
    Ok(out)
}

/// The library's `FlagKind`: the type that pflag names, and for maps the constructor that the release calls
/// (`AddKubeletConfigFlags` in cmd/kubelet/app/options/options.go).
fn kind(name: &str, kind: &str) -> Result<&'static str, String> {
    Ok(match (kind, name) {
        ("mapStringString", "eviction-hard" | "eviction-soft") => "LangleMap",
        ("mapStringString", "cpu-manager-policy-options") => "StrMapNoSplit",
        ("mapStringString", "node-labels") => "Labels",
        ("mapStringString", _) => "StrMap",
        ("mapStringBool", _) => "BoolMap",
        ("bool", _) => "Bool",
        ("int32", _) => "Int32",
        // Go's int has 64 bits on every architecture that we judge.
        ("int" | "int64", _) => "Int64",
        ("uint" | "uint64", _) => "Uint64",
        ("duration", _) => "Duration",
        ("string", _) => "Str",
        ("ip", _) => "Ip",
        ("stringSlice", _) => "StrSlice",
        ("quantity", _) => "Quantity",
        ("colonSeparatedMultimapStringString", _) => "Headers",
        ("[]v1.Taint", _) => "Taints",
        ("reserved-memory", _) => "ReservedMemory",
        ("Level", _) => "Level",
        ("pattern=N,...", _) => "Vmodule",
        ("severity", _) => "Severity",
        ("traceLocation", _) => "TraceLocation",
        ("version", _) => "Version",
        _ => return Err(format!("--{name} is of the type {kind}, of which the library knows nothing")),
    })
}

fn table(flags: &[Flag]) -> Result<String, String> {
    let newest = flags.iter().filter_map(|flag| flag.minors.last()).max().copied().unwrap_or(OLDEST);
    let mut text = format!(
        "//! Every flag. Generated by `cargo x gen` from `{ORACLE}` and\n//! `{SOURCE}`; do not edit.\n\n\
         use super::Minors;\nuse super::flag::Flag;\nuse super::flag::FlagKind::*;\n\n\
         /// Every flag, sorted by name.\n#[rustfmt::skip]\npub static FLAGS: &[Flag] = &[\n"
    );
    for flag in flags {
        let Flag { name, kind, field, minors, deprecated } = flag;
        let range = |minors| range(minors, newest).map_err(|why| format!("--{name}: {why}"));
        write!(text, "    Flag::new({name:?}, {kind}, {})", range(minors)?)
            .map_err(|error| error.to_string())?;
        if let Some(field) = field {
            text += &format!(".sets({field:?})");
        }
        if !deprecated.is_empty() {
            text += &format!(".deprecated({})", range(deprecated)?);
        }
        text += ",\n";
    }
    Ok(text + "];\n")
}

/// The minors as the library writes them.
fn range(minors: &BTreeSet<u8>, newest: u8) -> Result<String, String> {
    let (Some(&first), Some(&last)) = (minors.first(), minors.last()) else {
        return Err("no minor has it".into());
    };
    if usize::from(last - first) + 1 != minors.len() {
        return Err(format!("it comes and goes: {minors:?}"));
    }
    Ok(match (first == OLDEST, last == newest) {
        (true, true) => "Minors::ALL".into(),
        (false, true) => format!("Minors::since({first})"),
        (true, false) => format!("Minors::until({last})"),
        (false, false) => format!("Minors {{ first: {first}, last: {last} }}"),
    })
}

#[cfg(test)]
mod tests {
    use super::{flags, table};

    fn made(oracle: &str, source: &str) -> Result<String, String> {
        table(&flags(&serde_json::from_str(oracle).unwrap(), &serde_json::from_str(source).unwrap())?)
    }

    #[test]
    fn a_minor_between_has_the_flags_of_the_newer_one_with_the_exceptions_of_its_source() {
        let oracle = r#"{
            "a": [{"minors": "1.27,1.29", "type": "bool", "deprecated": true, "field": "f"}],
            "b": [{"minors": "1.27", "type": "int32", "deprecated": true}],
            "c": [{"minors": "1.29", "type": "string"}],
            "d": [{"minors": "1.27", "type": "ip"}, {"minors": "1.29", "type": "ip", "deprecated": true}],
            "eviction-hard": [{"minors": "1.27,1.29", "type": "mapStringString"}]
        }"#;
        let source = r#"{
            "added": {"e": {"minors": "1.25", "type": "uint"}, "c": {"minors": "1.28", "type": "string"}},
            "absent": {"a": "1.25-1.26", "b": "1.25-1.27"}
        }"#;
        let table = made(oracle, source).unwrap();
        for row in [
            r#"Flag::new("a", Bool, Minors::since(27)).sets("f").deprecated(Minors::since(27)),"#,
            // What the table holds is not looked up in the source.
            r#"Flag::new("b", Int32, Minors { first: 27, last: 27 }).deprecated(Minors { first: 27, last: 27 }),"#,
            r#"Flag::new("c", Str, Minors::since(28)),"#,
            r#"Flag::new("d", Ip, Minors::ALL).deprecated(Minors::since(28)),"#,
            r#"Flag::new("e", Uint64, Minors::until(25)),"#,
            r#"Flag::new("eviction-hard", LangleMap, Minors::ALL).sets("evictionHard"),"#,
        ] {
            assert!(table.contains(row), "{row}\n{table}");
        }
    }

    #[test]
    fn what_the_library_cannot_say_is_refused() {
        let source = r#"{"added": {}, "absent": {}}"#;
        for (rows, expected) in [
            (r#"{"minors": "1.27,1.29", "type": "new"}"#, "of the type new"),
            (
                r#"{"minors": "1.27", "type": "bool"}, {"minors": "1.29", "type": "string"}"#,
                "differs by minor",
            ),
            (r#"{"minors": "1.x", "type": "bool"}"#, "names no minors"),
            (r#"{"minors": "1.27", "type": "bool", "inFile": true}"#, "does not know which"),
        ] {
            let error = made(&format!("{{\"a\": [{rows}]}}"), source).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        let gap = r#"{"a": [{"minors": "1.25,1.27", "type": "bool"}], "b": [{"minors": "1.25-1.27", "type": "bool"}]}"#;
        assert!(made(gap, source).unwrap_err().contains("comes and goes"));
    }
}
