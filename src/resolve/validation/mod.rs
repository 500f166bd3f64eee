//! Validates a complete configuration (`ValidateKubeletConfiguration`).
//!
//! Source: `pkg/kubelet/apis/config/validation/validation.go`, 1.25 to 1.37. What hangs on the node (cgroup v1) is
//! not included. Logging is validated before: see [`super::logging`].

mod allocatable;
mod check;
mod features;
mod images;
mod node;
mod rules;
mod shutdown;

use crate::kubelet::Version;
use crate::source::diagnostic::Diagnostic;

use super::configuration::Configuration;
use check::Check;

/// The concerns of validation, each of which adds its errors.
const CONCERNS: [fn(&mut Check<'_>); 11] = [
    rules::simple,
    images::garbage_collection,
    images::parallel_pulls,
    images::credential_verification,
    node::taints,
    node::reserved_cpus,
    node::reserved_memory,
    node::pod_sysctls,
    shutdown::shutdown,
    allocatable::enforcement,
    features::gated,
];

/// Every validation error of a configuration.
pub(super) fn validate(configuration: &Configuration, version: Version) -> Vec<Diagnostic> {
    let mut check = Check { configuration, version, errors: Vec::new() };
    for concern in CONCERNS {
        concern(&mut check);
    }
    check.errors
}
