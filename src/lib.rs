//! Reads a kubelet's configuration as the kubelet itself would and returns finding objects.

#![cfg_attr(
    not(feature = "full"),
    expect(
        dead_code,
        unreachable_pub,
        unused_imports,
        reason = "what only the parts that are left out need is left out by the linker"
    )
)]

/// The small module's allocator. The standard library's is 5 KB of it, this one 2 KB.
#[cfg(all(feature = "js", not(feature = "full"), target_arch = "wasm32", target_os = "unknown"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(feature = "full")]
pub mod admission;
mod assess;
mod audit;
pub mod benchmark;
mod bindings;
#[cfg(feature = "cli")]
pub mod cli;
pub mod controls;
pub mod diagnostic;
pub mod effective;
mod fingerprint;
#[cfg(feature = "full")]
pub mod fix;
mod float;
mod json_text;
pub mod json_value;
pub mod kubelet;
mod objects;
mod options;
mod origins;
mod quoted;
#[cfg(feature = "full")]
pub mod render;
pub mod report;
pub mod request;
pub mod secret;
mod sorting;
pub mod source;
mod whole;
mod wire;

#[cfg(test)]
mod tests;

#[cfg(feature = "full")]
pub use audit::{audit, audit_json, audit_json_report, audit_value, invalid_request};
pub use wire::report_of;
