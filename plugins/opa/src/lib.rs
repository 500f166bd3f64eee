//! A policy for hosts of the OPA Wasm ABI 1.3, written in Rust instead of compiled from Rego.
//!
//! A host loads it as it loads any policy: <https://www.openpolicyagent.org/docs/wasm>. It has three
//! entrypoints:
//!
//! | entrypoint | result |
//! | --- | --- |
//! | `kubelet_audit/report` (0, the default) | the report, `schema/report-2.json` |
//! | `kubelet_audit/allow` | `true` where nothing is wrong and nothing is unknown |
//! | `kubelet_audit/deny` | messages, one for each thing that is wrong or unknown |
//!
//! # Input
//!
//! - a string: the text of a kubelet config or of `/configz` output. The one form with positions.
//! - an object: a `KubeletConfiguration`, or `/configz` output, already parsed.
//! - an object with `config`, `dropIns` or `args`: a request, `schema/request-2.json`.
//!
//! - an object with an object `request`: an AdmissionReview. `report` answers with an AdmissionReview.
//! - an object with an object `review`: Gatekeeper's. `report` and `deny` are its violations, `[{"msg": ...}]`.
//!
//! Settings are the members of a request other than these three, and for admission those of
//! [`kubelet_audit::admission`]. They stand in the request, in its
//! `parameters`, or in the data document (`{"parameters": {...}}`, or at its top), the former winning.
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
