//! Admission: what a policy engine asks when somebody creates or changes an object that carries kubelet
//! configuration.
//!
//! One decision serves every engine. A payload is `{"request": AdmissionRequest, "settings": {...}}` as
//! Kubewarden has it, the same with `parameters` for `settings`, or Gatekeeper's
//! `{"review": AdmissionRequest, "parameters": {...}}`. A `request` without `object` is what is to be
//! audited itself: a kubelet configuration, the output of `/configz`, or a [`crate::request::Request`] with `config`,
//! `dropIns` or `args` (Kubewarden's raw policies).
//!
//! An object is refused where a control fails at or above `failOn`, where the kubelet would not start
//! with it, and where what it says cannot be read. What an object leaves to its platform cannot be judged
//! from the object: that is a warning, or with `"onUnknown": "deny"` a refusal.

mod settings;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::assess;
use crate::json::json_text;
use crate::report::locate::report_of;
use crate::report::{Finding, Report, Status, Target};
use crate::source::tree::{Node, NodeValue};
use crate::source::{Limits, SourceId, json as reader};

use settings::{OnUnknown, Settings};

/// What is decided on an object.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The request's `uid`; empty where it has none.
    pub uid: String,
    /// Whether the object may be stored.
    pub accepted: bool,
    /// HTTP status of a refusal: 403 for what is found, 400 for what cannot be read; 200 otherwise.
    pub code: u16,
    /// Why it is refused, one sentence for each reason; empty where it is accepted.
    pub messages: Vec<String>,
    /// What its author should know although it is accepted, each short enough for one line of `kubectl`.
    pub warnings: Vec<String>,
    /// What was found. No targets where the object says nothing to a kubelet.
    pub report: Report,
}

/// Kubernetes advises to keep a warning within this many characters.
const WARNING: usize = 120;

/// Decides on a payload.
pub fn decide(payload: &str) -> Decision {
    // The objects in it have limits of their own.
    let limits = Limits { bytes: usize::MAX, nodes: usize::MAX, depth: 128 };
    let document = match reader::read(payload, SourceId(0), &limits) {
        Ok(document) => document,
        Err(error) => return refused(format!("the payload is not JSON: {}", error.message)),
    };
    let root = &document.root;
    let review = root.get("review").or_else(|| root.get("request")).filter(|node| node.as_object().is_some());
    let Some(review) = review else {
        return refused("the payload has neither request nor review that is an object".to_owned());
    };
    let uid = review.get("uid").and_then(Node::as_str).unwrap_or_default().to_owned();
    let settings = root.get("settings").or_else(|| root.get("parameters"));
    let settings = match settings
        .map_or(Ok(Settings::default()), |node| Settings::read(node.place.span.slice(payload)))
    {
        Ok(settings) => settings,
        Err(reason) => return Decision { uid, ..refused(format!("the settings are not valid: {reason}")) },
    };
    let targets = match review.get("object") {
        Some(object) if matches!(object.value, NodeValue::Null) => Vec::new(),
        Some(object) => assess::object_targets(&settings.request_for(text_of(payload, object))),
        // Of a deletion older servers send no object at all.
        None if review.get("operation").is_some() => Vec::new(),
        None => match settings.raw_request(review, text_of(payload, review)) {
            Ok(request) => assess::targets(&request),
            Err(reason) => return Decision { uid, ..refused(format!("the request is not valid: {reason}")) },
        },
    };
    judge(uid, &settings, report_of(targets))
}

fn text_of(payload: &str, node: &Node<'_>) -> String {
    node.place.span.slice(payload).to_owned()
}

fn refused(message: String) -> Decision {
    Decision {
        uid: String::new(),
        accepted: false,
        code: 400,
        messages: vec![message],
        warnings: Vec::new(),
        report: report_of(Vec::new()),
    }
}

fn judge(uid: String, settings: &Settings, report: Report) -> Decision {
    let (mut messages, mut warnings) = (Vec::new(), Vec::new());
    for target in &report.targets {
        let name = target.source.strip_prefix("object: ").unwrap_or(&target.source);
        judge_target(target, name, settings, &mut messages, &mut warnings);
    }
    let is_unreadable = report.targets.iter().any(|target| !target.errors.is_empty());
    let accepted = messages.is_empty();
    let code = match (accepted, is_unreadable) {
        (true, _) => 200,
        (false, true) => 400,
        (false, false) => 403,
    };
    Decision { uid, accepted, code, messages, warnings, report }
}

fn judge_target(
    target: &Target,
    name: &str,
    settings: &Settings,
    messages: &mut Vec<String>,
    warnings: &mut Vec<String>,
) {
    for error in &target.errors {
        messages.push(format!("{name}: {}; {}", error.message, error.help));
    }
    let Some(kubelet) = &target.kubelet else { return };
    if kubelet.starts == Some(false) && target.errors.is_empty() {
        let reasons: Vec<&str> = kubelet.errors.iter().map(|error| error.message.as_str()).collect();
        messages.push(format!("{name}: the kubelet would not start: {}", reasons.join("; ")));
    }
    let is_partial = !kubelet.missing_layers.is_empty();
    let mut unknown = 0_usize;
    for finding in &target.findings {
        match finding.status {
            Status::Fail if finding.severity >= settings.fail_on => messages.push(sentence(name, finding)),
            Status::Fail => {
                warnings.push(short(format!("{} {} is not met", finding.benchmark.number, finding.control)))
            }
            Status::Error if is_partial && settings.on_unknown == OnUnknown::Warn => {
                unknown = unknown.saturating_add(1);
            }
            // Where nothing is missing, what stops the kubelet has been told.
            Status::Error if is_partial || kubelet.starts != Some(false) => {
                messages.push(sentence(name, finding));
            }
            _ => {}
        }
    }
    if unknown > 0 {
        warnings.push(short(format!(
            "{unknown} controls cannot be judged from this object, for it does not show {}",
            kubelet.missing_layers.join(" and ")
        )));
    }
}

/// `ConfigMap kube-system/kubelet-config: cis-1.12 4.2.1 anonymous-auth (high): what; fix`
fn sentence(name: &str, finding: &Finding) -> String {
    let severity = json_text(&finding.severity);
    let mut text = format!(
        "{name}: {} {} {} ({}): {}",
        finding.benchmark.id,
        finding.benchmark.number,
        finding.control,
        severity.trim_matches('"'),
        finding.message
    );
    if !finding.fix.is_empty() {
        text.push_str("; ");
        text.push_str(&finding.fix);
    }
    text
}

fn short(text: String) -> String {
    if text.chars().count() <= WARNING {
        return text;
    }
    let mut cut: String = text.chars().take(WARNING.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Kubewarden's `validate`: from `{"request": ..., "settings": ...}` to
/// `{"accepted": ..., "message": ..., "code": ..., "warnings": [...]}`.
pub fn validate(payload: &str) -> String {
    let decision = decide(payload);
    let mut answer = serde_json::Map::new();
    answer.insert("accepted".into(), decision.accepted.into());
    if !decision.accepted {
        answer.insert("code".into(), decision.code.into());
        answer.insert("message".into(), decision.messages.join("\n").into());
    }
    if !decision.warnings.is_empty() {
        answer.insert("warnings".into(), decision.warnings.into());
    }
    json_text(&Value::Object(answer))
}

/// Kubewarden's `validate_settings`: from the settings, or `{"settings": {...}}`, to
/// `{"valid": ..., "message": ...}`.
pub fn validate_settings(settings: &str) -> String {
    let limits = Limits::default();
    let read = match reader::read(settings, SourceId(0), &limits) {
        Ok(document) => {
            let node = match document.root.as_object() {
                Some([only]) if only.key == "settings" => &only.value,
                _ => &document.root,
            };
            Settings::read(node.place.span.slice(settings)).map(drop)
        }
        Err(error) => Err(format!("they are not JSON: {}", error.message)),
    };
    json_text(&match read {
        Ok(()) => json!({ "valid": true }),
        Err(reason) => json!({ "valid": false, "message": format!("the settings are not valid: {reason}") }),
    })
}

/// The answer of an admission webhook: from `{"request": AdmissionRequest, ...}` to an AdmissionReview
/// with its `response`.
pub fn admission_review(payload: &str) -> String {
    let decision = decide(payload);
    let mut response = json!({ "uid": decision.uid, "allowed": decision.accepted });
    if let Some(response) = response.as_object_mut() {
        if !decision.accepted {
            let message = decision.messages.join("\n");
            response.insert("status".into(), json!({ "code": decision.code, "message": message }));
        }
        if !decision.warnings.is_empty() {
            response.insert("warnings".into(), decision.warnings.into());
        }
    }
    json_text(
        &json!({ "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response }),
    )
}

/// Gatekeeper's violations: from `{"review": ..., "parameters": ...}` to `[{"msg": ...}]`.
pub fn violations(payload: &str) -> String {
    let messages = decide(payload).messages;
    json_text(&Value::Array(messages.into_iter().map(|message| json!({ "msg": message })).collect()))
}
