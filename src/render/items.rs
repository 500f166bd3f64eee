//! JSON lists, written one item per line.

use serde::Serialize;

use crate::json::json_text;

/// A list under construction.
#[derive(Debug, Default)]
pub(super) struct Items {
    has_begun: bool,
}

impl Items {
    /// Returns the next item as compact JSON, with the separator before it.
    pub(super) fn next(&mut self, item: &impl Serialize) -> String {
        let separator = if std::mem::replace(&mut self.has_begun, true) { ",\n" } else { "\n" };
        format!("{separator}{}", json_text(item))
    }
}
