//! A request in, a report out: typed, as a JSON value and as JSON text, all by the same function.

use crate::assess;
use crate::json::json_text;
use crate::report::locate::{Locator, report_of};
use crate::report::{Report, Target};
use crate::request::Request;
use crate::source::Sources;
use crate::source::diagnostic::{Code, Diagnostic};

/// Audits one node, or every kubelet that the Kubernetes objects in the config speak of.
pub fn audit(request: &Request) -> Report {
    let mut targets = assess::targets(request);
    if request.fixes == Some(true) {
        // Fixes are of whole documents: what an object says of a kubelet is a part of one.
        let whole = assess::source_of(request);
        for target in targets.iter_mut().filter(|target| target.source == whole) {
            crate::fix::attach(request, target);
        }
    }
    report_of(targets)
}

/// Audits one node; a string is the config's text, an object a [`Request`].
pub fn audit_value(request: serde_json::Value) -> Report {
    match Request::from_value(request) {
        Ok(request) => audit(&request),
        Err(reason) => invalid_request(&reason),
    }
}

/// Audits one node; the text is JSON as [`audit_value`] takes it. The answer is the report as compact JSON.
pub fn audit_json(request: &str) -> String {
    json_text(&audit_json_report(request))
}

/// As [`audit_json`], for those who look into the report.
pub fn audit_json_report(request: &str) -> Report {
    match Request::from_json(request) {
        Ok(request) => audit(&request),
        Err(reason) => invalid_request(&reason),
    }
}

/// The report for what is no request, for this reason.
pub fn invalid_request(reason: &str) -> Report {
    let sources = Sources::default();
    let locator = Locator::new(&sources);
    let error = Diagnostic::error(Code::InvalidRequest, format!("the request is not of the form it must have: {reason}"))
        .help("hand over the config's text, or an object with config, dropIns, args, kubeletVersion, benchmark, basis, node, source");
    report_of(vec![Target {
        source: "request".into(),
        node: None,
        kubelet: None,
        findings: Vec::new(),
        errors: vec![locator.issue(&error)],
    }])
}
