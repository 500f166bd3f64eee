//! Node configurations of EKS.
//!
//! Sources: awslabs/amazon-eks-ami `nodeadm/api/v1alpha1` and `nodeadm/internal/api/merge.go`;
//! kubernetes-sigs/cluster-api-provider-aws `bootstrap/eks/api`.

use super::super::arguments::ArgsForm;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::platform;

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "EKS NodeConfig",
        settings: "`spec.kubelet.config` and `spec.kubelet.flags`",
        version: "",
        source: "awslabs/amazon-eks-ami nodeadm/api/v1alpha1",
        otherwise: "audit /etc/kubernetes/kubelet/config.json with --config-dir /etc/kubernetes/kubelet/config.json.d",
        shape: Shape::Kinds(&[("node.eks.aws", "NodeConfig")]),
        read: Read::Each(node_config),
    },
    Carrier {
        name: "Cluster API, EKS",
        settings: "`kubeletExtraArgs` of EKSConfig; `kubelet.config` and `kubelet.flags` of NodeadmConfig",
        version: "",
        source: "kubernetes-sigs/cluster-api-provider-aws bootstrap/eks/api",
        otherwise: "audit the EKSConfigTemplate or NodeadmConfigTemplate of the machines",
        shape: Shape::Kinds(&[
            ("bootstrap.cluster.x-k8s.io", "EKSConfig"),
            ("bootstrap.cluster.x-k8s.io", "EKSConfigTemplate"),
            ("bootstrap.cluster.x-k8s.io", "NodeadmConfig"),
            ("bootstrap.cluster.x-k8s.io", "NodeadmConfigTemplate"),
        ]),
        read: Read::Each(bootstrap),
    },
];

fn node_config(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, object.name());
    node_config_into(object, &mut draft);
    draft.over(&platform::EKS).on("eks");
    draft.build().into_iter().collect()
}

/// Adds a NodeConfig to a kubelet. nodeadm merges the configurations of several, and appends their flags.
pub(super) fn node_config_into(object: &Object<'_>, draft: &mut Draft<'_, '_>) {
    draft.config(object.at("spec.kubelet.config"));
    draft.arguments(object.at("spec.kubelet.flags"), ArgsForm::Texts);
}

pub(super) fn bootstrap(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let spec = if object.kind.ends_with("Template") { "spec.template.spec" } else { "spec" };
    let Some(spec) = object.at(spec) else { return Vec::new() };
    let mut draft = Draft::of(cx, object, object.name());
    draft.config(below(spec, "kubelet.config"));
    draft.arguments(below(spec, "kubelet.flags"), ArgsForm::Texts);
    draft.arguments(below(spec, "kubeletExtraArgs"), ArgsForm::Pairs);
    draft.over(&platform::EKS).on("eks");
    draft.build().into_iter().collect()
}
