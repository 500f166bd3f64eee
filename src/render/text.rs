//! The text report for terminals.

use super::counts::counts;
use super::issue::{self, Form};
use super::page::{Page, Piece, Style};
use super::writer::{At, End, Length, Writer};
use super::{Detail, Layout, NoTexts, TargetTexts, finding, fleet, labels};
use crate::report::{Issue, IssueSeverity, Kubelet, Stage, Summary, Target};

/// The text report, written target by target.
pub(super) struct TextReport {
    page: Page,
    detail: Detail,
    /// Whether a target was shortened to one line, so that the groups have to show the details.
    has_lines: bool,
    /// Whether a finding shows how to fix it, so that the note about `/configz` applies.
    has_fixes: bool,
}

impl TextReport {
    /// Returns an empty report.
    pub(super) fn new(layout: &Layout<'_>) -> Self {
        let page = Page::new(layout.width, layout.color).linking(layout.links);
        Self { page, detail: layout.detail, has_lines: false, has_fixes: false }
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
                    self.has_fixes |= finding::shows_configz(finding, self.detail);
                }
            }
        }
        page.take()
    }

    /// Writes the groups, the notices, the summary and the suggested command.
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
        if self.has_fixes {
            page.wrapped(0, &[Piece(Style::Accent, "Note: ")], &[Piece(Style::Plain, CONFIGZ)]);
            page.gap();
        }
        summary(page, end.summary);
        if let Some((command, purpose)) = end.next {
            // Not wrapped, because the command is meant to be copied.
            page.line(
                0,
                &[Piece(Style::Accent, purpose), Piece(Style::Accent, ": "), Piece(Style::Strong, command)],
            );
        }
        page.take()
    }
}

const CONFIGZ: &str =
    "/configz is read-only. Change the file or flags, restart the kubelet, then check /configz again.";

const NO_TEXTS: TargetTexts<'static> = TargetTexts { all: &NoTexts, target: 0 };

fn quiet_notice(page: &mut Page, notice: &Issue) {
    let place = notice.location.as_ref().map_or_else(String::new, |at| NO_TEXTS.place(at));
    let (label, style) = labels::issue(notice.severity);
    page.line(
        0,
        &[
            Piece(Style::Strong, &place),
            Piece(Style::Plain, if place.is_empty() { "" } else { ": " }),
            Piece(style, label),
            Piece(Style::Plain, " "),
            Piece(Style::Plain, &notice.code),
            Piece(Style::Plain, ": "),
            Piece(Style::Plain, &notice.message),
        ],
    );
}

/// Writes one line per failing finding in the form that editors and grep parse:
/// `location: status number: message`.
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
        let (label, style) = labels::status(finding.status);
        page.line(
            0,
            &[
                Piece(Style::Strong, &place),
                Piece(Style::Plain, ": "),
                Piece(style, label),
                Piece(Style::Plain, " "),
                Piece(Style::Plain, &finding.benchmark.number),
                Piece(Style::Plain, ": "),
                Piece(Style::Plain, &finding.message),
            ],
        );
    }
}

/// Writes the source, how the kubelet reads it, and the issues.
pub(super) fn head(page: &mut Page, texts: TargetTexts<'_>, target: &Target, detail: Detail) {
    let node = target.node.as_deref().unwrap_or("");
    let node_label = if node.is_empty() { "" } else { " · node " };
    page.wrapped(
        0,
        &[],
        &[Piece(Style::Strong, &target.source), Piece(Style::Dim, node_label), Piece(Style::Plain, node)],
    );
    if let Some(kubelet) = &target.kubelet {
        kubelet_line(page, kubelet, detail);
    } else {
        page.wrapped(0, &[], &[Piece(Style::Bad, "not audited")]);
    }
    for issue in &target.errors {
        issue::write(page, texts, issue, Form::Full);
    }
    if let Some(kubelet) = &target.kubelet {
        // An unreadable document is an error of both the target and the kubelet; show it once.
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

/// Returns how to show a warning; `None` for notes, which only verbose reports show.
fn warning_form(issue: &Issue, detail: Detail) -> Option<Form> {
    match (detail, issue.severity) {
        (Detail::Verbose, _) => Some(Form::Full),
        (_, IssueSeverity::Note) => None,
        (_, IssueSeverity::Warning | IssueSeverity::Error) => Some(Form::Short),
    }
}

fn kubelet_line(page: &mut Page, kubelet: &Kubelet, detail: Detail) {
    let assumed = if kubelet.version_assumed { " (no --kubelet-version given)" } else { "" };
    let stage = kubelet.stage.map_or("", Stage::activity);
    let missing = kubelet.missing_layers.join(", ");
    let (outcome, style) = match kubelet.starts {
        Some(true) => ("configuration loads", Style::Good),
        Some(false) if kubelet.panics => ("panics", Style::Bad),
        Some(false) => ("fails to start", Style::Bad),
        None => ("the result is incomplete", Style::Caution),
    };
    let mut pieces = vec![
        Piece(Style::Plain, "Evaluated as kubelet "),
        Piece(Style::Plain, &kubelet.version),
        Piece(Style::Dim, assumed),
        Piece(Style::Plain, ": "),
        Piece(style, outcome),
    ];
    if !stage.is_empty() {
        pieces.extend([Piece(Style::Plain, " "), Piece(Style::Plain, stage)]);
    }
    if !missing.is_empty() {
        pieces.extend([Piece(Style::Plain, "; not supplied: "), Piece(Style::Plain, &missing)]);
    }
    let layers = kubelet.layers.join(", ");
    if detail == Detail::Verbose && !layers.is_empty() {
        pieces.extend([Piece(Style::Dim, " · layers: "), Piece(Style::Dim, &layers)]);
    }
    page.wrapped(0, &[], &pieces);
}

/// Writes `2 targets, 18 checks: 1 fail, 17 pass`.
fn summary(page: &mut Page, summary: &Summary) {
    if summary.targets == 0 {
        page.line(0, &[Piece(Style::Caution, "nothing to audit")]);
        return;
    }
    let lead = match super::counts::checks(summary) {
        0 => format!("{}: ", fleet::targets(summary.targets)),
        1 => format!("{}, 1 check: ", fleet::targets(summary.targets)),
        checks => format!("{}, {checks} checks: ", fleet::targets(summary.targets)),
    };
    counts(page, &lead, summary);
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
