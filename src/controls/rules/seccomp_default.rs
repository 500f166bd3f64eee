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
    title: "Containers use the runtime's default seccomp profile",
    failure_title: "Containers run without a default seccomp profile",
    severity: Severity::Medium,
    why: "Without a profile, a container can use every system call of the kernel, including rarely tested \
          ones.",
    field: "seccompDefault",
    settings: &[SETTING],
    statements: Statements {
        whether: "containers use the runtime's seccomp profile by default",
        yes: "Containers use the runtime's seccomp profile unless they request another.",
        no: "Containers run without a seccomp profile unless they request one.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review(
        "containers that rely on system calls outside the runtime's profile stop working",
    )],
    docs: Docs {
        checks: "seccompDefault, or --seccomp-default, is true.",
        matters: "With this setting, a container that requests no profile gets the runtime's default \
                  profile instead of none.",
        edition: "cis-1.12",
        compliant: Example::config("seccompDefault: true\n", Status::Pass),
        violating: Example::config("seccompDefault: false\n", Status::Fail),
        remediation: "Test the workloads with the profile, then set seccompDefault: true.",
        edge_cases: &[
            "The flag and the field are OR-ed: --seccomp-default=false does not turn the field off.",
            "/configz shows only the field, so a false there cannot be evaluated without the command \
             line.",
            "An explicit false fails, although a scanner that only checks whether the field is set passes \
             it.",
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
            vec!["--seccomp-default is a separate value, which /configz does not show".into()]
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
