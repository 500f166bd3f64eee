//! `make-iptables-util-chains`

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

const SETTING: Setting = Setting::Field(id::MAKE_IPTABLES_UTIL_CHAINS);

pub(super) struct MakeIptablesUtilChains;

static METADATA: Metadata = Metadata {
    slug: "make-iptables-util-chains",
    title: "The kubelet maintains its iptables chains",
    failure_title: "The kubelet does not maintain its iptables chains",
    severity: Severity::Low,
    why: "rules that the kubelet does not keep up to date drift from what the pod network needs",
    field: "makeIPTablesUtilChains",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet maintains its iptables chains",
        yes: "the kubelet maintains its iptables chains",
        no: "the kubelet leaves iptables alone",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review(
        "the kubelet begins to write iptables rules, which whatever else manages them on the node may not expect",
    )],
    docs: Docs {
        checks: "makeIPTablesUtilChains, or --make-iptables-util-chains, is true; absent is accepted by most editions, \
                 for true is the default.",
        matters: "The kubelet keeps a few rules that other components rely on. Switched off, somebody else has to.",
        edition: "cis-1.12",
        compliant: Example::config("makeIPTablesUtilChains: true\n", Status::Pass),
        violating: Example::config("makeIPTablesUtilChains: false\n", Status::Fail),
        remediation: "Take the entry out, or set makeIPTablesUtilChains: true.",
        edge_cases: &["From 1.28 on only the hint chain and the martian rule are left of it (KEP-3178)."],
        references: &["pkg/kubelet/kubelet_network_linux.go"],
    },
};

impl Control for MakeIptablesUtilChains {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.bool(id::MAKE_IPTABLES_UTIL_CHAINS) { Effect::Yes } else { Effect::No }
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        if effect == Effect::Yes && kubelet.version.at_least(28) {
            vec![
                "from 1.28 on that is the chain KUBE-IPTABLES-HINT and one rule against martian packets, no more"
                    .into(),
            ]
        } else {
            Vec::new()
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-aks-1.7", File("makeIPTablesUtilChains: true\n"), "pass/yes"),
            ("cis-aks-1.7", File("makeIPTablesUtilChains: false\n"), "fail/no"),
            ("cis-aks-1.7", File(""), "pass/yes"),
            ("cis-aks-1.7", File("makeIPTablesUtilChains: null\n"), "pass/yes"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::booleans("makeIPTablesUtilChains", "--make-iptables-util-chains")
    }
}
