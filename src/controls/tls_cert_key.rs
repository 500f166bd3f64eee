//! `tls-cert-key`

use crate::benchmark::Rule;
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::judge::ask_one;
use super::{Asked, Control, Docs, Example, Running, Says, Setting, Subject, Want, Wanted, serving};

const CERT: Setting = Setting::Field(id::TLS_CERT_FILE);
const KEY: Setting = Setting::Field(id::TLS_PRIVATE_KEY_FILE);

pub(super) const CONTROL: Control = Control {
    slug: "tls-cert-key",
    title: "The serving certificate is one that clients can check",
    severity: Severity::Medium,
    why: "a self-signed serving certificate gives clients no way to tell the kubelet from somebody in between",
    field: "tlsCertFile",
    settings: &[CERT, KEY],
    also: &[id::SERVER_TLS_BOOTSTRAP],
    says: Says {
        whether: "clients can check the serving certificate",
        yes: "the kubelet serves a certificate that is not self-signed by the node",
        no: "the kubelet serves a self-signed certificate",
        partly: "",
    },
    wants: &[
        Want { setting: CERT, value: Wanted::Example("/etc/kubernetes/pki/kubelet.crt") },
        Want { setting: KEY, value: Wanted::Example("/etc/kubernetes/pki/kubelet.key") },
    ],
    advice: "nothing: rotated certificates meet what the control is about, and naming files would get in their way",
    ask,
    effect,
    notes: |running, effect| {
        match effect {
        Effect::Yes if serving::rotates(running.configuration, running.version) => {
            vec!["the certificate comes from the API server (serverTLSBootstrap), so no files need to be named".into()]
        }
        Effect::No => vec![
            "serverTLSBootstrap: true gets one from the API server instead, and renews it; then name no files".into(),
        ],
        _ => Vec::new(),
    }
    },
    docs: &Docs {
        checks: "tlsCertFile and tlsPrivateKeyFile, or their flags, are both written; or the certificate comes from \
                 the API server, where the control does not apply.",
        matters: "Without either the kubelet signs a certificate for itself, which no client can check, and which it \
                  never renews.",
        compliant: Example::config(
            "tlsCertFile: /etc/kubernetes/pki/kubelet.crt\ntlsPrivateKeyFile: /etc/kubernetes/pki/kubelet.key\n",
        ),
        violating: Example::config("serverTLSBootstrap: false\n"),
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
        ..Docs::EMPTY
    },
    ..Control::BASE
};

/// Nobody need name files where the API server issues the certificate.
fn ask(subject: &Subject<'_>, rule: Rule) -> Option<Asked> {
    let running = subject.running()?;
    let is_written = [CERT, KEY].iter().any(|setting| ask_one(subject, *setting, rule) == Asked::Met);
    (!is_written && serving::rotates(running.configuration, running.version)).then_some(Asked::NotApplicable)
}

fn effect(running: &Running<'_>) -> Effect {
    let configuration = running.configuration;
    if serving::rotates(configuration, running.version) {
        return Effect::Yes;
    }
    let (cert, key) = (configuration.str(id::TLS_CERT_FILE), configuration.str(id::TLS_PRIVATE_KEY_FILE));
    // The pair that AKS writes is self-signed as well.
    if serving::has_static_pair(configuration) && !serving::is_own_pair(running.subject, cert, key) {
        Effect::Yes
    } else {
        Effect::No
    }
}
