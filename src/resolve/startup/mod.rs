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

use crate::kubelet::Version;
use crate::source::Place;
use crate::source::diagnostic::{Code, Diagnostic};

use super::configuration::Configuration;
use super::parse_flags::Flags;

pub use machine::Machine;
use start::Start;

/// What the start of a kubelet depends on beside its configuration.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'s> {
    pub(super) version: Version,
    pub(super) flags: &'s Flags,
    /// Whether `flags` are all flags of the kubelet.
    pub(super) has_all_flags: bool,
    /// The node, if its capacity is known.
    pub(super) machine: Option<Machine>,
}

impl Surroundings<'_> {
    /// Whether the kubelet has no client for the API server, because `--kubeconfig` is missing or empty.
    pub(super) fn is_standalone(&self) -> bool {
        match self.flags.last("kubeconfig") {
            Some(_) => self.flags.text("kubeconfig").is_none(),
            None => self.has_all_flags,
        }
    }

    /// The place of a flag.
    pub(super) fn place(&self, flag: &str) -> Place {
        self.flags.last(flag).map_or(Place::DEFAULT, |given| given.place)
    }
}

/// Refusals of the lock file, the first in `run`.
pub(super) fn lock_file(configuration: &Configuration, surroundings: Surroundings<'_>) -> Vec<Diagnostic> {
    steps(&[node::lock_file], configuration, surroundings)
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

fn refusal(message: impl Into<String>, help: &str, place: Place) -> Diagnostic {
    Diagnostic::error(Code::StartUp, message).help(help).at(place)
}
