//! `rotate-kubelet-client-certificate-gate`

use crate::benchmark::Row;
use crate::controls::details::shared;
use crate::controls::{
    AuditedKubelet, Control, Details, Docs, Example, FixSafety, Judgment, Metadata, Requirement,
    RunningKubelet, Setting, Statements, TargetValue,
};
use crate::kubelet::fields::{FieldId, id};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

pub(super) struct RotateKubeletClientCertificateGate;

static METADATA: Metadata = Metadata {
    slug: "rotate-kubelet-client-certificate-gate",
    title: "The feature gate for client certificate rotation is set",
    failure_title: "The feature gate for client certificate rotation is not set",
    severity: Severity::Low,
    why: "The gate once enabled client certificate rotation. Today, only rotateCertificates does.",
    field: "featureGates.RotateKubeletClientCertificate",
    settings: &[Setting::Gate("RotateKubeletClientCertificate")],
    statements: Statements {
        whether: "the kubelet rotates its client certificate",
        yes: "The kubelet rotates its client certificate.",
        no: "The kubelet does not rotate its client certificate.",
        partly: "",
    },
    requirements: &[Requirement {
        setting: Setting::Field(id::ROTATE_CERTIFICATES),
        value: TargetValue::Bool(true),
    }],
    fix_safety: &[FixSafety::needs_review(
        "the gate was removed in 1.21, and a kubelet does not start with an unknown gate",
    )],
    docs: Docs {
        checks: "The feature gate RotateKubeletClientCertificate is set to true (OpenShift 3.10 and \
                 3.11).",
        matters: "The gate became generally available in 1.19 and was removed in 1.21. Since then, only \
                  rotateCertificates controls the rotation of client certificates.",
        edition: "cis-openshift-0.7",
        compliant: Example::config(
            "rotateCertificates: true\nfeatureGates:\n  RotateKubeletClientCertificate: true\n",
            Status::Error,
        ),
        violating: Example::config("rotateCertificates: true\n", Status::Fail),
        remediation: "Do not set the gate. Set rotateCertificates: true, and use a benchmark that matches \
                      the cluster's version.",
        edge_cases: &[
            "Kubelets since 1.21 do not start with the gate set, so no supported version can pass.",
        ],
        references: &["kubernetes/kubernetes#97306"],
    },
};

impl Control for RotateKubeletClientCertificateGate {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.bool(id::ROTATE_CERTIFICATES) { Effect::Yes } else { Effect::No }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::ROTATE_CERTIFICATES]
    }

    fn depends_on(&self) -> &'static [FieldId] {
        self.related_fields()
    }

    /// With the gate that the row demands the kubelet would not start.
    fn fixes_row(&self) -> bool {
        false
    }

    fn details(&self, kubelet: &AuditedKubelet<'_>, row: &Row, judgment: &Judgment) -> Option<Details> {
        let mut details = shared(kubelet, self, row, judgment);
        if judgment.effective != Effect::DoesNotStart {
            details.fix = match judgment.effective {
                Effect::No => {
                    "set rotateCertificates: true, and do not set the gate, because it stops the kubelet"
                        .into()
                }
                _ => "use a later benchmark, and do not set the gate, because it stops the kubelet".into(),
            };
        }
        Some(details)
    }

    fn notes(&self, _: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        vec!["the gate was removed in 1.21, and a kubelet does not start with it, so do not set it".into()]
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("rh-0.7", File(""), "fail/no"),
            (
                "rh-0.7",
                File("featureGates: {RotateKubeletClientCertificate: true}\n"),
                "error/does-not-start",
            ),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_gate("RotateKubeletClientCertificate", METADATA.field)
    }

    #[cfg(test)]
    fn one_sided(&self) -> Option<&'static str> {
        Some("the gate stops every supported kubelet")
    }

    #[cfg(test)]
    fn unfixable(&self) -> Option<&'static str> {
        Some("the gate stops every supported kubelet")
    }
}
