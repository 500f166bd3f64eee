//! Benchmark editions as data: which controls they have, under which numbers, and what each asks.
//!
//! A control's identity is our slug; numbers, titles, levels and pass conditions belong to the
//! edition. Titles and numbers are the benchmarks' own names for their controls. Rows are about kubelet
//! settings alone: modes and owners of files are not in a kubelet's configuration, so the editions'
//! rows on them are left out.
//!
//! Each edition is a file `editions/ID.toml`; `cargo x gen` makes `table.rs` of them.

pub mod auto;
pub mod departures;
mod edition;
#[rustfmt::skip]
mod table;

pub use edition::{Absent, Edition, Platform, Reason, Row, Rule, Source};

/// The default edition.
pub const DEFAULT_EDITION: &str = "cis-aks-1.7";

/// The name that selects an edition by the input.
pub const AUTO: &str = "auto";

/// Returns every edition; our own profile is the last.
pub fn editions() -> impl Iterator<Item = &'static Edition> {
    table::EDITIONS.iter().copied()
}

/// Returns the edition with this name, or the edition for a version of Kubernetes such as `1.34`, as kube-bench's
/// `--benchmark` and `--version` take them.
pub fn edition(name: &str) -> Option<&'static Edition> {
    let by_version = || auto::of_version(name.strip_prefix("1.")?.parse().ok()?);
    editions().find(|edition| edition.is_named(name)).or_else(by_version)
}
