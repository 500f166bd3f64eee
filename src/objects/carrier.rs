//! What a carrier is: a kind of text or object that kubelet settings are read from.

use crate::source::tree::Node;

use super::context::{Context, Object};
use super::embedded::Embedded;
use super::kubelet::ConfiguredKubelet;

/// A kind of text or object that kubelet settings are read from.
pub struct Carrier {
    /// What people call it.
    pub name: &'static str,
    /// Where the settings stand in it.
    pub settings: &'static str,
    /// Where the Kubernetes version stands in it; empty if it names none.
    pub version: &'static str,
    /// The public definition of its form.
    pub source: &'static str,
    /// What to audit instead where it sets nothing for a kubelet.
    pub otherwise: &'static str,
    pub(super) shape: Shape,
    pub(super) read: Read,
}

/// How a carrier is recognized.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// By group and kind.
    Kinds(&'static [(&'static str, &'static str)]),
    /// By the members of an object without kind. The name stands in for the kind.
    Members(&'static str, fn(&Node<'_>) -> bool),
    /// By the text, which is no YAML.
    Text(fn(&str) -> bool),
}

/// Kubelets, each with the position of the object that it comes from.
pub(super) type Found = Vec<(usize, ConfiguredKubelet)>;

/// How a carrier is read.
#[derive(Clone, Copy)]
pub(super) enum Read {
    /// Each object by itself.
    Each(fn(&Context<'_>, &Object<'_>) -> Vec<ConfiguredKubelet>),
    /// The objects of one text together, each kubelet with the object that it comes from.
    Together(fn(&Context<'_>, &[Object<'_>]) -> Found),
    /// The whole text.
    Text(fn(&Context<'_>, &Embedded) -> Vec<ConfiguredKubelet>),
}

impl Carrier {
    /// How it is recognized: kinds with their groups, or the name of its form.
    pub fn kinds(&self) -> Vec<String> {
        match self.shape {
            Shape::Kinds(kinds) => kinds
                .iter()
                .map(
                    |(group, kind)| {
                        if group.is_empty() { (*kind).to_owned() } else { format!("{kind}.{group}") }
                    },
                )
                .collect(),
            Shape::Members(name, _) => vec![name.to_owned()],
            Shape::Text(_) => Vec::new(),
        }
    }
}
