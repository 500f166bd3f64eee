//! GitHub Actions workflow commands: one annotation per line.

use super::labels;
use super::spot::Spot;
use super::writer::{At, End, Writer};
use crate::report::{IssueSeverity, Range, Severity, Status, Target};
use crate::source::visible::visible;

/// Annotations, collected so that the most severe come first: GitHub shows ten of each level per step.
#[derive(Debug, Default)]
pub(super) struct Annotations {
    /// The annotations of each rank, most severe first.
    lines: [String; RANKS],
}

/// The number of ranks: unreadable inputs, then the severities from critical to info.
const RANKS: usize = 6;

impl Annotations {
    fn add(&mut self, rank: usize, level: &str, title: &str, spot: Option<&Spot>, message: &str) {
        let Some(out) = self.lines.get_mut(rank.min(RANKS - 1)) else { return };
        let mut properties = format!("title={}", property(title));
        if let Some(spot) = spot {
            properties.push_str(&format!(",file={},line={}", property(&spot.path), spot.line()));
            if let Some(Range { start, end }) = spot.range {
                properties.push_str(&format!(",endLine={}", end.line));
                // GitHub rejects columns for a range that spans several lines.
                if start.line == end.line {
                    properties.push_str(&format!(",col={},endColumn={}", start.column, end.column));
                }
            }
        }
        out.push_str(&format!("::{level} {properties}::{}\n", data(message)));
    }
}

impl Writer for Annotations {
    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        for issue in super::issues(target) {
            let (rank, level) = match issue.severity {
                IssueSeverity::Error => (0, "error"),
                IssueSeverity::Warning => (RANKS, "warning"),
                IssueSeverity::Note => continue,
            };
            let spot = Spot::of_issue(issue, target, texts);
            self.add(rank, level, &issue.code, Some(&spot), &issue.message);
        }
        for finding in target.findings.iter().filter(|finding| finding.is_open()) {
            let (rank, level) = match finding.severity {
                Severity::Critical => (1, "error"),
                Severity::High => (2, "error"),
                Severity::Medium => (3, "warning"),
                Severity::Low => (4, "notice"),
                Severity::Info => (5, "notice"),
            };
            // An evaluation error is not a failure, so it is a warning whatever its severity.
            let level = if finding.status == Status::Error { "warning" } else { level };
            let title = format!("{} {}", finding.benchmark.number, labels::heading(finding));
            let spot = Spot::of_finding(finding, target, texts);
            self.add(rank, level, &title, Some(&spot), &labels::sentence(finding));
        }
        String::new()
    }

    fn end(&mut self, end: &End<'_>) -> String {
        for notice in end.notices {
            let level = if notice.severity == IssueSeverity::Note { "notice" } else { "warning" };
            let spot = Spot::of_notice(notice);
            self.add(RANKS, level, &notice.code, spot.as_ref(), &notice.message);
        }
        std::mem::take(&mut self.lines).concat()
    }
}

/// Escapes `%` and line breaks, as the runner unescapes them.
fn data(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    visible(&escaped).into_owned()
}

/// Escapes the separators of properties as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
