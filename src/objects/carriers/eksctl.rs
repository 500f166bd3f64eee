//! eksctl's ClusterConfig.
//!
//! Source: eksctl-io/eksctl `pkg/apis/eksctl.io/v1alpha5/types.go` and its documentation, "Customizing kubelet".

use crate::source::tree::Node;

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::platform;
use super::bottlerocket;
use super::user_data;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "eksctl ClusterConfig",
    settings: "`kubeletExtraConfig`, `overrideBootstrapCommand` (bootstrap.sh or a NodeConfig) and `bottlerocket.settings` of `nodeGroups` and `managedNodeGroups`",
    version: "`metadata.version`",
    source: "eksctl-io/eksctl pkg/apis/eksctl.io/v1alpha5/types.go",
    otherwise: "add kubeletExtraConfig to a node group, or audit /configz of a node",
    shape: Shape::Kinds(&[("eksctl.io", "ClusterConfig")]),
    read: Read::Each(read),
}];

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut found = Vec::new();
    for list in ["nodeGroups", "managedNodeGroups"] {
        for (group, label) in items(object.root, list) {
            let mut draft = Draft::of(cx, object, object.part(&label));
            draft.version(below(group, "version")).version(object.at("metadata.version"));
            draft.over(&platform::EKS).on("eks");
            if let Some(settings) = below(group, "bottlerocket.settings") {
                bottlerocket::settings_into(settings, &mut draft);
            }
            draft.config(below(group, "kubeletExtraConfig"));
            if let Some(value) = below(group, "maxPodsPerNode")
                && draft.is_used()
            {
                draft.field("maxPods", value);
            }
            let script =
                below(group, "overrideBootstrapCommand").and_then(|value: &Node<'_>| cx.inner(value)?.ok());
            if let Some(script) = script {
                user_data::into_draft(cx, &script, &mut draft);
            }
            found.extend(draft.build());
        }
    }
    found
}
