//! Reads a kubelet's configuration as the kubelet itself would and returns finding objects.

pub mod admission;
mod assess;
mod audit;
pub mod benchmark;
mod bindings;
pub mod command_line;
pub mod controls;
pub mod fix;
pub mod json;
pub mod kubelet;
pub mod objects;
pub mod render;
pub mod report;
pub mod request;
pub mod resolve;
pub mod source;

#[cfg(test)]
mod tests;

pub use audit::{audit, audit_json, audit_json_report, audit_value, check_options, invalid_request};
pub use report::report_of;
