//! Maps of settings: layers merge them key by key, so each entry has an origin of its own.

use std::collections::BTreeMap;

use crate::source::Place;

use super::value::Value;

/// An entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapEntry {
    /// The key.
    pub key: String,
    /// The value: a text, a boolean or a list of texts.
    pub value: Value,
    /// Where the entry stands.
    pub place: Place,
}

impl MapEntry {
    /// Whether the value is true.
    pub fn is_true(&self) -> bool {
        matches!(self.value, Value::Bool(true))
    }
}

/// The entries of a map, in the order in which their keys were first set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueMap {
    entries: Vec<MapEntry>,
    /// Where in `entries` each key is.
    ///
    /// INVARIANT: no hash map, for hostile texts hold 100,000 keys of their own choice.
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

    /// Sets an entry.
    pub(super) fn set(&mut self, key: &str, value: Value, place: Place) {
        if let Some(entry) = self.get_mut(key) {
            entry.value = value;
            entry.place = place;
            return;
        }
        self.indices.insert(key.to_owned(), self.entries.len());
        self.entries.push(MapEntry { key: key.to_owned(), value, place });
    }

    /// Gives every entry this origin.
    pub(super) fn set_place(&mut self, place: Place) {
        for entry in &mut self.entries {
            entry.place = place;
        }
    }
}
