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
    title: "Dynamic kubelet configuration is disabled",
    failure_title: "Dynamic kubelet configuration is enabled",
    severity: Severity::Low,
    why: "A kubelet that reads its configuration from the cluster can be weakened from there.",
    field: "featureGates.DynamicKubeletConfig",
    settings: &[Setting::Gate(GATE)],
    statements: Statements {
        whether: "dynamic kubelet configuration is disabled",
        yes: "Dynamic kubelet configuration no longer exists, so it is disabled.",
        no: "",
        partly: "",
    },
    requirements: &[],
    fix_safety: &[FixSafety::safe("the feature was removed in 1.24, so the gate has no effect")],
    docs: Docs {
        checks: "The feature gate DynamicKubeletConfig is not set to true.",
        matters: "The feature let a ConfigMap replace a node's configuration. It was removed in 1.24.",
        edition: "eks-stig-v1r6",
        compliant: Example::config("rotateCertificates: true\n", Status::Pass),
        violating: Example::config("featureGates:\n  DynamicKubeletConfig: true\n", Status::Fail),
        remediation: "Remove the gate and --dynamic-config-dir wherever they are set.",
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
            "the gate still exists but has no effect, because the feature was removed in 1.24".into()
        } else {
            "the feature was removed in 1.24, and a kubelet does not start with the gate".into()
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
