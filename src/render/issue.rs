//! Issues: a line each, or with the source line.

use super::page::{Page, Piece, Style};
use super::snippet::{self, Mark};
use super::{TargetTexts, words};
use crate::report::Issue;

/// How far an issue is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Message and place.
    Short,
    /// With the source line and the help.
    Full,
}

/// Writes one issue.
pub(crate) fn write(page: &mut Page, texts: TargetTexts<'_>, issue: &Issue, form: Form) {
    let (word, style) = words::issue(issue.severity);
    let code = format!(" [{}]", issue.code);
    let place = match (form, &issue.location) {
        (Form::Short, Some(location)) => format!(" ({})", texts.place(location)),
        _ => String::new(),
    };
    page.wrapped(
        2,
        &[Piece(style, word), Piece(Style::Plain, ": ")],
        &[Piece(Style::Plain, &issue.message), Piece(Style::Dim, &place), Piece(Style::Dim, &code)],
    );
    if form == Form::Short {
        return;
    }
    // A place that is only a name, and named in the message already, tells nothing more.
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
