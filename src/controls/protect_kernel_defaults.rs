//! `protect-kernel-defaults`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::PROTECT_KERNEL_DEFAULTS);

pub(super) const CONTROL: Control = Control {
    slug: "protect-kernel-defaults",
    title: "The kubelet does not change kernel parameters",
    severity: Severity::Medium,
    why: "a kubelet that changes kernel parameters by itself undoes what the node was hardened with",
    field: "protectKernelDefaults",
    settings: &[SETTING],
    says: Says {
        whether: "kernel parameters are left alone",
        yes: "the kubelet stops where kernel parameters differ from what it expects, instead of changing them",
        no: "the kubelet changes kernel parameters to what it expects",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Bool(true) }],
    effect: |running| {
        if running.configuration.bool(id::PROTECT_KERNEL_DEFAULTS) { Effect::Yes } else { Effect::No }
    },
    notes: |_, effect| {
        if effect == Effect::Yes {
            vec!["the kubelet exits at start where a parameter differs; this input does not show them".into()]
        } else {
            Vec::new()
        }
    },
    docs: &Docs {
        checks: "protectKernelDefaults, or --protect-kernel-defaults, is true. rke2 editions accept it absent; rh-1.0 \
                 asks for it not to be set.",
        matters: "The kubelet wants vm.overcommit_memory, kernel.panic and others to have certain values. With this \
                  setting it reports a difference by exiting, without it changes them silently.",
        compliant: Example::config("protectKernelDefaults: true\n"),
        violating: Example::config("protectKernelDefaults: false\n"),
        edition: "cis-1.24",
        remediation: "Set the parameters with sysctl on the node first, then protectKernelDefaults: true.",
        edge_cases: &[
            "With wrong parameters the kubelet does not start: set vm.overcommit_memory=1, vm.panic_on_oom=0, \
             kernel.panic=10 and kernel.panic_on_oops=1 first.",
            "A dump of /configz leaves false out.",
        ],
        references: &["pkg/kubelet/cm/container_manager_linux.go, setupKernelTunables"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
