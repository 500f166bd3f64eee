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
    why: "A kubelet whose client certificate expires loses access to the API server, and a certificate \
          that never changes stays useful to whoever copied it.",
    field: "rotateCertificates",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet rotates its client certificate",
        yes: "The kubelet rotates its client certificate.",
        no: "The kubelet does not rotate its client certificate.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review(
        "the kubelet starts to request client certificates: if nothing signs them, it loses access when \
         the old one expires",
    )],
    docs: Docs {
        checks: "rotateCertificates, or --rotate-certificates, is not false. Most benchmarks allow it to \
                 be unset.",
        matters: "The client certificate is the kubelet's identity in the cluster. With rotation, the \
                  kubelet requests a new one before the old one expires.",
        edition: "cis-1.12",
        compliant: Example::config("rotateCertificates: true\n", Status::Pass),
        violating: Example::config("rotateCertificates: false\n", Status::Fail),
        remediation: "Set rotateCertificates: true. It must be set explicitly, because the default is \
                      false.",
        edge_cases: &[
            "Benchmarks allow it to be unset, as if true were the default. The default is always false \
             (kubernetes#93060), so an unset field passes without any effect.",
            "/configz omits false, so a missing field there is false and fails.",
            "Nodes that authenticate with cloud credentials, for example on EKS, have no client \
             certificate to rotate.",
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
                vec!["the default is false, although benchmarks allow the setting to be unset".into()]
            }
            Effect::Yes if kubelet.audited.has_no_api_server() => vec![
                "the command line has no --kubeconfig, and a kubelet without an API server has nothing to \
                 rotate"
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
