//! Runs the built artefacts in their hosts.
//!
//! `cargo x build` makes what is run here; `cargo x test` runs it. The tests are one binary
//! (`tests/hosts`), for each would link wasmtime again.

pub mod bounded;
pub mod cases;
pub mod command;
pub mod component;
pub mod doors;
pub mod interpreter;
pub mod kubewarden;
pub mod lines;
pub mod matrix;
pub mod opa;
pub mod place;
pub mod raw;
pub mod same;
pub mod wasi;
pub mod wave;
