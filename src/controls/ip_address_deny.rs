//! `ip-address-deny`

use crate::report::{Effect, Severity, Status};

use super::{Control, Docs, Example, Says};

pub(super) const CONTROL: Control = Control {
    slug: "ip-address-deny",
    title: "The kubelet's unit denies unexpected addresses",
    severity: Severity::Low,
    why: "a service that may talk to every address is easier to turn against others",
    field: "IPAddressDeny",
    says: Says { whether: "the kubelet's unit denies addresses", yes: "", no: "", partly: "" },
    advice: "set IPAddressDeny=any and IPAddressAllow= with the addresses in use in a systemd drop-in of \
             kubelet.service; the kubelet itself has no such field or flag",
    effect: |_| Effect::Unknown,
    notes: |_, _| {
        vec!["it is an option of systemd units, which neither file, flags nor /configz show".into()]
    },
    docs: &Docs {
        checks: "Nothing that a kubelet's configuration could tell: IPAddressDeny is an option of systemd units.",
        matters: "CIS 1.11 looks for it among the kubelet's settings, where it can never be found. On the unit it \
                  limits which addresses the service may exchange packets with.",
        compliant: Example::config(""),
        violating: Example::config("IPAddressDeny: any\n"),
        edition: "cis-1.11",
        expects: (Status::Manual, Status::Manual),
        remediation: "Put IPAddressDeny=any and a fitting IPAddressAllow= into a systemd drop-in of kubelet.service, \
                      and look with systemctl show kubelet -p IPAddressDeny.",
        edge_cases: &[
            "IPAddressDeny in the config file is an unknown field: it is ignored, and it is no pass.",
            "--IPAddressDeny is no flag: the kubelet exits.",
        ],
        references: &["systemd.resource-control(5)"],
    },
    ..Control::BASE
};
