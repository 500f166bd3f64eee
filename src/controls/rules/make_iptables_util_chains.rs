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

/// The gate that leaves most chains to kube-proxy.
const CLEANUP: &str = "IPTablesOwnershipCleanup";

pub(super) struct MakeIptablesUtilChains;

static METADATA: Metadata = Metadata {
    slug: "make-iptables-util-chains",
    title: "The kubelet maintains its iptables chains",
    failure_title: "The kubelet does not maintain its iptables chains",
    severity: Severity::Low,
    why: "Rules that the kubelet does not maintain can drift from what the pod network needs.",
    field: "makeIPTablesUtilChains",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet maintains its iptables chains",
        yes: "The kubelet maintains its iptables chains.",
        no: "The kubelet does not manage iptables.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review(
        "the kubelet starts to write iptables rules, which can conflict with other software that manages \
         them on the node",
    )],
    docs: Docs {
        checks: "makeIPTablesUtilChains, or --make-iptables-util-chains, is true. Most benchmarks allow \
                 it to be unset, because the default is true.",
        matters: "The kubelet maintains a few rules that other components rely on. If this is off, \
                  something else must maintain them.",
        edition: "cis-1.12",
        compliant: Example::config("makeIPTablesUtilChains: true\n", Status::Pass),
        violating: Example::config("makeIPTablesUtilChains: false\n", Status::Fail),
        remediation: "Remove the entry, or set makeIPTablesUtilChains: true.",
        edge_cases: &[
            "With the feature gate IPTablesOwnershipCleanup, only the hint chain and the martian packet rule \
             remain. The gate is on by default since 1.27 and cannot be turned off since 1.28.",
        ],
        references: &[
            "pkg/kubelet/kubelet_network_linux.go",
            "pkg/features/kube_features.go (1.27, 1.28)",
            "KEP-3178",
        ],
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
        // The gate has been locked since 1.28.
        let is_reduced =
            kubelet.version.at_least(28) || kubelet.configuration.is_gate_enabled(CLEANUP, kubelet.version);
        if effect == Effect::Yes && is_reduced {
            vec![
                "only the chain KUBE-IPTABLES-HINT and one rule against martian packets remain, because \
                 IPTablesOwnershipCleanup is on from 1.27"
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
