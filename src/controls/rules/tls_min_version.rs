//! `tls-min-version`

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File};

const SETTING: Setting = Setting::Field(id::TLS_MIN_VERSION);

pub(super) struct TlsMinVersion;

static METADATA: Metadata = Metadata {
    slug: "tls-min-version",
    title: "TLS versions older than 1.2 are rejected",
    failure_title: "TLS versions older than 1.2 are accepted",
    severity: Severity::High,
    why: "TLS 1.0 and 1.1 are broken and deprecated, and a man in the middle can downgrade a client to \
          them.",
    field: "tlsMinVersion",
    settings: &[SETTING],
    statements: Statements {
        whether: "TLS 1.0 and 1.1 are rejected",
        yes: "TLS 1.0 and 1.1 are rejected.",
        no: "TLS versions older than 1.2 are accepted.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Text("VersionTLS12") }],
    fix_safety: &[FixSafety::needs_review(
        "clients that support only older TLS versions can no longer connect",
    )],
    docs: Docs {
        checks: "tlsMinVersion, or --tls-min-version, is unset or at least VersionTLS12.",
        matters: "The kubelet's default is TLS 1.2. Only an explicit value can lower it.",
        edition: "strict",
        compliant: Example::config("tlsMinVersion: VersionTLS12\n", Status::Pass),
        violating: Example::config("tlsMinVersion: VersionTLS10\n", Status::Fail),
        remediation: "Remove the entry, or set tlsMinVersion to VersionTLS12 or VersionTLS13.",
        edge_cases: &["The names are VersionTLS10 to VersionTLS13. TLSv1.2 stops the kubelet."],
        references: &["RFC 8996", "cmd/kubelet/app/server.go, InitializeTLS"],
    },
};

impl Control for TlsMinVersion {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        match kubelet.configuration.str(id::TLS_MIN_VERSION) {
            "VersionTLS10" | "VersionTLS11" => Effect::No,
            _ => Effect::Yes,
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("strict", File("tlsMinVersion: VersionTLS13\n"), "pass/yes"),
            ("strict", File("tlsMinVersion: VersionTLS10\n"), "fail/no"),
            ("strict", File(""), "pass/yes"),
        ]
    }
}
