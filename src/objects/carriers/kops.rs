//! Clusters and instance groups of kops.
//!
//! Source: kubernetes/kops `pkg/apis/kops/componentconfig.go` (fields are flags in camel case) and
//! `upup/pkg/fi/nodeup` (the cluster's settings first, then those of the control plane, then the group's).

use crate::source::tree::Node;

use super::super::arguments::ArgsForm;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "kops Cluster or InstanceGroup",
    settings: "`spec.kubelet`, `spec.controlPlaneKubelet`, `spec.masterKubelet`; a group's settings over those of the cluster in the same file",
    version: "`spec.kubernetesVersion`",
    source: "kubernetes/kops pkg/apis/kops/componentconfig.go",
    otherwise: "set spec.kubelet, or audit /configz of a node",
    shape: Shape::Kinds(&[("kops.k8s.io", "Cluster"), ("kops.k8s.io", "InstanceGroup")]),
    read: Read::Together(read),
}];

const BASE: &str = "the kubelet settings that kops adds";
/// The cluster of a group.
const CLUSTER: &str = "kops.k8s.io/cluster";

fn read(cx: &Context<'_>, objects: &[Object<'_>]) -> Vec<(usize, ConfiguredKubelet)> {
    let name = |object: &Object<'_>| object.at("metadata.name").and_then(Node::as_str).map(str::to_owned);
    let cluster_of = |group: &Object<'_>| {
        let labels = group.at("metadata.labels").and_then(Node::as_object).unwrap_or_default();
        labels
            .iter()
            .find(|label| label.key == CLUSTER)
            .and_then(|label| label.value.as_str())
            .map(str::to_owned)
    };
    let clusters: Vec<&Object<'_>> = objects.iter().filter(|object| object.kind == "Cluster").collect();
    let groups: Vec<&Object<'_>> = objects.iter().filter(|object| object.kind == "InstanceGroup").collect();
    let mut found = Vec::new();
    let mut with_groups: Vec<usize> = Vec::new();
    for group in &groups {
        let wanted = cluster_of(group);
        let cluster = clusters.iter().find(|cluster| wanted.is_none() || name(cluster) == wanted);
        let mut draft = Draft::of(cx, group, group.name());
        if let Some(cluster) = cluster {
            with_groups.push(cluster.order);
            let role = group.at("spec.role").and_then(Node::as_str).unwrap_or_default();
            shared(cluster, !matches!(role, "Node" | "Bastion"), &mut draft);
            draft.version(cluster.at("spec.kubernetesVersion"));
        }
        draft.arguments(group.at("spec.kubelet"), ArgsForm::Fields);
        draft.version(group.at("spec.image")).missing(BASE);
        found.extend(draft.build().map(|kubelet| (group.order, kubelet)));
    }
    for cluster in clusters.iter().filter(|cluster| !with_groups.contains(&cluster.order)) {
        let is_split =
            ["spec.controlPlaneKubelet", "spec.masterKubelet"].iter().any(|path| cluster.at(path).is_some());
        for is_control_plane in [false, true] {
            if is_control_plane && !is_split {
                continue;
            }
            let mut draft = Draft::of(
                cx,
                cluster,
                cluster.part(if is_control_plane { "controlPlaneKubelet" } else { "" }),
            );
            shared(cluster, is_control_plane, &mut draft);
            draft.version(cluster.at("spec.kubernetesVersion")).missing(BASE);
            found.extend(draft.build().map(|kubelet| (cluster.order, kubelet)));
        }
    }
    found
}

fn shared(cluster: &Object<'_>, is_control_plane: bool, draft: &mut Draft<'_, '_>) {
    draft.arguments(cluster.at("spec.kubelet"), ArgsForm::Fields);
    if is_control_plane {
        draft.arguments(cluster.at("spec.masterKubelet"), ArgsForm::Fields);
        draft.arguments(cluster.at("spec.controlPlaneKubelet"), ArgsForm::Fields);
    }
}
