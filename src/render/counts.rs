//! The counts of a summary.

use super::page::{Page, Piece, Style};
use crate::report::Summary;

/// Writes the counts after `lead`: `1 unreadable, 1 fail`.
pub(super) fn counts(page: &mut Page, lead: &str, summary: &Summary) {
    let counts: Vec<(String, Style)> = numbers(summary)
        .map(|(count, label)| {
            let style = match label {
                "pass" => Style::Good,
                "manual" => Style::Caution,
                "unreadable" | "fail" | "error" => Style::Bad,
                _ => Style::Dim,
            };
            (format!("{count} {label}"), style)
        })
        .collect();
    let mut pieces = Vec::new();
    for (text, style) in &counts {
        if !pieces.is_empty() {
            pieces.push(Piece(Style::Plain, ", "));
        }
        pieces.push(Piece(*style, text));
    }
    if pieces.is_empty() {
        pieces.push(Piece(Style::Plain, "no checks ran"));
    }
    page.wrapped(0, &[Piece(Style::Plain, lead)], &pieces);
}

/// Returns the number of checks of all targets.
pub(super) fn checks(summary: &Summary) -> u32 {
    summary.fail + summary.error + summary.manual + summary.not_applicable + summary.pass
}

/// Returns the counts above zero. Waived findings and those of a baseline are also counted by status.
pub(super) fn numbers(summary: &Summary) -> impl Iterator<Item = (u32, &'static str)> + use<> {
    [
        (summary.unreadable, "unreadable"),
        (summary.fail, "fail"),
        (summary.error, "error"),
        (summary.manual, "manual"),
        (summary.not_applicable, "not applicable"),
        (summary.pass, "pass"),
        (summary.waived, "waived"),
        (summary.unchanged, "in the baseline"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
}
