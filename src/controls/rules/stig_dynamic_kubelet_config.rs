//! `stig-dynamic-kubelet-config`

use crate::controls::{Control, Docs, Example, FixSafety, Metadata, RunningKubelet, Setting, Statements};
use crate::kubelet::gates;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
    RuleInput,
};

const GATE: &str = "DynamicKubeletConfig";

pub(super) struct StigDynamicKubeletConfig;

static METADATA: Metadata = Metadata {
    slug: "stig-dynamic-kubelet-config",
    title: "Dynamic kubelet configuration is off",
    failure_title: "Dynamic kubelet configuration is enabled",
    severity: Severity::Low,
    why: "a kubelet that took its configuration from the cluster could be weakened from there",
    field: "featureGates.DynamicKubeletConfig",
    settings: &[Setting::Gate(GATE)],
    statements: Statements {
        whether: "dynamic kubelet configuration is off",
        yes: "the feature does not exist any more, so it is off",
        no: "",
        partly: "",
    },
    requirements: &[],
    fix_safety: &[FixSafety::needs_review(
        "a kubelet of 1.25 that takes its configuration from a ConfigMap goes back to its file",
    )],
    docs: Docs {
        checks: "The gate DynamicKubeletConfig is not written true.",
        matters: "The feature let a ConfigMap replace a node's configuration. It is gone since 1.24.",
        edition: "eks-stig-v1r6",
        compliant: Example::config("rotateCertificates: true\n", Status::Pass),
        violating: Example::config("featureGates:\n  DynamicKubeletConfig: true\n", Status::Fail),
        remediation: "Take the gate and --dynamic-config-dir out wherever they are written.",
        edge_cases: &["--dynamic-config-dir is accepted up to 1.23 and stops every later kubelet."],
        references: &["DISA Kubernetes STIG V-242399", "KEP-281"],
    },
};

impl Control for StigDynamicKubeletConfig {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, _: &RunningKubelet<'_>) -> Effect {
        Effect::Yes
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        vec![if gates::lookup(GATE, kubelet.version).is_some() {
            "the gate is still known and does nothing: the feature is gone since 1.24".into()
        } else {
            "the feature is gone since 1.24, and a kubelet that is given the gate does not start".into()
        }]
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("eks-stig-v1r6", File(""), "pass/yes"),
            ("eks-stig-v1r6", File("featureGates: {DynamicKubeletConfig: true}\n"), "fail/does-not-start"),
            ("eks-stig-v1r6", Flags("--feature-gates=DynamicKubeletConfig=false"), "error/does-not-start"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_gate(GATE, METADATA.field)
    }
}
