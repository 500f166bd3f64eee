//! `--baseline`, `--write-baseline`: findings of an earlier run.

use std::collections::BTreeMap;

use kubelet_audit::json::{json_text, read_json};
use kubelet_audit::render::visible;
use kubelet_audit::report::{BaselineState, Finding, Issue, IssueSeverity, Location, Status, Target};
use kubelet_audit::source::diagnostic::Code;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::failure::Failure;
use crate::files::baseline::{BaselineEntry, BaselineFile};
use crate::gate::own_file;
use crate::host::Host;

/// The version of the format that [`Record`] writes.
const VERSION: &str = "1.0";

/// Findings of an earlier run by their fingerprints.
#[derive(Debug)]
pub(crate) struct Baseline {
    path: String,
    findings: BTreeMap<String, Known>,
}

/// A finding of the baseline.
#[derive(Debug)]
struct Known {
    control: String,
    target: String,
    is_gone: bool,
}

/// The fields that distinguish a baseline from a report.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Versions {
    baseline_version: Option<String>,
    schema_version: Option<String>,
}

/// The part of a report that a baseline needs; the report may be of a later minor version.
#[derive(Deserialize)]
struct Reported {
    targets: Vec<ReportedTarget>,
}

#[derive(Deserialize)]
struct ReportedTarget {
    node: Option<String>,
    #[serde(default)]
    source: String,
    findings: Vec<ReportedFinding>,
}

#[derive(Deserialize)]
struct ReportedFinding {
    control: String,
    status: Status,
    fingerprint: String,
    waived: Option<IgnoredAny>,
}

impl Baseline {
    /// Reads a JSON report or a [`BaselineFile`].
    pub(crate) fn read(path: &str, host: &mut dyn Host) -> Result<Self, Failure> {
        let text = own_file::text(path, host)?;
        let findings = findings(text.trim_start_matches('\u{FEFF}'))
            .map_err(|reason| Failure::unusable(format!("{}: {}", visible(path), visible(&reason))))?;
        Ok(Self { path: path.to_owned(), findings })
    }

    /// Returns the file it was read from.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Marks known and new findings.
    pub(crate) fn mark(&mut self, target: &mut Target) {
        for finding in &mut target.findings {
            let known = self.findings.get_mut(&finding.fingerprint);
            if is_recorded(finding) {
                finding.baseline_state =
                    Some(if known.is_some() { BaselineState::Unchanged } else { BaselineState::New });
            } else if let Some(known) = known.filter(|_| !fails(finding)) {
                known.is_gone = true;
            }
        }
    }

    /// Reports findings that are gone.
    pub(crate) fn notices(&self) -> Vec<Issue> {
        let gone = self.findings.values().filter(|known| known.is_gone);
        gone.map(|known| Issue {
            code: Code::Mended.as_str().to_owned(),
            severity: IssueSeverity::Note,
            message: format!("resolved since baseline: {} in {}", known.control, known.target),
            help: "write a new baseline, so that the finding fails if it returns".to_owned(),
            location: Some(Location { source: self.path.clone(), range: None }),
        })
        .collect()
    }
}

fn fails(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fail | Status::Error)
}

/// Whether a baseline includes such a finding. It does not include waived ones, because waivers expire.
fn is_recorded(finding: &Finding) -> bool {
    fails(finding) && finding.waived.is_none()
}

fn findings(text: &str) -> Result<BTreeMap<String, Known>, String> {
    let Versions { baseline_version, schema_version } = read_json(text)?;
    let of_report = baseline_version.is_none();
    let version = baseline_version.as_deref().or(schema_version.as_deref()).ok_or(
        "expected a baseline (--write-baseline FILE) or a JSON report (--format json --output FILE)",
    )?;
    // Fingerprints are the same in reports of both versions.
    if !(version.starts_with("1.") || of_report && version.starts_with("2.")) {
        let known = if of_report { "1.x or 2.x" } else { "1.x" };
        return Err(format!("unsupported version {version:?}; expected {known}"));
    }
    let entries = if baseline_version.is_some() {
        read_json::<BaselineFile>(text)?.findings
    } else {
        read_json::<Reported>(text)?.targets.into_iter().flat_map(ReportedTarget::entries).collect()
    };
    let known = |BaselineEntry { fingerprint, control, target }| {
        (fingerprint, Known { control, target, is_gone: false })
    };
    Ok(entries.into_iter().map(known).collect())
}

impl ReportedTarget {
    fn entries(self) -> impl Iterator<Item = BaselineEntry> {
        let target = self.node.unwrap_or(self.source);
        let is_open = |finding: &ReportedFinding| {
            matches!(finding.status, Status::Fail | Status::Error) && finding.waived.is_none()
        };
        self.findings.into_iter().filter(is_open).map(
            move |ReportedFinding { fingerprint, control, .. }| BaselineEntry {
                fingerprint,
                control,
                target: target.clone(),
            },
        )
    }
}

/// Collects a baseline.
#[derive(Debug, Default)]
pub(crate) struct Record {
    entries: String,
}

impl Record {
    /// Adds the failing findings of a target.
    pub(crate) fn add(&mut self, target: &Target) {
        let name = target.node.as_deref().unwrap_or(&target.source);
        for finding in target.findings.iter().filter(|finding| is_recorded(finding)) {
            self.entries.push_str(if self.entries.is_empty() { "\n" } else { ",\n" });
            self.entries.push_str(&json_text(&BaselineEntry {
                fingerprint: finding.fingerprint.clone(),
                control: finding.control.clone(),
                target: name.to_owned(),
            }));
        }
    }

    /// Returns the text of a [`BaselineFile`], one entry a line, so that changes can be reviewed.
    pub(crate) fn text(&self) -> String {
        format!("{{\"baselineVersion\":\"{VERSION}\",\"findings\":[{}\n]}}\n", self.entries)
    }
}
