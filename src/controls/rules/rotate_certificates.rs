//! `rotate-certificates`

use crate::controls::{
    ConfiguredValue, Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting,
    Statements, TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{Dump, File},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::ROTATE_CERTIFICATES);

pub(super) struct RotateCertificates;

static METADATA: Metadata = Metadata {
    slug: "rotate-certificates",
    title: "Client certificates are rotated",
    failure_title: "Client certificates are not rotated",
    severity: Severity::Medium,
    why: "a kubelet whose client certificate runs out loses the API server, and a certificate that never changes \
          stays useful to whoever copied it",
    field: "rotateCertificates",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet renews its client certificate",
        yes: "the kubelet renews its client certificate",
        no: "the kubelet does not renew its client certificate",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review(
        "the kubelet begins to ask for client certificates: where nothing signs them it loses its access when the old one ends",
    )],
    docs: Docs {
        checks: "rotateCertificates, or --rotate-certificates, is not false; most editions accept it absent.",
        matters: "The kubelet's client certificate is its identity in the cluster. Rotation asks for a new one before \
                  the old one runs out.",
        edition: "cis-1.12",
        compliant: Example::config("rotateCertificates: true\n", Status::Pass),
        violating: Example::config("rotateCertificates: false\n", Status::Fail),
        remediation: "Set rotateCertificates: true. Writing it is the only way to have it: the default is false.",
        edge_cases: &[
            "Benchmarks accept it absent as if true were the default. It is false on every path \
             (kubernetes#93060), so absent passes and does nothing.",
            "A dump of /configz leaves false out, so absent there is false and fails.",
            "Nodes that authenticate with cloud credentials, EKS for one, have no client certificate to renew.",
        ],
        references: &[
            "https://kubernetes.io/docs/tasks/tls/certificate-rotation/",
            "kubernetes/kubernetes#93060",
        ],
    },
};

impl Control for RotateCertificates {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.bool(id::ROTATE_CERTIFICATES) { Effect::Yes } else { Effect::No }
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        match effect {
            Effect::No if matches!(kubelet.audited.configured(SETTING).value, ConfiguredValue::Absent) => {
                vec!["the default is false, although benchmarks accept the setting absent".into()]
            }
            Effect::Yes if kubelet.audited.has_no_api_server() => vec![
                "the command line has no --kubeconfig: a kubelet without an API server has nothing to renew"
                    .into(),
            ],
            _ => Vec::new(),
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-aks-1.7", File("rotateCertificates: true\n"), "pass/yes"),
            ("cis-aks-1.7", File("rotateCertificates: false\n"), "fail/no"),
            ("cis-aks-1.7", File(""), "pass/no"),
            ("cis-aks-1.7", Dump("\"port\":10250"), "fail/no"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::booleans("rotateCertificates", "--rotate-certificates")
    }
}
