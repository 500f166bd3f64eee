//! Shoots of Gardener.
//!
//! Sources: gardener/gardener `pkg/apis/core/v1beta1/types_shoot.go` (KubeletConfig) and
//! `pkg/gardenlet/operation/botanist/operatingsystemconfig` (a worker's settings replace the Shoot's);
//! `pkg/apis/seedmanagement/v1alpha1/types_managedseedset.go`.

use crate::source::tree::{Member, Node, NodeValue};

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "Gardener Shoot",
    settings: "`spec.kubernetes.kubelet`, replaced by `spec.provider.workers[].kubernetes.kubelet`; `spec.shootTemplate` of a ManagedSeedSet",
    version: "`spec.kubernetes.version`, and that of a worker",
    source: "gardener/gardener pkg/apis/core/v1beta1/types_shoot.go",
    otherwise: "set spec.kubernetes.kubelet, or audit /configz of a node",
    shape: Shape::Kinds(&[
        ("core.gardener.cloud", "Shoot"),
        ("seedmanagement.gardener.cloud", "ManagedSeedSet"),
    ]),
    read: Read::Each(read),
}];

const BASE: &str = "the kubelet settings that Gardener adds";

/// How Gardener and GKE name the keys of a map in camel case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Eviction signals: `memoryAvailable`, `nodeFSInodesFree`.
    Threshold,
    /// Resources: `ephemeralStorage`.
    Resource,
}

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let spec = if object.kind == "Shoot" { "spec" } else { "spec.shootTemplate.spec" };
    let Some(spec) = object.at(spec) else { return Vec::new() };
    let shared = below(spec, "kubernetes.kubelet");
    let version = below(spec, "kubernetes.version");
    let mut pools: Vec<_> = items(spec, "provider.workers")
        .into_iter()
        .map(|(worker, label)| {
            (below(worker, "kubernetes.kubelet").or(shared), below(worker, "kubernetes.version"), label)
        })
        .collect();
    if pools.is_empty() {
        pools.push((shared, None, String::new()));
    }
    let build = |(kubelet, own, label): (Option<&Node<'_>>, Option<&Node<'_>>, String)| {
        let kubelet = kubelet?;
        let mut draft = Draft::of(cx, object, object.part(&label));
        let (own_names, others): (Vec<_>, Vec<_>) =
            kubelet.as_object().unwrap_or_default().iter().partition(|member| naming(&member.key).is_some());
        draft.fields(kubelet.place, others.into_iter().map(Member::to_static).collect());
        for member in own_names {
            if let Some(naming) = naming(&member.key) {
                draft.field(&member.key, &thresholds(&member.value, naming));
            }
        }
        draft.version(own).version(version).missing(BASE);
        draft.build()
    };
    pools.into_iter().filter_map(build).collect()
}

fn naming(key: &str) -> Option<Naming> {
    match key {
        "evictionHard" | "evictionSoft" | "evictionSoftGracePeriod" | "evictionMinimumReclaim" => {
            Some(Naming::Threshold)
        }
        "kubeReserved" | "systemReserved" => Some(Naming::Resource),
        _ => None,
    }
}

/// A map with the kubelet's own keys.
pub(super) fn thresholds(node: &Node<'_>, naming: Naming) -> Node<'static> {
    let mut node = node.to_static();
    if let NodeValue::Object(members) = &mut node.value {
        for member in members.iter_mut() {
            if let Some(name) = renamed(&member.key, naming) {
                member.key = name.into();
            }
            // Quantities are strings to the kubelet.
            if let NodeValue::Number(number) = &member.value.value {
                member.value.value = NodeValue::String(number.clone());
            }
        }
    }
    node
}

fn renamed(key: &str, naming: Naming) -> Option<&'static str> {
    const NAMES: &[(&str, &str)] = &[
        ("memoryavailable", "memory.available"),
        ("nodefsavailable", "nodefs.available"),
        ("nodefsinodesfree", "nodefs.inodesFree"),
        ("imagefsavailable", "imagefs.available"),
        ("imagefsinodesfree", "imagefs.inodesFree"),
        ("containerfsavailable", "containerfs.available"),
        ("containerfsinodesfree", "containerfs.inodesFree"),
        ("pidavailable", "pid.available"),
        ("ephemeralstorage", "ephemeral-storage"),
    ];
    let is_resource = |name: &str| name == "ephemeral-storage";
    let lower = key.to_ascii_lowercase();
    NAMES
        .iter()
        .find(|(camel, name)| *camel == lower && is_resource(name) == (naming == Naming::Resource))
        .map(|(_, name)| *name)
}
