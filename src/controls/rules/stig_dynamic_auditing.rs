//! `stig-dynamic-auditing`

use crate::controls::{Control, Docs, Example, FixSafety, Metadata, RunningKubelet, Setting, Statements};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
    RuleInput,
};

pub(super) struct StigDynamicAuditing;

static METADATA: Metadata = Metadata {
    slug: "stig-dynamic-auditing",
    title: "Dynamic auditing is off",
    failure_title: "Dynamic auditing is enabled",
    severity: Severity::Low,
    why: "audit sinks that could be changed at run time let an intruder send the audit log elsewhere",
    field: "featureGates.DynamicAuditing",
    settings: &[Setting::Gate("DynamicAuditing")],
    statements: Statements {
        whether: "dynamic auditing is off",
        yes: "the feature does not exist any more, so it is off",
        no: "",
        partly: "",
    },
    requirements: &[],
    fix_safety: &[FixSafety::safe("no kubelet since 1.19 heeds the gate, and most exit over it")],
    docs: Docs {
        checks: "The gate DynamicAuditing is not written true.",
        matters: "The feature was an alpha of the API server's and is gone since 1.19.",
        edition: "eks-stig-v1r6",
        compliant: Example::config("rotateCertificates: true\n", Status::Pass),
        violating: Example::config("featureGates:\n  DynamicAuditing: true\n", Status::Fail),
        remediation: "Take the gate out wherever it is written.",
        edge_cases: &[
            "Written false it meets the rule, but the kubelet does not know the gate and does not start.",
        ],
        references: &["DISA Kubernetes STIG V-242398"],
    },
};

impl Control for StigDynamicAuditing {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, _: &RunningKubelet<'_>) -> Effect {
        Effect::Yes
    }

    fn notes(&self, _: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        vec!["the gate is gone since 1.19: a kubelet that is given it does not start".into()]
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("eks-stig-v1r6", File(""), "pass/yes"),
            ("eks-stig-v1r6", File("featureGates: {DynamicAuditing: true}\n"), "fail/does-not-start"),
            ("eks-stig-v1r6", Flags("--feature-gates=DynamicAuditing=false"), "error/does-not-start"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_gate("DynamicAuditing", METADATA.field)
    }
}
