//! The effective configuration: every value and its origin.

use serde_json::Value as Json;

use super::page::{Page, Piece, Style};
use super::{Detail, Layout, SourceTexts, TargetTexts, labels, text};
use crate::json::json_text;
use crate::report::{Kubelet, Origin, OriginLayer, Target};
use unicode_width::UnicodeWidthStr as _;

/// Which values to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Every value.
    #[default]
    Everything,
    /// Only values that are set in a file or by a flag.
    Written,
}

/// Whether the value is set in a file or by a flag.
pub(crate) fn is_written(origin: &Origin) -> bool {
    !matches!(origin.layer, OriginLayer::Default | OriginLayer::Generated)
}

/// The minimum page width for a table; narrower pages show a list.
const NARROWEST_TABLE: usize = 72;

/// Returns the effective configuration of one target as text.
pub fn effective(target: &Target, texts: &dyn SourceTexts, shown: Shown, layout: &Layout<'_>) -> String {
    let mut page = Page::new(layout.width, layout.color);
    let texts = TargetTexts { all: texts, target: 0 };
    if layout.detail != Detail::Quiet {
        text::head(&mut page, texts, target, layout.detail);
        page.gap();
    }
    let Some(kubelet) = &target.kubelet else { return page.finish() };
    if kubelet.effective.is_none() && layout.detail != Detail::Quiet {
        page.wrapped(
            0,
            &[],
            &[Piece(
                Style::Caution,
                "The kubelet fails before its configuration is complete, so there are no effective values.",
            )],
        );
    }
    let rows: Vec<Row<'_>> = rows(kubelet, texts)
        .into_iter()
        .filter(|row| shown == Shown::Everything || row.origin.is_some_and(is_written))
        .collect();
    let columns = Columns::of(&rows, page.width());
    for row in &rows {
        write_row(&mut page, row, columns);
    }
    page.finish()
}

/// One effective value.
struct Row<'a> {
    path: String,
    /// The value as JSON, which distinguishes `"true"` from `true`.
    value: String,
    origin: Option<&'a Origin>,
    /// The layer and the location: `config node.yaml:3:5`.
    from: String,
}

fn rows<'a>(kubelet: &'a Kubelet, texts: TargetTexts<'_>) -> Vec<Row<'a>> {
    let row = |path: String, value: &Json| {
        let origin = kubelet.origins.as_ref().and_then(|origins| origins.get(&path));
        let from = origin.map_or_else(String::new, |origin| {
            let place = origin.location.as_ref().map(|at| texts.place(at)).unwrap_or_default();
            format!("{} {place}", labels::layer(origin.layer))
        });
        Row { path, value: json_text(value), origin, from }
    };
    let mut rows = Vec::new();
    for (path, value) in kubelet.effective.iter().flatten() {
        match value {
            // The members of one object can have different origins, as feature gates do.
            Json::Object(members) if has_member_origins(kubelet, path) => {
                rows.extend(members.iter().map(|(name, value)| row(format!("{path}.{name}"), value)));
            }
            value => rows.push(row(path.to_owned(), value)),
        }
    }
    rows
}

fn has_member_origins(kubelet: &Kubelet, path: &str) -> bool {
    let prefix = format!("{path}.");
    kubelet.origins.iter().flatten().any(|(path, _)| path.starts_with(&prefix))
}

/// The columns at which the cells of a table start.
#[derive(Clone, Copy)]
struct Columns {
    value: usize,
    from: usize,
}

impl Columns {
    /// Returns columns that fit most rows; a wider row continues on a second line. `None` if the page is too
    /// narrow for a table.
    fn of(rows: &[Row<'_>], page: usize) -> Option<Self> {
        if page < NARROWEST_TABLE {
            return None;
        }
        let widest = |cell: fn(&Row<'_>) -> usize, most: usize| {
            rows.iter().map(cell).filter(|n| *n <= most).max().unwrap_or(0).saturating_add(2)
        };
        let value = widest(|row| row.path.width(), page / 2);
        Some(Self { value, from: value.saturating_add(widest(|row| row.value.width(), page / 5)) })
    }
}

fn write_row(page: &mut Page, row: &Row<'_>, columns: Option<Columns>) {
    let style = if row.origin.is_some_and(is_written) { Style::Strong } else { Style::Plain };
    let Some(columns) = columns else {
        page.wrapped(0, &[], &[Piece(style, &row.path), Piece(Style::Plain, ": "), Piece(style, &row.value)]);
        page.wrapped(4, &[], &[Piece(Style::Dim, &row.from)]);
        return;
    };
    page.push(style, &row.path);
    if row.path.width().saturating_add(2) > columns.value {
        page.end_line();
    }
    page.pad(columns.value);
    page.push(style, &row.value);
    if columns.value.saturating_add(row.value.width()).saturating_add(2) > columns.from {
        page.end_line();
    }
    page.wrapped(columns.from, &[], &[Piece(Style::Dim, &row.from)]);
}

#[cfg(test)]
#[path = "effective_tests.rs"]
mod tests;
