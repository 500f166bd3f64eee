//! `seccomp-default`

use crate::controls::{
    ConfiguredValue, Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting,
    Statements, TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{Dump, File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::SECCOMP_DEFAULT);

pub(super) struct SeccompDefault;

static METADATA: Metadata = Metadata {
    slug: "seccomp-default",
    title: "Containers run under the runtime's seccomp profile",
    failure_title: "Containers run without a default seccomp profile",
    severity: Severity::Medium,
    why: "without a profile a container may make every system call that the kernel has, the rarely tested ones included",
    field: "seccompDefault",
    settings: &[SETTING],
    statements: Statements {
        whether: "containers run under the runtime's seccomp profile by default",
        yes: "containers run under the runtime's seccomp profile unless they ask for another",
        no: "containers run without a seccomp profile unless they ask for one",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review(
        "containers that rely on system calls outside the runtime's profile fail",
    )],
    docs: Docs {
        checks: "seccompDefault, or --seccomp-default, is true.",
        matters: "With it a container that asks for no profile gets the runtime's own instead of none.",
        edition: "cis-1.12",
        compliant: Example::config("seccompDefault: true\n", Status::Pass),
        violating: Example::config("seccompDefault: false\n", Status::Fail),
        remediation: "Set seccompDefault: true after trying the workloads under the profile.",
        edge_cases: &[
            "Flag and field are OR-ed: --seccomp-default=false does not switch the field off.",
            "/configz shows the field alone. A false there is not judged without the command line.",
            "A false that is written is no pass, though a scanner that looks for presence alone gives one.",
        ],
        references: &["https://kubernetes.io/docs/tutorials/security/seccomp/", "KEP-2413"],
    },
};

impl Control for SeccompDefault {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.bool(id::SECCOMP_DEFAULT)
            || kubelet.audited.resolved.flags.bool("seccomp-default") == Some(true)
        {
            Effect::Yes
        } else if matches!(kubelet.audited.configured(SETTING).value, ConfiguredValue::Hidden) {
            Effect::Unknown
        } else {
            Effect::No
        }
    }

    fn notes(&self, _: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        if effect == Effect::Unknown {
            vec!["--seccomp-default is a value of its own that /configz does not show".into()]
        } else {
            Vec::new()
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-1.12", File("seccompDefault: true\n"), "pass/yes"),
            ("cis-1.12", File("seccompDefault: false\n"), "fail/no"),
            ("cis-1.12", Flags("--seccomp-default"), "pass/yes"),
            ("cis-1.12", File(""), "fail/no"),
            ("cis-1.12", Dump("\"seccompDefault\":false"), "manual/unknown"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::booleans("seccompDefault", "--seccomp-default")
    }
}
