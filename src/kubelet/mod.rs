//! What the kubelet of each Kubernetes minor version supports: fields, flags and feature gates; and the
//! grammars of their values.

pub mod cpu_set;
pub mod duration;
mod field;
mod field_table;
pub mod fields;
mod flag;
mod flag_table;
pub mod flags;
mod gate;
mod gate_dependencies;
mod gate_table;
pub mod gates;
pub mod image_name;
pub mod label;
mod objects;
mod proved_minors;
pub mod quantity;
pub mod sysctl;
pub mod time;
pub mod url;
mod version;

pub use version::{Minors, Version};
