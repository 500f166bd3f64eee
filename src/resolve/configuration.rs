//! The configuration of a kubelet: the values of all its fields.

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, Kind, id};
use crate::kubelet::gates;
use crate::source::Place;

use super::value::{MapEntry, Value};

/// The value of a field, and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The value.
    pub value: Value,
    /// Where it comes from. For a map, where the whole map comes from; each entry has its own place.
    pub place: Place,
}

/// The values of all fields, each with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    slots: Vec<Slot>,
    /// Where `tracing` is an object: up to 1.33 it needs a gate even if it is empty.
    pub(super) tracing: Option<Place>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            slots: FieldId::iter().map(|_| Slot { value: Value::Absent, place: Place::DEFAULT }).collect(),
            tracing: None,
        }
    }
}

impl Configuration {
    /// The value of a field, and its place.
    pub fn slot(&self, field: FieldId) -> &Slot {
        const ABSENT: &Slot = &Slot { value: Value::Absent, place: Place::DEFAULT };
        self.slots.get(field.index()).unwrap_or(ABSENT)
    }

    /// The value of a field.
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

    /// An integer; absent is 0.
    pub fn int(&self, field: FieldId) -> i64 {
        match self.value(field) {
            Value::Int(n) => *n,
            _ => 0,
        }
    }

    /// A duration in nanoseconds; absent is 0.
    pub fn nanos(&self, field: FieldId) -> i64 {
        match self.value(field) {
            // A duration that is written as a number of nanoseconds stays a number.
            Value::Nanos(n) | Value::Int(n) => *n,
            _ => 0,
        }
    }

    /// A string; absent is empty.
    pub fn str(&self, field: FieldId) -> &str {
        match self.value(field) {
            Value::Str(s) => s,
            _ => "",
        }
    }

    /// Strings; absent is an empty list.
    pub fn list(&self, field: FieldId) -> &[String] {
        match self.value(field) {
            Value::List(l) => l,
            _ => &[],
        }
    }

    /// Integers or objects; absent is an empty list.
    pub(super) fn items(&self, field: FieldId) -> &[serde_json::Value] {
        match self.value(field) {
            Value::Items(items) => items,
            _ => &[],
        }
    }

    /// Strings by key; absent is an empty map.
    pub(super) fn map(&self, field: FieldId) -> &[MapEntry] {
        match self.value(field) {
            Value::Map(map) => map.entries(),
            _ => &[],
        }
    }

    /// The feature gates that are set.
    pub fn gates(&self) -> &[MapEntry] {
        self.map(id::FEATURE_GATES)
    }

    /// The setting of a feature gate, and its place.
    pub fn gate(&self, name: &str) -> Option<(bool, Place)> {
        let Value::Map(map) = self.value(id::FEATURE_GATES) else { return None };
        let entry = map.get(name)?;
        Some((entry.is_true(), entry.place))
    }

    /// Whether a feature gate is on in this version.
    pub fn is_gate_enabled(&self, name: &str, version: Version) -> bool {
        gates::is_enabled(name, version, |gate| self.gate(gate).map(|(value, _)| value))
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

    /// The fields of this version that `/configz` shows, sorted by path.
    pub fn shown(&self, version: Version) -> impl Iterator<Item = FieldId> {
        FieldId::iter().filter(move |id| id.field().exists_in(version) && self.is_shown(*id))
    }
}
