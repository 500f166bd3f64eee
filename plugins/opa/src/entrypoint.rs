//! What the entrypoints answer.

use kubelet_audit::admission::{self, Decision};
use kubelet_audit::json::json_text;
use kubelet_audit::report::Issue;
use serde_json::{Value, json};

use crate::input::{Question, question};

/// A question that a host can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrypoint {
    /// The report.
    Report,
    /// Whether there is nothing to deny.
    Allow,
    /// One message for everything that fails, is unknown or needs a manual review.
    Deny,
    /// The findings alone. What cannot be judged is an element with an empty `control`, so that no query takes it
    /// for a node without findings.
    Findings,
}

/// Their names; the position is the number.
pub const ENTRYPOINTS: &[(&str, Entrypoint)] = &[
    ("kubelet_audit/report", Entrypoint::Report),
    ("kubelet_audit/allow", Entrypoint::Allow),
    ("kubelet_audit/deny", Entrypoint::Deny),
    ("kubelet_audit/findings", Entrypoint::Findings),
];

/// Returns the result of an entrypoint, as JSON. `input` and `data` are JSON; an input that is not defined is
/// `null`.
pub fn result(entrypoint: Entrypoint, input: &str, data: Option<&str>) -> String {
    match question(input, data) {
        Question::Node { request, policy } => match (entrypoint, admission::decide_node(&request, &policy)) {
            (Entrypoint::Report, Ok(decision)) => json_text(&decision.report),
            (Entrypoint::Report, Err(error)) => json_text(&error.to_json()),
            (Entrypoint::Allow, decision) => decision.is_ok_and(|decision| decision.accepted).to_string(),
            (Entrypoint::Deny, Ok(decision)) => json_text(&decision.messages),
            (Entrypoint::Deny, Err(error)) => json_text(&[error.to_string()]),
            (Entrypoint::Findings, Ok(decision)) => json_text(&findings(&decision)),
            (Entrypoint::Findings, Err(error)) => {
                json_text(&[unjudged(&error.code, &error.message, &error.help)])
            }
        },
        Question::Admission(payload) | Question::Review(payload) if entrypoint == Entrypoint::Findings => {
            json_text(&findings(&admission::decide(&payload)))
        }
        Question::Admission(payload) => match entrypoint {
            Entrypoint::Report => admission::admission_review(&payload),
            Entrypoint::Allow => admission::decide(&payload).accepted.to_string(),
            Entrypoint::Deny | Entrypoint::Findings => json_text(&admission::decide(&payload).messages),
        },
        Question::Review(payload) => match entrypoint {
            Entrypoint::Report | Entrypoint::Deny | Entrypoint::Findings => admission::violations(&payload),
            Entrypoint::Allow => admission::decide(&payload).accepted.to_string(),
        },
        Question::Invalid(reason) => match entrypoint {
            Entrypoint::Report => json_text(&kubelet_audit::invalid_request(&reason)),
            Entrypoint::Allow => false.to_string(),
            Entrypoint::Deny => json_text(&[format!("invalid request: {reason}")]),
            Entrypoint::Findings => json_text(&[unjudged("invalid-request", &reason, "")]),
        },
    }
}

/// The findings of every target, each with the name of its target.
fn findings(decision: &Decision) -> Vec<Value> {
    let report = &decision.report;
    let mut all = Vec::new();
    for target in &report.targets {
        let of_target = |mut finding: Value| {
            if let Value::Object(members) = &mut finding {
                members
                    .insert("target".to_owned(), target.object.as_deref().unwrap_or(&target.source).into());
                members.insert("node".to_owned(), target.node.as_deref().into());
            }
            finding
        };
        if target.errors.is_empty() {
            all.extend(target.findings.iter().map(|finding| of_target(json!(finding))));
        } else {
            all.extend(target.errors.iter().map(|error| of_target(of_issue(error))));
        }
    }
    if report.targets.is_empty() {
        all.extend(report.notices.iter().map(of_issue));
        // An invalid payload has no report.
        if all.is_empty() {
            all.extend(decision.messages.iter().map(|message| unjudged("invalid-request", message, "")));
        }
    }
    all
}

fn of_issue(issue: &Issue) -> Value {
    unjudged(&issue.code, &issue.message, &issue.help)
}

/// What stands in place of findings if nothing can be judged.
fn unjudged(code: &str, message: &str, help: &str) -> Value {
    json!({ "control": "", "status": "error", "code": code, "message": message, "fix": help })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ENTRYPOINTS, Entrypoint, result};

    const ROTATES: &str = r#"{"config": {"kind": "KubeletConfiguration", "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "serverTLSBootstrap": true, "featureGates": {"RotateKubeletServerCertificate": true}},
        "controls": ["rotate-kubelet-server-certificate"]}"#;

    fn ask(entrypoint: Entrypoint, input: &str) -> Value {
        serde_json::from_str(&result(entrypoint, input, None)).unwrap()
    }

    #[test]
    fn a_node_that_passes_is_allowed() {
        assert_eq!(ask(Entrypoint::Allow, ROTATES), json!(true));
        assert_eq!(ask(Entrypoint::Deny, ROTATES), json!([]));
        assert_eq!(result(Entrypoint::Report, ROTATES, None), kubelet_audit::audit_json(ROTATES).unwrap());
        let findings = ask(Entrypoint::Findings, ROTATES);
        assert_eq!(findings[0]["control"], "rotate-kubelet-server-certificate");
        assert_eq!((&findings[0]["target"], findings.as_array().unwrap().len()), (&json!("config"), 1));
    }

    #[test]
    fn an_option_that_does_not_exist_is_denied_and_has_no_report() {
        let input = r#"{"config": "", "benchmark": "cis-aks-17"}"#;
        assert_eq!(ask(Entrypoint::Allow, input), json!(false));
        let messages = ask(Entrypoint::Deny, input);
        assert!(messages[0].as_str().unwrap().contains("did you mean cis-aks-1.7?"), "{messages}");
        let report = ask(Entrypoint::Report, input);
        assert_eq!(report["error"]["code"], "unknown-benchmark");
        assert_eq!(report["error"]["option"], "benchmark");
    }

    #[test]
    fn what_fails_and_what_cannot_be_read_is_denied_with_a_reason() {
        let fails = ROTATES.replace("\"RotateKubeletServerCertificate\": true", "");
        assert_eq!(ask(Entrypoint::Allow, &fails), json!(false));
        let messages = ask(Entrypoint::Deny, &fails);
        assert!(messages[0].as_str().unwrap().starts_with("3.2.9 Ensure"), "{messages}");
        for input in ["null", "[]", "", "\"a: [\"", r#"{"config": "", "parameters": 5}"#] {
            assert_eq!(ask(Entrypoint::Allow, input), json!(false), "{input}");
            assert!(!ask(Entrypoint::Deny, input).as_array().unwrap().is_empty(), "{input}");
        }
        let invalid = ask(Entrypoint::Deny, r#"{"config": "", "parameters": 5}"#);
        assert!(invalid[0].as_str().unwrap().contains("parameters is a number, not an object"), "{invalid}");
    }

    /// A kubeadm ConfigMap whose kubelet does not rotate, or does.
    fn admitted(member: &str, bootstrap: bool) -> String {
        let text = format!(
            "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nserverTLSBootstrap: {bootstrap}\n"
        );
        json!({
            member: {
                "uid": "u-1",
                "operation": "CREATE",
                "object": {
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": { "name": "kubelet-config", "namespace": "kube-system" },
                    "data": { "kubelet": text },
                },
            },
            "parameters": {
                "controls": ["rotate-kubelet-server-certificate"], "basis": "effective", "kubeletVersion": "1.34",
            },
        })
        .to_string()
    }

    #[test]
    fn an_admission_review_is_answered_with_one() {
        let good = ask(Entrypoint::Report, &admitted("request", true));
        assert_eq!(good["kind"], "AdmissionReview");
        assert_eq!(good["response"], json!({ "uid": "u-1", "allowed": true }));
        let bad = ask(Entrypoint::Report, &admitted("request", false));
        assert_eq!(
            (&bad["response"]["allowed"], &bad["response"]["status"]["code"]),
            (&json!(false), &json!(403))
        );
        let messages = ask(Entrypoint::Deny, &admitted("request", false));
        assert_eq!(bad["response"]["status"]["message"], messages[0]);
        assert_eq!(ask(Entrypoint::Deny, &admitted("request", true)), json!([]));
        for (bootstrap, allowed) in [(true, true), (false, false)] {
            assert_eq!(ask(Entrypoint::Allow, &admitted("request", bootstrap)), json!(allowed));
            assert_eq!(ask(Entrypoint::Allow, &admitted("review", bootstrap)), json!(allowed));
        }
    }

    #[test]
    fn gatekeeper_has_violations() {
        assert_eq!(ask(Entrypoint::Report, &admitted("review", true)), json!([]));
        let findings = ask(Entrypoint::Findings, &admitted("review", false));
        assert_eq!(findings[0]["target"], "ConfigMap kube-system/kubelet-config");
        let violations = ask(Entrypoint::Deny, &admitted("review", false));
        assert_eq!(violations, ask(Entrypoint::Report, &admitted("review", false)));
        assert!(violations[0]["msg"].as_str().unwrap().contains("serverTLSBootstrap"), "{violations}");
    }

    #[test]
    fn allow_is_what_deny_has_nothing_against() {
        for (input, messages) in [
            // Not a configuration of any kubelet: one message each.
            (json!("Error from server (NotFound): nodes \"a\" not found"), 1),
            (json!("{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\"}"), 1),
            (json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "no" }), 1),
            (json!({ "kind": "Pod", "apiVersion": "v1" }), 1),
            (json!("{\"kubeletconfig\": {\"a\""), 1),
            (json!("a: [\n"), 1),
            (json!(""), 1),
            (json!({ "node": "a", "error": "no route to host" }), 1),
            // Nothing would be checked.
            (json!({ "config": "", "controls": [] }), 1),
            (json!({ "kubeletconfig": {}, "parameters": { "controls": [] } }), 1),
            (json!({ "kubeletconfig": {}, "parameters": { "level": 0 } }), 1),
            (json!({ "kubeletconfig": {}, "parameters": { "contols": ["read-only-port"] } }), 1),
        ] {
            let input = input.to_string();
            assert_eq!(ask(Entrypoint::Allow, &input), json!(false), "{input}");
            let denied = ask(Entrypoint::Deny, &input);
            let findings = ask(Entrypoint::Findings, &input);
            assert_eq!(
                (&findings[0]["control"], &findings[0]["status"]),
                (&json!(""), &json!("error")),
                "{input}"
            );
            assert_eq!(denied.as_array().unwrap().len(), messages, "{input}: {denied}");
        }
        for data in [r#"{"controls": []}"#, r#"{"parameters": {"controls": []}}"#, r#"{"benchmark": ""}"#] {
            assert_eq!(result(Entrypoint::Allow, ROTATES, Some(r#"{"parameters": {"level": 0}}"#)), "false");
            assert_eq!(result(Entrypoint::Allow, "{\"kubeletconfig\": {}}", Some(data)), "false", "{data}");
            assert_eq!(
                result(
                    Entrypoint::Allow,
                    &admitted("request", true)
                        .replace("controls", "severity")
                        .replace("[\"rotate-kubelet-server-certificate\"]", "\"info\""),
                    Some(data)
                ),
                "false",
                "{data}"
            );
        }
    }

    #[test]
    fn a_record_of_a_fleet_is_judged_by_its_own_version() {
        let record = json!({
            "node": "n", "kubeletVersion": "v1.34.2",
            "kubeletconfig": { "readOnlyPort": 0, "authentication": { "anonymous": { "enabled": false } } },
        });
        let data = Some(
            r#"{"parameters": {"controls": ["read-only-port"], "benchmark": "cis-1.8", "failOn": "low"}}"#,
        );
        let report: Value =
            serde_json::from_str(&result(Entrypoint::Report, &record.to_string(), data)).unwrap();
        let target = &report["targets"][0];
        assert_eq!(
            (&target["node"], &target["kubelet"]["version"]),
            (&json!("n"), &json!("1.34")),
            "{target}"
        );
        assert_eq!(target["kubelet"]["versionSource"], "node");
        assert_eq!(result(Entrypoint::Deny, &record.to_string(), data), "[]");
        assert_eq!(result(Entrypoint::Allow, &record.to_string(), data), "true");
    }

    #[test]
    fn names_are_what_a_policy_may_be_called() {
        for (name, _) in ENTRYPOINTS {
            assert!(name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_' | b'/')), "{name}");
        }
    }
}
