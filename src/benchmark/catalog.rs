//! The editions, by name and by version of Kubernetes.

use super::edition::{Edition, Platform};
use super::table;

/// Returns every edition; our own profile is the last.
pub fn editions() -> impl Iterator<Item = &'static Edition> {
    table::EDITIONS.iter().copied()
}

/// Returns the edition with this name, or the edition for a version of Kubernetes such as `1.34`, as kube-bench's
/// `--benchmark` and `--version` take them.
pub fn edition(name: &str) -> Option<&'static Edition> {
    let by_version = || of_version(name.strip_prefix("1.")?.parse().ok()?);
    editions().find(|edition| edition.is_named(name)).or_else(by_version)
}

/// Returns the edition for a minor of plain Kubernetes.
pub(super) fn of_version(minor: u8) -> Option<&'static Edition> {
    editions().find(|edition| {
        edition.platform == Platform::Kubernetes
            && edition.minors.is_some_and(|(first, last)| (first..=last).contains(&minor))
    })
}
