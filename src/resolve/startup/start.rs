//! What every step of the start uses.

use crate::kubelet::fields::FieldId;
use crate::source::diagnostic::Diagnostic;

use super::super::configuration::Configuration;
use super::{Surroundings, refusal};

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
