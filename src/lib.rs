//! Reads a kubelet's configuration as the kubelet itself would and returns finding objects.

pub mod admission;
mod assess;
mod audit;
pub mod benchmark;
mod bindings;
pub mod controls;
pub mod diagnostic;
pub mod effective;
mod fingerprint;
pub mod fix;
mod float;
pub mod json;
pub mod kubelet;
pub mod objects;
mod options;
pub mod render;
pub mod report;
pub mod request;
pub mod secret;
pub mod source;
mod wire;

#[cfg(test)]
mod tests;

pub use audit::{audit, audit_json, audit_json_report, audit_value, invalid_request};
pub use wire::report_of;
