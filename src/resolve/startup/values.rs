//! Texts of maps, and percentages.

use crate::source::go_float;

use super::super::value::Value;

/// The text of an entry of a map of strings.
pub(super) fn text_of(value: &Value) -> &str {
    match value {
        Value::Str(text) => text,
        _ => "",
    }
}

/// The fraction of a percentage, in 32 bits (`parsePercentage` in `pkg/kubelet/eviction/helpers.go`).
pub(super) fn fraction(text: &str) -> Option<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "rounds as Go does")]
    let number = go_float::parse(text.trim_end_matches('%')).map(|number| number as f32);
    number.filter(|number| number.is_finite()).map(|number| number / 100.0)
}
