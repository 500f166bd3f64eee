//! Inputs to the oracles: every field, flag and gate with its values, in each layer and over another,
//! what interacts, files and stacks that are written out, and random stacks of layers.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::stack::{Good, Random, Stack};
pub(crate) use super::values::HEADER;
use super::values::{Setting, Values, words};

/// Random stacks among the vectors' inputs; one half of them of settings that start alone.
const RANDOM: usize = 1000;

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

    /// Reads one as a vector has it.
    pub(crate) fn of_vector(vector: &Value) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let drop_ins = vector.get("dropIns").and_then(Value::as_array).map(|pairs| {
            pairs.iter().filter_map(|pair| Some((text(pair.get(0))?, text(pair.get(1))?))).collect()
        });
        Self {
            id: text(vector.get("id")).unwrap_or_default(),
            config: text(vector.get("config")),
            drop_ins,
            args: words(vector.get("args").unwrap_or(&Value::Null)),
            full: vector.get("full").is_some(),
            strict: false,
        }
    }

    fn file(settings: &Map<String, Value>) -> Self {
        Self { config: Some(text(settings)), ..Self::default() }
    }

    fn drop_in(settings: &Map<String, Value>) -> Self {
        Self::of_layers(&Map::new(), std::slice::from_ref(settings))
    }

    /// A file, and drop-ins over it.
    fn of_layers(file: &Map<String, Value>, drop_ins: &[Map<String, Value>]) -> Self {
        let drop_ins = drop_ins.iter().enumerate();
        let drop_ins = drop_ins.map(|(number, settings)| (format!("{}0.conf", number + 1), text(settings)));
        Self { config: Some(text(file)), drop_ins: Some(drop_ins.collect()), ..Self::default() }
    }

    fn flags(args: &[&str]) -> Self {
        Self { args: args.iter().copied().map(str::to_owned).collect(), ..Self::file(&Map::new()) }
    }

    /// An input that is written out in oracle/files.json; a text there follows the header.
    fn written(stack: &Value) -> Self {
        let with_header = |value: &Value| value.as_str().map(|body| format!("{HEADER}{body}"));
        let drop_ins = stack.get("dropIns").and_then(Value::as_array).map(|pairs| {
            let pair = |pair: &Value| Some((pair.get(0)?.as_str()?.to_owned(), with_header(pair.get(1)?)?));
            pairs.iter().filter_map(pair).collect()
        });
        Self {
            config: stack.get("config").and_then(with_header),
            drop_ins,
            args: words(stack.get("args").unwrap_or(&Value::Null)),
            full: stack.get("full").is_some(),
            ..Self::default()
        }
    }
}

/// A file of these settings: YAML whose values are JSON.
pub(crate) fn text(settings: &Map<String, Value>) -> String {
    settings.iter().fold(HEADER.to_owned(), |text, (name, value)| text + &format!("{name}: {value}\n"))
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

/// A path with one of its names in the wrong case, for each of its names.
fn in_wrong_case(path: &str) -> Vec<String> {
    let names: Vec<&str> = path.split('.').collect();
    let capital = |name: &str| {
        let mut letters = name.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    };
    let wrong = |wrong: usize| {
        let names = names.iter().enumerate();
        names
            .map(|(at, name)| if at == wrong { capital(name) } else { (*name).to_owned() })
            .collect::<Vec<_>>()
    };
    (0..names.len()).map(|at| wrong(at).join(".")).collect()
}

/// The objects that hold fields: `a` and `a.b` for `a.b.c`.
fn objects(values: &Values) -> Vec<String> {
    let mut out = Vec::new();
    for path in values.fields.keys() {
        let ends = path.match_indices('.').filter_map(|(end, _)| path.get(..end));
        out.extend(ends.map(str::to_owned));
    }
    out.sort();
    out.dedup();
    out
}

/// Every input of the vectors, with ids. The first has nothing, the second a file that sets nothing.
pub(crate) fn all(values: &Values, good: &Good) -> Vec<Input> {
    let mut inputs = vec![Input::default(), Input::file(&Map::new())];
    inputs.push(Input { drop_ins: Some(Vec::new()), ..Input::default() });
    values.fields.keys().for_each(|path| of_field(values, path, &mut inputs));
    for path in objects(values) {
        for value in values.objects() {
            in_both(&at(&path, value), &mut inputs);
        }
    }
    for gate in &values.gates {
        inputs.extend([true, false].map(|is_on| Input::file(&at("featureGates", json!({ gate: is_on })))));
    }
    values.flags.keys().for_each(|name| of_flag(values, name, &mut inputs));
    values.together().iter().for_each(|settings| in_both(settings, &mut inputs));
    inputs.extend(values.within().iter().map(Input::file));
    for args in values.lines() {
        inputs.push(Input { args: args.clone(), full: true, ..Input::file(&Map::new()) });
        inputs.push(Input { args, ..Input::file(&Map::new()) });
    }
    for text in values.texts() {
        let drop_ins = Some(vec![("10.conf".to_owned(), text.clone())]);
        inputs.push(Input { drop_ins, ..Input::file(&Map::new()) });
        inputs.push(Input { config: Some(text), ..Input::default() });
    }
    inputs.extend(values.stacks().iter().map(Input::written));
    let mut random = Random::new(1);
    let any = Good::default();
    inputs.extend((0..RANDOM).map(|number| {
        let of = if number % 2 == 0 { good } else { &any };
        Stack::random(values, of, &mut random).to_input()
    }));
    let mut seen = HashSet::new();
    inputs.retain(|input| seen.insert(input.to_json().to_string()));
    for (number, input) in inputs.iter_mut().enumerate() {
        input.id = format!("o{number:05}");
    }
    inputs
}

fn in_both(settings: &Map<String, Value>, inputs: &mut Vec<Input>) {
    inputs.push(Input::file(settings));
    inputs.push(Input::drop_in(settings));
}

/// Every value in a file and in a drop-in, the name in the wrong case, and one layer over another.
fn of_field(values: &Values, path: &str, inputs: &mut Vec<Input>) {
    values.of_field(path).into_iter().for_each(|value| in_both(&at(path, value), inputs));
    let Some((lower, upper)) = values.layered(path) else { return };
    for wrong in in_wrong_case(path) {
        in_both(&at(&wrong, lower.clone()), inputs);
    }
    let file = at(path, lower);
    let zero = zero_of(&upper);
    for over in [Value::Null, zero, upper.clone()] {
        inputs.push(Input::of_layers(&file, &[at(path, over)]));
    }
    inputs.push(Input::of_layers(&Map::new(), &[file, at(path, upper)]));
}

/// The zero of a value's type.
fn zero_of(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => json!(false),
        Value::Number(_) => json!(0),
        Value::String(_) => json!(""),
        Value::Array(_) => json!([]),
        Value::Object(_) => json!({}),
    }
}

/// Every value, the name in other spellings, alone and twice, and over a file that sets its field.
fn of_flag(values: &Values, name: &str, inputs: &mut Vec<Input>) {
    let flag = |value: &str| format!("--{name}={value}");
    let all = values.of_flag(name);
    inputs.extend(all.iter().map(|value| Input::flags(&[&flag(value)])));
    inputs.push(Input::flags(&[&format!("--{name}")]));
    // Without a file other defaults hold.
    let alone = all.iter().take(2).map(|value| Input { args: vec![flag(value)], ..Input::default() });
    inputs.extend(alone);
    let Some(last) = all.last() else { return };
    for other in [name.to_uppercase(), name.replace('-', "_")] {
        inputs.push(Input::flags(&[&format!("--{other}={last}")]));
    }
    inputs.push(Input::flags(&[&format!("--{name}"), last]));
    if let Some(first) = all.iter().find(|value| !value.is_empty()) {
        inputs.push(Input::flags(&[&flag(first), &flag(last)]));
    }
    let set = values.field_of(name).and_then(|path| Some(at(path, values.layered(path)?.0)));
    if let Some(file) = set {
        inputs
            .extend(all.iter().take(3).map(|value| Input { args: vec![flag(value)], ..Input::file(&file) }));
    }
}

/// Settings of one layer as one object; a later one of the same path replaces the earlier.
pub(crate) fn merged(settings: &[Setting]) -> Map<String, Value> {
    let mut out = Map::new();
    for (path, value) in settings {
        merge(&mut out, at(path, value.clone()));
    }
    out
}

/// Puts settings into others.
pub(crate) fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(into)), Value::Object(from)) => merge(into, from),
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{at, in_wrong_case, merged, text};
    use serde_json::json;

    #[test]
    fn a_setting_becomes_a_file() {
        let settings = at("authentication.anonymous.enabled", json!(true));
        assert!(text(&settings).ends_with("\nauthentication: {\"anonymous\":{\"enabled\":true}}\n"));
        assert_eq!(in_wrong_case("a.bc"), ["A.bc", "a.Bc"]);
        assert_eq!(in_wrong_case("bc"), ["Bc"]);
    }

    #[test]
    fn settings_of_one_object_are_merged() {
        let settings = [("a.b".to_owned(), json!(1)), ("a.c".to_owned(), json!(2))];
        assert_eq!(json!(merged(&settings)), json!({"a": {"b": 1, "c": 2}}));
    }
}
