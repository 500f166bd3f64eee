//! GitLab Code Quality report: a list of entries with the fields that GitLab reads.

use std::collections::BTreeSet;

use serde::Serialize;

use super::items::Items;
use super::labels;
use super::spot::Spot;
use super::writer::{At, End, Writer};
use crate::report::fingerprint::fingerprint;
use crate::report::{IssueSeverity, Severity, Target};

/// A report under construction.
#[derive(Debug, Default)]
pub(super) struct CodeQuality {
    entries: Items,
    /// Fingerprints already used: GitLab drops entries that repeat one.
    given: BTreeSet<String>,
}

/// One entry of the report.
#[derive(Serialize)]
struct Entry<'a> {
    /// Names the control, because GitLab does not show `check_name`.
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl CodeQuality {
    fn entry(
        &mut self,
        check_name: &str,
        description: String,
        mark: &str,
        severity: &'static str,
        spot: &Spot,
    ) -> String {
        let mut fingerprint = mark.to_owned();
        while !self.given.insert(fingerprint.clone()) {
            fingerprint = crate::report::fingerprint::fingerprint(&[&fingerprint, &spot.path]);
        }
        let begin = spot.line();
        let lines = Lines { begin, end: spot.range.map_or(begin, |range| range.end.line) };
        let location = Location { path: &spot.path, lines };
        self.entries.next(&Entry { description, check_name, fingerprint, severity, location })
    }
}

impl Writer for CodeQuality {
    fn begin(&mut self) -> String {
        "[".to_owned()
    }

    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        let mut out = String::new();
        for issue in super::issues(target) {
            let severity = match issue.severity {
                IssueSeverity::Error => "blocker",
                IssueSeverity::Warning => "minor",
                IssueSeverity::Note => continue,
            };
            let mark = fingerprint(&[&issue.code, &target.source, &issue.message]);
            let spot = Spot::of_issue(issue, target, texts);
            out.push_str(&self.entry(&issue.code, issue.message.clone(), &mark, severity, &spot));
        }
        for finding in target.findings.iter().filter(|finding| finding.is_open()) {
            let severity = match finding.severity {
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
                Severity::Info => "info",
            };
            let spot = Spot::of_finding(finding, target, texts);
            let message = labels::sentence(finding);
            out.push_str(&self.entry(&finding.control, message, &finding.fingerprint, severity, &spot));
        }
        out
    }

    fn end(&mut self, _: &End<'_>) -> String {
        "\n]\n".to_owned()
    }
}
