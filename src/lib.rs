//! Reads a kubelet's configuration as the kubelet itself would and returns finding objects.

mod audit;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod render;
pub mod report;
pub mod request;
pub mod secret;
pub mod source;
mod summary;

pub use audit::{audit, audit_json, audit_value};
