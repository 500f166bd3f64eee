//! Tests of whole audits.

mod bad_input;
pub(crate) mod cases;
mod catalogue;
mod command_lines;
mod corpus;
mod credentials;
mod effects;
mod field;
mod options;
mod peer_defects;
mod peers;
mod properties;
mod rules;
mod selection;

use crate::report::{Finding, OptionError, Report, Target};

/// The head every config needs.
const HEAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

fn audit(request: serde_json::Value) -> Target {
    let text = crate::audit_json(&request.to_string()).unwrap();
    let report: Report = crate::audit_value(request).unwrap();
    assert_eq!(crate::render::json::render(&report), text, "both entry points return the same report");
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report, "a report is read as it was");
    report.targets.into_iter().next().unwrap()
}

/// The error of a request with an unknown option.
fn refused(request: serde_json::Value) -> OptionError {
    let error = crate::audit_json(&request.to_string()).unwrap_err();
    assert_eq!(crate::audit_value(request).unwrap_err(), error, "both doors give the same");
    error
}

fn seed(target: &Target) -> &Finding {
    target.findings.iter().find(|f| f.control == "rotate-kubelet-server-certificate").unwrap()
}

/// `benchmark/effective` of the seed control.
fn verdicts(target: &Target) -> String {
    let finding = seed(target);
    let word = |json: serde_json::Value| json.as_str().unwrap().to_owned();
    format!(
        "{}/{}",
        word(serde_json::to_value(finding.benchmark.verdict).unwrap()),
        word(serde_json::to_value(finding.effective.verdict).unwrap())
    )
}
