//! Our own profile: what an expert asks of a kubelet today, judged by what it really does.

use crate::report::Assessment;

use super::{Edition, Platform, Row, Rows, Rule};

/// Why a control is in the profile.
#[derive(Clone, Copy, Debug)]
pub struct Reason {
    /// The control.
    pub control: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Who says so.
    pub source: &'static str,
}

pub(super) const STRICT: Edition = Edition {
    id: "strict",
    aliases: &[],
    platform: Platform::Any,
    minors: (0, 0),
    rows: Rows::Plain(&[
        row("S1", "Anonymous requests are refused", "anonymous-auth"),
        row("S2", "Bearer tokens are checked by webhook", "webhook-authentication"),
        row("S3", "Requests are authorized by webhook", "authorization-mode"),
        row("S4", "Client certificates are checked", "client-ca-file"),
        row("S5", "The read-only port is closed", "read-only-port"),
        row("S6", "Client certificate rotation is effective", "rotate-certificates"),
        row("S7", "Serving certificate rotation is effective", "rotate-kubelet-server-certificate"),
        row("S8", "TLS 1.2 or newer", "tls-min-version"),
        row("S9", "Forward-secret cipher suites only", "tls-cipher-suites"),
        row("S10", "Seccomp is on by default", "seccomp-default"),
        row("S11", "Kernel defaults are protected", "protect-kernel-defaults"),
        Row {
            rule: Rule::Consider,
            assessment: Assessment::Manual,
            ..row("S12", "Debugging handlers are considered", "debugging-handlers")
        },
    ]),
};

const fn row(number: &'static str, title: &'static str, control: &'static str) -> Row {
    Row { number, title, control, level: None, assessment: Assessment::Automated, rule: Rule::Effective }
}

const fn why(control: &'static str, reason: &'static str, source: &'static str) -> Reason {
    Reason { control, reason, source }
}

/// Why each control is in the profile, and who says so.
pub const REASONS: &[Reason] = &[
    why(
        "anonymous-auth",
        "nobody should reach the kubelet without saying who they are",
        "NSA and CISA, Kubernetes Hardening Guidance 1.2",
    ),
    why(
        "webhook-authentication",
        "service accounts can then prove themselves, so that no weaker door has to stay open for monitoring",
        "Kubernetes documentation, Kubelet authentication/authorization",
    ),
    why(
        "authorization-mode",
        "AlwaysAllow gives every certificate of the cluster's CA the whole node",
        "Kubernetes documentation, Kubelet authentication/authorization",
    ),
    why(
        "client-ca-file",
        "the API server can then be told from anybody else",
        "Kubernetes documentation, Kubelet authentication/authorization",
    ),
    why(
        "read-only-port",
        "it serves in clear text and without authentication; the field's documentation has it off by default",
        "Kubernetes, kubelet/config/v1beta1/types.go",
    ),
    why(
        "rotate-certificates",
        "an absent setting means false, so only an effective one helps",
        "Kubernetes documentation, Configure Certificate Rotation for the Kubelet",
    ),
    why(
        "rotate-kubelet-server-certificate",
        "the gate alone does nothing; what counts is that a certificate is requested and renewed",
        "Kubernetes documentation, TLS bootstrapping, Certificate rotation",
    ),
    why("tls-min-version", "TLS 1.0 and 1.1 are deprecated", "RFC 8996"),
    why(
        "tls-cipher-suites",
        "recorded traffic stays closed when a key is lost only with an ephemeral key exchange",
        "RFC 9325, section 4.1; CIS Kubernetes 1.12 dropped the other suites",
    ),
    why(
        "seccomp-default",
        "unconfined is a poor default for code from outside",
        "Kubernetes documentation, Restrict a Container's Syscalls with seccomp; KEP-2413",
    ),
    why(
        "protect-kernel-defaults",
        "a node whose parameters were hardened should say so when they no longer are, instead of being changed",
        "CIS Kubernetes up to 1.24; Amazon's AL2023 images set it",
    ),
    why(
        "debugging-handlers",
        "exec, attach, logs and port-forward go through them; off is safer, on is useful, so a person decides",
        "Kubernetes, kubelet/config/v1beta1/types.go, enableDebuggingHandlers",
    ),
];
