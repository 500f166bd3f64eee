//! `stig-static-pod-path`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::STATIC_POD_PATH);

pub(super) const CONTROL: Control = Control {
    slug: "stig-static-pod-path",
    title: "No static pods are read from a directory",
    severity: Severity::Medium,
    why: "whoever can write into the directory runs pods that no admission control has seen",
    field: "staticPodPath",
    settings: &[SETTING],
    says: Says {
        whether: "static pods are read from a directory",
        yes: "no directory is watched for static pods",
        no: "pods in the directory are run without the API server having a say",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Removed }],
    effect: |running| {
        if running.configuration.str(id::STATIC_POD_PATH).is_empty() { Effect::Yes } else { Effect::No }
    },
    docs: &Docs {
        checks: "staticPodPath, or --pod-manifest-path, is not written.",
        matters: "Static pods are run from files, past authentication, authorization and admission.",
        compliant: Example::config("rotateCertificates: true\n"),
        violating: Example::config("staticPodPath: /etc/kubernetes/manifests\n"),
        edition: "eks-stig-v1r6",
        remediation: "Take staticPodPath out, unless the node's control plane runs as static pods.",
        edge_cases: &[
            "Control plane nodes of kubeadm need it: the rule is for nodes of a managed control plane.",
            "staticPodURL is another way to the same thing; the STIG does not ask for it.",
        ],
        references: &["DISA Kubernetes STIG V-242397"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
