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
        no: "The node uses a name other than its host name.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Removed }],
    fix_safety: &[FixSafety::needs_review(
        "the node registers under another name, but its pods, volumes and certificate belong to the old \
         one",
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
        ],
        references: &["cmd/kubelet/app/options/options.go, AddFlags"],
    },
};

impl Control for HostnameOverride {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        match kubelet.audited.configured(SETTING).value {
            ConfiguredValue::Value(_) => Effect::No,
            ConfiguredValue::Absent => Effect::Yes,
            _ => Effect::Unknown,
        }
    }

    fn notes(&self, _: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        if effect == Effect::Unknown {
            vec!["the setting exists only as a flag, which neither the config file nor /configz shows".into()]
        } else {
            Vec::new()
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-1.12", Flags(""), "pass/yes"),
            ("cis-1.12", Flags("--hostname-override=x"), "fail/no"),
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
