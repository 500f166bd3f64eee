//! `stig-dynamic-auditing`

use crate::report::{Effect, Severity, Status};

use super::{Control, Docs, Example, Says, Setting};

pub(super) const CONTROL: Control = Control {
    slug: "stig-dynamic-auditing",
    title: "Dynamic auditing is off",
    severity: Severity::Low,
    why: "audit sinks that could be changed at run time let an intruder send the audit log elsewhere",
    field: "featureGates.DynamicAuditing",
    settings: &[Setting::Gate("DynamicAuditing")],
    says: Says {
        whether: "dynamic auditing is off",
        yes: "the feature does not exist any more, so it is off",
        no: "",
        partly: "",
    },
    effect: |_| Effect::Yes,
    notes: |_, _| vec!["the gate is gone since 1.19: a kubelet that is given it does not start".into()],
    docs: &Docs {
        checks: "The gate DynamicAuditing is not written true.",
        matters: "The feature was an alpha of the API server's and is gone since 1.19.",
        compliant: Example::config("rotateCertificates: true\n"),
        violating: Example::config("featureGates:\n  DynamicAuditing: true\n"),
        edition: "eks-stig-v1r6",
        expects: (Status::Pass, Status::Fail),
        remediation: "Take the gate out wherever it is written.",
        edge_cases: &[
            "Written false it meets the rule, but the kubelet does not know the gate and does not start.",
        ],
        references: &["DISA Kubernetes STIG V-242398"],
    },
    ..Control::BASE
};
