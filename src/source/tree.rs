//! The tree of a document, whether it was JSON or YAML.
//!
//! Its scalars are those of JSON, because the kubelet converts YAML to JSON before it reads any field
//! (sigs.k8s.io/yaml `YAMLToJSON`, called by apimachinery's serializer).

use std::borrow::Cow;

use super::{Place, Span};

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The place of the value. For an expanded alias, the place of the alias, not of the anchor.
    pub place: Place,
    /// The value.
    pub value: NodeValue<'a>,
}

/// A JSON value.
#[derive(Clone, Debug)]
pub enum NodeValue<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as JSON text. From JSON, the original text (`5.0` stays `5.0`). From YAML, the number as
    /// Go's `encoding/json` prints it (`5.0` becomes `5`, `0x10` becomes `16`).
    Number(Cow<'a, str>),
    /// A string, unescaped.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Node<'a>>),
    /// An object, with its members in document order. From JSON, a duplicate key occurs as often as in the
    /// text; from YAML, only the last one remains, as in go-yaml.
    Object(Vec<Member<'a>>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The key, unescaped.
    pub key: Cow<'a, str>,
    /// The place of the key.
    pub key_place: Place,
    /// The value.
    pub value: Node<'a>,
}

impl<'a> Node<'a> {
    /// A node.
    pub fn new(place: Place, value: NodeValue<'a>) -> Self {
        Self { place, value }
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&[Member<'a>]> {
        match &self.value {
            NodeValue::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value of the last member named exactly `key`, if this is an object.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.as_object()?.iter().rev().find(|m| m.key == key).map(|m| &m.value)
    }

    /// The items, if this is a list.
    pub fn as_array(&self) -> Option<&[Self]> {
        match &self.value {
            NodeValue::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The string, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            NodeValue::String(s) => Some(s),
            _ => None,
        }
    }

    /// A copy that borrows nothing.
    pub(crate) fn to_static(&self) -> Node<'static> {
        let value = match &self.value {
            NodeValue::Null => NodeValue::Null,
            NodeValue::Bool(value) => NodeValue::Bool(*value),
            NodeValue::Number(text) => NodeValue::Number(to_static(text)),
            NodeValue::String(text) => NodeValue::String(to_static(text)),
            NodeValue::Array(items) => NodeValue::Array(items.iter().map(Self::to_static).collect()),
            NodeValue::Object(members) => NodeValue::Object(members.iter().map(Member::to_static).collect()),
        };
        Node::new(self.place, value)
    }

    /// Replaces the span of every value and key below this node, and its own.
    pub(crate) fn map_spans(&mut self, map: &impl Fn(Span) -> Span) {
        self.place.span = map(self.place.span);
        match &mut self.value {
            NodeValue::Array(items) => items.iter_mut().for_each(|item| item.map_spans(map)),
            NodeValue::Object(members) => {
                for member in members {
                    member.key_place.span = map(member.key_place.span);
                    member.value.map_spans(map);
                }
            }
            _ => {}
        }
    }
}

impl Member<'_> {
    /// A copy that borrows nothing.
    pub(crate) fn to_static(&self) -> Member<'static> {
        Member { key: to_static(&self.key), key_place: self.key_place, value: self.value.to_static() }
    }
}

fn to_static(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

impl NodeValue<'_> {
    /// The JSON name of the type, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "list",
            Self::Object(_) => "object",
        }
    }
}

/// The format of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Strict JSON.
    Json,
    /// YAML 1.1 as go-yaml v2 reads it.
    Yaml,
    /// An already parsed object, without duplicate keys and without the spelling of its scalars.
    Object,
}

/// A key that occurs more than once in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The key.
    pub key: String,
    /// The first occurrence.
    pub first: Span,
    /// A later occurrence.
    pub again: Span,
}

impl DuplicateKey {
    pub(super) fn new(first: &Member<'_>, again: &Member<'_>) -> Self {
        Self { key: again.key.to_string(), first: first.key_place.span, again: again.key_place.span }
    }
}

/// A parsed document.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The value.
    pub root: Node<'a>,
    /// Its format.
    pub format: Format,
    /// Keys that occur more than once, in document order, including overlaps of YAML merge keys.
    pub duplicates: Vec<DuplicateKey>,
}
