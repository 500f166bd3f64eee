//! JSON text of requests, reports and settings.

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};
use serde_json::Value;

/// Returns a value as compact JSON.
pub fn json_text<T: Serialize + ?Sized>(value: &T) -> String {
    expect_text(serde_json::to_string(value))
}

/// Returns a value as JSON indented by two spaces.
pub(crate) fn json_text_pretty<T: Serialize + ?Sized>(value: &T) -> String {
    expect_text(serde_json::to_string_pretty(value))
}

#[expect(
    clippy::expect_used,
    reason = "serde_json fails only for map keys that are not strings, and none of these types has any"
)]
fn expect_text(text: serde_json::Result<String>) -> String {
    text.expect("these types serialize to JSON")
}

/// Reads a JSON object.
///
/// # Errors
///
/// The path of the invalid field, and the reason.
pub fn read_json<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, String> {
    // A derived `Deserialize` also accepts an array of the field values.
    if text.trim_start().starts_with('[') {
        return Err(NOT_AN_OBJECT.to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(reason)?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Reads a parsed JSON object.
pub(crate) fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    // By way of its text: a second deserializer for each type would take 60 KB of every module.
    read_json(&value.to_string())
}

/// Describes an error. For valid JSON of the wrong shape the path of the field locates it, for text and objects
/// alike. Text that is not JSON has no path, so serde_json's line and column stay.
fn reason(error: serde_path_to_error::Error<serde_json::Error>) -> String {
    let text = error.to_string();
    let cause = error.inner();
    let place = format!(" at line {} column {}", cause.line(), cause.column());
    match text.strip_suffix(&place) {
        Some(bare) if cause.is_data() => bare.to_owned(),
        _ => text,
    }
}

const NOT_AN_OBJECT: &str = "invalid type: sequence, expected an object";
