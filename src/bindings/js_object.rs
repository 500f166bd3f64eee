//! An object of JavaScript's as JSON text.
//!
//! One visitor for every kind of value: a tree of `serde_json`'s in between would make the module
//! tens of kilobytes larger.

use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::json::json_text;

/// Appends the value that it is given to a text.
pub(super) struct JsonText<'t>(pub(super) &'t mut String);

impl JsonText<'_> {
    fn put<T: Serialize + ?Sized, E>(self, value: &T) -> Result<(), E> {
        self.0.push_str(&json_text(value));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for JsonText<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonText<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("data")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put(&value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put(&value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put(&value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.put(&value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.put(value)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.put(&())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.push('[');
        let mut end = self.0.len();
        while items.next_element_seed(JsonText(&mut *self.0))?.is_some() {
            end = self.0.len();
            self.0.push(',');
        }
        // What stands behind the last item is a comma.
        self.0.truncate(end);
        self.0.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.push('{');
        let mut end = self.0.len();
        while members.next_key_seed(JsonText(&mut *self.0))?.is_some() {
            self.0.push(':');
            members.next_value_seed(JsonText(&mut *self.0))?;
            end = self.0.len();
            self.0.push(',');
        }
        self.0.truncate(end);
        self.0.push('}');
        Ok(())
    }
}
