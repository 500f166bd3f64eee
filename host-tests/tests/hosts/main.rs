//! The artifacts in their hosts.

#![expect(clippy::print_stdout, reason = "matrices and what was left out are for people to see")]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test ends where something is not as it should be, in its helpers too"
)]

mod contract;
mod flat;
mod kubewarden;
mod opa;
mod opa_abi;
mod parity;
mod raw;
mod transcripts;
mod wasi;
