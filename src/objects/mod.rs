//! Kubelet configuration inside Kubernetes objects, user data and the files of platforms: which parts of a text
//! reach a kubelet, and as which layer.
//!
//! A carrier is a kind of text or object that settings are read from; [`CARRIERS`] lists them all. Each carrier
//! makes drafts of kubelets; what reaches the same kubelet is one draft. Places point into the outer text, also
//! for a text inside a text (`data.kubelet` of kubeadm's ConfigMap). Settings that a platform is documented to
//! make are a layer of their own, and those that nobody documents are a missing layer, so no verdict is based on
//! them.

mod arguments;
mod carrier;
mod carriers;
mod context;
mod draft;
mod embedded;
mod encoding;
mod json_patch;
mod kubelet;
mod machine;
mod mime;
mod offsets;
mod platform;
mod registry;
mod search;
mod shell;
mod stranger;
mod stream;
#[cfg(test)]
mod tests;
mod unknown;

pub use carrier::Carrier;
pub(crate) use context::Beside;
pub(crate) use kubelet::{CONFIG, ConfiguredKubelet};
pub use registry::CARRIERS;
pub(crate) use search::find;
pub use stranger::{Recognized, is_k3s_config, recognize};
pub(crate) use stranger::{Stranger, describe, is_command_line};
pub(crate) use unknown::take_from as take_unknown;
