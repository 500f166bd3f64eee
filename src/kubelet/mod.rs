//! What the kubelet of each Kubernetes minor version supports: fields, flags and feature gates.

pub mod duration;
mod field;
mod field_table;
pub mod fields;
mod flag;
mod flag_table;
pub mod flags;
mod gate;
mod gate_table;
pub mod gates;
mod version;

pub use version::{Minors, Version};
