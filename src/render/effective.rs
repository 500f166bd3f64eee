//! The effective configuration: every value with where it comes from.

use serde_json::Value as Json;

use super::page::{Page, Piece, Style};
use super::{Detail, Layout, SourceTexts, TargetTexts, text, words};
use crate::json::json_text;
use crate::report::{Kubelet, Origin, OriginLayer, Target};
use unicode_width::UnicodeWidthStr as _;

/// Which values are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Every value.
    #[default]
    Everything,
    /// Those that somebody wrote.
    Written,
}

/// Whether somebody wrote the value.
pub(crate) fn is_written(origin: &Origin) -> bool {
    !matches!(origin.layer, OriginLayer::Default | OriginLayer::Generated)
}

/// Narrower than this, and rows become lists.
const NARROWEST_TABLE: usize = 72;

/// Writes the effective configuration of one target.
pub fn effective(target: &Target, texts: &dyn SourceTexts, shown: Shown, layout: &Layout<'_>) -> String {
    let mut page = Page::new(layout.width, layout.color);
    let texts = TargetTexts { all: texts, target: 0 };
    if layout.detail != Detail::Quiet {
        text::head(&mut page, texts, target, layout.detail);
        page.gap();
    }
    let Some(kubelet) = &target.kubelet else { return page.finish() };
    if kubelet.effective.is_none() && layout.detail != Detail::Quiet {
        page.wrapped(0, &[], &[Piece(Style::Caution, "it stops before its configuration is complete")]);
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

/// One value.
struct Row<'a> {
    path: String,
    /// As JSON, so that `"true"` and `true` differ.
    value: String,
    origin: Option<&'a Origin>,
    /// `config node.yaml:3:5`
    from: String,
}

fn rows<'a>(kubelet: &'a Kubelet, texts: TargetTexts<'_>) -> Vec<Row<'a>> {
    let row = |path: String, value: &Json| {
        let origin = kubelet.origins.as_ref().and_then(|origins| origins.get(&path));
        let from = origin.map_or_else(String::new, |origin| {
            let place = origin.location.as_ref().map(|at| texts.place(at)).unwrap_or_default();
            format!("{} {place}", words::layer(origin.layer))
        });
        Row { path, value: json_text(value), origin, from }
    };
    let mut rows = Vec::new();
    for (path, value) in kubelet.effective.iter().flatten() {
        match value {
            // An object whose members come from different places, as single feature gates do.
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

/// Where the columns of a table start; `None` on narrow pages.
#[derive(Clone, Copy)]
struct Columns {
    value: usize,
    from: usize,
}

impl Columns {
    /// Wide enough for most rows; a row that needs more takes a second line.
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
