//! The world's functions.

#![expect(unsafe_code, unreachable_pub, reason = "a macro of wit-bindgen writes the exports")]

use kubelet_audit::report::{self, Effect as Effective, Severity as How, Status as Answer, Target};

use crate::generated::exports::kubelet_audit::plugin::policy::{
    Effect, Finding, Guest, Location, Problem, Settings, Severity, Status,
};

struct Plugin;

impl Guest for Plugin {
    fn evaluate(request: String) -> String {
        kubelet_audit::audit_json(&request).unwrap_or_else(|error| error.to_json().to_string())
    }

    fn check(config: String, settings: Settings) -> Result<Vec<Finding>, Vec<Problem>> {
        let settings = crate::Settings {
            args: settings.args,
            kubelet_version: settings.kubelet_version,
            benchmark: settings.benchmark,
            level: settings.level,
            basis: settings.basis,
            node: settings.node,
        };
        let report = match crate::request(config, settings) {
            Ok(request) => kubelet_audit::audit(&request).map_err(|error| vec![option_problem(error)])?,
            Err(reason) => kubelet_audit::invalid_request(&reason),
        };
        let (mut findings, mut problems) = (Vec::new(), Vec::new());
        for Target { findings: found, errors, .. } in report.targets {
            findings.extend(found.into_iter().map(finding));
            problems.extend(errors.into_iter().map(problem));
        }
        if problems.is_empty() { Ok(findings) } else { Err(problems) }
    }
}

fn finding(finding: report::Finding) -> Finding {
    let decided = finding.evidence.iter().find(|evidence| evidence.decided);
    Finding {
        location: decided.and_then(|evidence| location(evidence.location.as_ref()?)),
        control: finding.control,
        number: finding.benchmark.number,
        title: finding.benchmark.title,
        status: status(finding.status),
        severity: match finding.severity {
            How::Info => Severity::Info,
            How::Low => Severity::Low,
            How::Medium => Severity::Medium,
            How::High => Severity::High,
            How::Critical => Severity::Critical,
        },
        benchmark: status(finding.benchmark.verdict),
        effective: match finding.effective.verdict {
            Effective::Yes => Effect::Yes,
            Effective::No => Effect::No,
            Effective::Partly => Effect::Partly,
            Effective::DoesNotStart => Effect::DoesNotStart,
            Effective::Unknown => Effect::Unknown,
        },
        missing: finding.effective.missing,
        message: finding.message,
        fix: finding.fix,
        fingerprint: finding.fingerprint,
    }
}

fn status(status: Answer) -> Status {
    match status {
        Answer::Pass => Status::Pass,
        Answer::Fail => Status::Fail,
        Answer::Manual => Status::Manual,
        Answer::NotApplicable => Status::NotApplicable,
        Answer::Error => Status::Error,
    }
}

fn problem(issue: report::Issue) -> Problem {
    Problem {
        location: issue.location.as_ref().and_then(location),
        code: issue.code,
        message: issue.message,
        help: issue.help,
    }
}

fn option_problem(error: report::OptionError) -> Problem {
    Problem { location: None, code: error.code, message: error.message, help: error.help }
}

/// A place without text has no line.
fn location(location: &report::Location) -> Option<Location> {
    let start = location.range?.start;
    Some(Location { source: location.source.clone(), line: start.line, column: start.column })
}

crate::generated::export!(Plugin);
