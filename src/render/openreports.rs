//! `ClusterReport` of openreports.io and its ancestor, `ClusterPolicyReport` of wgpolicyk8s.io: a report
//! for each node, in a `List` that kubectl applies as it is.

use super::data::{Data, Lines};
use super::spot::Spot;
use super::stream::{At, End, Writer};
use super::words;
use crate::fingerprint::fingerprint;
use crate::report::{Assessment, Finding, Status, Target};
use crate::wire::tool;

/// What differs between the two.
#[derive(Debug)]
pub(super) struct Dialect {
    api_version: &'static str,
    kind: &'static str,
    /// Whether a report names its source, beside its results.
    names_source: bool,
}

pub(super) const OPEN_REPORTS: Dialect =
    Dialect { api_version: "openreports.io/v1alpha1", kind: "ClusterReport", names_source: true };
pub(super) const POLICY_REPORTS: Dialect =
    Dialect { api_version: "wgpolicyk8s.io/v1alpha2", kind: "ClusterPolicyReport", names_source: false };

/// A list in the making.
#[derive(Debug)]
pub(super) struct Reports {
    dialect: &'static Dialect,
    lines: Lines,
    /// Names that were given: objects of one name would overwrite each other.
    names: std::collections::BTreeSet<String>,
}

impl Reports {
    pub(super) fn new(dialect: &'static Dialect) -> Self {
        Self { dialect, lines: Lines::default(), names: std::collections::BTreeSet::new() }
    }
}

/// Results of a report, in the order of its summary.
const RESULTS: [&str; 5] = ["pass", "fail", "warn", "error", "skip"];

impl Writer for Reports {
    fn begin(&mut self) -> String {
        "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[".to_owned()
    }

    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        let tool = tool();
        let mut results = Vec::new();
        let mut counts = [0_u32; RESULTS.len()];
        let mut add = |result: &'static str, mut members: Vec<(&'static str, Data<'static>)>| {
            for (count, word) in counts.iter_mut().zip(RESULTS) {
                *count = count.saturating_add(u32::from(word == result));
            }
            members.insert(0, ("source", tool.name.clone().into()));
            members.push(("result", result.into()));
            results.push(Data::Object(members));
        };
        for issue in &target.errors {
            let spot = Spot::of_issue(issue, target, texts);
            let properties = vec![("location", format!("{}:{}", spot.path, spot.line()).into())];
            add(
                "error",
                vec![
                    ("policy", tool.name.clone().into()),
                    ("rule", issue.code.clone().into()),
                    ("message", issue.message.clone().into()),
                    ("severity", "critical".into()),
                    ("properties", Data::Object(properties)),
                ],
            );
        }
        for finding in &target.findings {
            let spot = Spot::of_finding(finding, target, texts);
            let (result, scored) = result(finding);
            let mut properties = vec![
                ("number", finding.benchmark.number.clone().into()),
                ("benchmarkVerdict", words::status(finding.benchmark.verdict).0.into()),
                ("effectiveVerdict", words::effect(finding.effective.verdict).0.into()),
                ("location", format!("{}:{}", spot.path, spot.line()).into()),
                ("fingerprint", finding.fingerprint.clone().into()),
            ];
            if let Some(waived) = &finding.waived {
                properties.push(("waived", waived.reason.clone().into()));
                properties.push(("waivedUntil", waived.expires.clone().into()));
            }
            add(
                result,
                vec![
                    ("policy", finding.benchmark.id.clone().into()),
                    ("rule", finding.control.clone().into()),
                    ("category", "kubelet".into()),
                    ("severity", words::severity(finding.severity).into()),
                    ("scored", Data::Bool(scored)),
                    ("message", words::sentence(finding).into()),
                    ("properties", Data::Object(properties)),
                ],
            );
        }
        let counts = RESULTS.into_iter().zip(counts.map(Data::Number)).collect();
        let name = self.name(target);
        let scope = target.node.as_deref().map_or(Data::Absent, |node| {
            Data::Object(vec![("apiVersion", "v1".into()), ("kind", "Node".into()), ("name", node.into())])
        });
        let labels = Data::Object(vec![("app.kubernetes.io/managed-by", tool.name.clone().into())]);
        let annotations = Data::Object(vec![("kubelet-audit/source", target.source.as_str().into())]);
        self.lines.item(&Data::Object(vec![
            ("apiVersion", self.dialect.api_version.into()),
            ("kind", self.dialect.kind.into()),
            (
                "metadata",
                Data::Object(vec![("name", name.into()), ("labels", labels), ("annotations", annotations)]),
            ),
            ("source", if self.dialect.names_source { tool.name.into() } else { Data::Absent }),
            ("scope", scope),
            ("summary", Data::Object(counts)),
            ("results", Data::List(results)),
        ]))
    }

    fn end(&mut self, _: &End<'_>) -> String {
        "\n]}\n".to_owned()
    }
}

impl Reports {
    /// The name of a target's report: a DNS-1123 subdomain, and no other report's.
    fn name(&mut self, target: &Target) -> String {
        let wanted = target.node.as_deref().unwrap_or(&target.source);
        let mut name = tool().name;
        let mut open = true;
        for c in wanted.chars().map(|c| c.to_ascii_lowercase()) {
            let plain = c.is_ascii_lowercase() || c.is_ascii_digit();
            if open && plain {
                name.push('-');
            }
            if plain {
                name.push(c);
            }
            open = !plain;
        }
        // Kubernetes takes 253 characters. What was replaced or cut must still tell reports apart.
        let same = name.len() <= 200 && name.ends_with(wanted);
        name.truncate(200);
        let mut mark = wanted.to_owned();
        loop {
            if !same || self.names.contains(&name) {
                mark = fingerprint(&[&mark]);
                name.push('-');
                name.push_str(mark.get(..8).unwrap_or_default());
            }
            if self.names.insert(name.clone()) {
                return name;
            }
            name.truncate(200);
        }
    }
}

/// The result of a finding, and whether it counts: what a person has to judge warns without counting.
fn result(finding: &Finding) -> (&'static str, bool) {
    let scored = finding.benchmark.assessment != Assessment::Manual;
    match finding.status {
        Status::Pass => ("pass", scored),
        Status::Manual => ("warn", false),
        Status::NotApplicable => ("skip", scored),
        Status::Fail | Status::Error if !finding.is_open() => ("skip", scored),
        Status::Fail => ("fail", scored),
        Status::Error => ("error", scored),
    }
}
