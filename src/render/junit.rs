//! JUnit XML for GitLab and Jenkins: one suite per target, one case per control.

use std::collections::BTreeMap;

use super::spot::Spot;
use super::writer::{At, End, Writer};
use super::{TargetTexts, labels};
use crate::report::locate::tool;
use crate::report::{BaselineState, Finding, Issue, IssueSeverity, Status, Target};
use crate::source::visible::visible;

/// A document under construction.
#[derive(Debug, Default)]
pub(super) struct Junit {
    /// How often each suite name was used: readers drop cases with a repeated suite and name.
    suites: BTreeMap<String, u32>,
    notices: String,
}

/// One test case.
struct Case {
    name: String,
    spot: Spot,
    /// The element and its `type`; absent for a pass.
    outcome: Option<(&'static str, &'static str)>,
    message: String,
    details: String,
}

impl Writer for Junit {
    fn begin(&mut self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
        attribute(&mut out, "name", &tool().name);
        out.push_str(">\n");
        out
    }

    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        let mut cases: Vec<Case> = Vec::new();
        let mut notes = String::new();
        for issue in super::issues(target) {
            if target.errors.contains(issue) {
                cases.push(unreadable(issue, target, texts));
            } else if issue.severity != IssueSeverity::Note {
                line(&mut notes, &format!("{}: {}", labels::issue(issue.severity).0, issue.message));
            }
        }
        cases.extend(target.findings.iter().map(|finding| case(finding, target, texts)));
        // If cases of one suite share a name, readers keep only the first.
        for at in 1..cases.len() {
            let (before, rest) = cases.split_at_mut(at);
            if let Some(case) = rest.first_mut()
                && before.iter().any(|other| other.name == case.name)
            {
                case.name.push_str(&format!(" ({})", at.saturating_add(1)));
            }
        }

        let mut suite = Spot::of_target(target, texts).path;
        if let Some(node) = &target.node {
            suite = format!("{node} ({suite})");
        }
        let same = self.suites.entry(suite.clone()).or_default();
        *same = same.saturating_add(1);
        if *same > 1 {
            suite.push_str(&format!(" #{same}"));
        }
        suite_text(&suite, &cases, &notes)
    }

    fn end(&mut self, end: &End<'_>) -> String {
        for notice in end.notices {
            line(&mut self.notices, &notice.message);
        }
        let mut out = String::new();
        if !self.notices.is_empty() {
            out.push_str(&suite_text("notices", &[], &self.notices));
        }
        out.push_str("</testsuites>\n");
        out
    }
}

fn suite_text(name: &str, cases: &[Case], notes: &str) -> String {
    let mut out = String::from("  <testsuite");
    attribute(&mut out, "name", name);
    attribute(&mut out, "tests", &cases.len().to_string());
    for (count, element) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
        let number =
            cases.iter().filter(|case| case.outcome.is_some_and(|(other, _)| other == element)).count();
        attribute(&mut out, count, &number.to_string());
    }
    out.push_str(">\n");
    for case in cases {
        out.push_str("    <testcase");
        attribute(&mut out, "classname", name);
        attribute(&mut out, "name", &case.name);
        attribute(&mut out, "file", &case.spot.path);
        attribute(&mut out, "line", &case.spot.line().to_string());
        let Some((element, kind)) = case.outcome else {
            out.push_str("/>\n");
            continue;
        };
        out.push_str(">\n      <");
        out.push_str(element);
        attribute(&mut out, "message", &case.message);
        if element != "skipped" {
            attribute(&mut out, "type", kind);
        }
        out.push('>');
        escape(&mut out, &case.details);
        out.push_str("</");
        out.push_str(element);
        out.push_str(">\n    </testcase>\n");
    }
    if !notes.is_empty() {
        out.push_str("    <system-out>");
        escape(&mut out, notes);
        out.push_str("</system-out>\n");
    }
    out.push_str("  </testsuite>\n");
    out
}

fn unreadable(issue: &Issue, target: &Target, texts: TargetTexts<'_>) -> Case {
    let spot = Spot::of_issue(issue, target, texts);
    let mut details = String::new();
    line(&mut details, &issue.message);
    if !issue.help.is_empty() {
        line(&mut details, &issue.help);
    }
    line(&mut details, &format!("{}:{}", spot.path, spot.line()));
    Case {
        name: format!("the input can be read [{}]", issue.code),
        spot,
        outcome: Some(("error", "unreadable")),
        message: issue.message.clone(),
        details,
    }
}

fn case(finding: &Finding, target: &Target, texts: TargetTexts<'_>) -> Case {
    let spot = Spot::of_finding(finding, target, texts);
    let mut message = match finding.status {
        Status::Fail | Status::Error => format!("{}: {}", labels::heading(finding), finding.message),
        _ => finding.message.clone(),
    };
    let outcome = match finding.status {
        Status::Pass => None,
        Status::Manual | Status::NotApplicable => Some(("skipped", "")),
        Status::Fail | Status::Error if !finding.is_open() => Some(("skipped", "")),
        Status::Fail => Some(("failure", finding.severity.as_str())),
        Status::Error => Some(("error", "not-judged")),
    };
    let mut details = String::new();
    if let Some(waived) = &finding.waived {
        message = format!("waived until {}: {}", waived.expires, waived.reason);
        line(&mut details, &message);
    } else if finding.baseline_state == Some(BaselineState::Unchanged) {
        message = format!("already in the baseline: {message}");
        line(&mut details, "already in the baseline");
    } else if finding.status == Status::Manual {
        message = format!("manual check required: {message}");
    } else if finding.status == Status::NotApplicable {
        message = format!("not applicable: {message}");
    }
    for text in [&finding.message, &finding.why, &finding.fix] {
        if !text.is_empty() {
            line(&mut details, text);
        }
    }
    let (benchmark, effective) =
        (labels::status(finding.benchmark.verdict).0, labels::effect(finding.effective.verdict).0);
    line(&mut details, &format!("Benchmark {}: {benchmark}. Effective: {effective}.", finding.benchmark.id));
    line(&mut details, &format!("{}:{}", spot.path, spot.line()));
    Case {
        name: format!("{} {}", finding.benchmark.number, finding.benchmark.title),
        spot,
        outcome,
        message,
        details,
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(&visible(text));
    out.push('\n');
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, &visible(value));
    out.push('"');
}

/// Escapes text whose control characters other than line breaks were already made visible. XML forbids two
/// code points that are valid in Unicode.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}
