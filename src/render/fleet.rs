//! Many targets: a line for each, and the answers that they share.

use super::counts::counts;
use super::page::{Page, Piece, Style};
use super::words;
use crate::report::{Group, Status, Summary, Target};

/// How groups are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// With what was found, and the fix.
    Full,
    /// In a line each, and only what targets share: what was found stands with the targets.
    Lines,
}

/// `1 target`, `312 targets`
pub(super) fn targets(count: u32) -> String {
    format!("{count} target{}", if count == 1 { "" } else { "s" })
}

/// A target in a line: its worst answer, its name, the counts.
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
    let (word, style) = words::headline(worst);
    let (name, source) = match &target.node {
        Some(node) => (node, format!(" ({})", target.source)),
        None => (&target.source, String::new()),
    };
    match target.errors.first() {
        Some(error) => page.wrapped(
            0,
            &[Piece(style, word), Piece(Style::Plain, " ")],
            &[
                Piece(Style::Strong, name),
                Piece(Style::Dim, &source),
                Piece(Style::Plain, ": not audited: "),
                Piece(Style::Plain, &error.message),
            ],
        ),
        None => {
            page.push(style, word);
            page.push(Style::Plain, " ");
            page.push(Style::Strong, name);
            page.push(Style::Dim, &source);
            counts(page, ": ", &summary);
        }
    }
}

/// The answers that targets share.
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

/// `3 targets fail 3.2.9 Title: what was found`
fn one_line(page: &mut Page, group: &Group) {
    let (word, style) = words::status(group.status);
    let count = targets(group.targets);
    page.wrapped(
        0,
        &[
            Piece(Style::Strong, &count),
            Piece(Style::Plain, ": "),
            Piece(style, word),
            Piece(Style::Plain, " "),
        ],
        &[Piece(Style::Plain, &group.title), Piece(Style::Plain, ": "), Piece(Style::Plain, message(group))],
    );
}

fn full(page: &mut Page, group: &Group, of: u32) {
    let (word, style) = words::headline(group.status);
    page.gap();
    page.wrapped(0, &[Piece(style, word), Piece(Style::Plain, " ")], &[Piece(Style::Strong, &group.title)]);
    if let (Some(benchmark), Some(effective)) = (group.benchmark, group.effective) {
        let (benchmark, benchmark_style) = words::status(benchmark);
        let (effective, effective_style) = words::effect(effective);
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
    for (lead, said) in [("found   ", message(group)), ("fix     ", &group.fix)] {
        if !said.is_empty() {
            page.wrapped(2, &[Piece(Style::Accent, lead)], &[Piece(Style::Plain, said)]);
        }
    }
}

fn message(group: &Group) -> &str {
    if group.message.is_empty() { "answers that differ from target to target" } else { &group.message }
}
