//! Karpenter's node pools and node classes.
//!
//! Sources: kubernetes-sigs/karpenter `pkg/apis/v1beta1/nodeclaim.go`; aws/karpenter-provider-aws
//! `pkg/apis/v1/ec2nodeclass.go` and `pkg/providers/amifamily` (user data first, `spec.kubelet` wins).

use crate::source::tree::Node;

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::platform;
use super::user_data;

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "Karpenter EC2NodeClass",
        settings: "`spec.kubelet`, and `spec.userData`: MIME with NodeConfig, Bottlerocket TOML, or a script with bootstrap.sh",
        version: "the name or alias of the AMI in `spec.amiSelectorTerms`",
        source: "aws/karpenter-provider-aws pkg/apis/v1/ec2nodeclass.go",
        otherwise: "set spec.kubelet, or audit /configz of a node",
        shape: Shape::Kinds(&[
            ("karpenter.k8s.aws", "EC2NodeClass"),
            ("karpenter.k8s.aws", "AWSNodeTemplate"),
        ]),
        read: Read::Each(node_class),
    },
    Carrier {
        name: "Karpenter NodePool",
        settings: "`spec.template.spec.kubelet` of v1beta1, `spec.kubeletConfiguration` of a Provisioner",
        version: "",
        source: "kubernetes-sigs/karpenter pkg/apis/v1beta1/nodeclaim.go",
        otherwise: "since karpenter.sh/v1 the settings are in spec.kubelet of the EC2NodeClass or AKSNodeClass: audit that",
        shape: Shape::Kinds(&[
            ("karpenter.sh", "NodePool"),
            ("karpenter.sh", "NodeClaim"),
            ("karpenter.sh", "Provisioner"),
        ]),
        read: Read::Each(node_pool),
    },
];

const BASE: &str = "the kubelet configuration of the AMI";

fn node_class(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, object.name());
    let family = object.at("spec.amiFamily").and_then(Node::as_str).unwrap_or_default().to_ascii_lowercase();
    let mut names: Vec<&str> = Vec::new();
    for (term, _) in items(object.root, "spec.amiSelectorTerms") {
        names.extend(["alias", "name"].iter().filter_map(|key| below(term, key)?.as_str()));
        names.extend(
            below(term, "tags")
                .and_then(Node::as_object)
                .unwrap_or_default()
                .iter()
                .filter_map(|tag| tag.value.as_str()),
        );
    }
    let is_of = |what: &str| {
        family.contains(what) || names.iter().any(|name| name.to_ascii_lowercase().contains(what))
    };
    draft.on("eks");
    if is_of("bottlerocket") {
        draft.over(&platform::BOTTLEROCKET);
    } else if is_of("al2023") || is_of("al2") {
        draft.over(&platform::EKS);
    } else {
        draft.missing(BASE);
    }
    for name in &names {
        draft.version_text(Some(name));
    }
    if let Some(Ok(text)) = object.at("spec.userData").and_then(|value| cx.inner(value)) {
        user_data::into_draft(cx, &text, &mut draft);
    }
    draft.config(object.at("spec.kubelet"));
    draft.build().into_iter().collect()
}

fn node_pool(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let path = match object.kind {
        "NodePool" => "spec.template.spec.kubelet",
        "NodeClaim" => "spec.kubelet",
        _ => "spec.kubeletConfiguration",
    };
    let mut draft = Draft::of(cx, object, object.name());
    draft.config_without(object.at(path), &["containerRuntime"]).missing(BASE);
    draft.build().into_iter().collect()
}
