//! `tls-cipher-suites`

use crate::benchmark::SIX_SUITES;
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::judge::is_strong;
use super::{Control, Docs, Example, Notes, Running, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::TLS_CIPHER_SUITES);

pub(super) const CONTROL: Control = Control {
    slug: "tls-cipher-suites",
    title: "Only strong cipher suites are offered",
    severity: Severity::Medium,
    why: "a weak suite, or one without forward secrecy, lets recorded traffic be read later",
    field: "tlsCipherSuites",
    settings: &[SETTING],
    also: &[id::TLS_MIN_VERSION],
    says: Says {
        whether: "only strong cipher suites are offered",
        yes: "only suites with forward secrecy and authenticated encryption are offered",
        no: "weak cipher suites are offered",
        partly: "suites are offered that are not weak, but not the best either",
    },
    wants: &[Want { setting: SETTING, value: Wanted::List(SIX_SUITES) }],
    effect,
    notes,
    docs: &Docs {
        checks: "tlsCipherSuites, or --tls-cipher-suites, is written and holds nothing but the edition's suites: eight up \
                 to CIS 1.11, from 1.12 on the six with forward secrecy.",
        matters: "The list decides which ciphers a TLS 1.2 client can get. Suites that begin with TLS_RSA have no \
                  forward secrecy: whoever gets the key later reads what was recorded before.",
        compliant: Example::config(
            "tlsCipherSuites:\n  - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n  - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305\n",
        ),
        violating: Example::config(
            "tlsCipherSuites:\n  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n  - TLS_RSA_WITH_AES_128_CBC_SHA\n",
        ),
        remediation: "Write the six ECDHE suites with AES-GCM and CHACHA20 in tlsCipherSuites.",
        edge_cases: &[
            "The names with and without _SHA256 at the end of CHACHA20_POLY1305 mean the same suite.",
            "A name that Go does not know, or one in small letters, stops the kubelet.",
            "With tlsMinVersion VersionTLS13 the list is not used at all.",
            "An absent or empty list means Go's own choice, which had suites without forward secrecy up to 1.29.",
            "A flag that is given twice appends to the list.",
        ],
        references: &[
            "https://pkg.go.dev/crypto/tls#CipherSuites",
            "component-base cli/flag/ciphersuites_flag.go",
        ],
        ..Docs::EMPTY
    },
    ..Control::BASE
};

fn effect(running: &Running<'_>) -> Effect {
    if running.configuration.str(id::TLS_MIN_VERSION) == "VersionTLS13" {
        return Effect::Yes;
    }
    let names = running.configuration.list(id::TLS_CIPHER_SUITES);
    let is_weak = |name: &String| crate::effective::cipher_suite(name).is_some_and(|suite| suite.weak);
    if names.is_empty() {
        // Go's own list. It had 3DES and suites without forward secrecy until Go 1.22, with which
        // Kubernetes is built from 1.30 on; CBC suites are still in it.
        if running.version.at_least(30) || running.subject.resolved.is_configz {
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

fn notes(running: &Running<'_>, _: Effect, notes: &mut Notes) {
    let names = running.configuration.list(id::TLS_CIPHER_SUITES);
    if running.configuration.str(id::TLS_MIN_VERSION) == "VersionTLS13" {
        notes.add("tlsMinVersion is VersionTLS13, whose suites are fixed: the list is not used");
    } else if names.is_empty() {
        notes.add(if running.version.at_least(30) {
            "without a list Go chooses: suites with forward secrecy, some with CBC among them"
        } else {
            "without a list Go chooses, and up to 1.29 suites without forward secrecy are among its choice"
        });
    } else if !names.iter().all(|name| is_strong(name)) {
        let lesser: Vec<&str> = names.iter().map(String::as_str).filter(|name| !is_strong(name)).collect();
        notes.add(&format!("weak or without forward secrecy: {}", lesser.join(", ")));
    }
}
