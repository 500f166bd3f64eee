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
    title: "Dynamic auditing is disabled",
    failure_title: "Dynamic auditing is enabled",
    severity: Severity::Low,
    why: "Audit sinks that can be changed at runtime let an attacker redirect the audit log.",
    field: "featureGates.DynamicAuditing",
    settings: &[Setting::Gate("DynamicAuditing")],
    statements: Statements {
        whether: "dynamic auditing is disabled",
        yes: "Dynamic auditing no longer exists, so it is disabled.",
        no: "",
        partly: "",
    },
    requirements: &[],
    fix_safety: &[FixSafety::safe("no kubelet since 1.19 uses the gate, and most exit if it is set")],
    docs: Docs {
        checks: "The feature gate DynamicAuditing is not set to true.",
        matters: "The feature was an alpha feature of the API server and was removed in 1.19.",
        edition: "eks-stig-v1r6",
        compliant: Example::config("rotateCertificates: true\n", Status::Pass),
        violating: Example::config("featureGates:\n  DynamicAuditing: true\n", Status::Fail),
        remediation: "Remove the gate wherever it is set.",
        edge_cases: &[
            "Setting the gate to false passes the benchmark, but the kubelet does not know the gate and \
             does not start.",
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
        vec!["the gate was removed in 1.19, and a kubelet does not start with it".into()]
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
