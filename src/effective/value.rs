//! Values of fields, and the configuration that holds them.

use crate::json_text::json_text;
use crate::json_value::{Json, JsonObject};
use crate::kubelet::Version;
use crate::kubelet::duration;
use crate::kubelet::fields::{DefaultValue, FieldId, Kind, id};
use crate::list::{ToList, join};
use crate::source::Place;

/// An entry of a map, with its own origin: layers merge maps key by key.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<T> {
    /// The key.
    pub key: String,
    /// The value.
    pub value: T,
    /// Where the entry stands.
    pub place: Place,
}

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
    /// Whole numbers.
    Ints(Vec<i64>),
    /// Texts by key.
    Map(Vec<Entry<String>>),
    /// Booleans by key: feature gates.
    Gates(Vec<Entry<bool>>),
    /// Lists of texts by key.
    Lists(Vec<Entry<Vec<String>>>),
    /// Objects as they were written, types checked.
    Objects(Vec<Json>),
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
            Self::Ints(l) => l.is_empty(),
            Self::Map(m) => m.is_empty(),
            Self::Gates(m) => m.is_empty(),
            Self::Lists(m) => m.is_empty(),
            Self::Objects(l) => l.is_empty(),
        }
    }

    /// Whether nothing is there. Comparing with [`Value::Absent`] would say the same, by way of
    /// everything a value can be.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
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
            DefaultValue::List(l) => Self::List(l.iter().map(|s| (*s).into()).to_list()),
            DefaultValue::Map(m) => Self::Map(
                m.iter()
                    .map(|(key, value)| Entry {
                        key: (*key).into(),
                        value: (*value).into(),
                        place: Place::DEFAULT,
                    })
                    .to_list(),
            ),
        }
    }

    /// The value as `/configz` prints it. `kind` tells what an absent value is.
    pub fn to_json(&self, kind: Kind) -> Json {
        match self {
            Self::Absent => match kind {
                Kind::Bool => Json::Bool(false),
                Kind::Int32 | Kind::Int64 | Kind::Uint32 => Json::Int(0),
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
            Self::List(l) => Json::Array(l.iter().cloned().map(Json::String).to_list()),
            Self::Ints(l) => Json::Array(l.iter().copied().map(Json::from).to_list()),
            Self::Map(m) => object(m, &|value| Json::String(value.clone())),
            Self::Gates(m) => object(m, &|value| Json::Bool(*value)),
            Self::Lists(m) => {
                object(m, &|value| Json::Array(value.iter().cloned().map(Json::String).to_list()))
            }
            Self::Objects(l) => Json::Array(l.clone()),
        }
    }

    /// The value in one line, for messages.
    pub fn show(&self, kind: Kind) -> String {
        match self {
            Self::Str(s) => s.clone(),
            Self::List(l) => join(l, ","),
            _ => match self.to_json(kind) {
                Json::String(s) => s,
                other => json_text(&other),
            },
        }
    }
}

fn object<T>(entries: &[Entry<T>], json: &dyn Fn(&T) -> Json) -> Json {
    let members = entries.iter().map(|entry| (entry.key.clone(), json(&entry.value))).to_list();
    Json::Object(JsonObject::new(members))
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
        let count = FieldId::iter().count();
        Self { slots: vec![Slot { value: Value::Absent, place: Place::DEFAULT }; count] }
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
    pub fn gates(&self) -> &[Entry<bool>] {
        match self.value(id::FEATURE_GATES) {
            Value::Gates(gates) => gates,
            _ => &[],
        }
    }

    /// How a feature gate is set, if it is.
    pub fn gate(&self, name: &str) -> Option<&Entry<bool>> {
        self.gates().iter().find(|entry| entry.key == name)
    }

    /// Whether a feature gate is on in this version.
    pub fn is_gate_enabled(&self, name: &str, version: Version) -> bool {
        crate::kubelet::gates::is_enabled(name, version, |gate| self.gate(gate).map(|entry| entry.value))
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
