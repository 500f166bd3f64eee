//! The controls of one benchmark edition, with their numbers.

use std::fmt::Write as _;

use serde_json::json;

use super::controls::Form;
use crate::benchmark::{Edition, Row};
use crate::controls::control;
use crate::json::json_text;

/// Returns the list of the controls of an edition, in its order.
pub fn list_edition(edition: &Edition, form: Form) -> String {
    let severity =
        |row: &Row| control(row.control).map_or("", |control| control.metadata().severity.as_str());
    let level = |row: &Row| row.level.map_or_else(|| "-".to_owned(), |level| level.to_string());
    let mut out = String::new();
    match form {
        Form::Json => {
            let rows = edition.rows.iter().map(|row| {
                json!({
                    "number": row.number,
                    "control": row.control,
                    "title": row.title,
                    "level": row.level,
                    "assessment": row.assessment,
                    "severity": severity(row),
                })
            });
            out.push_str(&json_text(&rows.collect::<Vec<_>>()));
            out.push('\n');
        }
        Form::Text => {
            let width =
                |text: fn(&Row) -> &str| edition.rows.iter().map(|row| text(row).len()).max().unwrap_or(0);
            let (number, slug) = (width(|row| row.number).max(6), width(|row| row.control).max(7));
            let _ = writeln!(out, "{:number$}  {:slug$}  LEVEL  SEVERITY  TITLE", "NUMBER", "CONTROL");
            for row in edition.rows {
                let (level, severity) = (level(row), severity(row));
                let _ = writeln!(
                    out,
                    "{:number$}  {:slug$}  {level:5}  {severity:8}  {}",
                    row.number, row.control, row.title
                );
            }
            let _ =
                writeln!(out, "\nRun kubelet-audit explain NUMBER --benchmark {} for details.", edition.id);
        }
        Form::Markdown => {
            let _ = write!(
                out,
                "# {}\n\n| Number | Control | Level | Severity | Title |\n|---|---|---|---|---|\n",
                edition.id
            );
            for row in edition.rows {
                let (level, severity) = (level(row), severity(row));
                let _ = writeln!(
                    out,
                    "| {} | {} | {level} | {severity} | {} |",
                    row.number, row.control, row.title
                );
            }
        }
    }
    out
}
