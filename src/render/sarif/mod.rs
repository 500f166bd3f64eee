//! SARIF 2.1.0, as OASIS defines it and GitHub's code scanning reads it.

use super::data::{Data, Lines};
use super::spot::Spot;
use super::stream::{At, End, Included, Writer};
use super::{TargetTexts, words};
use crate::report::{BaselineState, Finding, Issue, IssueSeverity, Severity, Status, Target};
use crate::wire::tool;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A SARIF log in the making. Results come first in it, for rules and notifications are complete only
/// when every target was seen.
#[derive(Debug)]
pub(super) struct Sarif {
    included: Included,
    results: Lines,
    rules: Vec<Rule>,
    notifications: Vec<Data<'static>>,
}

/// What the log says of a control.
#[derive(Debug)]
struct Rule {
    slug: String,
    title: String,
    why: String,
    severity: Severity,
    row: String,
}

impl Sarif {
    pub(super) fn new(included: Included) -> Self {
        Self { included, results: Lines::default(), rules: Vec::new(), notifications: Vec::new() }
    }

    /// The place of the finding's rule in the log.
    fn rule(&mut self, finding: &Finding) -> u32 {
        let at = self.rules.iter().position(|rule| rule.slug == finding.control).unwrap_or_else(|| {
            self.rules.push(Rule {
                slug: finding.control.clone(),
                title: finding.title.clone(),
                why: finding.why.clone(),
                severity: finding.severity,
                row: format!("{} {}", finding.benchmark.id, finding.benchmark.number),
            });
            self.rules.len().saturating_sub(1)
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn result(&mut self, finding: &Finding, target: &Target, texts: TargetTexts<'_>) -> String {
        let rule = self.rule(finding);
        let (kind, level) = match finding.status {
            Status::Fail => ("fail", level(finding.severity)),
            Status::Error => ("open", "none"),
            Status::Manual => ("review", "none"),
            Status::NotApplicable => ("notApplicable", "none"),
            Status::Pass => ("pass", "none"),
        };
        let spot = Spot::of_finding(finding, target, texts);
        let related: Vec<Data<'_>> = finding
            .evidence
            .iter()
            .filter_map(|evidence| {
                let spot = Spot::of(evidence.location.as_ref()?, texts);
                let value = evidence.value.as_deref().unwrap_or("not written");
                let text = format!("{}: {value} ({})", evidence.path, words::layer(evidence.layer));
                Some(location(&spot, Some(text)))
            })
            .collect();
        let suppressions = finding.waived.as_ref().map(|waived| {
            Data::List(vec![Data::Object(vec![
                ("kind", "external".into()),
                ("status", "accepted".into()),
                ("justification", format!("{} (until {})", waived.reason, waived.expires).into()),
            ])])
        });
        let baseline = finding.baseline_state.map(|state| match state {
            BaselineState::New => "new",
            BaselineState::Unchanged => "unchanged",
        });
        let benchmark = Data::Object(vec![
            ("benchmark", finding.benchmark.id.as_str().into()),
            ("number", finding.benchmark.number.as_str().into()),
            ("benchmarkVerdict", words::status(finding.benchmark.verdict).0.into()),
            ("effectiveVerdict", words::effect(finding.effective.verdict).0.into()),
            ("node", target.node.as_deref().map_or(Data::Absent, Data::from)),
        ]);
        self.results.item(&Data::Object(vec![
            ("ruleId", finding.control.as_str().into()),
            ("ruleIndex", Data::Number(rule)),
            ("kind", kind.into()),
            ("level", level.into()),
            ("message", text(words::sentence(finding))),
            ("locations", Data::List(vec![location(&spot, None)])),
            ("relatedLocations", if related.is_empty() { Data::Absent } else { Data::List(related) }),
            (
                "partialFingerprints",
                Data::Object(vec![
                    // The only one that GitHub compares; its own is a hash of the line, which changes
                    // with the value that is to be mended.
                    ("primaryLocationLineHash", format!("{}:1", finding.fingerprint).into()),
                    ("kubeletAudit/v1", finding.fingerprint.as_str().into()),
                ]),
            ),
            ("suppressions", suppressions.unwrap_or(Data::Absent)),
            ("baselineState", baseline.map_or(Data::Absent, Data::from)),
            ("properties", benchmark),
        ]))
    }

    fn notify(&mut self, issue: &Issue, spot: Option<&Spot>) {
        let level = match issue.severity {
            IssueSeverity::Error => "error",
            IssueSeverity::Warning => "warning",
            IssueSeverity::Note => return,
        };
        let locations = spot.map_or(Data::Absent, |spot| Data::List(vec![location(spot, None)]));
        self.notifications.push(owned(vec![
            ("descriptor", owned(vec![("id", issue.code.clone().into())])),
            ("level", level.into()),
            ("message", text(issue.message.clone())),
            ("locations", locations),
        ]));
    }
}

impl Writer for Sarif {
    fn begin(&mut self) -> String {
        format!(
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"utf16CodeUnits\",\"results\":["
        )
    }

    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        for issue in super::issues(target) {
            self.notify(issue, Some(&Spot::of_issue(issue, target, texts)));
        }
        let mut out = String::new();
        for finding in &target.findings {
            if self.included == Included::All || matches!(finding.status, Status::Fail | Status::Error) {
                out.push_str(&self.result(finding, target, texts));
            } else {
                self.rule(finding);
            }
        }
        out
    }

    fn end(&mut self, end: &End<'_>) -> String {
        for notice in end.notices {
            self.notify(notice, Spot::of_notice(notice).as_ref());
        }
        let tool = tool();
        let driver = Data::Object(vec![
            ("name", tool.name.as_str().into()),
            ("semanticVersion", tool.version.as_str().into()),
            ("informationUri", env!("CARGO_PKG_REPOSITORY").into()),
            ("rules", Data::List(self.rules.iter().map(Rule::data).collect())),
        ]);
        let invocation = Data::Object(vec![
            ("executionSuccessful", Data::Bool(end.summary.unreadable == 0)),
            ("toolExecutionNotifications", Data::List(std::mem::take(&mut self.notifications))),
        ]);
        let id = Data::Object(vec![("id", format!("{}/", tool.name).into())]);
        let (tool, invocations) = (Data::Object(vec![("driver", driver)]), Data::List(vec![invocation]));
        format!(
            "\n],\"tool\":{},\n\"invocations\":{},\"automationDetails\":{}}}]}}\n",
            tool.json(),
            invocations.json(),
            id.json()
        )
    }
}

impl Rule {
    fn data(&self) -> Data<'_> {
        let more = format!("`kubelet-audit explain {}` tells all about it.", self.slug);
        let security = match self.severity {
            Severity::Critical => Some("9.5"),
            Severity::High => Some("8.0"),
            Severity::Medium => Some("5.5"),
            Severity::Low => Some("2.0"),
            Severity::Info => None,
        };
        let tags = ["security", "kubernetes", "kubelet", &self.row].map(Data::from);
        Data::Object(vec![
            ("id", self.slug.as_str().into()),
            ("shortDescription", text(self.title.as_str())),
            ("fullDescription", text(format!("{}: {}", self.title, self.why))),
            (
                "help",
                Data::Object(vec![
                    ("text", format!("{}. {}. {}", self.title, self.why, more.replace('`', "")).into()),
                    ("markdown", format!("**{}**\n\n{}\n\n{more}", self.title, self.why).into()),
                ]),
            ),
            ("defaultConfiguration", Data::Object(vec![("level", level(self.severity).into())])),
            (
                "properties",
                Data::Object(vec![
                    ("tags", Data::List(tags.into())),
                    ("precision", "very-high".into()),
                    ("security-severity", security.map_or(Data::Absent, Data::from)),
                ]),
            ),
        ])
    }
}

fn owned(members: Vec<(&'static str, Data<'static>)>) -> Data<'static> {
    Data::Object(members)
}

fn text<'a>(text: impl Into<Data<'a>>) -> Data<'a> {
    Data::Object(vec![("text", text.into())])
}

fn location(spot: &Spot, message: Option<String>) -> Data<'static> {
    // Code scanning refuses a result without a region; a whole file is shown at its first line.
    let region = match spot.range {
        None => vec![("startLine", Data::Number(1))],
        Some(range) => vec![
            ("startLine", Data::Number(range.start.line)),
            ("startColumn", Data::Number(range.start.column)),
            ("endLine", Data::Number(range.end.line)),
            ("endColumn", Data::Number(range.end.column)),
        ],
    };
    owned(vec![
        (
            "physicalLocation",
            owned(vec![
                ("artifactLocation", owned(vec![("uri", spot.uri().into())])),
                ("region", Data::Object(region)),
            ]),
        ),
        ("message", message.map_or(Data::Absent, text)),
    ])
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}
