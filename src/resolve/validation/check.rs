//! What every concern of validation uses.

use crate::kubelet::Version;
use crate::kubelet::fields::FieldId;
use crate::source::diagnostic::{Code, Diagnostic};

use super::super::configuration::Configuration;

/// A validation of one configuration.
pub(super) struct Check<'c> {
    pub(super) configuration: &'c Configuration,
    pub(super) version: Version,
    pub(super) errors: Vec<Diagnostic>,
}

impl Check<'_> {
    /// Whether the feature gate is on.
    pub(super) fn is_on(&self, gate: &str) -> bool {
        self.configuration.is_gate_enabled(gate, self.version)
    }

    /// Whether this version has the field.
    pub(super) fn has(&self, field: FieldId) -> bool {
        field.field().exists_in(self.version)
    }

    /// Adds an error about a field; the complaint follows its path.
    pub(super) fn refuse(&mut self, field: FieldId, complaint: &str, help: &str) {
        self.errors.push(
            Diagnostic::error(Code::Validation, format!("{} {complaint}", field.field().path))
                .help(help)
                .at(self.configuration.slot(field).place),
        );
    }

    /// Adds an error about a field unless the condition holds.
    pub(super) fn require(&mut self, holds: bool, field: FieldId, complaint: &str, help: &str) {
        if !holds {
            self.refuse(field, complaint, help);
        }
    }

    /// Adds an error about a field that is set while its feature gate is off.
    pub(super) fn refuse_without_gate(&mut self, field: FieldId, gate: &str) {
        self.refuse(
            field,
            &format!("requires the feature gate {gate}, which is off"),
            "enable the gate, or remove the field",
        );
    }
}
