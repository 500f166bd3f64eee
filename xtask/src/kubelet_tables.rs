//! The tables of `src/kubelet/`: fields and feature gates of each minor version.
//!
//! They are made from `oracle/tables`, which the kubelet's own code wrote (docs/oracle.md). A minor that the tables
//! do not hold yet has what `oracle/{fields,gates}-from-source.json` say, which was read from each release.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Map, Value};

use crate::generate::GeneratedFile;
use crate::oracle::read_table;
use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

mod fields;
mod gates;

/// A table of `oracle/tables`: rows by name, each with its minors.
type Table = BTreeMap<String, Vec<Row>>;

/// A row of a table.
struct Row {
    /// The minor versions that have the row, ascending.
    minors: Vec<u8>,
    values: Map<String, Value>,
}

impl Row {
    fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn is(&self, name: &str) -> bool {
        self.values.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

/// The minor versions of which there are tables, ascending.
struct Universe(Vec<u8>);

impl Universe {
    /// The runs of minors that follow each other.
    fn runs(&self, minors: &[u8]) -> Vec<(u8, u8)> {
        let mut runs: Vec<(u8, u8)> = Vec::new();
        let mut is_open = false;
        for minor in &self.0 {
            if !minors.contains(minor) {
                is_open = false;
                continue;
            }
            match runs.last_mut() {
                Some((_, last)) if is_open => *last = *minor,
                _ => runs.push((*minor, *minor)),
            }
            is_open = true;
        }
        runs
    }

    /// The Rust expression for the minors of something that came and went at most once.
    fn minors(&self, name: &str, minors: &[u8]) -> Outcome<String> {
        let runs = self.runs(minors);
        let [(first, last)] = runs.as_slice() else {
            return Err(Failure::new(format!("{name} came back after it was gone: {runs:?}")));
        };
        let ends = [self.0.first() == Some(first), self.0.last() == Some(last)];
        Ok(match ends {
            [true, true] => "ALL".into(),
            [false, true] => format!("since({first})"),
            [true, false] => format!("until({last})"),
            [false, false] => format!("minors({first}, {last})"),
        })
    }
}

/// Makes both files.
pub(crate) fn generate(workspace: &Workspace) -> Outcome<Vec<GeneratedFile>> {
    let held = all_minors(rows(&read_table(workspace, "gates")?).values().flatten());
    let (fields, gates) = (table(workspace, "fields", &held)?, table(workspace, "gates", &held)?);
    let universe = Universe(all_minors(gates.values().flatten()));
    let file = |name: &str, text| GeneratedFile { path: format!("src/kubelet/{name}.rs").into(), text };
    Ok(vec![
        file("field_table", fields::written(&fields, &universe)?),
        file("gate_table", gates::written(&gates, &universe, &held)),
    ])
}

/// A table, completed with what the source of the releases says of minors that it does not hold.
fn table(workspace: &Workspace, name: &str, held: &[u8]) -> Outcome<Table> {
    let mut table = rows(&read_table(workspace, name)?);
    let path = workspace.root.join(format!("oracle/{name}-from-source.json"));
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let source: Map<String, Value> =
        serde_json::from_str(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    for (name, mut more) in rows(&source) {
        more.iter_mut().for_each(|row| row.minors.retain(|minor| !held.contains(minor)));
        more.retain(|row| !row.minors.is_empty());
        if !more.is_empty() {
            table.entry(name).or_default().extend(more);
        }
    }
    Ok(table)
}

fn rows(table: &Map<String, Value>) -> Table {
    let row = |value: &Value| {
        let values = value.as_object().cloned().unwrap_or_default();
        let minors = unfolded(values.get("minors").and_then(Value::as_str).unwrap_or_default());
        Row { minors, values }
    };
    let rows = |value: &Value| value.as_array().into_iter().flatten().map(row).collect();
    table.iter().map(|(name, value)| (name.clone(), rows(value))).collect()
}

/// The minors of a text such as `1.25-1.27,1.29`.
fn unfolded(text: &str) -> Vec<u8> {
    let number = |name: &str| name.strip_prefix("1.").and_then(|minor| minor.parse::<u8>().ok());
    let run = |run: &str| {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        number(first).zip(number(last))
    };
    text.split(',').filter_map(run).flat_map(|(first, last)| first..=last).collect()
}

/// Every minor in which one of the rows is, ascending.
fn all_minors<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Vec<u8> {
    let minors: BTreeSet<u8> = rows.into_iter().flat_map(|row| row.minors.clone()).collect();
    minors.into_iter().collect()
}

/// The row of the newest minor.
fn newest(rows: &[Row]) -> Option<&Row> {
    rows.iter().max_by_key(|row| row.minors.last().copied())
}

#[cfg(test)]
mod tests {
    use super::{Universe, unfolded};

    #[test]
    fn minors_become_runs() {
        assert_eq!(unfolded("1.25-1.27,1.29"), [25, 26, 27, 29]);
        let universe = Universe((25..=37).collect());
        assert_eq!(universe.runs(&[25, 26, 28]), [(25, 26), (28, 28)]);
        assert_eq!(universe.minors("x", &[36, 37]).ok().as_deref(), Some("since(36)"));
        assert_eq!(universe.minors("x", &[25]).ok().as_deref(), Some("until(25)"));
        assert!(universe.minors("x", &[25, 27]).is_err());
    }
}
