//! JSON values.
//!
//! serde_json's keep the members of an object in a B-tree, which is 7 KB of the module. Here they are a
//! sorted list.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::sorting::sort;

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that is larger than an `i64` holds.
    Large(u64),
    /// A number that is finite.
    Float(f64),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Self>),
    /// An object.
    Object(JsonObject),
}

impl Json {
    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The string, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}

/// The members of a JSON object, each name once, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonObject(Vec<(String, Json)>);

impl JsonObject {
    /// These; of several of one name the last.
    pub fn new(mut members: Vec<(String, Json)>) -> Self {
        members.reverse();
        sort(&mut members, &|a, b| a.0 < b.0);
        members.dedup_by(|later, first| later.0 == first.0);
        Self(members)
    }

    /// The value of the member `name`.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let at = self.0.binary_search_by(|(other, _)| other.as_str().cmp(name)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// All of them, by name.
    pub fn into_members(self) -> Vec<(String, Json)> {
        self.0
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

/// As JSON has it, what is no finite number is null.
impl From<f64> for Json {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Float(value) } else { Self::Null }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Json> for serde_json::Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => value.into(),
            Json::Int(value) => value.into(),
            Json::Large(value) => value.into(),
            Json::Float(value) => value.into(),
            Json::String(text) => text.into(),
            Json::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(object) => {
                let members = object.0.into_iter().map(|(name, value)| (name, value.into()));
                Self::Object(members.collect())
            }
        }
    }
}

impl From<serde_json::Value> for Json {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value;
        match json {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(value), _) => Self::Int(value),
                (None, Some(value)) => Self::Large(value),
                (None, None) => number.as_f64().unwrap_or_default().into(),
            },
            Value::String(text) => Self::String(text),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(JsonObject::new(
                members.into_iter().map(|(name, value)| (name, value.into())).collect(),
            )),
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Large(value) => serializer.serialize_u64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => items.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            object.serialize_entry(name, value)?;
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, JsonObject};
    use serde_json::json;

    #[test]
    fn values_are_those_of_serde_json() {
        let value =
            json!({"b": [null, true, -1, 18_446_744_073_709_551_615_u64, 2.5, "x"], "a": {}, "c": {"d": 1}});
        let ours = Json::from(value.clone());
        assert_eq!(serde_json::to_value(&ours).unwrap(), value);
        assert_eq!(serde_json::to_string(&ours).unwrap(), value.to_string());
        assert_eq!(serde_json::Value::from(ours), value);
    }

    #[test]
    fn of_several_members_of_one_name_the_last_counts() {
        let object = JsonObject::new(
            [("b", 1), ("a", 2), ("b", 3)].map(|(name, value)| (name.to_owned(), Json::Int(value))).into(),
        );
        assert_eq!(serde_json::to_string(&object).unwrap(), r#"{"a":2,"b":3}"#);
        assert_eq!((object.get("b"), object.get("c")), (Some(&Json::Int(3)), None));
    }
}
