//! Refusals of a kubelet after its configuration is valid: `run`, `RunKubelet` and `NewMainKubelet`.
//!
//! Source: `cmd/kubelet/app/server.go` and `pkg/kubelet/kubelet.go`, 1.25 to 1.37. What only a node can answer,
//! such as whether a socket is there, is not included.

mod eviction;
mod machine;
mod managers;
mod node;
mod reservation;
mod start;
mod values;

use crate::source::diagnostic::Diagnostic;

use super::configuration::Configuration;

pub use machine::Machine;
use start::Start;
pub(super) use start::Surroundings;

/// Refusals of the lock file, the first in `run`.
pub(super) fn lock_file(configuration: &Configuration, surroundings: Surroundings<'_>) -> Vec<Diagnostic> {
    steps(&[node::lock_file], configuration, surroundings)
}

/// Refusals of the collector of traces, which is connected after the certificate is loaded.
pub(super) fn tracing(configuration: &Configuration, surroundings: Surroundings<'_>) -> Vec<Diagnostic> {
    steps(&[node::tracing], configuration, surroundings)
}

/// Refusals before authorization is set up.
pub(super) fn before_authorization(
    configuration: &Configuration,
    surroundings: Surroundings<'_>,
) -> Vec<Diagnostic> {
    // From 1.34 on, cloud providers are refused later.
    let early: &[Step] = if surroundings.version.at_least(34) { &[] } else { &[node::cloud_provider] };
    let mut errors = steps(early, configuration, surroundings);
    errors.extend(steps(&[node::host_name, node::api_client], configuration, surroundings));
    errors
}

/// Refusals of the endpoints of the container runtime.
pub(super) fn runtime_endpoints(
    configuration: &Configuration,
    surroundings: Surroundings<'_>,
) -> Vec<Diagnostic> {
    steps(&[node::runtime_endpoints], configuration, surroundings)
}

/// Refusals after the container runtime is connected.
pub(super) fn after_authorization(
    configuration: &Configuration,
    surroundings: Surroundings<'_>,
) -> Vec<Diagnostic> {
    const STEPS: [Step; 16] = [
        reservation::resources,
        managers::topology,
        managers::cpu,
        managers::memory,
        node::node_ips,
        node::seccomp_default,
        node::directories_and_periods,
        node::cloud_provider,
        node::iptables_bits,
        eviction::thresholds,
        node::change_detection,
        node::container_logs,
        node::credential_providers,
        node::container_garbage_collection,
        node::sysctls,
        reservation::allocatable,
    ];
    steps(&STEPS, configuration, surroundings)
}

/// A step of the start, which adds its errors.
type Step = fn(&mut Start<'_>);

fn steps(steps: &[Step], configuration: &Configuration, surroundings: Surroundings<'_>) -> Vec<Diagnostic> {
    let mut start = Start::new(configuration, surroundings);
    for step in steps {
        step(&mut start);
    }
    start.errors
}
