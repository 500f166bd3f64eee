//! Runs the built artefacts in their hosts.
//!
//! `cargo x build` makes what is run here; `cargo x test` runs it. The tests are one binary
//! (`tests/hosts`), for each would link wasmtime again.

pub mod cases;
pub mod command;
pub mod matrix;
pub mod node;
pub mod place;
pub mod raw;
pub mod transcripts;
pub mod wasi;
