//! The outcome of a kubelet's start.

use crate::kubelet::Version;
use crate::source::MissingLayer;
use crate::source::diagnostic::{Code, Diagnostic};

use super::configuration::Configuration;
use super::parse_flags::Flags;
use super::stage::Stage;

/// Why and where a kubelet stops.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The step.
    pub stage: Stage,
    /// Whether it is a Go panic.
    pub panics: bool,
    /// The reasons; never empty.
    pub errors: Vec<Diagnostic>,
}

impl Stop {
    pub(super) fn new(stage: Stage, errors: Vec<Diagnostic>) -> Self {
        Self { stage, panics: false, errors }
    }

    pub(super) fn panic(stage: Stage, errors: Vec<Diagnostic>) -> Self {
        Self { stage, panics: true, errors }
    }
}

/// What becomes of a kubelet of one version.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The version.
    pub version: Version,
    /// Why it stops, if it does before it listens.
    pub stop: Option<Stop>,
    /// Why it stops when it starts to listen: one step beyond what the vectors know.
    pub listen: Option<Stop>,
    /// Whether strict decoding of the config file failed and it went on.
    pub lenient: bool,
    /// What it ignores or reads otherwise than written.
    pub warnings: Vec<Diagnostic>,
    /// The configuration, where it became complete: always unless it stops at `command-line`,
    /// `feature-gates`, `config-file` or `drop-in`.
    pub configuration: Option<Configuration>,
    /// The flags, where they could be parsed.
    pub flags: Flags,
    /// Layers that take part but were not given.
    pub missing: Vec<MissingLayer>,
    /// Whether the layers were a `/configz` dump.
    pub is_configz: bool,
}

impl Resolved {
    /// Whether the feature gate is on in the configuration that became complete.
    pub fn is_gate_enabled(&self, name: &str) -> Option<bool> {
        Some(self.configuration.as_ref()?.is_gate_enabled(name, self.version))
    }

    /// Whether what the kubelet would do is not known: our own limits ended the reading, or a dump
    /// holds what no kubelet can have shown.
    pub fn is_undecided(&self) -> bool {
        (self.is_configz && self.stop.is_some())
            || self
                .stop
                .iter()
                .flat_map(|stop| &stop.errors)
                .any(|error| matches!(error.code, Code::TooLarge | Code::TooDeep | Code::TooManyNodes))
    }

    /// Whether the kubelet gets as far as serving, as far as the layers tell.
    pub fn starts(&self) -> bool {
        self.stop.is_none() && self.listen.is_none()
    }
}
