//! Kubelet configuration inside Kubernetes objects: which parts of an object, or of a file with several
//! objects, reach a kubelet, and as which layer.
//!
//! Places point into the outer text, also for a text inside a text (`data.kubelet` of kubeadm's ConfigMap).
//! Settings that the platform adds outside the object are reported as a missing layer, so no verdict is
//! based on them.

mod arguments;
mod embedded;
mod kubelet;
mod object_rules;
mod search;
mod stream;
#[cfg(test)]
mod tests;

pub(crate) use kubelet::{CONFIG, ConfiguredKubelet};
pub(crate) use search::find;
pub use search::hold_kubelets;
