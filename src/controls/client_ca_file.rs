//! `client-ca-file`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::CLIENT_CA_FILE);

pub(super) const CONTROL: Control = Control {
    slug: "client-ca-file",
    title: "Client certificates are checked against a CA",
    severity: Severity::High,
    why: "without a client CA the kubelet cannot tell the API server from anybody else by its certificate",
    field: "authentication.x509.clientCAFile",
    settings: &[SETTING],
    also: &[id::WEBHOOK_ENABLED],
    says: Says {
        whether: "client certificates are checked",
        yes: "client certificates are checked against the CA",
        no: "no client certificate is accepted as proof of who is calling",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Example("/etc/kubernetes/pki/ca.crt") }],
    effect: |running| {
        if running.configuration.str(id::CLIENT_CA_FILE).is_empty() { Effect::No } else { Effect::Yes }
    },
    notes: |running, effect| {
        if effect == Effect::No && running.configuration.bool(id::WEBHOOK_ENABLED) {
            vec!["bearer tokens are still checked, by asking the API server".into()]
        } else {
            Vec::new()
        }
    },
    docs: &Docs {
        checks: "authentication.x509.clientCAFile, or --client-ca-file, names a file. Some distributions ask for \
                 one path.",
        matters: "The API server proves itself to the kubelet with a client certificate. The file names the CA that \
                  must have signed it.",
        compliant: Example::config(
            "authentication:\n  x509:\n    clientCAFile: /etc/kubernetes/pki/ca.crt\n",
        ),
        violating: Example::config("authentication:\n  x509:\n    clientCAFile: \"\"\n"),
        remediation: "Set authentication.x509.clientCAFile to the cluster's CA certificate and restart the kubelet.",
        edge_cases: &[
            "An empty text counts as not written.",
            "A file that cannot be read stops the kubelet; the file itself is not in this input.",
        ],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
