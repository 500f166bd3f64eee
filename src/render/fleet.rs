//! Reports on many targets: one line each, and the findings that they share.

use std::borrow::Cow;

use super::counts::counts;
use super::labels;
use super::page::{Page, Piece, Style};
use crate::report::{Effect, Group, Status, Summary, Target};

/// How groups are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// With the cause and the fix.
    Full,
    /// One line each, and only groups of several targets: the targets show the details.
    Lines,
}

/// Returns `1 target` or `312 targets`.
pub(super) fn targets(count: u32) -> String {
    format!("{count} target{}", if count == 1 { "" } else { "s" })
}

/// Writes one line for a target: its worst status, its name, the counts.
pub(super) fn line(page: &mut Page, target: &Target) {
    let summary = Summary::of(target);
    let worst = if summary.unreadable + summary.error > 0 {
        Status::Error
    } else if summary.fail > 0 {
        Status::Fail
    } else if summary.manual > 0 {
        Status::Manual
    } else {
        Status::Pass
    };
    let (label, style) = labels::headline(worst);
    let (name, source) = match &target.node {
        Some(node) => (node, format!(" ({})", target.source)),
        None => (&target.source, String::new()),
    };
    match target.errors.first() {
        Some(error) => page.wrapped(
            0,
            &[Piece(style, label), Piece(Style::Plain, " ")],
            &[
                Piece(Style::Strong, name),
                Piece(Style::Dim, &source),
                Piece(Style::Plain, ": not audited: "),
                Piece(Style::Plain, &error.message),
            ],
        ),
        None => {
            page.push(style, label);
            page.push(Style::Plain, " ");
            page.push(Style::Strong, name);
            page.push(Style::Dim, &source);
            counts(page, ": ", &summary);
        }
    }
}

/// Writes the findings that targets share.
pub(super) fn groups(page: &mut Page, summary: &Summary, form: Form) {
    let shared = |group: &&Group| form == Form::Full || group.targets > 1 && group.control.is_some();
    let mut groups = summary.groups.iter().flatten().filter(shared).peekable();
    if groups.peek().is_none() {
        return;
    }
    for group in groups {
        match form {
            Form::Full => full(page, group, summary.targets),
            Form::Lines => one_line(page, group),
        }
    }
    page.gap();
}

/// Writes `3 targets: fail 3.2.9 Title: message`.
fn one_line(page: &mut Page, group: &Group) {
    let (label, style) = labels::status(group.status);
    let count = targets(group.targets);
    page.wrapped(
        0,
        &[
            Piece(Style::Strong, &count),
            Piece(Style::Plain, ": "),
            Piece(style, label),
            Piece(Style::Plain, " "),
        ],
        &[Piece(Style::Plain, &title(group)), Piece(Style::Plain, ": "), Piece(Style::Plain, message(group))],
    );
}

fn full(page: &mut Page, group: &Group, of: u32) {
    let (label, style) = labels::headline(group.status);
    page.gap();
    page.wrapped(0, &[Piece(style, label), Piece(Style::Plain, " ")], &[Piece(Style::Strong, &title(group))]);
    if let (Some(benchmark), Some(effective)) = (group.benchmark, group.effective) {
        let (benchmark, benchmark_style) = labels::status(benchmark);
        let (effective, effective_style) = labels::effect(effective);
        page.line(
            2,
            &[
                Piece(Style::Dim, "benchmark "),
                Piece(benchmark_style, benchmark),
                Piece(Style::Dim, " · effective "),
                Piece(effective_style, effective),
            ],
        );
    }
    let count = if group.targets == of {
        format!("{}{}", if of == 1 { "" } else { "all " }, targets(of))
    } else {
        format!("{} of {}", group.targets, targets(of))
    };
    let more = usize::try_from(group.targets).unwrap_or(usize::MAX).saturating_sub(group.examples.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let names = group.examples.join(", ");
    page.wrapped(
        2,
        &[Piece(Style::Strong, &count), Piece(Style::Plain, ": ")],
        &[Piece(Style::Plain, &names), Piece(Style::Dim, &more)],
    );
    for (label, text) in [(labels::message(group.status), message(group)), ("Fix:", &group.fix)] {
        if !text.is_empty() {
            let lead = format!("{label:9}");
            page.wrapped(2, &[Piece(Style::Accent, &lead)], &[Piece(Style::Plain, text)]);
        }
    }
}

/// Returns the title, for failures with what is wrong instead of the requirement.
fn title(group: &Group) -> Cow<'_, str> {
    let failure = match (&group.control, group.status, group.effective) {
        (Some(control), Status::Fail, Some(effect)) if effect != Effect::Yes => {
            labels::failure_title(control)
        }
        _ => None,
    };
    match (failure, group.title.split_once(' ')) {
        (Some(failure), Some((number, _))) => format!("{number} {failure}").into(),
        _ => group.title.as_str().into(),
    }
}

fn message(group: &Group) -> &str {
    if group.message.is_empty() { "the details differ between targets" } else { &group.message }
}
