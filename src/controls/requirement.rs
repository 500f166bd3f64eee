//! The settings that a control requires for a secure kubelet, and the values to give them.

use serde_json::Value as Json;

use crate::benchmark::Rule;
use crate::kubelet::duration;
use crate::resolve::Value;

use super::audited_kubelet::RunningKubelet;
use super::evaluate::{allows_configured, are_among};
use super::setting::{ConfiguredValue, Setting};

/// A setting and the value that the effective verdict needs to become a yes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Requirement {
    /// The setting.
    pub setting: Setting,
    /// The value.
    pub value: TargetValue,
}

/// A value to give to a setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TargetValue {
    /// A boolean.
    Bool(bool),
    /// A number.
    Int(i64),
    /// This text.
    Text(&'static str),
    /// A text of the operator's own; this one is an example.
    Example(&'static str),
    /// These texts.
    List(&'static [&'static str]),
    /// None: the setting is removed.
    Removed,
}

impl Requirement {
    /// A setting with the value to give it.
    pub const fn new(setting: Setting, value: TargetValue) -> Self {
        Self { setting, value }
    }

    /// Whether a running kubelet fulfills it.
    pub(super) fn is_met_by(&self, kubelet: &RunningKubelet<'_>) -> bool {
        match self.setting {
            Setting::Field(field) => self.value.matches(kubelet.configuration.value(field)),
            Setting::Gate(gate) => {
                let is_on = kubelet.configuration.is_gate_enabled(gate, kubelet.version);
                self.value == TargetValue::Bool(is_on)
            }
            Setting::Flag(flag) => {
                let is_given = kubelet.audited.resolved.flags.last(flag).is_some();
                is_given != (self.value == TargetValue::Removed)
            }
        }
    }
}

impl TargetValue {
    /// Whether a rule allows this value.
    pub(super) fn satisfies(self, rule: Rule) -> bool {
        let configured = self
            .value()
            .map_or(ConfiguredValue::Absent, |value| ConfiguredValue::Value(std::borrow::Cow::Owned(value)));
        allows_configured(rule, &configured).unwrap_or(true)
    }

    /// Returns the value as text on one line.
    pub(super) fn to_text(self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Text(text) | Self::Example(text) => text.into(),
            Self::List(texts) => texts.join(","),
            Self::Removed => String::new(),
        }
    }

    /// Returns the value as JSON; null to remove the setting.
    pub fn to_json(self) -> Json {
        match self {
            Self::Bool(value) => value.into(),
            Self::Int(value) => value.into(),
            Self::Text(text) | Self::Example(text) => text.into(),
            Self::List(texts) => texts.into(),
            Self::Removed => Json::Null,
        }
    }

    /// Whether the kubelet has this value.
    fn matches(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Bool(target), Value::Bool(value)) => target == *value,
            (Self::Bool(target), Value::Absent) => !target,
            (Self::Int(target), Value::Int(value)) => target == *value,
            (Self::Int(target), Value::Absent) => target == 0,
            (Self::Text(target), Value::Str(value)) => target == value,
            (Self::Example(_), Value::Str(value)) => !value.is_empty(),
            (Self::List(target), Value::List(value)) => !value.is_empty() && are_among(value, target),
            (Self::Removed, value) => value.is_zero(),
            _ => false,
        }
    }

    /// Returns the value as the kubelet's own; `None` to remove the setting.
    fn value(self) -> Option<Value> {
        match self {
            Self::Bool(value) => Some(Value::Bool(value)),
            Self::Int(value) => Some(Value::Int(value)),
            Self::Text(text) => {
                Some(duration::parse(text).map_or_else(|| Value::Str(text.into()), Value::Nanos))
            }
            Self::Example(text) => Some(Value::Str(text.into())),
            Self::List(texts) => Some(Value::List(texts.iter().map(|text| (*text).into()).collect())),
            Self::Removed => None,
        }
    }
}
