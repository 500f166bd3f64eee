//! Reads a kubelet's configuration as the kubelet itself would and returns finding objects.

mod audit;
mod bindings;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod report;
pub mod request;
pub mod source;

pub use audit::{audit, audit_json, audit_value};
