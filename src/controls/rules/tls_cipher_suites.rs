//! `tls-cipher-suites`

#[cfg(test)]
use serde_json::json;

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::Version;
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

/// The minor release of Go 1 whose default suites a kubelet offers, by Kubernetes minor. Go chooses them by the settings
/// `tlsrsakex` and `tls3des`, which follow the language version of the main module: the `go` line of
/// `go.mod` in `k8s.io/kubernetes`, and from 1.32 on its `godebug default` line.
const GO_RELEASES: &[(u8, u8)] = &[
    (25, 19),
    (26, 19),
    (27, 20),
    (28, 20),
    (29, 21),
    (30, 22),
    (31, 22),
    (32, 23),
    (33, 24),
    (34, 24),
    (35, 25),
    (36, 26),
    (37, 26),
];

/// What a kubelet offers without a list (`crypto/tls`, release notes of Go 1.22 and 1.23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DefaultSuites {
    /// Up to Go 1.21: suites without forward secrecy, and 3DES.
    WithoutForwardSecrecy,
    /// Go 1.22: 3DES with forward secrecy.
    With3Des,
    /// From Go 1.23 on: forward secrecy, and some suites with CBC.
    WithCbc,
}

impl DefaultSuites {
    fn of(version: Version) -> Self {
        // A version without an entry is newer than the table: Go has not taken suites back.
        let release = GO_RELEASES.iter().find(|(minor, _)| *minor == version.minor());
        match release.map(|(_, go)| *go) {
            Some(..22) => Self::WithoutForwardSecrecy,
            Some(22) => Self::With3Des,
            _ => Self::WithCbc,
        }
    }
}

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
            "An unset or empty list means the defaults of Go. They include suites without forward secrecy up to \
             Kubernetes 1.29, and 3DES up to 1.31.",
            "A repeated flag appends to the list.",
        ],
        references: &[
            "https://pkg.go.dev/crypto/tls#CipherSuites",
            "component-base cli/flag/ciphersuites_flag.go",
            "https://go.dev/doc/go1.22 (tlsrsakex) and https://go.dev/doc/go1.23 (tls3des), with go.mod of each \
             Kubernetes release",
            "golang.org/x/net/http2, ConfigureServer",
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
            match DefaultSuites::of(kubelet.version) {
                DefaultSuites::WithoutForwardSecrecy | DefaultSuites::With3Des => Effect::No,
                DefaultSuites::WithCbc => Effect::Partly,
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
        } else if names.is_empty() {
            match DefaultSuites::of(kubelet.version) {
                DefaultSuites::WithoutForwardSecrecy => {
                    "without a list, Kubernetes up to 1.29 also offers suites without forward secrecy, and 3DES"
                }
                DefaultSuites::With3Des => {
                    "without a list, Kubernetes 1.30 and 1.31 also offer TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"
                }
                DefaultSuites::WithCbc => {
                    "without a list, Go offers suites with forward secrecy, including some with CBC"
                }
            }
            .into()
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

#[cfg(test)]
mod tests {
    use super::{DefaultSuites, GO_RELEASES};
    use crate::kubelet::Version;

    #[test]
    fn every_version_has_a_release_of_go() {
        let minors: Vec<u8> = Version::oldest_first().map(|version| version.minor()).collect();
        let listed: Vec<u8> = GO_RELEASES.iter().map(|(minor, _)| *minor).collect();
        assert_eq!(listed, minors);
    }

    #[test]
    fn default_suites_follow_the_release_of_go() {
        let of = |minor| {
            DefaultSuites::of(Version::oldest_first().find(|version| version.minor() == minor).unwrap())
        };
        assert_eq!(of(29), DefaultSuites::WithoutForwardSecrecy);
        assert_eq!([of(30), of(31)], [DefaultSuites::With3Des; 2]);
        assert_eq!([of(32), of(37)], [DefaultSuites::WithCbc; 2]);
    }
}
