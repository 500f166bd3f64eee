//! Fixes for an existing report, as Rust types and as JSON for other languages.

use serde::Deserialize;
use serde_json::Value;

use super::{Options, Route, fix};
use crate::assess;
use crate::json::read_value;
use crate::report::locate::report_of;
use crate::report::{Applied, Effect, Finding, OriginLayer, Purpose, Report, Status, Target};
use crate::request::{ConfigInput, Request};

/// Applies the fixes of a report to the text of its config. `request` supplies the other layers of the node, if
/// the report has any; its config is ignored.
///
/// # Errors
///
/// The report does not have exactly one readable target, or it describes another text or other layers.
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

/// Like [`apply_fixes`], but takes the report as JSON text and the options as JSON: an object with
/// `unsafeFixes`, `controls`, `purpose` (`benchmark`, `effective` or `both`), `route` (`in-place` or `drop-in`)
/// and `request`, the request of the report.
///
/// # Errors
///
/// Those of [`apply_fixes`], and invalid JSON in the report or the options.
pub fn apply_fixes_json(text: &str, report: &str, options: Value) -> Result<Applied, String> {
    let report = Report::from_json(report).map_err(|reason| format!("invalid report: {reason}"))?;
    let options: JsonOptions = read_value(&options).map_err(|reason| format!("invalid options: {reason}"))?;
    let request = options.request.map_or_else(|| Ok(Request::default()), Request::from_value);
    let request = request.map_err(|reason| format!("invalid option request: {reason}"))?;
    let options = Options {
        unsafe_fixes: options.unsafe_fixes.unwrap_or_default(),
        controls: options.controls.unwrap_or_default(),
        purpose: options.purpose,
        route: options.route.unwrap_or_default(),
        ..Options::default()
    };
    apply_fixes(text, &report, &request, &options)
}

/// The options in JSON.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct JsonOptions {
    unsafe_fixes: Option<bool>,
    controls: Option<Vec<String>>,
    purpose: Option<Purpose>,
    route: Option<Route>,
    request: Option<Value>,
}

const ONE_TARGET: &str = "the report must have exactly one target";
const UNREADABLE: &str = "the report's target was not readable, so there is nothing to fix";

/// The node that a report describes.
struct About {
    source: String,
    node: Option<String>,
    version: Option<String>,
    benchmark: Option<String>,
    layers: Vec<String>,
    verdicts: Vec<Verdicts>,
}

/// A control with its benchmark and effective verdicts.
type Verdicts = (String, Status, Effect);

fn verdicts(target: &Target) -> Vec<Verdicts> {
    let of =
        |finding: &Finding| (finding.control.clone(), finding.benchmark.verdict, finding.effective.verdict);
    target.findings.iter().map(of).collect()
}

fn apply(text: &str, about: About, request: &Request, options: &Options) -> Result<Applied, String> {
    let request = Request {
        config: Some(ConfigInput::Text(text.to_owned())),
        kubelet_version: request.kubelet_version.clone().or(about.version),
        benchmark: request.benchmark.clone().or(about.benchmark),
        source: Some(about.source),
        node: about.node,
        controls: Some(about.verdicts.iter().map(|(control, ..)| control.clone()).collect()),
        fixes: None,
        ..request.clone()
    };
    let now = assess::target(&request);
    let kubelet = match (&now.kubelet, now.errors.first()) {
        (Some(kubelet), None) => kubelet,
        (_, issue) => {
            let reason = issue.map_or("", |issue| issue.message.as_str());
            return Err(format!("the text is not readable: {reason}"));
        }
    };
    if kubelet.layers != about.layers {
        return Err(format!(
            "the report covers the layers {}, but {} were supplied; pass the request of the report",
            about.layers.join(", "),
            kubelet.layers.join(", ")
        ));
    }
    if verdicts(&now) != about.verdicts {
        return Err("the report does not match this text; audit it again".into());
    }
    let mut fixed = fix(&request, options).map_err(|error| error.to_string())?;
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
