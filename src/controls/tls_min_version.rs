//! `tls-min-version`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::TLS_MIN_VERSION);

pub(super) const CONTROL: Control = Control {
    slug: "tls-min-version",
    title: "TLS 1.2 is the oldest version offered",
    severity: Severity::High,
    why: "TLS 1.0 and 1.1 are broken and deprecated, and whoever stands in between can force a client down to them",
    field: "tlsMinVersion",
    settings: &[SETTING],
    says: Says {
        whether: "TLS 1.0 and 1.1 are refused",
        yes: "TLS 1.0 and 1.1 are refused",
        no: "versions of TLS older than 1.2 are accepted",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Text("VersionTLS12") }],
    effect: |running| match running.configuration.str(id::TLS_MIN_VERSION) {
        "VersionTLS10" | "VersionTLS11" => Effect::No,
        _ => Effect::Yes,
    },
    docs: &Docs {
        checks: "tlsMinVersion, or --tls-min-version, is absent or at least VersionTLS12.",
        matters: "The kubelet's default is TLS 1.2. Only a value that is written can lower it.",
        compliant: Example::config("tlsMinVersion: VersionTLS12\n"),
        violating: Example::config("tlsMinVersion: VersionTLS10\n"),
        edition: "strict",
        remediation: "Take the entry out, or set tlsMinVersion: VersionTLS12 or VersionTLS13.",
        edge_cases: &["The names are VersionTLS10 to VersionTLS13; TLSv1.2 stops the kubelet."],
        references: &["RFC 8996", "cmd/kubelet/app/server.go, InitializeTLS"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
