//! The formats of the command's own files. JSON Schemas of these types are printed by `kubelet-audit schema`.

pub mod baseline;
pub mod waivers;
