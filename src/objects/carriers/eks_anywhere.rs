//! Clusters of EKS Anywhere.
//!
//! Source: aws/eks-anywhere `pkg/api/v1alpha1/cluster.go` and its documentation, "Kubelet configuration".

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "EKS Anywhere cluster",
    settings: "`kubeletConfiguration` of `spec.controlPlaneConfiguration` and of each of `spec.workerNodeGroupConfigurations`",
    version: "`spec.kubernetesVersion`, and that of a worker group",
    source: "aws/eks-anywhere pkg/api/v1alpha1/cluster.go",
    otherwise: "audit /configz of a node",
    shape: Shape::Kinds(&[("anywhere.eks.amazonaws.com", "Cluster")]),
    read: Read::Each(read),
}];

const BASE: &str = "the kubelet settings that EKS Anywhere adds";

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let version = object.at("spec.kubernetesVersion");
    let control_plane = object
        .at("spec.controlPlaneConfiguration")
        .map(|node| (node, "controlPlaneConfiguration".to_owned()));
    let workers = items(object.root, "spec.workerNodeGroupConfigurations");
    let build = |(node, label): (_, String)| {
        let mut draft = Draft::of(cx, object, object.part(&label));
        draft.config(below(node, "kubeletConfiguration"));
        draft.version(below(node, "kubernetesVersion")).version(version).missing(BASE);
        draft.build()
    };
    control_plane.into_iter().chain(workers).filter_map(build).collect()
}
