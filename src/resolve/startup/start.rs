//! What every step of the start uses.

use crate::kubelet::Version;
use crate::kubelet::fields::FieldId;
use crate::source::Place;
use crate::source::diagnostic::{Code, Diagnostic};

use super::super::configuration::Configuration;
use super::super::parse_flags::Flags;
use super::machine::Machine;

/// What the start of a kubelet depends on beside its configuration.
#[derive(Clone, Copy)]
pub(in crate::resolve) struct Surroundings<'s> {
    pub(in crate::resolve) version: Version,
    pub(in crate::resolve) flags: &'s Flags,
    /// Whether `flags` are all flags of the kubelet.
    pub(in crate::resolve) has_all_flags: bool,
    /// The node, if its capacity is known.
    pub(in crate::resolve) machine: Option<Machine>,
}

impl Surroundings<'_> {
    /// Whether the kubelet has no client for the API server, because `--kubeconfig` is missing or empty.
    pub(in crate::resolve) fn is_standalone(&self) -> bool {
        match self.flags.last("kubeconfig") {
            Some(_) => self.flags.text("kubeconfig").is_none(),
            None => self.has_all_flags,
        }
    }

    /// The place of a flag.
    pub(in crate::resolve) fn place(&self, flag: &str) -> Place {
        self.flags.last(flag).map_or(Place::DEFAULT, |given| given.place)
    }
}

/// The start of one kubelet.
pub(super) struct Start<'s> {
    pub(super) configuration: &'s Configuration,
    pub(super) surroundings: Surroundings<'s>,
    pub(super) errors: Vec<Diagnostic>,
}

impl<'s> Start<'s> {
    pub(super) fn new(configuration: &'s Configuration, surroundings: Surroundings<'s>) -> Self {
        Self { configuration, surroundings, errors: Vec::new() }
    }

    /// Whether this is 1.`minor` or newer.
    pub(super) fn at_least(&self, minor: u8) -> bool {
        self.surroundings.version.at_least(minor)
    }

    /// Whether the feature gate is on.
    pub(super) fn is_on(&self, gate: &str) -> bool {
        self.configuration.is_gate_enabled(gate, self.surroundings.version)
    }

    /// Adds an error about a field; the complaint follows its path.
    pub(super) fn refuse(&mut self, field: FieldId, complaint: &str, help: &str) {
        let message = format!("{} {complaint}; the kubelet exits", field.field().path);
        self.errors.push(refusal(message, help, self.configuration.slot(field).place));
    }

    /// Adds an error about a flag; the complaint follows its name.
    pub(super) fn refuse_flag(&mut self, flag: &str, complaint: &str, help: &str) {
        let message = format!("--{flag} {complaint}; the kubelet exits");
        self.errors.push(refusal(message, help, self.surroundings.place(flag)));
    }
}

fn refusal(message: impl Into<String>, help: &str, place: Place) -> Diagnostic {
    Diagnostic::error(Code::StartUp, message).help(help).at(place)
}
