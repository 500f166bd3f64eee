//! `cadvisor-port`

use crate::benchmark::Rule;
use crate::controls::{
    AuditedKubelet, Control, Docs, Example, FixSafety, Metadata, Requirement, RuleOutcome, RunningKubelet,
    Setting, Statements, TargetValue,
};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
    RuleInput,
};

const FLAG: &str = "--cadvisor-port";

pub(super) struct CadvisorPort;

static METADATA: Metadata = Metadata {
    slug: "cadvisor-port",
    title: "The cAdvisor port is closed",
    failure_title: "The cAdvisor port is open",
    severity: Severity::Low,
    why: "The port showed every container on the node to anyone, without authentication.",
    field: "cadvisor-port",
    settings: &[],
    statements: Statements {
        whether: "the cAdvisor port is closed",
        yes: "The kubelet has had no cAdvisor port since 1.12.",
        no: "",
        partly: "",
    },
    requirements: &[Requirement { setting: Setting::Flag("cadvisor-port"), value: TargetValue::Removed }],
    fix_safety: &[FixSafety::safe(
        "the flag was removed in 1.12, and every later kubelet exits if it is \
                                   set",
    )],
    docs: Docs {
        checks: "--cadvisor-port is not set, or is 0 (OpenShift 3.10 and 3.11).",
        matters: "The port served container statistics without authentication. It was removed in \
                  Kubernetes 1.12, and the flag stops every later kubelet.",
        edition: "cis-openshift-0.7",
        compliant: Example::args(&["--kubeconfig=/var/lib/kubelet/kubeconfig"], Status::Pass),
        violating: Example::args(
            &["--kubeconfig=/var/lib/kubelet/kubeconfig", "--cadvisor-port=4194"],
            Status::Fail,
        ),
        remediation: "Remove --cadvisor-port from the command line.",
        edge_cases: &[
            "Even --cadvisor-port=0, which passes the benchmark, stops the kubelet, because the flag no \
             longer exists.",
        ],
        references: &["kubernetes/kubernetes#65707"],
    },
};

impl Control for CadvisorPort {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, _: &RunningKubelet<'_>) -> Effect {
        Effect::Yes
    }

    fn advice(&self) -> &'static str {
        "remove --cadvisor-port"
    }

    fn evaluate_rule(&self, kubelet: &AuditedKubelet<'_>, _: Rule) -> Option<RuleOutcome> {
        let is_met = given(kubelet).is_none_or(|value| value.parse() == Ok(0_i64));
        Some(if is_met { RuleOutcome::Met } else { RuleOutcome::NotMet })
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("rh-0.7", File(""), "pass/yes"),
            ("rh-0.7", Flags("--cadvisor-port=4194"), "fail/does-not-start"),
            ("rh-0.7", Flags("--cadvisor-port=0"), "error/does-not-start"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        vec![RuleInput::default(), RuleInput::flag(FLAG, "0"), RuleInput::flag(FLAG, "4194")]
    }
}

/// Returns the value of the last occurrence of the flag, by `=` or as the next argument. No supported
/// kubelet knows the flag, so that the parsed command line does not have it.
fn given<'a>(kubelet: &'a AuditedKubelet<'_>) -> Option<&'a str> {
    let arguments = kubelet.layers.arguments();
    let at = arguments.iter().rposition(|argument| {
        argument.text.strip_prefix(FLAG).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })?;
    let argument = arguments.get(at)?;
    argument
        .text
        .split_once('=')
        .map(|(_, value)| value)
        .or_else(|| arguments.get(at.saturating_add(1)).map(|next| next.text.as_str()))
        .or(Some(""))
}
