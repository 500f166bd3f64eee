//! The carriers: every kind of text or object that kubelet settings are read from.
//!
//! The table in docs/reference is generated from [`CARRIERS`].

use super::carrier::{Carrier, Shape};
use super::carriers;
use super::context::Object;

/// Every carrier.
pub const CARRIERS: &[&[Carrier]] = &[
    carriers::kubeadm::CARRIERS,
    carriers::config_map::CARRIERS,
    carriers::cluster_api::CARRIERS,
    carriers::cluster_class::CARRIERS,
    carriers::kind::CARRIERS,
    carriers::k3s::CARRIERS,
    carriers::rancher::CARRIERS,
    carriers::eks::CARRIERS,
    carriers::eksctl::CARRIERS,
    carriers::eks_anywhere::CARRIERS,
    carriers::karpenter::CARRIERS,
    carriers::bottlerocket::CARRIERS,
    carriers::user_data::CARRIERS,
    carriers::ignition::CARRIERS,
    carriers::openshift::CARRIERS,
    carriers::aks::CARRIERS,
    carriers::gke::CARRIERS,
    carriers::talos::CARRIERS,
    carriers::k0s::CARRIERS,
    carriers::kops::CARRIERS,
    carriers::gardener::CARRIERS,
    carriers::workloads::CARRIERS,
];

/// Every carrier, one by one.
pub(super) fn all() -> impl Iterator<Item = &'static Carrier> {
    CARRIERS.iter().flat_map(|family| family.iter())
}

/// The carrier of an object, and the name that stands in for its kind if it has none.
pub(super) fn of_object(object: &Object<'_>) -> Option<(&'static Carrier, Option<&'static str>)> {
    all().find_map(|carrier| match carrier.shape {
        Shape::Kinds(kinds) => kinds
            .iter()
            .any(|(group, kind)| *group == object.group && *kind == object.kind)
            .then_some((carrier, None)),
        Shape::Members(name, is_one) if object.kind.is_empty() || object.version.is_empty() => {
            is_one(object.root).then_some((carrier, Some(name)))
        }
        Shape::Members(..) | Shape::Text(_) => None,
    })
}

/// The carrier of a text that is no YAML.
pub(super) fn of_text(text: &str) -> Option<&'static Carrier> {
    all().find(|carrier| matches!(carrier.shape, Shape::Text(is_one) if is_one(text)))
}
