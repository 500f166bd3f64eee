//! `cargo x oracle tables`: what each minor's kubelet registers: fields, flags and feature gates.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value};

use super::answers::{ask, leaves};
use super::inputs::{HEADER, Input};
use super::minors::Minor;
use super::{build, built, ranges};
use crate::step::{Failure, Outcome, Step};
use crate::workspace::Workspace;

/// The tables, each a file.
const TABLES: [&str; 3] = ["fields", "flags", "gates"];

/// A table: name, then row, then the minors that have the row.
type Folded = BTreeMap<String, BTreeMap<String, Vec<u16>>>;

/// Writes them.
pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let mut folded: [Folded; 3] = Default::default();
    for minor in built(workspace)? {
        let rows = of(workspace, &minor)?;
        for (table, name) in folded.iter_mut().zip(TABLES) {
            for (key, row) in rows.get(name).and_then(Value::as_object).into_iter().flatten() {
                table.entry(key.clone()).or_default().entry(row.to_string()).or_default().push(minor.minor);
            }
        }
    }
    let directory = workspace.root.join("oracle/tables");
    fs::create_dir_all(&directory).map_err(Failure::io("create", &directory))?;
    for (table, name) in folded.iter().zip(TABLES) {
        let path = directory.join(name).with_extension("json");
        fs::write(&path, written(table)).map_err(Failure::io("write", &path))?;
        println!("{}: {} names", path.display(), table.len());
    }
    Ok(())
}

/// The tables of one minor, with the defaults that its start shows.
fn of(workspace: &Workspace, minor: &Minor) -> Outcome<Value> {
    let program = build::program(workspace, minor);
    let rows = Step::new(minor.name(), &program, &workspace.root).args(["tables"]).output()?;
    let mut rows: Value =
        serde_json::from_str(&rows).map_err(|error| Failure::new(format!("{}: {error}", minor.name())))?;
    let file = Input { config: Some(HEADER.into()), ..Input::default() };
    let defaults = ask(&program, &[], &[file, Input::default()])?;
    let Some(fields) = rows.get_mut("fields").and_then(Value::as_object_mut) else {
        return Err(Failure::new(format!("{}: it has no fields", minor.name())));
    };
    let names: Vec<String> = fields.keys().cloned().collect();
    let is_leaf = |path: &str| names.iter().any(|name| name == path);
    let shown = |answer: Option<&Value>| {
        answer
            .and_then(|answer| answer.get("config"))
            .map(|config| leaves(config, &is_leaf))
            .unwrap_or_default()
    };
    let (file, none) = (shown(defaults.first()), shown(defaults.last()));
    for (path, row) in fields.iter_mut().filter_map(|(path, row)| Some((path, row.as_object_mut()?))) {
        if let Some(value) = file.get(path) {
            row.insert("default".into(), value.clone());
        }
        if file.get(path) != none.get(path) {
            row.insert("defaultWithoutFile".into(), none.get(path).cloned().unwrap_or(Value::Null));
        }
    }
    Ok(rows)
}

/// One line a row.
fn written(table: &Folded) -> String {
    let lines = table.iter().map(|(name, rows)| {
        let rows = rows.iter().map(|(row, minors)| {
            let row = row.strip_prefix('{').unwrap_or(row);
            format!("    {{\"minors\":\"{}\",{row}", ranges(minors))
        });
        let mut rows: Vec<String> = rows.collect();
        rows.sort();
        format!("  {}: [\n{}\n  ]", Value::from(name.as_str()), rows.join(",\n"))
    });
    format!("{{\n{}\n}}\n", lines.collect::<Vec<_>>().join(",\n"))
}

/// Reads a table: name and the rows it has, each with its `minors`.
pub(crate) fn read(workspace: &Workspace, name: &str) -> Outcome<Map<String, Value>> {
    let path = workspace.root.join("oracle/tables").join(name).with_extension("json");
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}
