//! JUnit XML for GitLab and Jenkins: one suite per target, one case per control.

use std::collections::{BTreeMap, HashSet};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::spot::{Spot, name_of};
use super::writer::{At, End, Writer};
use super::{TargetTexts, labels};
use crate::report::locate::tool;
use crate::report::{BaselineState, Finding, Issue, IssueSeverity, Status, Target};
use crate::source::visible::visible;

/// A document under construction. The suites of all targets stay in memory until [`Writer::end`], because
/// `quick_junit` writes a report only as a whole.
pub(super) struct Junit {
    report: Report,
    /// How often each suite name was used: readers drop cases with a repeated suite and name.
    names: BTreeMap<String, u32>,
}

impl Junit {
    /// Returns an empty document.
    pub(super) fn new() -> Self {
        Self { report: Report::new(tool().name), names: BTreeMap::new() }
    }

    /// Returns an empty suite whose name no other suite has.
    fn suite(&mut self, mut name: String) -> TestSuite {
        let same = self.names.entry(name.clone()).or_default();
        *same = same.saturating_add(1);
        if *same > 1 {
            name.push_str(&format!(" #{same}"));
        }
        TestSuite::new(xml(&name))
    }
}

impl Writer for Junit {
    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        let path = name_of(target, texts);
        let mut suite = self.suite(match &target.node {
            Some(node) => format!("{node} ({path})"),
            None => path,
        });
        let mut notes = Lines::default();
        for issue in super::issues(target) {
            if target.errors.contains(issue) {
                suite.add_test_case(unreadable(issue, target, texts));
            } else if issue.severity != IssueSeverity::Note {
                notes.add(&format!("{}: {}", labels::issue(issue.severity).0, issue.message));
            }
        }
        suite.add_test_cases(target.findings.iter().map(|finding| case(finding, target, texts)));
        // If cases of one suite share a name, readers keep only the first.
        let mut names = HashSet::new();
        for (number, case) in (1..).zip(&mut suite.test_cases) {
            if !names.insert(case.name.clone()) {
                case.name = XmlString::new(format!("{} ({number})", case.name.as_str()));
            }
            case.set_classname(suite.name.as_str());
        }
        notes.add_to(&mut suite);
        self.report.add_test_suite(suite);
        String::new()
    }

    fn end(&mut self, end: &End<'_>) -> String {
        if !end.notices.is_empty() {
            let mut notices = Lines::default();
            end.notices.iter().for_each(|notice| notices.add(&notice.message));
            let mut suite = TestSuite::new("notices");
            notices.add_to(&mut suite);
            self.report.add_test_suite(suite);
        }
        // Writing to memory does not fail. If it did, no reader would take the message for a report.
        self.report.to_string().unwrap_or_else(|error| error.to_string())
    }
}

fn unreadable(issue: &Issue, target: &Target, texts: TargetTexts<'_>) -> TestCase {
    let spot = Spot::of_issue(issue, target, texts);
    let mut details = Lines::default();
    details.add(&issue.message);
    details.add(&issue.help);
    details.add(&spot.place());
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(xml(&issue.message)).set_type("unreadable").set_description(details.0);
    test_case(&format!("the input can be read [{}]", issue.code), status, &spot)
}

fn case(finding: &Finding, target: &Target, texts: TargetTexts<'_>) -> TestCase {
    let spot = Spot::of_finding(finding, target, texts);
    let mut message = match finding.status {
        Status::Fail | Status::Error => format!("{}: {}", labels::heading(finding), finding.message),
        _ => finding.message.clone(),
    };
    let mut details = Lines::default();
    if let Some(waived) = &finding.waived {
        message = format!("waived until {}: {}", waived.expires, waived.reason);
        details.add(&message);
    } else if finding.baseline_state == Some(BaselineState::Unchanged) {
        message = format!("already in the baseline: {message}");
        details.add("already in the baseline");
    } else if finding.status == Status::Manual {
        message = format!("manual check required: {message}");
    } else if finding.status == Status::NotApplicable {
        message = format!("not applicable: {message}");
    }
    for text in [&finding.message, &finding.why, &finding.fix] {
        details.add(text);
    }
    let (benchmark, effective) =
        (labels::status(finding.benchmark.verdict).0, labels::effect(finding.effective.verdict).0);
    details.add(&format!("Benchmark {}: {benchmark}. Effective: {effective}.", finding.benchmark.id));
    details.add(&spot.place());

    let mut status = match finding.status {
        Status::Pass => TestCaseStatus::success(),
        Status::Fail if finding.is_open() => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Error if finding.is_open() => TestCaseStatus::non_success(NonSuccessKind::Error),
        Status::Manual | Status::NotApplicable | Status::Fail | Status::Error => TestCaseStatus::skipped(),
    };
    status.set_message(xml(&message)).set_description(details.0);
    if let TestCaseStatus::NonSuccess { kind, .. } = status {
        status.set_type(match kind {
            NonSuccessKind::Failure => finding.severity.as_str(),
            NonSuccessKind::Error => "not-judged",
        });
    }
    test_case(&format!("{} {}", finding.benchmark.number, finding.benchmark.title), status, &spot)
}

fn test_case(name: &str, status: TestCaseStatus, spot: &Spot) -> TestCase {
    let mut case = TestCase::new(xml(name), status);
    case.extra.insert("file".into(), xml(&spot.path));
    case.extra.insert("line".into(), spot.line().to_string().into());
    case
}

/// Lines of text for the body of an element.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, text: &str) {
        if !text.is_empty() {
            self.0.push_str(&xml(text));
            self.0.push('\n');
        }
    }

    fn add_to(self, suite: &mut TestSuite) {
        if !self.0.is_empty() {
            suite.set_system_out(self.0);
        }
    }
}

/// Returns text with its control characters visible, without the two code points of Unicode that XML forbids
/// and `quick_junit` lets through.
fn xml(text: &str) -> XmlString {
    XmlString::new(visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"))
}
