//! `stig-dynamic-kubelet-config`

use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting};

pub(super) const CONTROL: Control = Control {
    slug: "stig-dynamic-kubelet-config",
    title: "Dynamic kubelet configuration is off",
    severity: Severity::Low,
    why: "a kubelet that took its configuration from the cluster could be weakened from there",
    field: "featureGates.DynamicKubeletConfig",
    settings: &[Setting::Gate("DynamicKubeletConfig")],
    says: Says {
        whether: "dynamic kubelet configuration is off",
        yes: "the feature does not exist any more, so it is off",
        no: "",
        partly: "",
    },
    effect: |_| Effect::Yes,
    notes: |running, _| {
        vec![if crate::kubelet::gates::lookup("DynamicKubeletConfig", running.version).is_some() {
            "the gate is still known and does nothing: the feature is gone since 1.24".to_owned()
        } else {
            "the feature is gone since 1.24, and a kubelet that is given the gate does not start".into()
        }]
    },
    docs: &Docs {
        checks: "The gate DynamicKubeletConfig is not written true.",
        matters: "The feature let a ConfigMap replace a node's configuration. It is gone since 1.24.",
        compliant: Example::config("rotateCertificates: true\n"),
        violating: Example::config("featureGates:\n  DynamicKubeletConfig: true\n"),
        edition: "eks-stig-v1r6",
        remediation: "Take the gate and --dynamic-config-dir out wherever they are written.",
        edge_cases: &["--dynamic-config-dir is accepted up to 1.23 and stops every later kubelet."],
        references: &["DISA Kubernetes STIG V-242399", "KEP-281"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
