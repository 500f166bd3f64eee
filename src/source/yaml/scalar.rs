//! Scalars and their tags.

use std::borrow::Cow;

/// A scalar before it is resolved.
pub(super) struct Scalar<'a> {
    pub(super) value: Cow<'a, str>,
    pub(super) tag: Option<Tag>,
    /// Whether it is unquoted and has no tag, or has the tag `!` (go-yaml's `implicit`).
    pub(super) plain: bool,
}

/// The tags that change how a scalar is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Str,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    Merge,
    /// Any other, `!` among them: the scalar stays text.
    Other,
}

/// The tags that count, as they are written.
const TAGS: [(&str, Tag); 8] = [
    ("!!str", Tag::Str),
    ("!!bool", Tag::Bool),
    ("!!int", Tag::Int),
    ("!!float", Tag::Float),
    ("!!null", Tag::Null),
    ("!!timestamp", Tag::Timestamp),
    ("!!binary", Tag::Binary),
    ("!!merge", Tag::Merge),
];

impl Tag {
    /// The tag of that full name; `None` for an empty name, which is no tag.
    pub(super) fn named(name: &str) -> Option<Self> {
        if name.is_empty() {
            return None;
        }
        let short = name.strip_prefix("tag:yaml.org,2002:").unwrap_or("");
        let known = TAGS.iter().find(|(shown, _)| shown.strip_prefix("!!") == Some(short));
        Some(known.map_or(Self::Other, |(_, tag)| *tag))
    }

    pub(super) fn shown(self) -> &'static str {
        TAGS.iter().find(|(_, tag)| *tag == self).map_or("another tag", |(shown, _)| shown)
    }
}
