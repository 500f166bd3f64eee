//! Fixes for a report that somebody holds: typed, and as JSON texts for every other host.

use serde::Serialize;

use super::{Options, Route, fix};
use crate::audit::audit_target;
use crate::json::json_text;
use crate::report::{Applied, OriginLayer, Purpose, Report, Target};
use crate::request::{ConfigInput, Request};
use crate::source::tree::{Node, NodeValue};
use crate::source::{Limits, SourceId, json};
use crate::wire::report_of;

/// Makes the fixes of a report in the text of the config that it is about. The other layers of the
/// node, if the report had any, come in `request`, whose own config does not count.
///
/// # Errors
///
/// Where the report has no single target that could be read, or is not about this text and these layers.
pub fn apply_fixes(
    text: &str,
    report: &Report,
    request: &Request,
    options: &Options,
) -> Result<Applied, String> {
    let [target] = report.targets.as_slice() else { return Err(ONE_TARGET.into()) };
    let kubelet = target.kubelet.as_ref().ok_or(UNREADABLE)?;
    let about = About {
        source: target.source.clone(),
        node: target.node.clone(),
        version: (!kubelet.version_assumed).then(|| kubelet.version.clone()),
        benchmark: target.findings.first().map(|finding| finding.benchmark.id.clone()),
        layers: kubelet.layers.clone(),
        verdicts: verdicts(target),
    };
    apply(text, about, request, options)
}

/// The same with a report as JSON and options as JSON: an object with `unsafeFixes`, `controls`,
/// `purpose` (`benchmark`, `effective` or `both`), `route` (`in-place` or `drop-in`) and `request`, the
/// one that the report was made from. The answer is an [`Applied`], or an object with an `error`.
pub fn apply_fixes_json(text: &str, report: &str, options: &str) -> String {
    /// What went wrong.
    #[derive(Serialize)]
    struct Failure {
        error: String,
    }
    // The texts in them have limits of their own.
    let limits = Limits { bytes: usize::MAX, nodes: usize::MAX, depth: 128 };
    let read = |what: &str, text| {
        json::read(text, SourceId(0), &limits)
            .map(|document| document.root)
            .map_err(|error| format!("the {what} at byte {}: {}", error.span.start, error.message))
    };
    let applied = read("report", report).and_then(|report| {
        let (request, options) = decode(&read("options", options)?)?;
        apply(text, about(&report)?, &request, &options)
    });
    match applied {
        Ok(applied) => json_text(&applied),
        Err(error) => json_text(&Failure { error }),
    }
}

const ONE_TARGET: &str = "the report is not about one target: hand over one with the target alone";
const UNREADABLE: &str = "the report's target could not be read, so there is nothing to fix";

/// What a report says of the node it is about.
struct About {
    source: String,
    node: Option<String>,
    version: Option<String>,
    benchmark: Option<String>,
    layers: Vec<String>,
    /// Control, benchmark's and effective verdict.
    verdicts: Vec<[String; 3]>,
}

fn verdicts(target: &Target) -> Vec<[String; 3]> {
    let word = |text: String| text.trim_matches('"').to_owned();
    let findings = target.findings.iter();
    let verdicts = findings.map(|finding| {
        let (benchmark, effective) = (finding.benchmark.verdict, finding.effective.verdict);
        [finding.control.clone(), word(json_text(&benchmark)), word(json_text(&effective))]
    });
    verdicts.collect()
}

fn about(report: &Node<'_>) -> Result<About, String> {
    let targets = report.get("targets").and_then(Node::as_array).ok_or("the report has no targets")?;
    let [target] = targets else { return Err(ONE_TARGET.into()) };
    let kubelet = target.get("kubelet").ok_or(UNREADABLE)?;
    let text = |node: &Node<'_>, path: &[&str]| {
        path.iter().try_fold(node, |node, key| node.get(key)).and_then(Node::as_str).map(str::to_owned)
    };
    let is_assumed =
        matches!(kubelet.get("versionAssumed").map(|node| &node.value), Some(NodeValue::Bool(true)));
    let findings = target.get("findings").and_then(Node::as_array).unwrap_or(&[]);
    let mut found = Vec::new();
    for finding in findings {
        let verdict = [
            text(finding, &["control"]),
            text(finding, &["benchmark", "verdict"]),
            text(finding, &["effective", "verdict"]),
        ];
        let [Some(control), Some(benchmark), Some(effective)] = verdict else {
            return Err("a finding of the report has no control or no verdicts".into());
        };
        found.push([control, benchmark, effective]);
    }
    let layers = kubelet.get("layers").and_then(Node::as_array).unwrap_or(&[]);
    Ok(About {
        source: text(target, &["source"]).unwrap_or_else(|| "config".into()),
        node: text(target, &["node"]),
        version: text(kubelet, &["version"]).filter(|_| !is_assumed),
        benchmark: findings.first().and_then(|finding| text(finding, &["benchmark", "id"])),
        layers: layers.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        verdicts: found,
    })
}

fn decode(options: &Node<'_>) -> Result<(Request, Options), String> {
    let mut out = Options::default();
    let mut request = Request::default();
    let Some(members) = options.as_object() else {
        return Err(format!("the options are a {}, not an object", options.value.kind()));
    };
    for member in members {
        let value = &member.value;
        if matches!(value.value, NodeValue::Null) {
            continue;
        }
        let wrong = |expected: &str| Err(format!("the option {} takes {expected}", member.key));
        match (&*member.key, value.as_str(), &value.value) {
            ("unsafeFixes", _, NodeValue::Bool(on)) => out.unsafe_fixes = *on,
            ("unsafeFixes", ..) => return wrong("true or false"),
            ("controls", _, NodeValue::Array(items)) if items.iter().all(|item| item.as_str().is_some()) => {
                out.controls = items.iter().filter_map(Node::as_str).map(str::to_owned).collect();
            }
            ("controls", ..) => return wrong("a list of texts"),
            ("purpose", Some("benchmark"), _) => out.purpose = Some(Purpose::Benchmark),
            ("purpose", Some("effective"), _) => out.purpose = Some(Purpose::Effective),
            ("purpose", Some("both"), _) => out.purpose = None,
            ("purpose", ..) => return wrong("benchmark, effective or both"),
            ("route", Some("in-place"), _) => out.route = Route::InPlace,
            ("route", Some("drop-in"), _) => out.route = Route::DropIn,
            ("route", ..) => return wrong("in-place or drop-in"),
            ("request", ..) => {
                request = Request::decode(value).map_err(|reason| format!("the option request: {reason}"))?;
            }
            (other, ..) => return Err(format!("there is no option {other:?}")),
        }
    }
    Ok((request, out))
}

fn apply(text: &str, about: About, request: &Request, options: &Options) -> Result<Applied, String> {
    let request = Request {
        config: Some(ConfigInput::Text(text.to_owned())),
        kubelet_version: request.kubelet_version.clone().or(about.version),
        benchmark: request.benchmark.clone().or(about.benchmark),
        source: Some(about.source),
        node: about.node,
        controls: Some(about.verdicts.iter().map(|[control, ..]| control.clone()).collect()),
        fixes: None,
        ..request.clone()
    };
    let now = audit_target(&request);
    let kubelet = match (&now.kubelet, now.errors.first()) {
        (Some(kubelet), None) => kubelet,
        (_, issue) => {
            let reason = issue.map_or("", |issue| issue.message.as_str());
            return Err(format!("the text could not be read: {reason}"));
        }
    };
    if kubelet.layers != about.layers {
        return Err(format!(
            "the report is about {}, and here are {}: hand over the request that it was made from",
            about.layers.join(", "),
            kubelet.layers.join(", ")
        ));
    }
    if verdicts(&now) != about.verdicts {
        return Err("the report is not about this text: audit it anew".into());
    }
    let mut fixed = fix(&request, options);
    let at = fixed.files.iter().position(|file| file.layer == OriginLayer::Config);
    let file = at.map(|at| fixed.files.remove(at));
    let (text, diff) = file.map_or_else(|| (text.to_owned(), String::new()), |file| (file.text, file.diff));
    Ok(Applied {
        text,
        diff,
        files: fixed.files,
        applied: fixed.applied,
        skipped: fixed.skipped,
        platform: fixed.platform,
        report: report_of(vec![fixed.target]),
    })
}
