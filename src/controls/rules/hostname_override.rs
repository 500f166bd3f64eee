//! `hostname-override`

use crate::controls::{
    ConfiguredValue, Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting,
    Statements, TargetValue,
};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{Dump, File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Flag("hostname-override");

pub(super) struct HostnameOverride;

static METADATA: Metadata = Metadata {
    slug: "hostname-override",
    title: "The node name is not overridden",
    failure_title: "The node name is overridden",
    severity: Severity::Low,
    why: "If the node name differs from the host name, logs and certificates are hard to match to the \
          machine.",
    field: "hostname-override",
    settings: &[SETTING],
    statements: Statements {
        whether: "the node uses its own host name",
        yes: "The node uses its own host name.",
        no: "",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Removed }],
    fix_safety: &[FixSafety::needs_review(
        "if the two names differ, the node registers under another one, but its pods, volumes and certificate \
         belong to the old one",
    )],
    docs: Docs {
        checks: "--hostname-override is not set.",
        matters: "The node name appears in certificates and in logs. If it differs from the host name, \
                  they can no longer be matched to the machine.",
        edition: "cis-1.12",
        compliant: Example::args(&["--kubeconfig=/var/lib/kubelet/kubeconfig"], Status::Pass),
        violating: Example::args(
            &["--kubeconfig=/var/lib/kubelet/kubeconfig", "--hostname-override=other"],
            Status::Fail,
        ),
        remediation: "Remove --hostname-override from the command line, unless the cloud provider needs \
                      it.",
        edge_cases: &[
            "No config field exists. hostnameOverride in the file is ignored.",
            "Without the command line the control cannot be evaluated, because /configz does not show the \
             flag.",
            "An empty value counts as not set.",
            "The value is often the host name itself: nodeadm (EKS), k3s and OpenShift always pass the node's own \
             name. So the flag alone does not show that the names differ.",
        ],
        references: &[
            "cmd/kubelet/app/options/options.go, AddFlags",
            "pkg/util/node/node.go, GetHostname",
            "amazon-eks-ami nodeadm/internal/kubelet/config.go",
            "k3s pkg/daemons/agent/agent_linux.go",
            "machine-config-operator templates/worker/01-worker-kubelet/_base/units/kubelet.service.yaml",
        ],
    },
};

impl Control for HostnameOverride {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        match kubelet.audited.configured(SETTING).value {
            ConfiguredValue::Absent => Effect::Yes,
            // No input shows the host name that a value would have to differ from.
            _ => Effect::Unknown,
        }
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        let note = match kubelet.audited.configured(SETTING).value {
            ConfiguredValue::Value(_) => {
                "the input does not show the host name, which nodeadm, k3s and OpenShift pass themselves"
            }
            _ if effect == Effect::Unknown => {
                "the setting exists only as a flag, which neither the config file nor /configz shows"
            }
            _ => return Vec::new(),
        };
        vec![note.into()]
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-1.12", Flags(""), "pass/yes"),
            ("cis-1.12", Flags("--hostname-override=x"), "fail/unknown"),
            ("cis-1.12", Dump("\"port\":10250"), "manual/unknown"),
            ("cis-1.12", File(""), "manual/unknown"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        vec![
            RuleInput::default(),
            RuleInput::flag("--hostname-override", "n"),
            RuleInput::flag("--hostname-override", ""),
        ]
    }
}
