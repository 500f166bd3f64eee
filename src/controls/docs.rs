//! What a reader is told of a control: fixed texts as data, and what is derived from the tables.

use serde::Serialize;

use crate::benchmark;
use crate::report::{Assessment, Severity, Status};

use super::{CONTROLS, Control};

/// The head that every example's config begins with.
pub const HEAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

/// All about a control, in our words; the texts of the benchmarks are licensed and not copied.
#[derive(Clone, Copy, Debug)]
pub struct Docs {
    /// What it checks.
    pub checks: &'static str,
    /// Why that matters.
    pub matters: &'static str,
    /// A kubelet that complies.
    pub compliant: Example,
    /// One that does not.
    pub violating: Example,
    /// The edition whose row the examples are judged by.
    pub edition: &'static str,
    /// What that row says of them. A test runs both.
    pub expects: (Status, Status),
    /// How to mend it.
    pub remediation: &'static str,
    /// What surprises.
    pub edge_cases: &'static [&'static str],
    /// Where to look it up.
    pub references: &'static [&'static str],
}

/// A kubelet by its config file, its command line, or both.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The config file after its head; `None` for a kubelet without one.
    pub config: Option<&'static str>,
    /// The command line after `kubelet`; empty where it does not matter.
    pub args: &'static [&'static str],
}

impl Example {
    /// A config file alone.
    pub const fn config(text: &'static str) -> Self {
        Self { config: Some(text), args: &[] }
    }

    /// A command line alone.
    pub const fn args(args: &'static [&'static str]) -> Self {
        Self { config: None, args }
    }

    /// The config file as a whole.
    pub fn document(&self) -> Option<String> {
        self.config.map(|body| format!("{HEAD}{body}"))
    }
}

impl Docs {
    pub(super) const EMPTY: Self = Self {
        checks: "",
        matters: "",
        compliant: Example::config(""),
        violating: Example::config(""),
        edition: "cis-1.12",
        expects: (Status::Pass, Status::Fail),
        remediation: "",
        edge_cases: &[],
        references: &[],
    };
}

/// A control in a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(rename = "ControlSummary"))]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// Its slug.
    pub control: &'static str,
    /// Its title.
    pub title: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// Where editions have it.
    pub editions: Vec<Numbered>,
}

/// A control's row in an edition.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(rename = "ControlNumber"))]
#[serde(rename_all = "camelCase")]
pub struct Numbered {
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
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(rename = "ControlExplanation"))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Slug, title, severity and editions.
    #[serde(flatten)]
    pub listed: Listed,
    /// The settings it reads: fields, gates, flags.
    pub settings: Vec<String>,
    /// Why it matters, in one sentence, as findings have it.
    pub why: &'static str,
    /// What it checks.
    pub checks: &'static str,
    /// Why that matters.
    pub matters: &'static str,
    /// A kubelet that complies.
    pub compliant: Shown,
    /// One that does not.
    pub violating: Shown,
    /// The edition by which the two are judged.
    pub judged_by: &'static str,
    /// How to mend it.
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
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(rename = "ControlExample"))]
#[serde(rename_all = "camelCase")]
pub struct Shown {
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

/// Every control with the editions that have it.
pub fn controls() -> Vec<Listed> {
    CONTROLS.iter().copied().map(listed).collect()
}

fn listed(control: &'static Control) -> Listed {
    let rows =
        benchmark::editions().flat_map(|edition| edition.rows.iter().map(move |row| (edition.id, row)));
    let editions = rows
        .filter(|(_, row)| row.control == control.slug)
        .map(|(benchmark, row)| Numbered {
            benchmark,
            number: row.number,
            title: row.title,
            level: row.level,
            assessment: row.assessment,
        })
        .collect();
    Listed { control: control.slug, title: control.title, severity: control.severity, editions }
}

/// All about the control of this slug.
pub fn explain(slug: &str) -> Option<Explanation> {
    use super::Setting;

    let control = super::control(slug)?;
    let docs = control.docs;
    let shown =
        |example: &Example, verdict| Shown { config: example.document(), args: example.args, verdict };
    let mut settings: Vec<String> = Vec::new();
    for setting in control.settings {
        settings.push(setting.name());
        if let (Setting::Field(_) | Setting::Gate(_), Some(flag)) = (setting, setting.flag()) {
            settings.push(format!("--{flag}"));
        }
    }
    let strict =
        benchmark::editions().flat_map(|edition| edition.reasons).find(|reason| reason.control == slug);
    Some(Explanation {
        listed: listed(control),
        settings,
        why: control.why,
        checks: docs.checks,
        matters: docs.matters,
        compliant: shown(&docs.compliant, docs.expects.0),
        violating: shown(&docs.violating, docs.expects.1),
        judged_by: docs.edition,
        remediation: docs.remediation,
        edge_cases: docs.edge_cases,
        strict: strict.map(|reason| format!("{} ({})", reason.reason, reason.source)),
        references: docs.references,
    })
}
