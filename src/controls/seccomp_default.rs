//! `seccomp-default`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Found, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::SECCOMP_DEFAULT);

pub(super) const CONTROL: Control = Control {
    slug: "seccomp-default",
    title: "Containers run under the runtime's seccomp profile",
    severity: Severity::Medium,
    why: "without a profile a container may make every system call that the kernel has, the rarely tested ones included",
    field: "seccompDefault",
    settings: &[SETTING],
    says: Says {
        whether: "containers run under the runtime's seccomp profile by default",
        yes: "containers run under the runtime's seccomp profile unless they ask for another",
        no: "containers run without a seccomp profile unless they ask for one",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Bool(true) }],
    effect: |running| {
        if running.configuration.bool(id::SECCOMP_DEFAULT)
            || running.subject.resolved.flags.bool("seccomp-default") == Some(true)
        {
            Effect::Yes
        } else if running.subject.written(SETTING).found == Found::Hidden {
            Effect::Unknown
        } else {
            Effect::No
        }
    },
    notes: |_, effect| {
        if effect == Effect::Unknown {
            vec!["--seccomp-default is a value of its own that /configz does not show".into()]
        } else {
            Vec::new()
        }
    },
    docs: &Docs {
        checks: "seccompDefault, or --seccomp-default, is true.",
        matters: "With it a container that asks for no profile gets the runtime's own instead of none.",
        compliant: Example::config("seccompDefault: true\n"),
        violating: Example::config("seccompDefault: false\n"),
        remediation: "Set seccompDefault: true after trying the workloads under the profile.",
        edge_cases: &[
            "Flag and field are OR-ed: --seccomp-default=false does not switch the field off.",
            "/configz shows the field alone. A false there is not judged without the command line.",
            "A false that is written is no pass, though a scanner that looks for presence alone gives one.",
        ],
        references: &["https://kubernetes.io/docs/tutorials/security/seccomp/", "KEP-2413"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
