//! Admission: the decision of a policy engine when an object that configures kubelets is created or changed.
//!
//! Every engine gets the same decision. A payload is Kubewarden's
//! `{"request": AdmissionRequest, "settings": {...}}`, the same with `parameters` instead of `settings`, or
//! Gatekeeper's `{"review": AdmissionRequest, "parameters": {...}}`. A `request` without `object` is audited
//! itself (Kubewarden's raw policies): a kubelet configuration, the output of `/configz`, or a
//! [`crate::request::Request`] with `config`, `dropIns` or `args`.
//!
//! An object is refused if a control fails at or above `failOn`, if the kubelet would not start with it, or if
//! it cannot be read. Settings that the platform adds outside the object cannot be checked: the object is
//! admitted with a warning, or refused with `"onUnknown": "deny"`. With `"onManual": "deny"` it is also refused
//! if a control needs a manual review, with `"onNoEffect": "deny"` if one passes the benchmark and has no effect.
//!
//! [`decide_node`] decides on a whole node by the same settings. There, what is unknown and what needs a manual
//! review is refused by default.

mod settings;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::assess::{self, Outcome};
use crate::audit::{audit_json_report, invalid_request};
use crate::json::json_text;
use crate::report::locate::report_of;
use crate::report::{Effect, Finding, Issue, OptionError, Report, Status, Target};
use crate::source::tree::{Node, NodeValue};
use crate::source::{Limits, SourceId, json as reader};

use settings::{Policy, Reaction, Settings};

/// The decision on an object.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The `uid` of the request; empty if it has none.
    pub uid: String,
    /// Whether the object is admitted.
    pub accepted: bool,
    /// HTTP status: 200 if admitted, 403 for findings, 400 for input that cannot be read.
    pub code: u16,
    /// Why the object is refused, one sentence per reason; empty if it is admitted.
    pub messages: Vec<String>,
    /// Warnings for the author, each short enough for one line of `kubectl`.
    pub warnings: Vec<String>,
    /// The report; without targets if the object configures no kubelet.
    pub report: Report,
}

/// The length of a warning that Kubernetes recommends, in characters.
const WARNING: usize = 120;

/// Returns the decision on a payload.
pub fn decide(payload: &str) -> Decision {
    // The objects in the payload are limited separately.
    let limits = Limits { bytes: usize::MAX, nodes: usize::MAX, depth: 128 };
    let document = match reader::read(payload, SourceId(0), &limits) {
        Ok(document) => document,
        Err(error) => return refused(format!("the payload is not JSON: {}", error.message)),
    };
    let root = &document.root;
    let review = root.get("review").or_else(|| root.get("request")).filter(|node| node.as_object().is_some());
    let Some(review) = review else {
        return refused("the payload has no object named request or review".to_owned());
    };
    let uid = review.get("uid").and_then(Node::as_str).unwrap_or_default().to_owned();
    let settings = root.get("settings").or_else(|| root.get("parameters"));
    let settings = match settings
        .map_or(Ok(Settings::default()), |node| Settings::read(node.place.span.slice(payload)))
    {
        Ok(settings) => settings,
        Err(reason) => return Decision { uid, ..refused(format!("invalid settings: {reason}")) },
    };
    let targets = match review.get("object") {
        Some(object) if matches!(object.value, NodeValue::Null) => Ok(Vec::new()),
        Some(object) => assess::object_targets(&settings.request_for(text_of(payload, object))),
        // Older API servers send no object with a deletion.
        None if review.get("operation").is_some() => Ok(Vec::new()),
        None => match settings.raw_request(review, text_of(payload, review)) {
            Ok(request) => match assess::outcome(&request) {
                // A request of its own was meant to be audited, whatever it is.
                Ok(Outcome { targets, notices }) if targets.is_empty() => {
                    return Decision { uid, messages: nothing_audited(&notices), ..refused(String::new()) };
                }
                outcome => outcome.map(|outcome| outcome.targets),
            },
            Err(reason) => return Decision { uid, ..refused(format!("invalid request: {reason}")) },
        },
    };
    match targets {
        Ok(targets) => Decision { uid, ..judge(settings.on_objects(), &OBJECTS, report_of(targets)) },
        Err(error) => Decision { uid, ..refused(format!("invalid request: {error}")) },
    }
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

/// Returns the decision on a node that a request of the library describes, by settings that hold `failOn`,
/// `onUnknown`, `onManual` and `onNoEffect` alone. Both are JSON.
///
/// # Errors
///
/// Like [`crate::audit()`].
pub fn decide_node(request: &str, settings: &str) -> Result<Decision, OptionError> {
    let settings = match Settings::read(settings) {
        Ok(settings) => settings,
        Err(reason) => {
            let reason = format!("invalid settings: {reason}");
            return Ok(Decision { report: invalid_request(&reason), ..refused(reason) });
        }
    };
    let report = audit_json_report(request)?;
    if report.targets.is_empty() {
        let messages = nothing_audited(&report.notices);
        return Ok(Decision { messages, report, ..refused(String::new()) });
    }
    Ok(judge(settings.on_nodes(), &NODES, report))
}

/// Returns why there is nothing to decide on.
fn nothing_audited(notices: &[Issue]) -> Vec<String> {
    match notices {
        [] => vec!["nothing was audited".to_owned()],
        notices => notices.iter().map(sentence_of_issue).collect(),
    }
}

fn sentence_of_issue(issue: &Issue) -> String {
    match issue.help.as_str() {
        "" => issue.message.clone(),
        help => format!("{}; {help}", issue.message),
    }
}

/// How messages name a target and a finding.
struct Wording {
    name: fn(&Target) -> &str,
    finding: fn(&Finding) -> String,
}

/// `cis-1.12 4.2.1 anonymous-auth (high): what; fix`, after the name of the object.
const OBJECTS: Wording = Wording {
    name: |target| target.source.strip_prefix("object: ").unwrap_or(&target.source),
    finding: |finding| {
        let row = &finding.benchmark;
        let severity = finding.severity.as_str();
        let what = format!("{} {} {} ({severity}): {}", row.id, row.number, finding.control, finding.message);
        match finding.fix.as_str() {
            "" => what,
            fix => format!("{what}; {fix}"),
        }
    },
};

/// `4.2.1 Ensure that ...: what`, after the name of the object if the node is one.
const NODES: Wording = Wording {
    name: |target| target.object.as_deref().unwrap_or_default(),
    finding: |finding| {
        format!("{} {}: {}", finding.benchmark.number, finding.benchmark.title, finding.message)
    },
};

/// What is said of a target.
struct Verdict<'t> {
    name: &'t str,
    messages: &'t mut Vec<String>,
    warnings: &'t mut Vec<String>,
}

impl Verdict<'_> {
    fn refuse(&mut self, message: &str) {
        self.messages.push(match self.name {
            "" => message.to_owned(),
            name => format!("{name}: {message}"),
        });
    }

    fn warn(&mut self, warning: String) {
        self.warnings.push(short(warning));
    }

    fn react(&mut self, reaction: Option<Reaction>, message: &str) {
        match reaction {
            Some(Reaction::Deny) => self.refuse(message),
            Some(Reaction::Warn) => self.warn(message.to_owned()),
            None => {}
        }
    }
}

fn judge(policy: Policy, wording: &Wording, report: Report) -> Decision {
    let (mut messages, mut warnings) = (Vec::new(), Vec::new());
    for target in &report.targets {
        let name = (wording.name)(target);
        let verdict = Verdict { name, messages: &mut messages, warnings: &mut warnings };
        judge_target(target, policy, wording, verdict);
    }
    let is_unreadable = report.targets.iter().any(|target| !target.errors.is_empty());
    let accepted = messages.is_empty();
    let code = match (accepted, is_unreadable) {
        (true, _) => 200,
        (false, true) => 400,
        (false, false) => 403,
    };
    Decision { uid: String::new(), accepted, code, messages, warnings, report }
}

fn judge_target(target: &Target, policy: Policy, wording: &Wording, mut verdict: Verdict<'_>) {
    for error in &target.errors {
        verdict.refuse(&sentence_of_issue(error));
    }
    // No finding of a target that cannot be read says anything more.
    let Some(kubelet) = target.kubelet.as_ref().filter(|_| target.errors.is_empty()) else {
        if target.errors.is_empty() {
            verdict.refuse("nothing was audited");
        }
        return;
    };
    let is_stopped = kubelet.starts == Some(false);
    if is_stopped {
        let reasons: Vec<&str> = kubelet.errors.iter().map(|error| error.message.as_str()).collect();
        verdict.refuse(&format!("the kubelet would not start: {}", reasons.join("; ")));
    }
    let is_partial = !kubelet.missing_layers.is_empty();
    let mut unknown = 0_usize;
    for finding in &target.findings {
        let row = &finding.benchmark;
        let effect = finding.effective.verdict;
        match finding.status {
            // It fails only because the kubelet does not start, which is said above.
            Status::Fail if is_stopped && row.verdict != Status::Fail => {}
            Status::Fail if finding.severity >= policy.fail_on => verdict.refuse(&(wording.finding)(finding)),
            Status::Fail => verdict.warn(format!("{} {} fails", row.number, finding.control)),
            Status::Error if is_partial && policy.on_unknown == Reaction::Warn => {
                unknown = unknown.saturating_add(1);
            }
            // If nothing is missing, the message above already says why the kubelet does not start.
            Status::Error if is_partial || !is_stopped => verdict.refuse(&(wording.finding)(finding)),
            Status::Pass if effect == Effect::Unknown && policy.on_unknown == Reaction::Warn => {
                unknown = unknown.saturating_add(1);
            }
            Status::Pass if effect == Effect::Unknown => {
                let missing = finding.effective.missing.join(" and ");
                verdict.refuse(&match missing.as_str() {
                    "" => format!("{} {}: its effect is unknown", row.number, finding.control),
                    missing => {
                        format!("{} {}: its effect is unknown without {missing}", row.number, finding.control)
                    }
                });
            }
            Status::Pass if matches!(effect, Effect::No | Effect::Partly) => {
                let much = if effect == Effect::No { "no effect" } else { "only a part of its effect" };
                let (number, control, message) = (&row.number, &finding.control, &finding.message);
                verdict.react(
                    policy.on_no_effect,
                    &format!("{number} {control} passes the benchmark but has {much}: {message}"),
                );
            }
            Status::Manual => {
                let (number, control) = (&row.number, &finding.control);
                verdict.react(policy.on_manual, &format!("{number} {control} needs a manual review"));
            }
            _ => {}
        }
    }
    if unknown > 0 {
        let missing = match kubelet.missing_layers.as_slice() {
            [] => String::new(),
            layers => format!(": the object does not include {}", layers.join(" and ")),
        };
        verdict.warn(format!("{unknown} controls cannot be checked{missing}"));
    }
}

fn short(text: String) -> String {
    if text.chars().count() <= WARNING {
        return text;
    }
    let mut cut: String = text.chars().take(WARNING.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Implements Kubewarden's `validate`: from `{"request": ..., "settings": ...}` to
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

/// Implements Kubewarden's `validate_settings`: from the settings, or `{"settings": {...}}`, to
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
        Err(error) => Err(format!("not JSON: {}", error.message)),
    };
    json_text(&match read {
        Ok(()) => json!({ "valid": true }),
        Err(reason) => json!({ "valid": false, "message": format!("invalid settings: {reason}") }),
    })
}

/// Returns the response of an admission webhook: from `{"request": AdmissionRequest, ...}` to an AdmissionReview
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

/// Returns Gatekeeper's violations: from `{"review": ..., "parameters": ...}` to `[{"msg": ...}]`.
pub fn violations(payload: &str) -> String {
    let messages = decide(payload).messages;
    json_text(&Value::Array(messages.into_iter().map(|message| json!({ "msg": message })).collect()))
}
