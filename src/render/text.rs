//! A report for people.

use super::issue::{self, Form};
use super::page::{Page, Piece, Style};
use super::stream::{End, Writer};
use super::{Detail, Layout, NoTexts, SourceTexts, TargetTexts, finding, words};
use crate::report::{Issue, IssueSeverity, Kubelet, Report, Summary, Target};

/// Writes a report: each target with its findings, the counts, and what to run next.
#[derive(Debug)]
pub(super) struct TextWriter<'l> {
    layout: Layout<'l>,
    begun: bool,
}

impl<'l> TextWriter<'l> {
    pub(super) fn new(layout: Layout<'l>) -> Self {
        Self { layout, begun: false }
    }

    fn page(&mut self) -> Page {
        let mut page = Page::new(self.layout.width, self.layout.color).linking(self.layout.links);
        // The gap that a page of its own would not have.
        if std::mem::replace(&mut self.begun, true) && self.layout.detail != Detail::Quiet {
            page.end_line();
        }
        page
    }
}

impl Writer for TextWriter<'_> {
    fn target(&mut self, number: usize, target: &Target, texts: &dyn SourceTexts) -> String {
        let texts = TargetTexts { all: texts, target: number };
        let mut page = self.page();
        if self.layout.detail == Detail::Quiet {
            quiet(&mut page, texts, target);
        } else {
            head(&mut page, texts, target, self.layout.detail);
            for finding in &target.findings {
                finding::write(&mut page, texts, finding, self.layout.detail);
            }
        }
        page.finish()
    }

    fn end(&mut self, end: &End<'_>) -> String {
        let mut page = self.page();
        let notices = end.notices.iter();
        if self.layout.detail == Detail::Quiet {
            for notice in notices {
                let place = notice.location.as_ref().map_or("", |at| &at.source);
                let (word, style) = words::issue(notice.severity);
                let pieces = [
                    Piece(Style::Strong, place),
                    Piece(Style::Plain, if place.is_empty() { "" } else { ": " }),
                    Piece(style, word),
                    Piece(Style::Plain, ": "),
                    Piece(Style::Plain, &notice.message),
                ];
                page.line(0, &pieces);
            }
            return page.finish();
        }
        for notice in notices {
            issue::write(&mut page, NO_TEXTS, notice, Form::Short);
        }
        if !end.notices.is_empty() {
            page.gap();
        }
        summary(&mut page, end.summary);
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
        page.finish()
    }
}

const NO_TEXTS: TargetTexts<'static> = TargetTexts { all: &NoTexts, target: 0 };

/// A whole report at once.
pub fn text(report: &Report, texts: &dyn SourceTexts, layout: &Layout<'_>) -> String {
    let mut writer = TextWriter::new(*layout);
    let mut out = writer.begin();
    for (number, target) in report.targets.iter().enumerate() {
        out.push_str(&writer.target(number, target, texts));
    }
    let end = End { summary: &report.summary, notices: &report.notices, next: layout.next };
    out.push_str(&writer.end(&end));
    out
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
    let targets = format!("{} target{}: ", summary.targets, if summary.targets == 1 { "" } else { "s" });
    let counts: Vec<(String, Style)> = counts(summary)
        .map(|(count, word)| {
            let style = match word {
                "pass" => Style::Good,
                "manual" => Style::Caution,
                "unreadable" | "fail" | "error" => Style::Bad,
                _ => Style::Dim,
            };
            (format!("{count} {word}"), style)
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
        pieces.push(Piece(Style::Plain, "no findings"));
    }
    page.wrapped(0, &[Piece(Style::Plain, &targets)], &pieces);
}

/// The counts that are not nothing. What is waived or known is counted by its status too.
pub(super) fn counts(summary: &Summary) -> impl Iterator<Item = (u32, &'static str)> + use<> {
    [
        (summary.unreadable, "unreadable"),
        (summary.fail, "fail"),
        (summary.error, "error"),
        (summary.manual, "manual"),
        (summary.not_applicable, "not applicable"),
        (summary.pass, "pass"),
        (summary.waived, "waived"),
        (summary.unchanged, "known from the baseline"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
