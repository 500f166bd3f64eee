//! JSON text of the wire types.

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};
use serde_json::Value;

/// Returns a value as compact JSON.
pub fn json_text<T: Serialize + ?Sized>(value: &T) -> String {
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

/// Reads a JSON object.
///
/// # Errors
///
/// Where it is wrong, and why.
pub fn read_json<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, String> {
    // A derived type would take a list of its members' values as well.
    if text.trim_start().starts_with('[') {
        return Err(NO_OBJECT.to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(reason)?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Reads a JSON object that is already parsed.
pub(crate) fn read_value<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    if value.is_array() {
        return Err(NO_OBJECT.to_owned());
    }
    serde_path_to_error::deserialize(value).map_err(reason)
}

/// Of JSON that is not as it must be, the path to the member says where, for text and objects alike. Of text
/// that is no JSON there may be none, and serde_json tells the line and column.
fn reason(error: serde_path_to_error::Error<serde_json::Error>) -> String {
    let text = error.to_string();
    let cause = error.inner();
    let place = format!(" at line {} column {}", cause.line(), cause.column());
    match text.strip_suffix(&place) {
        Some(bare) if cause.is_data() => bare.to_owned(),
        _ => text,
    }
}

const NO_OBJECT: &str = "invalid type: sequence, expected an object";
