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
    title: "The node goes by its own host name",
    failure_title: "The node name is overridden",
    severity: Severity::Low,
    why: "a node that goes by another name can no longer be matched to its machine in logs and certificates",
    field: "hostname-override",
    settings: &[SETTING],
    statements: Statements {
        whether: "the node goes by its own host name",
        yes: "the node goes by its own host name",
        no: "the node goes by another name",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Removed }],
    fix_safety: &[FixSafety::needs_review(
        "the node registers under another name: its pods, volumes and certificate belong to the old one",
    )],
    docs: Docs {
        checks: "--hostname-override is not on the command line.",
        matters: "The node's name stands in its certificates and in every log line. A name that differs from the \
                  host's breaks the link between the two.",
        edition: "cis-1.12",
        compliant: Example::args(&["--kubeconfig=/var/lib/kubelet/kubeconfig"], Status::Pass),
        violating: Example::args(
            &["--kubeconfig=/var/lib/kubelet/kubeconfig", "--hostname-override=other"],
            Status::Fail,
        ),
        remediation: "Take --hostname-override out of the kubelet's arguments, unless the cloud provider needs it.",
        edge_cases: &[
            "There is no config field: hostnameOverride in the file is ignored.",
            "Without the command line the control is not judged: /configz never shows the flag.",
            "An empty value counts as not given.",
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
            vec!["it is a flag alone, which neither the config file nor /configz shows".into()]
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
