//! `rotate-kubelet-client-certificate-gate`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

pub(super) const CONTROL: Control = Control {
    slug: "rotate-kubelet-client-certificate-gate",
    title: "The feature gate of client certificate rotation is on",
    severity: Severity::Low,
    why: "the gate once switched rotation of client certificates on; today rotateCertificates alone does",
    field: "featureGates.RotateKubeletClientCertificate",
    settings: &[Setting::Gate("RotateKubeletClientCertificate")],
    also: &[id::ROTATE_CERTIFICATES],
    says: Says {
        whether: "the kubelet renews its client certificate",
        yes: "the kubelet renews its client certificate",
        no: "the kubelet does not renew its client certificate",
        partly: "",
    },
    wants: &[Want { setting: Setting::Field(id::ROTATE_CERTIFICATES), value: Wanted::Bool(true) }],
    effect: |running| {
        if running.configuration.bool(id::ROTATE_CERTIFICATES) { Effect::Yes } else { Effect::No }
    },
    notes: |_, _| {
        vec!["the gate is gone since 1.21: a kubelet that is given it does not start; do not add it".into()]
    },
    // Mending the row would stop the kubelet, so it is not mended by the row's own words.
    word: Some(|subject, row, judgement| {
        let mut outcome = super::word::word(subject, &Control { word: None, ..CONTROL }, row, judgement);
        for route in &mut outcome.routes {
            route.settings.retain(|setting| setting.purpose != crate::report::Purpose::Benchmark);
        }
        outcome
            .routes
            .retain(|route| !route.settings.is_empty() || route.kind == crate::report::RouteKind::Configz);
        if outcome.routes.len() < 2 {
            outcome.routes.clear();
            outcome.commands.clear();
        }
        if judgement.effective != Effect::DoesNotStart {
            outcome.fix = match judgement.effective {
                Effect::No => {
                    "set rotateCertificates: true and leave the gate out, for it would stop the kubelet"
                        .into()
                }
                _ => "leave the gate out, for it would stop the kubelet; choose a later edition".into(),
            };
        }
        outcome
    }),
    docs: &Docs {
        checks: "The gate RotateKubeletClientCertificate is written true (OpenShift 3.10 and 3.11).",
        matters: "The gate became general in 1.19 and was removed in 1.21. Rotation of client certificates is decided \
                  by rotateCertificates since.",
        compliant: Example::config(
            "rotateCertificates: true\nfeatureGates:\n  RotateKubeletClientCertificate: true\n",
        ),
        violating: Example::config("rotateCertificates: true\n"),
        edition: "cis-openshift-0.7",
        expects: (Status::Error, Status::Fail),
        remediation: "Do not write the gate. Set rotateCertificates: true, and audit by an edition of the cluster's own \
                      time.",
        edge_cases: &[
            "No Kubernetes from 1.21 on starts with the gate written, so no kubelet that this program knows can pass.",
        ],
        references: &["kubernetes/kubernetes#97306"],
    },
    ..Control::BASE
};
