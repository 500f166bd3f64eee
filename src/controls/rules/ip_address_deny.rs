//! `ip-address-deny`

#[cfg(test)]
use serde_json::json;

use crate::controls::{Control, Docs, Example, FixSafety, Metadata, RunningKubelet, Statements};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

pub(super) struct IpAddressDeny;

static METADATA: Metadata = Metadata {
    slug: "ip-address-deny",
    title: "The kubelet's unit denies unexpected addresses",
    failure_title: "The kubelet's systemd unit does not restrict IP addresses",
    severity: Severity::Low,
    why: "a service that may talk to every address is easier to turn against others",
    field: "IPAddressDeny",
    settings: &[],
    statements: Statements { whether: "the kubelet's unit denies addresses", yes: "", no: "", partly: "" },
    requirements: &[],
    fix_safety: &[FixSafety::needs_review(
        "an option of the systemd unit, not of the kubelet: what is not allowed is cut off",
    )],
    docs: Docs {
        checks: "Nothing that a kubelet's configuration could tell: IPAddressDeny is an option of systemd units.",
        matters: "CIS 1.11 looks for it among the kubelet's settings, where it can never be found. On the unit it \
                  limits which addresses the service may exchange packets with.",
        edition: "cis-1.11",
        compliant: Example::config("", Status::Manual),
        violating: Example::config("IPAddressDeny: any\n", Status::Manual),
        remediation: "Put IPAddressDeny=any and a fitting IPAddressAllow= into a systemd drop-in of kubelet.service, \
                      and look with systemctl show kubelet -p IPAddressDeny.",
        edge_cases: &[
            "IPAddressDeny in the config file is an unknown field: it is ignored, and it is no pass.",
            "--IPAddressDeny is no flag: the kubelet exits.",
        ],
        references: &["systemd.resource-control(5)"],
    },
};

impl Control for IpAddressDeny {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, _: &RunningKubelet<'_>) -> Effect {
        Effect::Unknown
    }

    fn advice(&self) -> &'static str {
        "set IPAddressDeny=any and IPAddressAllow= with the addresses in use in a systemd drop-in of \
             kubelet.service; the kubelet itself has no such field or flag"
    }

    fn notes(&self, _: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        vec!["it is an option of systemd units, which neither file, flags nor /configz show".into()]
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-1.11", File(""), "manual/unknown"),
            ("cis-1.11", File("IPAddressDeny: any\n"), "manual/unknown"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        vec![RuleInput::default(), RuleInput::fields([("IPAddressDeny", json!("any"))])]
    }

    #[cfg(test)]
    fn one_sided(&self) -> Option<&'static str> {
        Some("it is no setting of the kubelet")
    }

    #[cfg(test)]
    fn unfixable(&self) -> Option<&'static str> {
        Some("it is a setting of the systemd unit")
    }
}
