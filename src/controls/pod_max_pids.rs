//! `pod-max-pids`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::POD_PIDS_LIMIT);

pub(super) const CONTROL: Control = Control {
    slug: "pod-max-pids",
    title: "A pod's processes are limited",
    severity: Severity::Medium,
    why: "one pod that forks without end takes the process numbers of the whole node",
    field: "podPidsLimit",
    settings: &[SETTING],
    says: Says {
        whether: "a pod's processes are limited",
        yes: "a pod's processes are limited",
        no: "a pod may start as many processes as the node has numbers for",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Int(4096) }],
    // Zero and less switch the limit off (`pkg/kubelet/cm/pod_container_manager_linux.go`).
    effect: |running| {
        if running.configuration.int(id::POD_PIDS_LIMIT) > 0 { Effect::Yes } else { Effect::No }
    },
    docs: &Docs {
        checks: "podPidsLimit, or --pod-max-pids, is a number above zero.",
        matters: "Process numbers are shared by all of a node. The limit keeps a fork bomb within its pod.",
        compliant: Example::config("podPidsLimit: 4096\n"),
        violating: Example::config("podPidsLimit: -1\n"),
        remediation: "Set podPidsLimit to what the busiest pod needs, with room to spare.",
        edge_cases: &[
            "-1, the default, and 0 mean no limit. A scanner that only looks whether something is written passes both.",
        ],
        references: &["https://kubernetes.io/docs/concepts/policy/pid-limiting/"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
