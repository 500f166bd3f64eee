//! `tls-cert-key`

#[cfg(test)]
use serde_json::json;

use crate::benchmark::Rule;
use crate::controls::serving_certificates::{has_static_pair, is_own_pair, renewal_of_static_pair, rotates};
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
    title: "Clients can verify the serving certificate",
    failure_title: "Clients cannot verify the serving certificate",
    severity: Severity::Medium,
    why: "A self-signed serving certificate gives clients no way to tell the kubelet from a man in the \
          middle.",
    field: "tlsCertFile",
    settings: &[CERT, KEY],
    statements: Statements {
        whether: "clients can verify the serving certificate",
        yes: "The kubelet serves a certificate that the node did not sign itself.",
        no: "The kubelet serves a self-signed certificate.",
        partly: "",
    },
    requirements: &[
        Requirement { setting: CERT, value: TargetValue::Example("/etc/kubernetes/pki/kubelet.crt") },
        Requirement { setting: KEY, value: TargetValue::Example("/etc/kubernetes/pki/kubelet.key") },
    ],
    fix_safety: &[FixSafety::needs_review(
        "the paths are examples: the files must exist and match, or the kubelet exits or serves nothing",
    )],
    docs: Docs {
        checks: "tlsCertFile and tlsPrivateKeyFile, or their flags, are both set. If the certificate \
                 comes from the API server, the control does not apply.",
        matters: "Without either, the kubelet signs its own certificate, which no client can verify and \
                  which it never renews.",
        edition: "cis-1.12",
        compliant: Example::config(
            "tlsCertFile: /etc/kubernetes/pki/kubelet.crt\ntlsPrivateKeyFile: /etc/kubernetes/pki/kubelet.key\n",
            Status::Pass,
        ),
        violating: Example::config("serverTLSBootstrap: false\n", Status::Fail),
        remediation: "Preferably set serverTLSBootstrap: true and make sure that the certificate requests \
                      get approved. Otherwise, set a certificate and key that the cluster's CA signed, \
                      and renew them yourself.",
        edge_cases: &[
            "AKS nodes without rotation use a self-signed pair: it is set, but no better.",
            "The pair that the kubelet generates appears in /configz, but does not count as set.",
            "If serverTLSBootstrap is on, the control does not apply, so it never contradicts the \
             rotation control.",
            "Up to 1.35, one file without the other stops the kubelet.",
            "A renewed file is reloaded since 1.31, with the feature gate ReloadKubeletServerCertificateFile. Up to \
             1.35, clients that connect by IP address get the old certificate until the kubelet restarts.",
        ],
        references: &[
            "cmd/kubelet/app/server.go, InitializeTLS",
            "pkg/kubelet/kubelet.go and pkg/kubelet/server/server.go, ListenAndServeKubeletServer (1.30 to 1.36)",
            "kubernetes/kubernetes#133654",
            "Azure/AgentBaker (kubeletserver.crt)",
            "mondoohq/cnspec#3654",
        ],
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
        "nothing to do: rotated certificates meet the purpose of the control, and setting files would \
         interfere with them"
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
                "the certificate comes from the API server (serverTLSBootstrap), so no files are needed"
                    .into(),
            ],
            Effect::Yes => vec![renewal_of_static_pair(kubelet.configuration, kubelet.version).into()],
            Effect::No => vec![
                "with serverTLSBootstrap: true and no files set, the kubelet gets a certificate from the \
                 API server and renews it"
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
