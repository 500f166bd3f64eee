//! `protect-kernel-defaults`

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::PROTECT_KERNEL_DEFAULTS);

pub(super) struct ProtectKernelDefaults;

static METADATA: Metadata = Metadata {
    slug: "protect-kernel-defaults",
    title: "The kubelet does not change kernel parameters",
    failure_title: "The kubelet changes kernel parameters",
    severity: Severity::Medium,
    why: "A kubelet that changes kernel parameters can undo the hardening of the node.",
    field: "protectKernelDefaults",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet leaves kernel parameters unchanged",
        yes: "The kubelet exits if kernel parameters differ from what it expects, instead of changing \
              them.",
        no: "The kubelet changes kernel parameters to what it expects.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review(
        "the kubelet exits if the node's kernel parameters differ from what it expects, so set them first",
    )],
    docs: Docs {
        checks: "protectKernelDefaults, or --protect-kernel-defaults, is true. The rke2 benchmarks allow \
                 it to be unset. rh-1.0 requires it to be unset.",
        matters: "The kubelet expects certain values of vm.overcommit_memory, kernel.panic and other \
                  parameters. With this setting it exits if they differ. Without it, it changes them \
                  silently.",
        edition: "cis-1.24",
        compliant: Example::config("protectKernelDefaults: true\n", Status::Pass),
        violating: Example::config("protectKernelDefaults: false\n", Status::Fail),
        remediation: "Set the parameters with sysctl on the node first, then set protectKernelDefaults: \
                      true.",
        edge_cases: &[
            "With wrong parameters the kubelet does not start. First set vm.overcommit_memory=1, \
             vm.panic_on_oom=0, kernel.panic=10, kernel.panic_on_oops=1, kernel.keys.root_maxkeys=1000000 and \
             kernel.keys.root_maxbytes=25000000.",
            "/configz omits false.",
        ],
        references: &[
            "pkg/kubelet/cm/container_manager_linux.go, setupKernelTunables",
            "component-helpers node/util/sysctl/sysctl.go",
        ],
    },
};

impl Control for ProtectKernelDefaults {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.bool(id::PROTECT_KERNEL_DEFAULTS) { Effect::Yes } else { Effect::No }
    }

    fn notes(&self, _: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        if effect == Effect::Yes {
            vec![
                "the kubelet exits at startup if a kernel parameter differs, and this input does not \
                  show the parameters"
                    .into(),
            ]
        } else {
            Vec::new()
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-1.24", File("protectKernelDefaults: true\n"), "pass/yes"),
            ("cis-1.24", File("protectKernelDefaults: false\n"), "fail/no"),
            ("cis-1.24", File(""), "fail/no"),
            ("cis-1.24", Flags("--protect-kernel-defaults"), "pass/yes"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::booleans("protectKernelDefaults", "--protect-kernel-defaults")
    }
}
