//! A report for people.

use super::counts::counts;
use super::issue::{self, Form};
use super::page::{Page, Piece, Style};
use super::writer::{At, End, Length, Writer};
use super::{Detail, Layout, NoTexts, TargetTexts, finding, fleet, words};
use crate::report::{Issue, IssueSeverity, Kubelet, Summary, Target};

/// A report for people, written target by target.
pub(super) struct TextReport {
    page: Page,
    detail: Detail,
    /// The groups stand for what was not said of single targets.
    has_lines: bool,
}

impl TextReport {
    /// Before the first target.
    pub(super) fn new(layout: &Layout<'_>) -> Self {
        let page = Page::new(layout.width, layout.color).linking(layout.links);
        Self { page, detail: layout.detail, has_lines: false }
    }
}

impl Writer for TextReport {
    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        let page = &mut self.page;
        match (self.detail, at.length) {
            (Detail::Quiet, _) => quiet(page, texts, target),
            (Detail::Normal, Length::Line) => {
                self.has_lines = true;
                fleet::line(page, target);
            }
            (Detail::Normal | Detail::Verbose, _) => {
                page.gap();
                head(page, texts, target, self.detail);
                for finding in &target.findings {
                    finding::write(page, texts, finding, self.detail);
                }
            }
        }
        page.take()
    }

    /// Writes what all targets together say, and what to run next.
    fn end(&mut self, end: &End<'_>) -> String {
        let page = &mut self.page;
        if self.detail == Detail::Quiet {
            end.notices.iter().for_each(|notice| quiet_notice(page, notice));
            return page.take();
        }
        page.gap();
        let form = if self.has_lines { fleet::Form::Full } else { fleet::Form::Lines };
        fleet::groups(page, end.summary, form);
        for notice in end.notices {
            issue::write(page, NO_TEXTS, notice, Form::Short);
        }
        if !end.notices.is_empty() {
            page.gap();
        }
        summary(page, end.summary);
        if let Some((command, purpose)) = end.next {
            // One line, whatever the width: it is there to be copied.
            page.line(
                0,
                &[
                    Piece(Style::Accent, "next: "),
                    Piece(Style::Strong, command),
                    Piece(Style::Dim, "   # "),
                    Piece(Style::Dim, purpose),
                ],
            );
        }
        page.take()
    }
}

const NO_TEXTS: TargetTexts<'static> = TargetTexts { all: &NoTexts, target: 0 };

fn quiet_notice(page: &mut Page, notice: &Issue) {
    let place = notice.location.as_ref().map_or_else(String::new, |at| NO_TEXTS.place(at));
    let (word, style) = words::issue(notice.severity);
    page.line(
        0,
        &[
            Piece(Style::Strong, &place),
            Piece(Style::Plain, if place.is_empty() { "" } else { ": " }),
            Piece(style, word),
            Piece(Style::Plain, " "),
            Piece(Style::Plain, &notice.code),
            Piece(Style::Plain, ": "),
            Piece(Style::Plain, &notice.message),
        ],
    );
}

/// One line for what is wrong, in the form that editors and grep take: `place: status number: message`.
fn quiet(page: &mut Page, texts: TargetTexts<'_>, target: &Target) {
    for issue in &target.errors {
        let place = issue.location.as_ref().map_or_else(|| target.source.clone(), |at| texts.place(at));
        page.line(
            0,
            &[
                Piece(Style::Strong, &place),
                Piece(Style::Bad, ": error "),
                Piece(Style::Plain, &issue.code),
                Piece(Style::Plain, ": "),
                Piece(Style::Plain, &issue.message),
            ],
        );
    }
    for finding in &target.findings {
        if !finding.is_open() {
            continue;
        }
        let place = finding::main_evidence(finding).and_then(|evidence| evidence.location.as_ref());
        let place = place.map_or_else(|| target.source.clone(), |at| texts.place(at));
        let (word, style) = words::status(finding.status);
        page.line(
            0,
            &[
                Piece(Style::Strong, &place),
                Piece(Style::Plain, ": "),
                Piece(style, word),
                Piece(Style::Plain, " "),
                Piece(Style::Plain, &finding.benchmark.number),
                Piece(Style::Plain, ": "),
                Piece(Style::Plain, &finding.message),
            ],
        );
    }
}

/// What was read, and what the kubelet makes of it.
pub(super) fn head(page: &mut Page, texts: TargetTexts<'_>, target: &Target, detail: Detail) {
    let node = target.node.as_deref().unwrap_or("");
    let node_word = if node.is_empty() { "" } else { " · node " };
    page.wrapped(
        0,
        &[],
        &[Piece(Style::Strong, &target.source), Piece(Style::Dim, node_word), Piece(Style::Plain, node)],
    );
    if let Some(kubelet) = &target.kubelet {
        kubelet_line(page, kubelet, detail);
    } else {
        page.wrapped(
            0,
            &[],
            &[Piece(Style::Bad, "not audited"), Piece(Style::Plain, ": it could not be read")],
        );
    }
    for issue in &target.errors {
        issue::write(page, texts, issue, Form::Full);
    }
    if let Some(kubelet) = &target.kubelet {
        // What makes a document unreadable also stops the kubelet; once is enough.
        for issue in kubelet.errors.iter().filter(|issue| !target.errors.contains(issue)) {
            issue::write(page, texts, issue, Form::Full);
        }
        for issue in &kubelet.warnings {
            if let Some(form) = warning_form(issue, detail) {
                issue::write(page, texts, issue, form);
            }
        }
    }
}

/// Notes are for those who ask; the header says already that a version was assumed.
fn warning_form(issue: &Issue, detail: Detail) -> Option<Form> {
    match (detail, issue.severity) {
        (Detail::Verbose, _) => Some(Form::Full),
        (_, IssueSeverity::Note) => None,
        (_, IssueSeverity::Warning | IssueSeverity::Error) => Some(Form::Short),
    }
}

fn kubelet_line(page: &mut Page, kubelet: &Kubelet, detail: Detail) {
    let assumed = if kubelet.version_assumed { " (version assumed)" } else { "" };
    let stage = kubelet.stage.map_or("", words::stage);
    let missing = kubelet.missing_layers.join(", ");
    let (answer, style) = match kubelet.starts {
        Some(true) => ("starts", Style::Good),
        Some(false) if kubelet.panics => ("panics", Style::Bad),
        Some(false) => ("does not start", Style::Bad),
        None => ("is not known in full", Style::Caution),
    };
    let mut pieces = vec![
        Piece(Style::Plain, "kubelet "),
        Piece(Style::Plain, &kubelet.version),
        Piece(Style::Dim, assumed),
        Piece(Style::Plain, " "),
        Piece(style, answer),
    ];
    if !stage.is_empty() {
        pieces.extend([Piece(Style::Plain, ": stops "), Piece(Style::Plain, stage)]);
    }
    if !missing.is_empty() {
        pieces.extend([Piece(Style::Plain, ": not given: "), Piece(Style::Plain, &missing)]);
    }
    let layers = kubelet.layers.join(", ");
    if detail == Detail::Verbose && !layers.is_empty() {
        pieces.extend([Piece(Style::Dim, " · read from "), Piece(Style::Dim, &layers)]);
    }
    page.wrapped(0, &[], &pieces);
}

/// `2 targets: 1 unreadable, 1 fail`
fn summary(page: &mut Page, summary: &Summary) {
    if summary.targets == 0 {
        page.line(0, &[Piece(Style::Caution, "nothing to audit")]);
        return;
    }
    let targets = format!("{}: ", fleet::targets(summary.targets));
    counts(page, &targets, summary);
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
