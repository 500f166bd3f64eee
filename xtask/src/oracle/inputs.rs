//! Inputs to the oracles: every field and flag with the values of oracle/values.json, what interacts,
//! and random stacks of layers.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value, json};

use super::tables;
use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

/// How each file begins.
pub(crate) const HEADER: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

/// One input.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Input {
    pub(crate) id: String,
    pub(crate) config: Option<String>,
    pub(crate) drop_ins: Option<Vec<(String, String)>>,
    pub(crate) args: Vec<String>,
    /// Whether the arguments are the whole command line.
    pub(crate) full: bool,
    /// Whether a file that a setting names is missing where it is not there.
    pub(crate) strict: bool,
}

impl Input {
    /// As the oracle reads it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "config": self.config,
            "dropIns": self.drop_ins,
            "args": self.args,
            "full": self.full,
            "strict": self.strict,
        })
    }

    fn file(settings: &Map<String, Value>) -> Self {
        Self { config: Some(text(settings)), ..Self::default() }
    }

    fn drop_in(settings: &Map<String, Value>) -> Self {
        let drop_ins = vec![("10.conf".into(), text(settings))];
        Self { config: Some(HEADER.into()), drop_ins: Some(drop_ins), ..Self::default() }
    }
}

/// A file of these settings: YAML whose values are JSON.
pub(crate) fn text(settings: &Map<String, Value>) -> String {
    settings.iter().fold(HEADER.to_owned(), |text, (name, value)| text + &format!("{name}: {value}\n"))
}

/// What inputs are made of.
pub(crate) struct Values {
    table: Value,
    /// Path and type of every field, at any minor.
    pub(crate) fields: BTreeMap<String, String>,
    /// Name and type of every flag, at any minor.
    pub(crate) flags: BTreeMap<String, String>,
}

impl Values {
    pub(crate) fn read(workspace: &Workspace) -> Outcome<Self> {
        let path = workspace.root.join("oracle/values.json");
        let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
        let table = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("oracle/values.json: {error}")))?;
        let types = |name: &str| -> Outcome<BTreeMap<String, String>> {
            let table = tables::read(workspace, name)?;
            let kind = |rows: &Value| Some(rows.get(0)?.get("type")?.as_str()?.to_owned());
            Ok(table.iter().filter_map(|(name, rows)| Some((name.clone(), kind(rows)?))).collect())
        };
        Ok(Self { table, fields: types("fields")?, flags: types("flags")? })
    }

    fn list(&self, table: &str, name: &str) -> Option<&[Value]> {
        Some(self.table.get(table)?.get(name)?.as_array()?.as_slice())
    }

    /// The values of a field.
    pub(crate) fn of_field(&self, path: &str) -> Vec<Value> {
        let kind = self.fields.get(path).map_or("other", String::as_str);
        let general = self.list("byType", kind).or_else(|| self.list("byType", "other"));
        let own = self.list("byField", path);
        let mut values: Vec<Value> = Vec::new();
        for value in general.into_iter().chain(own).flatten() {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    }

    /// The values of a flag.
    pub(crate) fn of_flag(&self, name: &str) -> Vec<String> {
        let kind = self.flags.get(name).map_or("other", String::as_str);
        let general = self.list("flagValues", kind).or_else(|| self.list("flagValues", "other"));
        let own = self.list("flagValuesByFlag", name);
        let values = general.into_iter().chain(own).flatten().filter_map(Value::as_str);
        values.map(str::to_owned).collect()
    }

    /// Settings that interact.
    pub(crate) fn together(&self) -> Vec<Map<String, Value>> {
        let sets = self.table.get("together").and_then(Value::as_array);
        sets.into_iter().flatten().filter_map(|set| set.as_object().cloned()).collect()
    }

    fn lines(&self) -> Vec<Vec<String>> {
        let lines = self.table.get("lines").and_then(Value::as_array);
        let words = |line: &Value| {
            let words = line.as_array().into_iter().flatten();
            words.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        lines.into_iter().flatten().map(words).collect()
    }
}

/// A setting at a path, as the object that holds it.
pub(crate) fn at(path: &str, value: Value) -> Map<String, Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let inner = match rest {
        Some(rest) => Value::Object(at(rest, value)),
        None => value,
    };
    Map::from_iter([(first.to_owned(), inner)])
}

/// The same path with its last name's first letter in the other case.
fn in_wrong_case(path: &str) -> String {
    let (front, last) = path.rsplit_once('.').map_or(("", path), |(front, last)| (front, last));
    let mut letters = last.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let last = first + letters.as_str();
    if front.is_empty() { last } else { format!("{front}.{last}") }
}

/// Every input of the vectors, with ids.
pub(crate) fn all(values: &Values) -> Vec<Input> {
    let mut inputs = vec![Input::default(), Input::file(&Map::new())];
    inputs.push(Input { drop_ins: Some(Vec::new()), ..Input::default() });
    for path in values.fields.keys() {
        for value in values.of_field(path) {
            inputs.push(Input::file(&at(path, value.clone())));
            inputs.push(Input::drop_in(&at(path, value)));
        }
        if let Some(value) = values.of_field(path).into_iter().next() {
            let settings = at(&in_wrong_case(path), value);
            inputs.push(Input::file(&settings));
            inputs.push(Input::drop_in(&settings));
        }
    }
    for name in values.flags.keys() {
        let flag = |value: &str| vec![format!("--{name}={value}")];
        for value in values.of_flag(name) {
            inputs.push(Input { args: flag(&value), ..Input::file(&Map::new()) });
        }
        // Without a file other defaults hold; and a flag can stand alone.
        if let Some(value) = values.of_flag(name).into_iter().next() {
            inputs.push(Input { args: flag(&value), ..Input::default() });
        }
        inputs.push(Input { args: vec![format!("--{name}")], ..Input::file(&Map::new()) });
    }
    for settings in values.together() {
        inputs.push(Input::file(&settings));
        inputs.push(Input::drop_in(&settings));
    }
    for args in values.lines() {
        inputs.push(Input { args: args.clone(), full: true, ..Input::file(&Map::new()) });
        inputs.push(Input { args, ..Input::file(&Map::new()) });
    }
    let mut random = super::fuzz::Random::new(1);
    inputs.extend((0..500).map(|_| super::fuzz::Stack::random(values, &mut random).to_input()));
    for (number, input) in inputs.iter_mut().enumerate() {
        input.id = format!("o{number:05}");
    }
    inputs
}

#[cfg(test)]
mod tests {
    use super::{at, in_wrong_case, text};
    use serde_json::json;

    #[test]
    fn a_setting_becomes_a_file() {
        let settings = at("authentication.anonymous.enabled", json!(true));
        assert!(text(&settings).ends_with("\nauthentication: {\"anonymous\":{\"enabled\":true}}\n"));
        assert_eq!(in_wrong_case("a.bc"), "a.Bc");
        assert_eq!(in_wrong_case("bc"), "Bc");
    }
}
