//! What the entrypoints answer.

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
        Question::Audit(request) => kubelet_audit::audit_json_report(&request),
        Question::Invalid(reason) => kubelet_audit::invalid_request(&reason),
    };
    match entrypoint {
        Entrypoint::Report => kubelet_audit::render::json::render(&report),
        Entrypoint::Allow => messages(&report).is_empty().to_string(),
        // Texts, which JSON can say.
        Entrypoint::Deny => serde_json::to_string(&messages(&report)).unwrap_or_default(),
    }
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
        assert_eq!(result(Entrypoint::Report, ROTATES, None), kubelet_audit::audit_json(ROTATES));
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

    #[test]
    fn names_are_what_a_policy_may_be_called() {
        for (name, _) in ENTRYPOINTS {
            assert!(name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_' | b'/')), "{name}");
        }
    }
}
