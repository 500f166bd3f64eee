//! Markdown for pull request comments and job summaries: counts, a table of findings, collapsed details.

use super::spot::{Spot, name_of};
use super::writer::{At, End, Writer};
use super::{TargetTexts, labels};
use crate::report::{BaselineState, Finding, IssueSeverity, Status, Target};
use crate::source::visible::{push_visible, visible};

/// A page under construction. The table comes before the details, so both are collected until the end.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    rows: String,
    details: String,
    issues: String,
}

impl Writer for Markdown {
    fn begin(&mut self) -> String {
        "# kubelet-audit\n".to_owned()
    }

    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        for issue in super::issues(target).filter(|issue| issue.severity != IssueSeverity::Note) {
            let spot = Spot::of_issue(issue, target, texts);
            let (label, message) = (labels::issue(issue.severity).0, escaped(&issue.message));
            self.issues.push_str(&format!("- **{label}** {message} ({})\n", code(&spot.place())));
        }
        let name = match &target.node {
            Some(node) => node.clone(),
            None => name_of(target, texts),
        };
        let mut open = false;
        for finding in target.findings.iter().filter(|finding| is_shown(finding)) {
            self.row(finding, &name);
            if !open {
                self.details.push_str(&format!("\n<details><summary>{}</summary>\n", escaped(&name)));
                open = true;
            }
            self.details.push_str(&detail(finding, target, texts));
        }
        if open {
            self.details.push_str("\n</details>\n");
        }
        String::new()
    }

    fn end(&mut self, end: &End<'_>) -> String {
        let mut out = String::from("\n");
        out.push_str(&counts(end.summary));
        out.push_str(if end.notices.is_empty() { "" } else { "\n" });
        for notice in end.notices {
            out.push_str(&format!("- {}\n", escaped(&notice.message)));
        }
        if !self.issues.is_empty() {
            out.push_str("\n## Inputs\n\n");
            out.push_str(&self.issues);
        }
        if !self.rows.is_empty() {
            out.push_str(
                "\n## Findings\n\n| Status | Severity | Control | Target | Benchmark | Effective |\n",
            );
            out.push_str("|---|---|---|---|---|---|\n");
            out.push_str(&self.rows);
            out.push_str(&self.details);
        }
        out
    }
}

/// Whether the finding gets a row. Passes and controls that do not apply are only counted.
fn is_shown(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fail | Status::Error | Status::Manual)
}

/// Returns `2 targets · 18 checks · 1 fail · 17 pass` as a paragraph.
fn counts(summary: &crate::report::Summary) -> String {
    let mut out = format!("**{}** target{}", summary.targets, if summary.targets == 1 { "" } else { "s" });
    let checks = super::counts::checks(summary);
    if checks > 0 {
        out.push_str(&format!(" · **{checks}** check{}", if checks == 1 { "" } else { "s" }));
    }
    for (count, label) in super::counts::numbers(summary) {
        out.push_str(&format!(" · **{count}** {label}"));
    }
    out.push('\n');
    out
}

impl Markdown {
    fn row(&mut self, finding: &Finding, target: &str) {
        self.rows.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            state(finding),
            finding.severity.as_str(),
            title(finding),
            code(target),
            labels::status(finding.benchmark.verdict).0,
            labels::effect(finding.effective.verdict).0,
        ));
    }
}

fn title(finding: &Finding) -> String {
    escaped(&format!("{} {}", finding.benchmark.number, labels::heading(finding)))
}

fn state(finding: &Finding) -> &'static str {
    match finding.status {
        _ if finding.waived.is_some() => "waived",
        _ if finding.baseline_state == Some(BaselineState::Unchanged) => "known",
        Status::Fail => "**fail**",
        Status::Error => "**error**",
        other => labels::status(other).0,
    }
}

fn detail(finding: &Finding, target: &Target, texts: TargetTexts<'_>) -> String {
    let mut out = format!("\n**{}** ({})\n\n", title(finding), state(finding).trim_matches('*'));
    let mut item = |label: &str, text: &str| {
        if !text.is_empty() {
            out.push_str(&format!("- {label} {}\n", escaped(text)));
        }
    };
    item(labels::message(finding.status), &finding.message);
    item("Why:", &finding.why);
    for missing in &finding.effective.missing {
        item("Missing:", missing);
    }
    for note in &finding.effective.notes {
        item("Note:", note);
    }
    item("Fix:", &finding.fix);
    if let Some(waived) = &finding.waived {
        item("Waived:", &format!("until {}: {}", waived.expires, waived.reason));
    }
    let place = Spot::of_finding(finding, target, texts).place();
    out.push_str(&format!("- Location: {}\n", code(&place)));
    out
}

/// Returns text in which nothing is markup, a mention, a link or the end of a table cell.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => out.extend(['\\', c]),
            c => push_visible(&mut out, c),
        }
    }
    out
}

/// Returns a code span that is safe in a table: only backticks and bars need escaping.
fn code(text: &str) -> String {
    format!("`{}`", visible(text).replace('`', "'").replace('|', "\\|"))
}
