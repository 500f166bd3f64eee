//! The artefacts in their hosts.

#![expect(clippy::print_stdout, reason = "matrices and what was left out are for people to see")]

mod contract;
mod flat;
mod kubewarden;
mod opa;
mod opa_abi;
mod parity;
mod raw;
mod transcripts;
mod wasi;
