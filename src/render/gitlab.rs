//! GitLab's code quality report: a list of the five fields that it reads.

use super::data::{Data, Lines};
use super::spot::Spot;
use super::stream::{At, End, Writer};
use super::words;
use crate::fingerprint::fingerprint;
use crate::report::{IssueSeverity, Severity, Target};

/// A list in the making.
#[derive(Debug, Default)]
pub(super) struct CodeQuality {
    lines: Lines,
    /// Fingerprints that were given: GitLab drops what repeats one.
    given: std::collections::BTreeSet<String>,
}

impl CodeQuality {
    fn entry(&mut self, check: &str, message: String, mark: &str, severity: &str, spot: &Spot) -> String {
        let mut unique = mark.to_owned();
        while !self.given.insert(unique.clone()) {
            unique = fingerprint(&[&unique, &spot.path]);
        }
        let (line, end) = (spot.line(), spot.range.map_or(spot.line(), |range| range.end.line));
        self.lines.item(&Data::Object(vec![
            // GitLab does not show `check_name`, so the sentence has to say which control it is.
            ("description", message.into()),
            ("check_name", check.into()),
            ("fingerprint", unique.into()),
            ("severity", severity.into()),
            (
                "location",
                Data::Object(vec![
                    ("path", spot.path.as_str().into()),
                    ("lines", Data::Object(vec![("begin", Data::Number(line)), ("end", Data::Number(end))])),
                ]),
            ),
        ]))
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
            let message = words::sentence(finding);
            out.push_str(&self.entry(&finding.control, message, &finding.fingerprint, severity, &spot));
        }
        out
    }

    fn end(&mut self, _: &End<'_>) -> String {
        "\n]\n".to_owned()
    }
}
