//! JSON text of the wire types.

use serde::Serialize;

/// Returns a value as compact JSON.
pub(crate) fn json_text<T: Serialize + ?Sized>(value: &T) -> String {
    written(serde_json::to_string(value))
}

/// Returns a value as JSON indented by two spaces.
pub(crate) fn json_text_pretty<T: Serialize + ?Sized>(value: &T) -> String {
    written(serde_json::to_string_pretty(value))
}

#[expect(
    clippy::expect_used,
    reason = "serde_json fails for keys that are no strings, and no wire type has any"
)]
fn written(text: serde_json::Result<String>) -> String {
    text.expect("a wire type is written as JSON")
}
