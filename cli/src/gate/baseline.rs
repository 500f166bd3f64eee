//! `--baseline`, `--write-baseline`: what was found before.

use std::collections::BTreeMap;

use kubelet_audit::diagnostic::Code;
use kubelet_audit::report::{BaselineState, Finding, Issue, IssueSeverity, Location, Status, Target};
use kubelet_audit::source::tree::{Node, NodeValue};
use serde_json::Value;

use crate::failure::Failure;
use crate::gate::own_file::{self, OwnFile};
use crate::host::Host;

/// The version of the form that [`Record`] writes.
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

impl Baseline {
    /// Reads a JSON report, or what [`Record`] wrote.
    pub(crate) fn read(path: &str, host: &mut dyn Host) -> Result<Self, Failure> {
        let text = own_file::text(path, host)?;
        let mut file = OwnFile::new(path, &text);
        let mut findings = BTreeMap::new();
        if let Some(root) = file.tree() {
            if root.get("baselineVersion").is_some() {
                written(&mut file, &root, &mut findings);
            } else if root.get("schemaVersion").is_some() {
                reported(&mut file, &root, &mut findings);
            } else {
                file.wrong(
                    root.place.span,
                    "it is neither a report nor a baseline",
                    "write one with `--write-baseline FILE`, or a report with `--format json --output FILE`",
                );
            }
        }
        file.check(Self { path: path.to_owned(), findings })
    }

    /// Marks what is known.
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

    /// What is gone.
    pub(crate) fn notices(&self) -> Vec<Issue> {
        let gone = self.findings.values().filter(|known| known.is_gone);
        gone.map(|known| Issue {
            code: Code::Mended.as_str().to_owned(),
            severity: IssueSeverity::Note,
            message: format!("{} no longer fails for {}", known.control, known.target),
            help: "write the baseline anew, so that it cannot come back unseen".to_owned(),
            location: Some(Location { source: self.path.clone(), range: None }),
        })
        .collect()
    }
}

fn fails(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fail | Status::Error)
}

/// Whether a baseline holds such a finding. Not what is waived: that has a day on which it ends.
fn is_recorded(finding: &Finding) -> bool {
    fails(finding) && finding.waived.is_none()
}

/// What [`Record`] wrote.
fn written<'t>(file: &mut OwnFile<'t>, root: &Node<'t>, findings: &mut BTreeMap<String, Known>) {
    file.only(root, &["baselineVersion", "findings"]);
    check_version(file, root, "baselineVersion");
    for entry in list(file, root, "findings") {
        file.only(entry, &["fingerprint", "control", "target"]);
        let [fingerprint, control, target] =
            ["fingerprint", "control", "target"].map(|name| file.required(entry, name));
        if let (Some((fingerprint, _)), Some((control, _)), Some((target, _))) =
            (fingerprint, control, target)
        {
            findings.insert(fingerprint, Known { control, target, is_gone: false });
        }
    }
}

/// A report: of later minor versions too, so what is not known in it is passed over.
fn reported<'t>(file: &mut OwnFile<'t>, root: &Node<'t>, findings: &mut BTreeMap<String, Known>) {
    check_version(file, root, "schemaVersion");
    for target in list(file, root, "targets") {
        let name = ["node", "source"].into_iter().find_map(|name| target.get(name)?.as_str()).unwrap_or("");
        for finding in list(file, target, "findings") {
            let [status, fingerprint, control] =
                ["status", "fingerprint", "control"].map(|name| file.required(finding, name));
            let (Some((status, _)), Some((fingerprint, _)), Some((control, _))) =
                (status, fingerprint, control)
            else {
                continue;
            };
            let is_waived = finding.get("waived").is_some_and(|node| !matches!(node.value, NodeValue::Null));
            if matches!(status.as_str(), "fail" | "error") && !is_waived {
                findings.insert(fingerprint, Known { control, target: name.to_owned(), is_gone: false });
            }
        }
    }
}

fn check_version<'t>(file: &mut OwnFile<'t>, root: &Node<'t>, name: &str) {
    if let Some((version, span)) = file.required(root, name)
        && !version.starts_with("1.")
    {
        let message = format!("version `{version}` is not known");
        file.wrong(span, &message, "this program reads versions 1.x");
    }
}

fn list<'n, 't>(file: &mut OwnFile<'t>, object: &'n Node<'t>, name: &str) -> &'n [Node<'t>] {
    match object.get(name).map(|node| (node, node.as_array())) {
        Some((_, Some(items))) => items,
        Some((node, None)) => {
            file.wrong(
                node.place.span,
                &format!("`{name}` is a list, and this is of the kind {}", node.value.kind()),
                "",
            );
            &[]
        }
        None => {
            file.wrong(object.place.span, &format!("`{name}` is missing"), "");
            &[]
        }
    }
}

/// A baseline in the making.
#[derive(Debug, Default)]
pub(crate) struct Record {
    entries: String,
}

impl Record {
    /// Adds what fails in a target.
    pub(crate) fn add(&mut self, target: &Target) {
        let name = target.node.as_deref().unwrap_or(&target.source);
        for finding in target.findings.iter().filter(|finding| is_recorded(finding)) {
            self.entries.push_str(if self.entries.is_empty() { "\n" } else { ",\n" });
            let [fingerprint, control, target] =
                [finding.fingerprint.as_str(), &finding.control, name].map(Value::from);
            self.entries.push_str(&format!(
                "{{\"fingerprint\":{fingerprint},\"control\":{control},\"target\":{target}}}"
            ));
        }
    }

    /// The file: an entry a line, so that changes of it can be read.
    pub(crate) fn text(&self) -> String {
        format!("{{\"baselineVersion\":\"{VERSION}\",\"findings\":[{}\n]}}\n", self.entries)
    }
}
