//! `pod-max-pids`

#[cfg(test)]
use serde_json::json;

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

const SETTING: Setting = Setting::Field(id::POD_PIDS_LIMIT);

pub(super) struct PodMaxPids;

static METADATA: Metadata = Metadata {
    slug: "pod-max-pids",
    title: "The number of processes per pod is limited",
    failure_title: "The number of processes per pod is not limited",
    severity: Severity::Medium,
    why: "A single pod that forks without limit exhausts the node's PIDs.",
    field: "podPidsLimit",
    settings: &[SETTING],
    statements: Statements {
        whether: "the number of processes per pod is limited",
        yes: "The number of processes per pod is limited.",
        no: "A pod can use up every PID on the node.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Int(4096) }],
    fix_safety: &[FixSafety::needs_review("pods that already exceed the limit cannot start more processes")],
    docs: Docs {
        checks: "podPidsLimit, or --pod-max-pids, is greater than 0.",
        matters: "All processes on a node share its PIDs. The limit contains a fork bomb within its pod.",
        edition: "cis-1.12",
        compliant: Example::config("podPidsLimit: 4096\n", Status::Pass),
        violating: Example::config("podPidsLimit: -1\n", Status::Fail),
        remediation: "Set podPidsLimit to what the busiest pod needs, plus headroom.",
        edge_cases: &[
            "-1, the default, and 0 mean unlimited. A scanner that only checks whether the field is set \
             passes both.",
        ],
        references: &["https://kubernetes.io/docs/concepts/policy/pid-limiting/"],
    },
};

impl Control for PodMaxPids {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    // Zero and less switch the limit off (`pkg/kubelet/cm/pod_container_manager_linux.go`).
    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.int(id::POD_PIDS_LIMIT) > 0 { Effect::Yes } else { Effect::No }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-1.12", File("podPidsLimit: 4096\n"), "pass/yes"),
            ("cis-1.12", File("podPidsLimit: -1\n"), "fail/no"),
            ("cis-1.12", File("podPidsLimit: 0\n"), "fail/no"),
            ("cis-1.12", File(""), "fail/no"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_setting(
            "podPidsLimit",
            "--pod-max-pids",
            &[json!(-1), json!(0), json!(1), json!(4096)],
            &[json!("4096")],
        )
    }
}
