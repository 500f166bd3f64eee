//! `ClusterReport` of openreports.io and its predecessor, `ClusterPolicyReport` of wgpolicyk8s.io: one report
//! per node, in a `List` for `kubectl apply`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::items::Items;
use super::labels;
use super::spot::Spot;
use super::writer::{At, End, Writer};
use crate::report::fingerprint::fingerprint;
use crate::report::locate::tool;
use crate::report::{Assessment, Finding, Severity, Status, Target};

/// The differences between the two APIs.
#[derive(Debug)]
pub(super) struct Dialect {
    api_version: &'static str,
    kind: &'static str,
    /// Whether the report itself, not only its results, names its source.
    names_source: bool,
}

pub(super) const OPEN_REPORTS: Dialect =
    Dialect { api_version: "openreports.io/v1alpha1", kind: "ClusterReport", names_source: true };
pub(super) const POLICY_REPORTS: Dialect =
    Dialect { api_version: "wgpolicyk8s.io/v1alpha2", kind: "ClusterPolicyReport", names_source: false };

/// A list under construction.
#[derive(Debug)]
pub(super) struct Reports {
    dialect: &'static Dialect,
    items: Items,
    /// Names already used: objects with the same name would overwrite each other.
    names: BTreeSet<String>,
}

impl Reports {
    pub(super) fn new(dialect: &'static Dialect) -> Self {
        Self { dialect, items: Items::default(), names: BTreeSet::new() }
    }
}

/// One report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Scope<'a>>,
    summary: Counts,
    results: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: String,
    labels: Labels<'a>,
    annotations: Annotations<'a>,
}

#[derive(Serialize)]
struct Labels<'a> {
    #[serde(rename = "app.kubernetes.io/managed-by")]
    managed_by: &'a str,
}

#[derive(Serialize)]
struct Annotations<'a> {
    #[serde(rename = "kubelet-audit/source")]
    source: &'a str,
}

/// The object that the report describes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scope<'a> {
    api_version: &'static str,
    kind: &'static str,
    name: &'a str,
}

/// The number of results of each kind.
#[derive(Default, Serialize)]
struct Counts {
    pass: u32,
    fail: u32,
    warn: u32,
    error: u32,
    skip: u32,
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Pass => &mut self.pass,
            Outcome::Fail => &mut self.fail,
            Outcome::Warn => &mut self.warn,
            Outcome::Error => &mut self.error,
            Outcome::Skip => &mut self.skip,
        };
        *count = count.saturating_add(1);
    }
}

/// The kind of a result.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Pass,
    Fail,
    Warn,
    Error,
    Skip,
}

/// One result.
#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Unreadable(Unreadable<'a>),
    Judged(Judged<'a>),
}

/// The result for an unreadable input.
#[derive(Serialize)]
struct Unreadable<'a> {
    source: &'a str,
    policy: &'a str,
    rule: &'a str,
    message: &'a str,
    severity: Severity,
    properties: Place,
    result: Outcome,
}

#[derive(Serialize)]
struct Place {
    location: String,
}

/// The result of a control.
#[derive(Serialize)]
struct Judged<'a> {
    source: &'a str,
    policy: &'a str,
    rule: &'a str,
    category: &'static str,
    severity: Severity,
    scored: bool,
    message: String,
    properties: Properties<'a>,
    result: Outcome,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    number: &'a str,
    benchmark_verdict: &'static str,
    effective_verdict: &'static str,
    location: String,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived_until: Option<&'a str>,
}

impl Writer for Reports {
    fn begin(&mut self) -> String {
        "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[".to_owned()
    }

    fn target(&mut self, target: &Target, at: At<'_>) -> String {
        let texts = at.texts();
        let tool = tool();
        let mut results = Vec::new();
        let mut summary = Counts::default();
        for issue in &target.errors {
            let spot = Spot::of_issue(issue, target, texts);
            summary.add(Outcome::Error);
            results.push(Entry::Unreadable(Unreadable {
                source: &tool.name,
                policy: &tool.name,
                rule: &issue.code,
                message: &issue.message,
                severity: Severity::Critical,
                properties: Place { location: spot.place() },
                result: Outcome::Error,
            }));
        }
        for finding in &target.findings {
            let (result, scored) = result(finding);
            summary.add(result);
            let waived = finding.waived.as_ref();
            results.push(Entry::Judged(Judged {
                source: &tool.name,
                policy: &finding.benchmark.id,
                rule: &finding.control,
                category: "kubelet",
                severity: finding.severity,
                scored,
                message: labels::sentence(finding),
                properties: Properties {
                    number: &finding.benchmark.number,
                    benchmark_verdict: labels::status(finding.benchmark.verdict).0,
                    effective_verdict: labels::effect(finding.effective.verdict).0,
                    location: Spot::of_finding(finding, target, texts).place(),
                    fingerprint: &finding.fingerprint,
                    waived: waived.map(|waived| waived.reason.as_str()),
                    waived_until: waived.map(|waived| waived.expires.as_str()),
                },
                result,
            }));
        }
        let report = Report {
            api_version: self.dialect.api_version,
            kind: self.dialect.kind,
            metadata: Metadata {
                name: self.name(target),
                labels: Labels { managed_by: &tool.name },
                annotations: Annotations { source: &target.source },
            },
            source: self.dialect.names_source.then_some(&tool.name),
            scope: target.node.as_deref().map(|name| Scope { api_version: "v1", kind: "Node", name }),
            summary,
            results,
        };
        self.items.next(&report)
    }

    fn end(&mut self, _: &End<'_>) -> String {
        "\n]}\n".to_owned()
    }
}

impl Reports {
    /// Returns the name of a target's report: a DNS-1123 subdomain that no other report has.
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
        // Kubernetes allows 253 characters. A hash keeps names unique after characters were replaced or cut.
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

/// Returns the result of a finding, and whether it is scored. A manual check is an unscored warning.
fn result(finding: &Finding) -> (Outcome, bool) {
    let scored = finding.benchmark.assessment != Assessment::Manual;
    match finding.status {
        Status::Pass => (Outcome::Pass, scored),
        Status::Manual => (Outcome::Warn, false),
        Status::NotApplicable => (Outcome::Skip, scored),
        Status::Fail | Status::Error if !finding.is_open() => (Outcome::Skip, scored),
        Status::Fail => (Outcome::Fail, scored),
        Status::Error => (Outcome::Error, scored),
    }
}
