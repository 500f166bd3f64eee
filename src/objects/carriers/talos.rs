//! Machine configurations of Talos.
//!
//! Sources: siderolabs/talos `pkg/machinery/config/types/v1alpha1` (`machine.kubelet`),
//! `pkg/machinery/config/types/k8s/kubelet.go` (document KubeletConfig) and
//! `internal/app/machined/pkg/controllers/k8s/kubelet_spec.go`.

use crate::source::tree::{Node, NodeValue};

use super::super::arguments::ArgsForm;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::platform;

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "Talos machine configuration",
        settings: "`machine.kubelet`: `extraConfig`, `extraArgs`, `defaultRuntimeSeccompProfileEnabled`, `disableManifestsDirectory`",
        version: "the tag of `machine.kubelet.image`",
        source: "siderolabs/talos pkg/machinery/config/types/v1alpha1",
        otherwise: "audit the document KubeletConfig, or the machine configuration with machine.kubelet",
        shape: Shape::Members(MACHINE, is_machine),
        read: Read::Each(machine),
    },
    Carrier {
        name: "Talos KubeletConfig",
        settings: "`config`, `extraArgs`, `defaultRuntimeSeccompProfileEnabled` of the document",
        version: "the tag of `image`",
        source: "siderolabs/talos pkg/machinery/config/types/k8s/kubelet.go",
        otherwise: "audit the machine configuration with machine.kubelet",
        shape: Shape::Kinds(&[("", "KubeletConfig")]),
        read: Read::Each(document),
    },
];

const MACHINE: &str = "Talos machine configuration";

fn is_machine(root: &Node<'_>) -> bool {
    root.get("machine").is_some_and(|machine| machine.as_object().is_some())
}

fn machine(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let Some(kubelet) = object.at("machine.kubelet") else { return Vec::new() };
    read(cx, object, kubelet, "extraConfig")
}

fn document(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    read(cx, object, object.root, "config")
}

fn read(cx: &Context<'_>, object: &Object<'_>, kubelet: &Node<'_>, config: &str) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, object.name());
    draft.used().over(&platform::TALOS).on("talos");
    let is_true =
        |key: &str| below(kubelet, key).filter(|value| matches!(value.value, NodeValue::Bool(true)));
    if let Some(value) = is_true("defaultRuntimeSeccompProfileEnabled") {
        draft.field("seccompDefault", value);
    }
    if let Some(value) = is_true("disableManifestsDirectory") {
        draft.field("staticPodPath", &Node::new(value.place, NodeValue::String("".into())));
    }
    if let Some(value) = below(kubelet, "clusterDNS") {
        draft.field("clusterDNS", value);
    }
    draft.config(below(kubelet, config));
    draft.arguments(below(kubelet, "extraArgs"), ArgsForm::Pairs);
    draft.version(below(kubelet, "image"));
    draft.build().into_iter().collect()
}
