//! SARIF 2.1.0, as defined by OASIS and read by GitHub code scanning.

mod log;

use self::log::{
    DefaultConfiguration, Descriptor, Driver, Invocation, Location, Message, Notification, Outcome,
    OutcomeProperties, PartialFingerprints, Rule, RuleProperties, Suppression, Tool,
};
use super::items::Items;
use super::spot::Spot;
use super::writer::{At, End, Included, Writer};
use super::{TargetTexts, labels};
use crate::json::json_text;
use crate::report::locate::tool;
use crate::report::{Finding, Issue, IssueSeverity, Severity, Status, Target};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A SARIF log under construction. Results come first, because rules and notifications are complete only after
/// the last target.
#[derive(Debug)]
pub(super) struct Sarif {
    included: Included,
    results: Items,
    rules: Vec<Rule>,
    notifications: Vec<Notification>,
}

impl Sarif {
    pub(super) fn new(included: Included) -> Self {
        Self { included, results: Items::default(), rules: Vec::new(), notifications: Vec::new() }
    }

    /// Returns the index of the finding's rule, adding the rule if it is new.
    fn rule(&mut self, finding: &Finding) -> usize {
        self.rules.iter().position(|rule| rule.id == finding.control).unwrap_or_else(|| {
            self.rules.push(rule(finding));
            self.rules.len().saturating_sub(1)
        })
    }

    fn result(&mut self, finding: &Finding, target: &Target, texts: TargetTexts<'_>) -> String {
        let rule_index = self.rule(finding);
        let (kind, level) = match finding.status {
            Status::Fail => ("fail", level(finding.severity)),
            Status::Error => ("open", "none"),
            Status::Manual => ("review", "none"),
            Status::NotApplicable => ("notApplicable", "none"),
            Status::Pass => ("pass", "none"),
        };
        let related = finding.evidence.iter().filter_map(|evidence| {
            let spot = Spot::of(evidence.location.as_ref()?, texts);
            let value = evidence.value.as_deref().unwrap_or("not set");
            let text = format!("{}: {value} ({})", evidence.path, labels::layer(evidence.layer));
            Some(Location::of(&spot, Some(text)))
        });
        let suppression = finding.waived.as_ref().map(|waived| Suppression {
            kind: "external",
            status: "accepted",
            justification: format!("{} (until {})", waived.reason, waived.expires),
        });
        self.results.next(&Outcome {
            rule_id: &finding.control,
            rule_index,
            kind,
            level,
            message: Message::new(labels::sentence(finding)),
            locations: [Location::of(&Spot::of_finding(finding, target, texts), None).in_object(target)],
            related_locations: related.collect(),
            partial_fingerprints: PartialFingerprints {
                github: format!("{}:1", finding.fingerprint),
                own: &finding.fingerprint,
            },
            suppressions: suppression.map(|one| [one]),
            baseline_state: finding.baseline_state,
            properties: OutcomeProperties {
                benchmark: &finding.benchmark.id,
                number: &finding.benchmark.number,
                benchmark_verdict: labels::status(finding.benchmark.verdict).0,
                effective_verdict: labels::effect(finding.effective.verdict).0,
                node: target.node.as_deref(),
            },
        })
    }

    fn notify(&mut self, issue: &Issue, spot: Option<&Spot>) {
        let level = match issue.severity {
            IssueSeverity::Error => "error",
            IssueSeverity::Warning => "warning",
            IssueSeverity::Note => return,
        };
        self.notifications.push(Notification {
            descriptor: Descriptor { id: issue.code.clone() },
            level,
            message: Message::new(issue.message.clone()),
            locations: spot.map(|spot| [Location::of(spot, None)]),
        });
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
        let driver = Driver {
            name: &tool.name,
            semantic_version: &tool.version,
            information_uri: env!("CARGO_PKG_REPOSITORY"),
            rules: &self.rules,
        };
        let invocation = Invocation {
            execution_successful: end.summary.unreadable == 0,
            tool_execution_notifications: &self.notifications,
        };
        format!(
            "\n],\"tool\":{},\n\"invocations\":{},\"automationDetails\":{}}}]}}\n",
            json_text(&Tool { driver }),
            json_text(&[invocation]),
            json_text(&Descriptor { id: format!("{}/", tool.name) })
        )
    }
}

/// Returns the rule of a finding's control.
fn rule(finding: &Finding) -> Rule {
    let Finding { control, title, why, severity, benchmark, .. } = finding;
    let more = format!("Run `kubelet-audit explain {control}` for details.");
    let security_severity = match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    };
    Rule {
        id: control.clone(),
        short_description: Message::new(title.clone()),
        full_description: Message::new(format!("{title}. {why}")),
        help: Message {
            text: format!("{title}. {why} {}", more.replace('`', "")),
            markdown: Some(format!("**{title}**\n\n{why}\n\n{more}")),
        },
        default_configuration: DefaultConfiguration { level: level(*severity) },
        properties: RuleProperties {
            tags: [
                "security".to_owned(),
                "kubernetes".to_owned(),
                "kubelet".to_owned(),
                format!("{} {}", benchmark.id, benchmark.number),
            ],
            precision: "very-high",
            security_severity,
        },
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}
