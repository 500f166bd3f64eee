//! The minors of Kubernetes, and the release of each that the oracle is built from.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value, json};

use crate::step::{Failure, Outcome, Step};
use crate::workspace::Workspace;

/// Modules whose lists of versions say which patches there are. One list alone can be incomplete at a
/// module proxy.
const LISTED: [&str; 3] = ["k8s.io/api", "k8s.io/apimachinery", "k8s.io/client-go"];

/// A release, from oracle/minors.json.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Minor {
    pub(crate) minor: u16,
    pub(crate) patch: u16,
    /// Staging modules that are not to be had at the release's version, and the nearest that is.
    pub(crate) pins: BTreeMap<String, String>,
    /// Modules that the checksum database does not know.
    pub(crate) without_sum_database: Vec<String>,
}

impl Minor {
    /// Its name, as `1.34`.
    pub(crate) fn name(&self) -> String {
        format!("1.{}", self.minor)
    }

    /// The version of k8s.io/kubernetes.
    pub(crate) fn release(&self) -> String {
        format!("v1.{}.{}", self.minor, self.patch)
    }

    /// The version of its staging modules.
    pub(crate) fn staging(&self) -> String {
        format!("v0.{}.{}", self.minor, self.patch)
    }
}

/// Reads all of them, oldest first.
pub(crate) fn all(workspace: &Workspace) -> Outcome<Vec<Minor>> {
    let mut minors: Vec<Minor> = table(workspace)?
        .iter()
        .map(|(name, row)| {
            parse(name, row).ok_or_else(|| Failure::new(format!("oracle/minors.json: {name} is not a minor")))
        })
        .collect::<Outcome<_>>()?;
    minors.sort_by_key(|minor| minor.minor);
    Ok(minors)
}

/// Gives one minor; one that is not in the table yet is put there, at its newest patch.
pub(crate) fn one(workspace: &Workspace, name: &str) -> Outcome<Minor> {
    if let Some(known) = all(workspace)?.into_iter().find(|minor| minor.name() == name) {
        return Ok(known);
    }
    let patch = newest_patch(workspace, name)?;
    let row = json!({ "patch": patch });
    let minor = parse(name, &row).ok_or_else(|| Failure::new(format!("{name:?} is no minor, as 1.38 is")))?;
    let mut table = table(workspace)?;
    table.insert(name.to_owned(), row);
    let lines: Vec<_> = table.iter().map(|(name, row)| format!("  {}: {row}", json!(name))).collect();
    let path = path(workspace);
    fs::write(&path, format!("{{\n{}\n}}\n", lines.join(",\n"))).map_err(Failure::io("write", &path))?;
    Ok(minor)
}

/// Finds the newest patch of which both k8s.io/kubernetes and its staging modules are to be had.
fn newest_patch(workspace: &Workspace, name: &str) -> Outcome<u16> {
    let minor = name.strip_prefix("1.").unwrap_or(name);
    let list = Step::new("Go modules", "go", &workspace.root)
        .args(["list", "-m", "-versions"])
        .args(LISTED)
        .env("GOFLAGS", "-mod=mod")
        .output()?;
    let prefix = format!("v0.{minor}.");
    let mut patches: Vec<u16> =
        list.split_whitespace().filter_map(|word| word.strip_prefix(&prefix)?.parse().ok()).collect();
    patches.sort_unstable();
    patches.dedup();
    patches
        .into_iter()
        .rev()
        .find(|patch| {
            let module = format!("k8s.io/kubernetes@v1.{minor}.{patch}");
            Step::new(&module, "go", &workspace.root).args(["list", "-m", &module]).output().is_ok()
        })
        .ok_or_else(|| Failure::new(format!("the module proxy has no release of Kubernetes {name}")))
}

fn path(workspace: &Workspace) -> std::path::PathBuf {
    workspace.root.join("oracle/minors.json")
}

fn table(workspace: &Workspace) -> Outcome<Map<String, Value>> {
    let path = path(workspace);
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("oracle/minors.json: {error}")))
}

fn parse(name: &str, row: &Value) -> Option<Minor> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let pins = row.get("pins").and_then(Value::as_object);
    let without = row.get("withoutSumDatabase").and_then(Value::as_array);
    Some(Minor {
        minor: name.strip_prefix("1.")?.parse().ok()?,
        patch: row.get("patch")?.as_u64()?.try_into().ok()?,
        pins: pins
            .into_iter()
            .flatten()
            .filter_map(|(module, version)| Some((module.clone(), text(version)?)))
            .collect(),
        without_sum_database: without.into_iter().flatten().filter_map(text).collect(),
    })
}
