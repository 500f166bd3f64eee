//! What inputs to the oracles are made of: oracle/values.json, oracle/files.json and the tables.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value};

use super::inputs::{at, merge};
use super::tables;
use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

/// How each file begins.
pub(crate) const HEADER: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

/// Flags that spell a map's pairs as `name<value`, as pkg/kubelet/apis/config and
/// component-base/cli/flag have them; all others have `name=value`.
const THRESHOLDS: [&str; 2] = ["eviction-hard", "eviction-soft"];

/// A setting of the configuration: path and value.
pub(crate) type Setting = (String, Value);

/// What inputs are made of.
pub(crate) struct Values {
    table: Value,
    files: Value,
    /// Rows of the tables, by name.
    field_rows: Map<String, Value>,
    flag_rows: Map<String, Value>,
    /// Path and type of every field, at any minor.
    pub(crate) fields: BTreeMap<String, String>,
    /// Name and type of every flag, at any minor.
    pub(crate) flags: BTreeMap<String, String>,
    /// The name of every gate, at any minor.
    pub(crate) gates: Vec<String>,
}

impl Values {
    pub(crate) fn read(workspace: &Workspace) -> Outcome<Self> {
        let read = |name: &str| -> Outcome<Value> {
            let path = workspace.root.join("oracle").join(name);
            let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
            serde_json::from_str(&text).map_err(|error| Failure::new(format!("oracle/{name}: {error}")))
        };
        let types = |rows: &Map<String, Value>| {
            let kind = |rows: &Value| Some(rows.get(0)?.get("type")?.as_str()?.to_owned());
            rows.iter().filter_map(|(name, rows)| Some((name.clone(), kind(rows)?))).collect()
        };
        let (field_rows, flag_rows) = (tables::read(workspace, "fields")?, tables::read(workspace, "flags")?);
        Ok(Self {
            table: read("values.json")?,
            files: read("files.json")?,
            fields: types(&field_rows),
            flags: types(&flag_rows),
            gates: tables::read(workspace, "gates")?.into_iter().map(|(name, _)| name).collect(),
            field_rows,
            flag_rows,
        })
    }

    fn list(&self, table: &str, name: &str) -> Option<&[Value]> {
        Some(self.table.get(table)?.get(name)?.as_array()?.as_slice())
    }

    /// The entry of a table for a type, for the type that it is an alias of, or for any other.
    fn by_type(&self, table: &str, kind: &str) -> Option<&[Value]> {
        let alias = self.table.pointer("/aliases").and_then(|aliases| aliases.get(kind)?.as_str());
        self.list(table, alias.unwrap_or(kind)).or_else(|| self.list(table, "other"))
    }

    /// The values of a field: those of its type, its own, and its default at each minor.
    pub(crate) fn of_field(&self, path: &str) -> Vec<Value> {
        let kind = self.fields.get(path).map_or("other", String::as_str);
        let defaults = self.field_rows.get(path).and_then(Value::as_array).into_iter().flatten();
        let defaults = defaults.filter_map(|row| row.get("default"));
        let general = self.by_type("byType", kind).into_iter().flatten();
        let own = self.list("byField", path).into_iter().flatten();
        unique(general.chain(own).chain(defaults).cloned())
    }

    /// Two values of a field that both mean something, for one layer above the other.
    pub(crate) fn layered(&self, path: &str) -> Option<(Value, Value)> {
        let kind = self.fields.get(path).map_or("other", String::as_str);
        let of_type = || self.by_type("layered", kind);
        let pair = self.list("layeredByField", path).or_else(of_type)?;
        Some((pair.first()?.clone(), pair.get(1)?.clone()))
    }

    /// The values of a flag: those of its type, its own, those of the field that it sets, and its
    /// default at each minor.
    pub(crate) fn of_flag(&self, name: &str) -> Vec<String> {
        let kind = self.flags.get(name).map_or("other", String::as_str);
        let texts = |list: Option<&[Value]>| -> Vec<String> {
            list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let rows = || self.flag_rows.get(name).and_then(Value::as_array).into_iter().flatten();
        let of_rows = |member: &str| rows().find_map(|row| row.get(member)?.as_str());
        let defaults = rows().filter_map(|row| row.get("default")?.as_str()).map(str::to_owned);
        let field = of_rows("field").map(|path| self.of_field(path)).unwrap_or_default();
        let separator = if THRESHOLDS.contains(&name) { '<' } else { '=' };
        let of_field = field.iter().filter_map(|value| flag_text(value, separator));
        let own = texts(self.by_type("flagValues", kind)).into_iter();
        unique(own.chain(texts(self.list("flagValuesByFlag", name))).chain(of_field).chain(defaults))
    }

    /// The field that a flag sets.
    pub(crate) fn field_of(&self, flag: &str) -> Option<&str> {
        let rows = self.flag_rows.get(flag)?.as_array()?;
        rows.iter().find_map(|row| row.get("field")?.as_str())
    }

    /// Settings that interact.
    pub(crate) fn together(&self) -> Vec<Map<String, Value>> {
        let sets = self.table.get("together").and_then(Value::as_array);
        sets.into_iter().flatten().filter_map(|set| set.as_object().cloned()).collect()
    }

    /// Settings that a field's values interact with, each with one of them.
    pub(crate) fn within(&self) -> Vec<Map<String, Value>> {
        let groups = self.table.get("within").and_then(Value::as_array).into_iter().flatten();
        let of_group = |group: &Value| {
            let settings = group.get("settings")?.as_object()?.clone();
            let (path, values) = (group.get("path")?.as_str()?, group.get("values")?.as_array()?);
            let with = |value: &Value| {
                let mut settings = settings.clone();
                merge(&mut settings, at(path, value.clone()));
                settings
            };
            Some(values.iter().map(with).collect::<Vec<_>>())
        };
        groups.filter_map(of_group).flatten().collect()
    }

    /// Values that stand where an object of the configuration is due.
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.table.get("objects").and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// Command lines.
    pub(crate) fn lines(&self) -> Vec<Vec<String>> {
        let lines = self.table.get("lines").and_then(Value::as_array);
        lines.into_iter().flatten().map(words).collect()
    }

    /// Texts of files, whole, and texts that follow the header.
    pub(crate) fn texts(&self) -> Vec<String> {
        let texts = |name: &str| words(self.files.get(name).unwrap_or(&Value::Null)).into_iter();
        texts("whole").chain(texts("bodies").map(|body| format!("{HEADER}{body}"))).collect()
    }

    /// Inputs that are written out, layer by layer.
    pub(crate) fn stacks(&self) -> Vec<Value> {
        self.files.get("stacks").and_then(Value::as_array).cloned().unwrap_or_default()
    }
}

/// The texts of a list.
pub(crate) fn words(list: &Value) -> Vec<String> {
    let words = list.as_array().into_iter().flatten();
    words.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn unique<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut out = Vec::new();
    for each in all {
        if !out.contains(&each) {
            out.push(each);
        }
    }
    out
}

/// A field's value as a flag would be given it; none for what no flag can say.
fn flag_text(value: &Value, separator: char) -> Option<String> {
    match value {
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let items: Option<Vec<_>> =
                items.iter().map(|item| flag_text(item, separator).filter(|_| !is_nested(item))).collect();
            items.map(|items| items.join(","))
        }
        Value::Object(pairs) => {
            let pair = |(name, value): (&String, &Value)| {
                flag_text(value, separator)
                    .filter(|_| !is_nested(value))
                    .map(|text| format!("{name}{separator}{text}"))
            };
            pairs.iter().map(pair).collect::<Option<Vec<_>>>().map(|pairs| pairs.join(","))
        }
        Value::Null => None,
    }
}

fn is_nested(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_))
}

#[cfg(test)]
mod tests {
    use super::flag_text;
    use serde_json::json;

    #[test]
    fn a_value_becomes_a_flags_text() {
        assert_eq!(
            flag_text(&json!({"memory.available": "1Gi"}), '<').as_deref(),
            Some("memory.available<1Gi")
        );
        assert_eq!(flag_text(&json!(["a", "b"]), '=').as_deref(), Some("a,b"));
        assert_eq!(flag_text(&json!(-1), '=').as_deref(), Some("-1"));
        assert_eq!(flag_text(&json!([{"key": "a"}]), '='), None);
    }
}
