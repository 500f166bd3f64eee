//! Values of fields, and the configuration that holds them.

use serde_json::Value as Json;

use crate::json::json_text;
use crate::kubelet::Version;
use crate::kubelet::duration;
use crate::kubelet::fields::{DefaultValue, FieldId, Kind, id};
use crate::source::Place;

use super::map::{MapEntry, ValueMap};

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Not there: a nil pointer, list or map, or a zero.
    #[default]
    Absent,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A duration in nanoseconds.
    Nanos(i64),
    /// Text; also quantities.
    Str(String),
    /// Texts.
    List(Vec<String>),
    /// Texts, booleans (feature gates) or lists of texts, by key.
    Map(ValueMap),
    /// Whole numbers, or objects as they were written, types checked.
    Items(Vec<Json>),
}

impl Value {
    /// Whether Go would call it zero: absent, false, 0, "", or an empty list or map.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Bool(b) => !b,
            Self::Int(n) | Self::Nanos(n) => *n == 0,
            Self::Float(n) => *n == 0.0,
            Self::Str(s) => s.is_empty(),
            Self::List(l) => l.is_empty(),
            Self::Map(m) => m.is_empty(),
            Self::Items(l) => l.is_empty(),
        }
    }

    /// Whether nothing is there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The map, where this is one, and nothing in its place; else an empty one.
    pub(super) fn take_map(&mut self) -> ValueMap {
        match std::mem::take(self) {
            Self::Map(map) => map,
            _ => ValueMap::default(),
        }
    }

    /// A default as a value.
    pub fn from_default(default: DefaultValue) -> Self {
        match default {
            DefaultValue::Zero => Self::Absent,
            DefaultValue::Bool(b) => Self::Bool(b),
            DefaultValue::Int(n) => Self::Int(n),
            DefaultValue::Float(n) => Self::Float(n),
            DefaultValue::Nanos(n) => Self::Nanos(n),
            DefaultValue::Str(s) => Self::Str(s.into()),
            DefaultValue::List(l) => Self::List(l.iter().copied().map(String::from).collect()),
            DefaultValue::Map(entries) => {
                let mut map = ValueMap::default();
                for (key, value) in entries {
                    map.set(key, Self::Str((*value).into()), Place::DEFAULT);
                }
                Self::Map(map)
            }
        }
    }

    /// The value as `/configz` prints it. `kind` tells what an absent value is.
    pub fn to_json(&self, kind: Kind) -> Json {
        match self {
            Self::Absent => match kind {
                Kind::Bool => Json::Bool(false),
                Kind::Int32 | Kind::Int64 | Kind::Uint32 => Json::from(0),
                Kind::Str => Json::String(String::new()),
                Kind::Quantity => Json::String("0".into()),
                Kind::Duration | Kind::TimeOrDuration => Json::String("0s".into()),
                _ => Json::Null,
            },
            Self::Bool(b) => Json::Bool(*b),
            Self::Int(n) => Json::from(*n),
            Self::Float(n) => Json::from(*n),
            Self::Nanos(n) => Json::String(duration::format(*n)),
            Self::Str(s) => Json::String(s.clone()),
            Self::List(l) => Json::from(l.as_slice()),
            Self::Map(m) => {
                m.entries().iter().map(|entry| (entry.key.clone(), entry.value.to_json(kind))).collect()
            }
            Self::Items(l) => Json::Array(l.clone()),
        }
    }

    /// The value in one line, for messages.
    pub fn show(&self, kind: Kind) -> String {
        match self {
            Self::Str(s) => s.clone(),
            Self::List(l) => l.join(","),
            _ => match self.to_json(kind) {
                Json::String(s) => s,
                other => json_text(&other),
            },
        }
    }
}

/// A field's value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The value.
    pub value: Value,
    /// Its origin. For maps: of the map as a whole; each entry has its own.
    pub place: Place,
}

/// Values of all fields, each with its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    slots: Vec<Slot>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            slots: FieldId::iter().map(|_| Slot { value: Value::Absent, place: Place::DEFAULT }).collect(),
        }
    }
}

impl Configuration {
    /// A field's value and origin.
    pub fn slot(&self, field: FieldId) -> &Slot {
        const ABSENT: &Slot = &Slot { value: Value::Absent, place: Place::DEFAULT };
        self.slots.get(field.index()).unwrap_or(ABSENT)
    }

    /// A field's value.
    pub fn value(&self, field: FieldId) -> &Value {
        &self.slot(field).value
    }

    /// Sets a field.
    pub fn set(&mut self, field: FieldId, value: Value, place: Place) {
        if let Some(slot) = self.slots.get_mut(field.index()) {
            *slot = Slot { value, place };
        }
    }

    pub(super) fn slot_mut(&mut self, field: FieldId) -> Option<&mut Slot> {
        self.slots.get_mut(field.index())
    }

    /// A boolean; absent is false.
    pub fn bool(&self, field: FieldId) -> bool {
        matches!(self.value(field), Value::Bool(true))
    }

    /// A whole number; absent is 0.
    pub fn int(&self, field: FieldId) -> i64 {
        match self.value(field) {
            Value::Int(n) => *n,
            _ => 0,
        }
    }

    /// A duration in nanoseconds; absent is 0.
    pub fn nanos(&self, field: FieldId) -> i64 {
        match self.value(field) {
            Value::Nanos(n) => *n,
            _ => 0,
        }
    }

    /// Text; absent is empty.
    pub fn str(&self, field: FieldId) -> &str {
        match self.value(field) {
            Value::Str(s) => s,
            _ => "",
        }
    }

    /// Texts; absent is none.
    pub fn list(&self, field: FieldId) -> &[String] {
        match self.value(field) {
            Value::List(l) => l,
            _ => &[],
        }
    }

    /// The feature gates that are set.
    pub fn gates(&self) -> &[MapEntry] {
        match self.value(id::FEATURE_GATES) {
            Value::Map(gates) => gates.entries(),
            _ => &[],
        }
    }

    /// How a feature gate is set, if it is, and where.
    pub fn gate(&self, name: &str) -> Option<(bool, Place)> {
        let Value::Map(gates) = self.value(id::FEATURE_GATES) else { return None };
        let entry = gates.get(name)?;
        Some((entry.is_true(), entry.place))
    }

    /// Whether a feature gate is on in this version.
    pub fn is_gate_enabled(&self, name: &str, version: Version) -> bool {
        crate::kubelet::gates::is_enabled(name, version, |gate| self.gate(gate).map(|(value, _)| value))
    }

    /// Whether `/configz` shows the field: pointers when set, durations and quantities always,
    /// everything else when not zero.
    pub fn is_shown(&self, field: FieldId) -> bool {
        let (kind, value) = (field.field().kind, self.value(field));
        match kind {
            Kind::Duration | Kind::TimeOrDuration | Kind::Quantity => true,
            _ if kind.is_pointer() => !value.is_absent(),
            _ => !field.field().omit_zero || !value.is_zero(),
        }
    }

    /// The fields of this version that `/configz` shows, by path.
    pub fn shown(&self, version: Version) -> impl Iterator<Item = FieldId> {
        FieldId::iter().filter(move |id| id.field().exists_in(version) && self.is_shown(*id))
    }
}
