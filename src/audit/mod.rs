//! The entry point: from a request to a report, as Rust types, JSON values or JSON text.

use crate::assess::{self, Outcome};
use crate::json::json_text;
use crate::report::locate::{Locator, report_of};
use crate::report::{OptionError, Report, Target};
use crate::request::Request;
use crate::source::Sources;
use crate::source::diagnostic::{Code, Diagnostic};

/// Audits one node, or each kubelet that the Kubernetes objects in the config configure.
///
/// # Errors
///
/// An option names a benchmark, control, level or Kubernetes version that does not exist. Whatever is wrong with
/// the input is part of the report.
pub fn audit(request: &Request) -> Result<Report, OptionError> {
    let Outcome { mut targets, notices } = assess::outcome(request)?;
    if request.fixes == Some(true) {
        // Fixes edit whole documents, and an object holds only a part of one.
        let whole = assess::source_of(request);
        for target in targets.iter_mut().filter(|target| target.source == whole) {
            crate::fix::attach(request, target);
        }
    }
    Ok(Report { notices, ..report_of(targets) })
}

/// Checks the options of a request without its input.
///
/// # Errors
///
/// Like [`audit`].
pub fn check_options(request: &Request) -> Result<(), OptionError> {
    assess::options::options(request).map(|_| ())
}

/// Like [`audit`], for a JSON value: a string is the text of the config, an object is a [`Request`].
///
/// # Errors
///
/// Like [`audit`]. A value that is not a request is part of the report.
pub fn audit_value(request: serde_json::Value) -> Result<Report, OptionError> {
    match Request::from_value(request) {
        Ok(request) => audit(&request),
        Err(reason) => Ok(invalid_request(&reason)),
    }
}

/// Like [`audit_value`], for JSON text. Returns the report as compact JSON.
///
/// # Errors
///
/// Like [`audit_value`].
pub fn audit_json(request: &str) -> Result<String, OptionError> {
    audit_json_report(request).map(|report| json_text(&report))
}

/// Like [`audit_json`], but returns the typed report.
///
/// # Errors
///
/// Like [`audit_value`].
pub fn audit_json_report(request: &str) -> Result<Report, OptionError> {
    match Request::from_json(request) {
        Ok(request) => audit(&request),
        Err(reason) => Ok(invalid_request(&reason)),
    }
}

/// Returns the report for an invalid request.
pub fn invalid_request(reason: &str) -> Report {
    let sources = Sources::default();
    let locator = Locator::new(&sources);
    let error = Diagnostic::error(Code::InvalidRequest, format!("invalid request: {reason}"))
        .help("pass the text of the config, or an object with fields such as config, dropIns, args, kubeletVersion, benchmark, node and source");
    report_of(vec![Target {
        source: "request".into(),
        node: None,
        object: None,
        kubelet: None,
        findings: Vec::new(),
        errors: vec![locator.issue(&error)],
    }])
}
