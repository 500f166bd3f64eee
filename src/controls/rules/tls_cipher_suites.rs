//! `tls-cipher-suites`

#[cfg(test)]
use serde_json::json;

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::{FieldId, id};
use crate::report::{Effect, Severity, Status};
use crate::resolve::cipher_suite;
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

const SETTING: Setting = Setting::Field(id::TLS_CIPHER_SUITES);

/// The suites with forward secrecy and authenticated encryption; those that CIS allows from 1.12 on.
const STRONG_SUITES: &[&str] = &[
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
];

pub(super) struct TlsCipherSuites;

static METADATA: Metadata = Metadata {
    slug: "tls-cipher-suites",
    title: "Only strong cipher suites are offered",
    failure_title: "Weak cipher suites are offered",
    severity: Severity::Medium,
    why: "A weak suite, or one without forward secrecy, lets an attacker decrypt recorded traffic later.",
    field: "tlsCipherSuites",
    settings: &[SETTING],
    statements: Statements {
        whether: "only strong cipher suites are offered",
        yes: "Only suites with forward secrecy and authenticated encryption are offered.",
        no: "Weak cipher suites are offered.",
        partly: "The offered suites are acceptable, but not all are recommended.",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::List(STRONG_SUITES) }],
    fix_safety: &[FixSafety::needs_review(
        "clients that support none of the remaining suites can no longer connect",
    )],
    docs: Docs {
        checks: "tlsCipherSuites, or --tls-cipher-suites, is set and contains only the suites of the \
                 benchmark: eight up to CIS 1.11, the six with forward secrecy since 1.12.",
        matters: "The list decides which ciphers a TLS 1.2 client can use. Suites that begin with TLS_RSA \
                  have no forward secrecy: anyone who gets the key later can decrypt recorded traffic.",
        edition: "cis-1.12",
        compliant: Example::config(
            "tlsCipherSuites:\n  - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n  - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305\n",
            Status::Pass,
        ),
        violating: Example::config(
            "tlsCipherSuites:\n  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n  - TLS_RSA_WITH_AES_128_CBC_SHA\n",
            Status::Fail,
        ),
        remediation: "Set tlsCipherSuites to the six ECDHE suites with AES-GCM and CHACHA20.",
        edge_cases: &[
            "The CHACHA20_POLY1305 names with and without _SHA256 mean the same suite.",
            "A name that Go does not know, or one in lower case, stops the kubelet.",
            "A list without one of the suites that HTTP/2 requires (AES_128_GCM_SHA256 with ECDHE) stops the kubelet \
             when its server starts.",
            "With tlsMinVersion VersionTLS13, the list is not used.",
            "An unset or empty list means the defaults of Go, which included suites without forward \
             secrecy up to 1.29.",
            "A repeated flag appends to the list.",
        ],
        references: &[
            "https://pkg.go.dev/crypto/tls#CipherSuites",
            "component-base cli/flag/ciphersuites_flag.go",
        ],
    },
};

impl Control for TlsCipherSuites {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn depends_on(&self) -> &'static [FieldId] {
        &[id::TLS_MIN_VERSION]
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.str(id::TLS_MIN_VERSION) == "VersionTLS13" {
            return Effect::Yes;
        }
        let names = kubelet.configuration.list(id::TLS_CIPHER_SUITES);
        let is_weak = |name: &String| cipher_suite(name).is_some_and(|suite| suite.weak);
        if names.is_empty() {
            // Go's own list. It had 3DES and suites without forward secrecy until Go 1.22, with which
            // Kubernetes is built from 1.30 on; CBC suites are still in it.
            if kubelet.version.at_least(30) || kubelet.audited.resolved.is_configz {
                Effect::Partly
            } else {
                Effect::No
            }
        } else if names.iter().any(is_weak) {
            Effect::No
        } else if names.iter().all(|name| is_strong(name)) {
            Effect::Yes
        } else {
            Effect::Partly
        }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::TLS_MIN_VERSION]
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        let names = kubelet.configuration.list(id::TLS_CIPHER_SUITES);
        let note = if kubelet.configuration.str(id::TLS_MIN_VERSION) == "VersionTLS13" {
            "tlsMinVersion is VersionTLS13, whose suites are fixed, so the list is not used".into()
        } else if names.is_empty() && kubelet.version.at_least(30) {
            "without a list, Go offers suites with forward secrecy, including some with CBC".into()
        } else if names.is_empty() {
            "without a list, Go up to 1.29 also offers suites without forward secrecy".into()
        } else {
            let weaker: Vec<&str> =
                names.iter().map(String::as_str).filter(|name| !is_strong(name)).collect();
            if weaker.is_empty() {
                return Vec::new();
            }
            format!("weak or without forward secrecy: {}", weaker.join(", "))
        };
        vec![note]
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-1.12", File("tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n"), "pass/yes"),
            (
                "cis-1.12",
                File(
                    "tlsCipherSuites: [TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n",
                ),
                "fail/partly",
            ),
            (
                "cis-1.24",
                File(
                    "tlsCipherSuites: [TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n",
                ),
                "pass/partly",
            ),
            (
                "cis-1.12",
                File(
                    "tlsCipherSuites: [TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n",
                ),
                "pass/yes",
            ),
            ("cis-1.12", File("tlsCipherSuites: [NOPE]\n"), "fail/does-not-start"),
            ("cis-1.12", File(""), "fail/partly"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_setting(
            "tlsCipherSuites",
            "--tls-cipher-suites",
            &[
                json!(["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]),
                json!(["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"]),
                json!(["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]),
                json!(["TLS_RSA_WITH_AES_128_GCM_SHA256"]),
                json!(["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA"]),
            ],
            &[json!("TLS_RSA_WITH_AES_128_GCM_SHA256"), json!(1)],
        )
    }
}

/// Whether a suite has forward secrecy and is not known to be weak.
fn is_strong(name: &str) -> bool {
    cipher_suite(name).is_some_and(|suite| suite.forward_secret && !suite.weak)
}
