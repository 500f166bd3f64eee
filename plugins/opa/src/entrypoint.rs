//! What the entrypoints answer.

use kubelet_audit::admission;
use kubelet_audit::report::{Issue, Report, Status};

use crate::input::{Question, question};

/// A question that a host can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrypoint {
    /// The report.
    Report,
    /// Whether nothing is wrong.
    Allow,
    /// What is wrong.
    Deny,
}

/// Their names; the position is the number.
pub const ENTRYPOINTS: &[(&str, Entrypoint)] = &[
    ("kubelet_audit/report", Entrypoint::Report),
    ("kubelet_audit/allow", Entrypoint::Allow),
    ("kubelet_audit/deny", Entrypoint::Deny),
];

/// The result of an entrypoint, as JSON. `input` and `data` are JSON; an input that is not defined is
/// `null`.
pub fn result(entrypoint: Entrypoint, input: &str, data: Option<&str>) -> String {
    let report = match question(input, data) {
        Question::Audit(request) => match kubelet_audit::audit_json_report(&request) {
            Ok(report) => report,
            Err(error) => {
                return match entrypoint {
                    Entrypoint::Report => error.to_json().to_string(),
                    Entrypoint::Allow => false.to_string(),
                    Entrypoint::Deny => list(&[error.to_string()]),
                };
            }
        },
        Question::Invalid(reason) => kubelet_audit::invalid_request(&reason),
        Question::Admission(payload) => {
            return match entrypoint {
                Entrypoint::Report => admission::admission_review(&payload),
                Entrypoint::Allow => admission::decide(&payload).accepted.to_string(),
                Entrypoint::Deny => list(&admission::decide(&payload).messages),
            };
        }
        Question::Review(payload) => {
            return match entrypoint {
                Entrypoint::Report | Entrypoint::Deny => admission::violations(&payload),
                Entrypoint::Allow => admission::decide(&payload).accepted.to_string(),
            };
        }
    };
    match entrypoint {
        Entrypoint::Report => kubelet_audit::render::json::render(&report),
        Entrypoint::Allow => messages(&report).is_empty().to_string(),
        Entrypoint::Deny => list(&messages(&report)),
    }
}

/// Texts, which JSON can say.
fn list(texts: &[String]) -> String {
    serde_json::to_string(texts).unwrap_or_default()
}

/// One message for everything that is wrong: what cannot be read, what fails, what cannot be judged.
fn messages(report: &Report) -> Vec<String> {
    let mut messages = Vec::new();
    for target in &report.targets {
        messages.extend(target.errors.iter().map(issue));
        for finding in &target.findings {
            if matches!(finding.status, Status::Fail | Status::Error) {
                let row = &finding.benchmark;
                messages.push([&*row.number, " ", &*row.title, ": ", &*finding.message].concat());
            }
        }
    }
    messages
}

fn issue(issue: &Issue) -> String {
    match issue.help.as_str() {
        "" => issue.message.clone(),
        help => [&*issue.message, "; ", help].concat(),
    }
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
        let violations = ask(Entrypoint::Deny, &admitted("review", false));
        assert_eq!(violations, ask(Entrypoint::Report, &admitted("review", false)));
        assert!(violations[0]["msg"].as_str().unwrap().contains("serverTLSBootstrap"), "{violations}");
    }

    #[test]
    fn names_are_what_a_policy_may_be_called() {
        for (name, _) in ENTRYPOINTS {
            assert!(name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_' | b'/')), "{name}");
        }
    }
}
