//! JSON of formats that others define, built by hand: a serializer for each of their types would be
//! several times as large.

use std::borrow::Cow;

use crate::json::json_text;

/// A JSON value; members keep their order.
#[derive(Clone, Debug)]
pub(super) enum Data<'a> {
    /// Nothing: a member that has it is left out.
    Absent,
    /// `true`, `false`
    Bool(bool),
    /// A count, a line, a column.
    Number(u32),
    /// A string.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Data<'a>>),
    /// An object.
    Object(Vec<(&'a str, Data<'a>)>),
}

impl<'a> From<&'a str> for Data<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Data<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl Data<'_> {
    /// Compact JSON.
    pub(super) fn json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Absent => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Text(text) => out.push_str(&json_text(text.as_ref())),
            Self::List(items) => {
                out.push('[');
                for (n, item) in items.iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { "," });
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                let present = members.iter().filter(|(_, value)| !matches!(value, Self::Absent));
                for (n, (name, value)) in present.enumerate() {
                    out.push_str(if n == 0 { "" } else { "," });
                    out.push_str(&json_text(name));
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// Items of a list that is written bit by bit, a line each.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: bool,
}

impl Lines {
    /// The next item, with what separates it from the one before.
    pub(super) fn item(&mut self, item: &Data<'_>) -> String {
        let separator = if std::mem::replace(&mut self.begun, true) { ",\n" } else { "\n" };
        format!("{separator}{}", item.json())
    }
}
