//! The report as JSON.

use crate::report::Report;

/// Compact JSON on one line.
pub fn render(report: &Report) -> String {
    // The wire types hold nothing that JSON cannot say.
    serde_json::to_string(report).unwrap_or_default()
}
