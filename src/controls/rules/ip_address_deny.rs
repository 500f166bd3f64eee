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
    title: "The kubelet's systemd unit restricts IP addresses",
    failure_title: "The kubelet's systemd unit does not restrict IP addresses",
    severity: Severity::Low,
    why: "A service that can reach every address is easier to use in an attack.",
    field: "IPAddressDeny",
    settings: &[],
    statements: Statements {
        whether: "the kubelet's systemd unit restricts IP addresses",
        yes: "",
        no: "",
        partly: "",
    },
    requirements: &[],
    fix_safety: &[FixSafety::needs_review(
        "the option belongs to the systemd unit, and it blocks every address that is not allowed",
    )],
    docs: Docs {
        checks: "Nothing that a kubelet's configuration shows. IPAddressDeny is an option of systemd \
                 units.",
        matters: "CIS 1.11 expects IPAddressDeny among the kubelet's settings, where it can never be \
                  found. In the systemd unit, it limits which addresses the service can exchange packets \
                  with.",
        edition: "cis-1.11",
        compliant: Example::config("", Status::Manual),
        violating: Example::config("IPAddressDeny: any\n", Status::Manual),
        remediation: "Set IPAddressDeny=any and the addresses in use as IPAddressAllow= in a systemd \
                      drop-in of kubelet.service. Verify with systemctl show kubelet -p IPAddressDeny.",
        edge_cases: &[
            "IPAddressDeny in the config file is an unknown field. It is ignored, and the control does \
             not pass.",
            "--IPAddressDeny is not a flag, and the kubelet exits.",
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
        vec![
            "the option belongs to the systemd unit, which the config file, flags and /configz do not \
              show"
                .into(),
        ]
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
