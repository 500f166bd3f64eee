//! `client-ca-file`

#[cfg(test)]
use serde_json::json;

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::{FieldId, id};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::CLIENT_CA_FILE);

pub(super) struct ClientCaFile;

static METADATA: Metadata = Metadata {
    slug: "client-ca-file",
    title: "Client certificates are verified against a CA",
    failure_title: "Client certificates are not verified",
    severity: Severity::High,
    why: "Without a client CA, the kubelet cannot verify that a request comes from the API server.",
    field: "authentication.x509.clientCAFile",
    settings: &[SETTING],
    statements: Statements {
        whether: "client certificates are verified",
        yes: "Client certificates are verified against the CA.",
        no: "No client certificate is accepted as authentication.",
        partly: "",
    },
    requirements: &[Requirement {
        setting: SETTING,
        value: TargetValue::Example("/etc/kubernetes/pki/ca.crt"),
    }],
    fix_safety: &[FixSafety::needs_review(
        "the path is an example: the kubelet exits if the file is missing, and the file must contain the \
         CA of the API server's client certificate",
    )],
    docs: Docs {
        checks: "authentication.x509.clientCAFile, or --client-ca-file, is set. Some distributions \
                 require a specific path.",
        matters: "The API server authenticates to the kubelet with a client certificate. The file names \
                  the CA that must have signed it.",
        edition: "cis-1.12",
        compliant: Example::config(
            "authentication:\n  x509:\n    clientCAFile: /etc/kubernetes/pki/ca.crt\n",
            Status::Pass,
        ),
        violating: Example::config("authentication:\n  x509:\n    clientCAFile: \"\"\n", Status::Fail),
        remediation: "Set authentication.x509.clientCAFile to the cluster's CA certificate and restart \
                      the kubelet.",
        edge_cases: &[
            "An empty string counts as not set.",
            "A missing or unreadable file stops the kubelet. The file itself is not part of the input.",
        ],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/"],
    },
};

impl Control for ClientCaFile {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.str(id::CLIENT_CA_FILE).is_empty() { Effect::No } else { Effect::Yes }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::WEBHOOK_ENABLED]
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        if effect == Effect::No && kubelet.configuration.bool(id::WEBHOOK_ENABLED) {
            vec!["the API server still verifies bearer tokens".into()]
        } else {
            Vec::new()
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-aks-1.7", File("authentication: {x509: {clientCAFile: /ca.crt}}\n"), "pass/yes"),
            ("cis-aks-1.7", File(""), "fail/no"),
            ("cis-aks-1.7", File("authentication: {x509: {clientCAFile: \"\"}}\n"), "fail/no"),
            ("cis-aks-1.7", Flags("--client-ca-file=/ca.crt"), "pass/yes"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_setting(
            "authentication.x509.clientCAFile",
            "--client-ca-file",
            &[
                json!("/etc/kubernetes/pki/ca.crt"),
                json!("/etc/kubernetes/kubelet-ca.crt"),
                json!("/var/lib/rancher/rke2/agent/client-ca.crt"),
            ],
            &[json!(true)],
        )
    }
}
