//! Issues in the text report.

use super::page::{Page, Piece, Style};
use super::snippet::{self, Mark};
use super::{TargetTexts, labels};
use crate::report::Issue;

/// How much of an issue is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Message and location on one line.
    Short,
    /// Message, source line and help.
    Full,
}

/// Writes one issue.
pub(crate) fn write(page: &mut Page, texts: TargetTexts<'_>, issue: &Issue, form: Form) {
    let (label, style) = labels::issue(issue.severity);
    let code = format!(" [{}]", issue.code);
    let place = match (form, &issue.location) {
        (Form::Short, Some(location)) => format!(" ({})", texts.place(location)),
        _ => String::new(),
    };
    page.wrapped(
        2,
        &[Piece(style, label), Piece(Style::Plain, ": ")],
        &[Piece(Style::Plain, &issue.message), Piece(Style::Dim, &place), Piece(Style::Dim, &code)],
    );
    if form == Form::Short {
        return;
    }
    // A location without a range adds nothing if the message already names the source.
    let place = issue.location.as_ref();
    if let Some(location) = place.filter(|at| at.range.is_some() || !issue.message.contains(&at.source)) {
        let source = texts.find(&location.source);
        snippet::write(
            page,
            4,
            &Mark { name: &location.source, source, range: location.range, label: "", style },
        );
    }
    if !issue.help.is_empty() {
        page.wrapped(4, &[Piece(Style::Accent, "help ")], &[Piece(Style::Plain, &issue.help)]);
    }
}
