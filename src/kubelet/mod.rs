//! Tables of what each Kubernetes minor's kubelet knows: versions, fields, flags, feature gates.

pub mod duration;
mod field;
mod field_table;
pub mod fields;
pub mod flags;
mod gate;
mod gate_table;
pub mod gates;
mod version;

pub use version::{Minors, Version};
