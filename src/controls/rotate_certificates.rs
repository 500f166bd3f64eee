//! `rotate-certificates`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Running, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::ROTATE_CERTIFICATES);

pub(super) const CONTROL: Control = Control {
    slug: "rotate-certificates",
    title: "Client certificates are rotated",
    severity: Severity::Medium,
    why: "a kubelet whose client certificate runs out loses the API server, and a certificate that never changes \
          stays useful to whoever copied it",
    field: "rotateCertificates",
    settings: &[SETTING],
    says: Says {
        whether: "the kubelet renews its client certificate",
        yes: "the kubelet renews its client certificate",
        no: "the kubelet does not renew its client certificate",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Bool(true) }],
    effect: |running| {
        if running.configuration.bool(id::ROTATE_CERTIFICATES) { Effect::Yes } else { Effect::No }
    },
    notes,
    docs: &Docs {
        checks: "rotateCertificates, or --rotate-certificates, is not false; most editions accept it absent.",
        matters: "The kubelet's client certificate is its identity in the cluster. Rotation asks for a new one before \
                  the old one runs out.",
        compliant: Example::config("rotateCertificates: true\n"),
        violating: Example::config("rotateCertificates: false\n"),
        remediation: "Set rotateCertificates: true. Writing it is the only way to have it: the default is false.",
        edge_cases: &[
            "Benchmarks accept it absent as if true were the default. It is false on every path \
             (kubernetes#93060), so absent passes and does nothing.",
            "A dump of /configz leaves false out, so absent there is false and fails.",
            "Nodes that authenticate with cloud credentials, EKS for one, have no client certificate to renew.",
        ],
        references: &[
            "https://kubernetes.io/docs/tasks/tls/certificate-rotation/",
            "kubernetes/kubernetes#93060",
        ],
        ..Docs::EMPTY
    },
    ..Control::BASE
};

fn notes(running: &Running<'_>, effect: Effect) -> Vec<String> {
    let subject = running.subject;
    let flags = &subject.resolved.flags;
    match effect {
        Effect::No if subject.written(SETTING).found == super::Found::Absent => {
            vec!["the default is false, although benchmarks accept the setting absent".into()]
        }
        Effect::Yes
            if subject.layers.has_words
                && subject.layers.words_complete
                && !flags.given.is_empty()
                && flags.text("kubeconfig").is_none() =>
        {
            vec![
                "the command line has no --kubeconfig: a kubelet without an API server has nothing to renew"
                    .into(),
            ]
        }
        _ => Vec::new(),
    }
}
