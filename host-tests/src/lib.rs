//! Runs the built artifacts in their hosts.
//!
//! `cargo x build` makes the artifacts, and `cargo x test` runs these tests. The tests are one binary
//! (`tests/hosts`), because every further binary would link wasmtime again.

pub mod bounded;
pub mod cases;
pub mod command;
pub mod component;
pub mod hosts;
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
