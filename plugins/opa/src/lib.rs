//! A policy for hosts of the OPA Wasm ABI 1.3, written in Rust instead of compiled from Rego.
//!
//! A host loads it as it loads any policy: <https://www.openpolicyagent.org/docs/wasm>. Its entrypoints, inputs and
//! parameters are in `README.md`.
//!
//! # Memory
//!
//! The heap is the stack of blocks that the ABI describes: `opa_heap_ptr_set` gives back all above it.
//! So nothing that is to last may lie on the heap. The core keeps nothing between calls, and the
//! entrypoints are part of the module's data.

#[cfg(target_arch = "wasm32")]
mod abi;
mod document;
mod entrypoint;
#[cfg(target_arch = "wasm32")]
mod heap;
mod input;

pub use document::{PathError, put, remove};
pub use entrypoint::{ENTRYPOINTS, Entrypoint, result};
