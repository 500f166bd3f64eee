//! Inputs that tests give to controls. Each control has its own, in its file.

use serde_json::{Value, json};

use super::HEAD;

/// An edition, an input, and the verdicts at 1.34 as `benchmark/effective`.
pub(crate) type Case = (&'static str, CaseInput, &'static str);

/// A kubelet whose settings are all in one layer.
#[derive(Debug)]
pub enum CaseInput {
    /// The config file, after its head.
    File(&'static str),
    /// A command line without a config file.
    Flags(&'static str),
    /// A `/configz` dump, as members of the inner object.
    Dump(&'static str),
}

/// A kubelet by its settings: fields by path, flags by name.
#[derive(Clone, Debug, Default)]
pub struct RuleInput {
    pub(crate) fields: Vec<(&'static str, Value)>,
    pub(crate) flags: Vec<(&'static str, String)>,
    /// Whether a value has a type that its setting does not take.
    pub(crate) is_invalid: bool,
}

impl RuleInput {
    pub(crate) fn fields(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        Self { fields: fields.into_iter().collect(), ..Self::default() }
    }

    pub(crate) fn flag(name: &'static str, value: &str) -> Self {
        Self { flags: vec![(name, value.into())], ..Self::default() }
    }

    /// A field with a value of a wrong type.
    pub(crate) fn invalid(path: &'static str, value: Value) -> Self {
        Self { is_invalid: true, ..Self::fields([(path, value)]) }
    }

    /// A setting that is absent, and with each of these values in the file and, if valid, by flag.
    pub(crate) fn of_setting(
        path: &'static str,
        flag: &'static str,
        valid: &[Value],
        invalid: &[Value],
    ) -> Vec<Self> {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
            other => other.to_string(),
        };
        let mut inputs = vec![Self::default()];
        inputs.extend(valid.iter().map(|value| Self::fields([(path, value.clone())])));
        inputs.extend(valid.iter().map(|value| Self::flag(flag, &text(value))));
        inputs.extend(invalid.iter().map(|value| Self::invalid(path, value.clone())));
        inputs
    }

    /// The same for a boolean.
    pub(crate) fn booleans(path: &'static str, flag: &'static str) -> Vec<Self> {
        Self::of_setting(path, flag, &[json!(true), json!(false)], &[json!("true"), json!(1)])
    }

    /// The same for a feature gate.
    pub(crate) fn of_gate(gate: &str, path: &'static str) -> Vec<Self> {
        let mut inputs = vec![Self::default()];
        for value in [true, false] {
            inputs.push(Self::fields([(path, json!(value))]));
            inputs.push(Self::flag("--feature-gates", &format!("{gate}={value}")));
        }
        inputs.push(Self::invalid(path, json!("true")));
        inputs
    }

    /// Returns the config file.
    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        let mut root = serde_json::Map::new();
        for (path, value) in &self.fields {
            let mut at = &mut root;
            // A dot within a gate's or a signal's name does not occur in these paths.
            let (parents, leaf) = path.rsplit_once('.').map_or((None, *path), |(p, l)| (Some(p), l));
            for parent in parents.into_iter().flat_map(|p| p.split('.')) {
                at = at.entry(parent).or_insert_with(|| json!({})).as_object_mut().unwrap();
            }
            at.insert(leaf.into(), value.clone());
        }
        for (key, value) in root {
            text.push_str(&format!("{key}: {value}\n"));
        }
        text
    }

    /// Returns the request that audits it.
    pub(crate) fn request(&self, benchmark: &str, control: &str, flags_only: bool) -> Value {
        let mut args = vec!["kubelet".to_owned(), "--kubeconfig=/k".into()];
        if !flags_only {
            args.push("--config=/c".into());
        }
        args.extend(self.flags.iter().map(|(name, value)| format!("{name}={value}")));
        json!({
            "config": if flags_only { Value::Null } else { json!(self.text()) },
            "args": args,
            "kubeletVersion": "1.31",
            "benchmark": benchmark,
            "controls": [control],
            "effective": false,
        })
    }
}
