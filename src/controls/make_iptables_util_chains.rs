//! `make-iptables-util-chains`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::MAKE_IPTABLES_UTIL_CHAINS);

pub(super) const CONTROL: Control = Control {
    slug: "make-iptables-util-chains",
    title: "The kubelet maintains its iptables chains",
    severity: Severity::Low,
    why: "rules that the kubelet does not keep up to date drift from what the pod network needs",
    field: "makeIPTablesUtilChains",
    settings: &[SETTING],
    says: Says {
        whether: "the kubelet maintains its iptables chains",
        yes: "the kubelet maintains its iptables chains",
        no: "the kubelet leaves iptables alone",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Bool(true) }],
    effect: |running| {
        if running.configuration.bool(id::MAKE_IPTABLES_UTIL_CHAINS) { Effect::Yes } else { Effect::No }
    },
    notes: |running, effect| {
        if effect == Effect::Yes && running.version.at_least(28) {
            vec!["from 1.28 on that is the chain KUBE-IPTABLES-HINT and one rule against martian packets, no more".into()]
        } else {
            Vec::new()
        }
    },
    docs: &Docs {
        checks: "makeIPTablesUtilChains, or --make-iptables-util-chains, is true; absent is accepted by most editions, \
                 for true is the default.",
        matters: "The kubelet keeps a few rules that other components rely on. Switched off, somebody else has to.",
        compliant: Example::config("makeIPTablesUtilChains: true\n"),
        violating: Example::config("makeIPTablesUtilChains: false\n"),
        remediation: "Take the entry out, or set makeIPTablesUtilChains: true.",
        edge_cases: &["From 1.28 on only the hint chain and the martian rule are left of it (KEP-3178)."],
        references: &["pkg/kubelet/kubelet_network_linux.go"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
