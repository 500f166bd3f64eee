//! `hostname-override`

use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Found, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Flag("hostname-override");

pub(super) const CONTROL: Control = Control {
    slug: "hostname-override",
    title: "The node goes by its own host name",
    severity: Severity::Low,
    why: "a node that goes by another name can no longer be matched to its machine in logs and certificates",
    field: "hostname-override",
    settings: &[SETTING],
    says: Says {
        whether: "the node goes by its own host name",
        yes: "the node goes by its own host name",
        no: "the node goes by another name",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Removed }],
    effect: |running| match running.subject.written(SETTING).found {
        Found::Value(_) => Effect::No,
        Found::Absent => Effect::Yes,
        _ => Effect::Unknown,
    },
    notes: |_, effect| {
        if effect == Effect::Unknown {
            vec!["it is a flag alone, which neither the config file nor /configz shows".into()]
        } else {
            Vec::new()
        }
    },
    docs: &Docs {
        checks: "--hostname-override is not on the command line.",
        matters: "The node's name stands in its certificates and in every log line. A name that differs from the \
                  host's breaks the link between the two.",
        compliant: Example::args(&["--kubeconfig=/var/lib/kubelet/kubeconfig"]),
        violating: Example::args(&["--kubeconfig=/var/lib/kubelet/kubeconfig", "--hostname-override=other"]),
        remediation: "Take --hostname-override out of the kubelet's arguments, unless the cloud provider needs it.",
        edge_cases: &[
            "There is no config field: hostnameOverride in the file is ignored.",
            "Without the command line the control is not judged: /configz never shows the flag.",
            "An empty value counts as not given.",
        ],
        references: &["cmd/kubelet/app/options/options.go, AddFlags"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
