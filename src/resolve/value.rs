//! Values of fields.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::json::json_text;
use crate::kubelet::duration;
use crate::kubelet::fields::{DefaultValue, Kind};
use crate::source::Place;

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// A nil pointer, list or map, or a zero.
    #[default]
    Absent,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number.
    Float(f64),
    /// A duration in nanoseconds.
    Nanos(i64),
    /// A string or quantity.
    Str(String),
    /// Strings.
    List(Vec<String>),
    /// Strings, booleans (feature gates) or lists of strings, by key.
    Map(ValueMap),
    /// Integers, or objects whose members have the right types.
    Items(Vec<Json>),
}

impl Value {
    /// Whether it is a zero value of Go: absent, false, 0, "", or an empty list or map.
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

    /// Whether there is no value.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Takes the map and leaves [`Self::Absent`]; an empty map if this is another value.
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

    /// The value as `/configz` prints it. An absent value is the zero value of `kind`.
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
            // Go prints a whole number without a point.
            #[expect(clippy::cast_possible_truncation, reason = "the number is whole, and small enough")]
            Self::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => Json::from(*n as i64),
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

    /// The value on one line, for messages.
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

/// An entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapEntry {
    /// The key.
    pub key: String,
    /// The value: a string, a boolean or a list of strings.
    pub value: Value,
    /// The place of the value.
    pub place: Place,
    /// The place of the key.
    pub name_place: Place,
}

impl MapEntry {
    /// Whether the value is true.
    pub fn is_true(&self) -> bool {
        matches!(self.value, Value::Bool(true))
    }
}

/// The entries of a map, in the order in which their keys were first set. Layers merge maps key by key, so
/// each entry has a place of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueMap {
    entries: Vec<MapEntry>,
    /// The index of each key in `entries`.
    ///
    /// INVARIANT: not a hash map, because a hostile text can choose 100,000 keys.
    indices: BTreeMap<String, usize>,
}

impl ValueMap {
    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, in the order in which their keys were first set.
    pub fn entries(&self) -> &[MapEntry] {
        &self.entries
    }

    /// The entry of this key.
    pub fn get(&self, key: &str) -> Option<&MapEntry> {
        self.entries.get(*self.indices.get(key)?)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut MapEntry> {
        self.entries.get_mut(*self.indices.get(key)?)
    }

    /// Sets an entry whose key and value have the same place.
    pub(super) fn set(&mut self, key: &str, value: Value, place: Place) {
        self.put(MapEntry { key: key.to_owned(), value, place, name_place: place });
    }

    /// Adds an entry, in place of an earlier one with the same key.
    pub(super) fn put(&mut self, entry: MapEntry) {
        if let Some(earlier) = self.get_mut(&entry.key) {
            *earlier = entry;
            return;
        }
        self.indices.insert(entry.key.clone(), self.entries.len());
        self.entries.push(entry);
    }

    /// Sets the place of every entry.
    pub(super) fn set_place(&mut self, place: Place) {
        for entry in &mut self.entries {
            entry.place = place;
        }
    }
}
