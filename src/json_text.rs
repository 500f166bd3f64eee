//! Values as compact JSON.
//!
//! What serde_json itself writes, byte for byte, at a third of its size: no value that is written
//! here can fail, so nothing asks whether it did, and floats go through [`crate::float`].

use std::fmt::{self, Display};

use serde::ser::{self, Impossible, Serialize};

use crate::float::Shortest;

/// The value as compact JSON. Keys of maps must be texts.
pub(crate) fn json_text<T: Serialize + ?Sized>(value: &T) -> String {
    let mut writer = Writer { out: String::new() };
    let Ok(()) = value.serialize(&mut writer);
    writer.out
}

struct Writer {
    out: String,
}

/// There is none.
#[derive(Debug)]
enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: Display>(_: T) -> Self {
        unreachable!("the wire types are derived and fail nowhere")
    }
}

impl Writer {
    #[inline(never)]
    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn string(&mut self, text: &str) {
        self.raw("\"");
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
            let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.raw(plain);
            // INVARIANT: the character is ASCII, so it has one byte.
            self.escape(tail.bytes().next().unwrap_or_default());
            rest = tail.get(1..).unwrap_or("");
        }
        self.raw(rest);
        self.raw("\"");
    }

    fn escape(&mut self, byte: u8) {
        let text = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            0x0C => "\\f",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            _ => {
                self.raw("\\u00");
                self.out.push_str(&format!("{byte:02x}"));
                ""
            }
        };
        self.raw(text);
    }

    fn integer(&mut self, magnitude: u64, is_negative: bool) {
        if is_negative {
            self.raw("-");
        }
        let text = magnitude.to_string();
        self.raw(&text);
    }

    /// As serde_json has it: `1.0`, `0.00001`, `1e-6`, `1e+16`.
    fn float(&mut self, value: f64) {
        if !value.is_finite() {
            return self.raw("null");
        }
        let shortest = Shortest::of(value);
        if !(-5..16).contains(&shortest.exponent()) {
            return self.raw(&shortest.scientific(1));
        }
        let text = shortest.plain();
        self.raw(&text);
        if !text.contains('.') {
            self.raw(".0");
        }
    }

    /// Before an item: a comma, if it is not the first.
    fn separate(&mut self) {
        if !self.out.ends_with(['[', '{']) {
            self.raw(",");
        }
    }

    fn open(&mut self, start: &'static str, end: &'static str) -> Open<'_> {
        self.raw(start);
        Open { writer: self, end }
    }

    fn key(&mut self, key: &str) {
        self.separate();
        self.string(key);
        self.raw(":");
    }
}

/// A list or an object that is being written, and the bracket that ends it.
struct Open<'w> {
    writer: &'w mut Writer,
    end: &'static str,
}

impl<'w> ser::Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Open<'w>;
    type SerializeTuple = Open<'w>;
    type SerializeTupleStruct = Open<'w>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Open<'w>;
    type SerializeStruct = Open<'w>;
    type SerializeStructVariant = Impossible<(), Never>;

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.raw(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Never> {
        self.integer(value.unsigned_abs(), value < 0);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Never> {
        self.integer(value, false);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        self.float(value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Never> {
        self.string(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.raw("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Never> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.raw("{");
        self.key(name);
        value.serialize(&mut *self)?;
        self.raw("}");
        Ok(())
    }

    // Less than what the trait itself has, for every kind of list.
    fn collect_seq<I: IntoIterator<Item: Serialize>>(self, items: I) -> Result<(), Never> {
        self.raw("[");
        for item in items {
            self.separate();
            item.serialize(&mut *self)?;
        }
        self.raw("]");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'w>, Never> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'w>, Never> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'w>, Never> {
        Ok(self.open("[", "]"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'w>, Never> {
        Ok(self.open("{", "}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'w>, Never> {
        Ok(self.open("{", "}"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Never> {
        unreachable!("no wire type has such a variant")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Never> {
        unreachable!("no wire type has such a variant")
    }
}

impl Open<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.writer.separate();
        value.serialize(&mut *self.writer)
    }

    fn member<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Never> {
        self.writer.key(key);
        value.serialize(&mut *self.writer)
    }

    fn close(self) -> Result<(), Never> {
        self.writer.raw(self.end);
        Ok(())
    }
}

impl ser::SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.item(value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl ser::SerializeTuple for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.item(value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.item(value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl ser::SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.item(key)?;
        self.writer.raw(":");
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl ser::SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        self.member(key, value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use super::json_text;
    use proptest::prelude::*;
    use serde_json::Value;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            (-20..20_i32, 0..1000_i32).prop_map(|(power, n)| Value::from(f64::from(n) * 10_f64.powi(power))),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_written_as_serde_json_does(value in value()) {
            prop_assert_eq!(json_text(&value), value.to_string());
        }
    }
}
