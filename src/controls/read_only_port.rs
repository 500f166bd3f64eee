//! `read-only-port`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::READ_ONLY_PORT);

pub(super) const CONTROL: Control = Control {
    slug: "read-only-port",
    title: "The read-only port is closed",
    severity: Severity::Medium,
    why: "The port answers anybody in clear text with every pod of the node, environment and all",
    field: "readOnlyPort",
    settings: &[SETTING],
    also: &[id::ENABLE_SERVER],
    says: Says {
        whether: "the read-only port is closed",
        yes: "the read-only port is closed",
        no: "the read-only port is open",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Int(0) }],
    effect: |running| {
        if running.configuration.int(id::READ_ONLY_PORT) <= 1 { Effect::Yes } else { Effect::No }
    },
    notes: |running, effect, notes| {
        if effect == Effect::No
            && !running.configuration.bool(id::ENABLE_SERVER)
            && !running.subject.resolved.is_configz
        {
            notes.add("enableServer is false, but that closes the secure port alone");
        }
    },
    docs: &Docs {
        checks: "readOnlyPort, or --read-only-port, is 0. Editions for managed clusters ask for it to be written; the \
                 others are content where it is absent.",
        matters: "The port has neither TLS nor authentication. Pod specifications and metrics on it help an attacker \
                  to the next step.",
        compliant: Example::config("readOnlyPort: 0\n"),
        violating: Example::config("readOnlyPort: 10255\n"),
        edition: "cis-aks-1.7",
        remediation: "Set readOnlyPort: 0 in the config file and take --read-only-port out of the arguments.",
        edge_cases: &[
            "The default is 0 with --config, and 10255 with flags alone or with --config-dir alone; k3s and RKE2 1.32 \
             opened the port that way.",
            "A dump of /configz leaves zero out, so an absent port there is a closed one.",
            "enableServer: false does not close it (pkg/kubelet/server/server.go).",
        ],
        references: &[
            "https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",
            "k3s-io/k3s#12164",
        ],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
