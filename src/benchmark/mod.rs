//! Benchmark editions as data: which controls they have, under which numbers, and what each asks.
//!
//! A control's identity is our slug; numbers, titles, levels and pass conditions belong to the
//! edition. Titles and numbers are the benchmarks' own names for their controls. Rows are about kubelet
//! settings alone: modes and owners of files are not in a kubelet's configuration, so the editions'
//! rows on them are left out.
//!
//! Each edition is a file `editions/ID.toml`; `cargo x gen` makes `table.rs` of them.

pub mod auto;
mod catalog;
pub mod departures;
mod edition;
#[rustfmt::skip]
mod table;

pub use catalog::{edition, editions};
pub use edition::{Absent, Edition, Platform, Reason, Row, Rule, Source};

/// The default edition.
pub const DEFAULT_EDITION: &str = "cis-aks-1.7";

/// The name that selects an edition by the input.
pub const AUTO: &str = "auto";
