//! Lists of JSON items that are written one at a time, a line each.

use serde::Serialize;

use crate::json::json_text;

/// A list in the making.
#[derive(Debug, Default)]
pub(super) struct Items {
    has_begun: bool,
}

impl Items {
    /// The next item as compact JSON, with what separates it from the one before.
    pub(super) fn next(&mut self, item: &impl Serialize) -> String {
        let separator = if std::mem::replace(&mut self.has_begun, true) { ",\n" } else { "\n" };
        format!("{separator}{}", json_text(item))
    }
}
