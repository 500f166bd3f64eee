//! `stig-static-pod-path`

#[cfg(test)]
use serde_json::json;

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::STATIC_POD_PATH);

pub(super) struct StigStaticPodPath;

static METADATA: Metadata = Metadata {
    slug: "stig-static-pod-path",
    title: "Static pods are not read from a directory",
    failure_title: "Static pods are read from a directory",
    severity: Severity::Medium,
    why: "Anyone who can write to the directory can run pods that bypass admission control.",
    field: "staticPodPath",
    settings: &[SETTING],
    statements: Statements {
        whether: "static pods are read from a directory",
        yes: "No directory is watched for static pods.",
        no: "Pods in the directory run without the control of the API server.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Removed }],
    fix_safety: &[FixSafety::needs_review("static pods stop running, including those of a control plane")],
    docs: Docs {
        checks: "staticPodPath, or --pod-manifest-path, is not set.",
        matters: "Static pods run from files and bypass authentication, authorization and admission.",
        edition: "eks-stig-v1r6",
        compliant: Example::config("rotateCertificates: true\n", Status::Pass),
        violating: Example::config("staticPodPath: /etc/kubernetes/manifests\n", Status::Fail),
        remediation: "Remove staticPodPath, unless the node's control plane runs as static pods.",
        edge_cases: &[
            "Control plane nodes of kubeadm need it. The rule is meant for nodes of a managed control \
             plane.",
            "staticPodURL has the same effect, but the STIG does not cover it.",
        ],
        references: &["DISA Kubernetes STIG V-242397"],
    },
};

impl Control for StigStaticPodPath {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.str(id::STATIC_POD_PATH).is_empty() { Effect::Yes } else { Effect::No }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("eks-stig-v1r6", File(""), "pass/yes"),
            ("eks-stig-v1r6", File("staticPodPath: /etc/kubernetes/manifests\n"), "fail/no"),
            ("eks-stig-v1r6", Flags("--pod-manifest-path=/m"), "fail/no"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_setting(
            "staticPodPath",
            "--pod-manifest-path",
            &[json!("/etc/kubernetes/manifests")],
            &[json!(1)],
        )
    }
}
