//! `tls-cert-key`

#[cfg(test)]
use serde_json::json;

use crate::benchmark::Rule;
use crate::controls::serving_certificates::{has_static_pair, is_own_pair, rotates};
use crate::controls::{
    AuditedKubelet, Control, Docs, Example, FixSafety, Metadata, Requirement, RuleOutcome, RunningKubelet,
    Setting, Statements, TargetValue, evaluate_setting,
};
use crate::kubelet::fields::{FieldId, id};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

const CERT: Setting = Setting::Field(id::TLS_CERT_FILE);
const KEY: Setting = Setting::Field(id::TLS_PRIVATE_KEY_FILE);

pub(super) struct TlsCertKey;

static METADATA: Metadata = Metadata {
    slug: "tls-cert-key",
    title: "The serving certificate is one that clients can check",
    failure_title: "Clients cannot verify the serving certificate",
    severity: Severity::Medium,
    why: "a self-signed serving certificate gives clients no way to tell the kubelet from somebody in between",
    field: "tlsCertFile",
    settings: &[CERT, KEY],
    statements: Statements {
        whether: "clients can check the serving certificate",
        yes: "the kubelet serves a certificate that is not self-signed by the node",
        no: "the kubelet serves a self-signed certificate",
        partly: "",
    },
    requirements: &[
        Requirement { setting: CERT, value: TargetValue::Example("/etc/kubernetes/pki/kubelet.crt") },
        Requirement { setting: KEY, value: TargetValue::Example("/etc/kubernetes/pki/kubelet.key") },
    ],
    fix_safety: &[FixSafety::needs_review(
        "the paths are examples: the files must be there and fit each other, or the kubelet exits or serves nothing",
    )],
    docs: Docs {
        checks: "tlsCertFile and tlsPrivateKeyFile, or their flags, are both written; or the certificate comes from \
                 the API server, where the control does not apply.",
        matters: "Without either the kubelet signs a certificate for itself, which no client can check, and which it \
                  never renews.",
        edition: "cis-1.12",
        compliant: Example::config(
            "tlsCertFile: /etc/kubernetes/pki/kubelet.crt\ntlsPrivateKeyFile: /etc/kubernetes/pki/kubelet.key\n",
            Status::Pass,
        ),
        violating: Example::config("serverTLSBootstrap: false\n", Status::Fail),
        remediation: "Best set serverTLSBootstrap: true and see to it that the requests are approved. Otherwise name a \
                      certificate and key of the cluster's CA, and renew them yourself.",
        edge_cases: &[
            "AKS nodes without rotation have a pair of their own that is self-signed: it is written, and no better.",
            "The pair that the kubelet makes for itself shows in /configz; it does not count as written.",
            "With serverTLSBootstrap on the row does not apply: this control and the rotation control never ask for \
             opposite things.",
            "One file without the other stops the kubelet up to 1.35.",
        ],
        references: &["cmd/kubelet/app/server.go, InitializeTLS", "mondoohq/cnspec#3654"],
    },
};

impl Control for TlsCertKey {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn depends_on(&self) -> &'static [FieldId] {
        &[id::SERVER_TLS_BOOTSTRAP]
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        let configuration = kubelet.configuration;
        if rotates(configuration, kubelet.version) {
            return Effect::Yes;
        }
        let (cert, key) = (configuration.str(id::TLS_CERT_FILE), configuration.str(id::TLS_PRIVATE_KEY_FILE));
        // The pair that AKS writes is self-signed as well.
        if has_static_pair(configuration) && !is_own_pair(kubelet.audited, cert, key) {
            Effect::Yes
        } else {
            Effect::No
        }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::SERVER_TLS_BOOTSTRAP]
    }

    fn advice(&self) -> &'static str {
        "nothing: rotated certificates meet what the control is about, and naming files would get in their way"
    }

    /// Nobody needs to name files where the API server issues the certificate.
    fn evaluate_rule(&self, kubelet: &AuditedKubelet<'_>, rule: Rule) -> Option<RuleOutcome> {
        let running = kubelet.running()?;
        let is_met = |setting| evaluate_setting(kubelet, setting, rule) == RuleOutcome::Met;
        let is_configured = is_met(CERT) || is_met(KEY);
        (!is_configured && rotates(running.configuration, running.version))
            .then_some(RuleOutcome::NotApplicable)
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        match effect {
            Effect::Yes if rotates(kubelet.configuration, kubelet.version) => vec![
                "the certificate comes from the API server (serverTLSBootstrap), so no files need to be named"
                    .into(),
            ],
            Effect::No => vec![
                "serverTLSBootstrap: true gets one from the API server instead, and renews it; then name no files"
                    .into(),
            ],
            _ => Vec::new(),
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-1.12", File("tlsCertFile: /a.crt\ntlsPrivateKeyFile: /a.key\n"), "pass/yes"),
            ("cis-1.12", File(""), "fail/no"),
            ("cis-1.12", File("tlsCertFile: /a.crt\n"), "fail/does-not-start"),
            ("cis-1.12", File("serverTLSBootstrap: true\n"), "not-applicable/yes"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        let cert = ("tlsCertFile", json!("/c/a.crt"));
        let key = ("tlsPrivateKeyFile", json!("/c/a.key"));
        let cert_flag = ("--tls-cert-file", "/c/a.crt".to_owned());
        let key_flag = ("--tls-private-key-file", "/c/a.key".to_owned());
        vec![
            RuleInput::default(),
            RuleInput::fields([cert.clone(), key.clone()]),
            RuleInput::fields([cert]),
            RuleInput::fields([key]),
            RuleInput { flags: vec![cert_flag.clone(), key_flag], ..RuleInput::default() },
            RuleInput { flags: vec![cert_flag], ..RuleInput::default() },
            RuleInput::invalid("tlsCertFile", json!(1)),
        ]
    }
}
