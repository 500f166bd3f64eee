//! `new-control`

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, RuleInput};

const SETTING: Setting = Setting::Field(id::ANONYMOUS_ENABLED);

pub(super) struct NewControl;

static METADATA: Metadata = Metadata {
    slug: "new-control",
    title: "",
    failure_title: "",
    severity: Severity::Medium,
    why: "",
    field: "",
    settings: &[SETTING],
    statements: Statements { whether: "", yes: "", no: "", partly: "" },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(false) }],
    fix_safety: &[FixSafety::needs_review("")],
    docs: Docs {
        checks: "",
        matters: "",
        edition: "cis-1.12",
        compliant: Example::config("", Status::Pass),
        violating: Example::config("", Status::Fail),
        remediation: "",
        edge_cases: &[],
        references: &[],
    },
};

impl Control for NewControl {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.bool(id::ANONYMOUS_ENABLED) { Effect::No } else { Effect::Yes }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::booleans("authentication.anonymous.enabled", "--anonymous-auth")
    }
}
