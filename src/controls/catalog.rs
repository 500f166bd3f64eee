//! The catalog of controls: each with its documentation and the editions that have it.

use serde::Serialize;

use crate::benchmark;
use crate::report::{Assessment, Severity, Status};

use super::control::Control;
use super::docs::Example;
use super::rules::{CONTROLS, control};
use super::setting::Setting;

/// A control in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ControlSummary {
    /// Its slug.
    pub control: &'static str,
    /// Its title.
    pub title: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// Where editions have it.
    pub editions: Vec<ControlNumber>,
}

/// A control's row in an edition.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ControlNumber {
    /// The edition.
    pub benchmark: &'static str,
    /// The number there.
    pub number: &'static str,
    /// The title there.
    pub title: &'static str,
    /// Profile level; null where unknown.
    pub level: Option<u8>,
    /// By a program or by a person.
    pub assessment: Assessment,
}

/// All about one control.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ControlExplanation {
    /// Slug, title, severity and editions.
    #[serde(flatten)]
    pub listed: ControlSummary,
    /// The settings it reads: fields, gates, flags.
    pub settings: Vec<String>,
    /// Why it matters, in one sentence, as findings have it.
    pub why: &'static str,
    /// What it checks.
    pub checks: &'static str,
    /// Why that matters.
    pub matters: &'static str,
    /// A kubelet that complies.
    pub compliant: ControlExample,
    /// One that does not.
    pub violating: ControlExample,
    /// The edition by which the two are judged.
    pub judged_by: &'static str,
    /// How to fix it.
    pub remediation: &'static str,
    /// What surprises.
    pub edge_cases: &'static [&'static str],
    /// Why our strict profile has it, with the source; absent where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub strict: Option<String>,
    /// Where to look it up.
    pub references: &'static [&'static str],
}

/// An example as it is shown.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ControlExample {
    /// The config file; absent for a kubelet without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub config: Option<String>,
    /// The command line after `kubelet`; absent where it does not matter.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<String>>"))]
    pub args: &'static [&'static str],
    /// What the row says of it.
    pub verdict: Status,
}

/// Returns every control with the editions that have it.
pub fn controls() -> Vec<ControlSummary> {
    CONTROLS.iter().map(|control| summary(*control)).collect()
}

fn summary(control: &dyn Control) -> ControlSummary {
    let metadata = control.metadata();
    let rows =
        benchmark::editions().flat_map(|edition| edition.rows.iter().map(move |row| (edition.id, row)));
    let editions = rows
        .filter(|(_, row)| row.control == metadata.slug)
        .map(|(benchmark, row)| ControlNumber {
            benchmark,
            number: row.number,
            title: row.title,
            level: row.level,
            assessment: row.assessment,
        })
        .collect();
    ControlSummary { control: metadata.slug, title: metadata.title, severity: metadata.severity, editions }
}

/// Returns everything about the control with this slug.
pub fn explain(slug: &str) -> Option<ControlExplanation> {
    let control = control(slug)?;
    let metadata = control.metadata();
    let docs = &metadata.docs;
    let example = |example: &Example| ControlExample {
        config: example.document(),
        args: example.args,
        verdict: example.verdict,
    };
    let mut settings: Vec<String> = Vec::new();
    for setting in metadata.settings {
        settings.push(setting.name());
        if let (Setting::Field(_) | Setting::Gate(_), Some(flag)) = (setting, setting.flag()) {
            settings.push(format!("--{flag}"));
        }
    }
    let mut reasons = benchmark::editions().flat_map(|edition| edition.reasons);
    let strict = reasons.find(|reason| reason.control == slug);
    Some(ControlExplanation {
        listed: summary(control),
        settings,
        why: metadata.why,
        checks: docs.checks,
        matters: docs.matters,
        compliant: example(&docs.compliant),
        violating: example(&docs.violating),
        judged_by: docs.edition,
        remediation: docs.remediation,
        edge_cases: docs.edge_cases,
        strict: strict.map(|reason| format!("{} ({})", reason.reason, reason.source)),
        references: docs.references,
    })
}
