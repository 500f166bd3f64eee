//! The outcome of a kubelet's start.

use crate::kubelet::Version;
use crate::source::MissingLayer;
use crate::source::diagnostic::{Code, Diagnostic};

use super::configuration::Configuration;
use super::parse_flags::Flags;
use super::stage::Stage;

/// Where and why a kubelet stops.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The stage.
    pub stage: Stage,
    /// Whether it is a Go panic.
    pub panics: bool,
    /// The errors; never empty.
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

/// The outcome of the start of a kubelet of one version.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The version.
    pub version: Version,
    /// Where it stops, if it does before its server starts.
    pub stop: Option<Stop>,
    /// Where it stops when its server starts, which the test vectors do not cover.
    pub listen: Option<Stop>,
    /// Whether strict decoding of the config file failed and the kubelet decoded again without strictness.
    pub lenient: bool,
    /// Settings that it ignores or interprets in an unexpected way.
    pub warnings: Vec<Diagnostic>,
    /// The configuration, unless the kubelet stops before it is complete: at `command-line`, `feature-gates`,
    /// `config-file` or `drop-in`.
    pub configuration: Option<Configuration>,
    /// The flags that could be parsed.
    pub flags: Flags,
    /// Layers that the kubelet uses but the caller did not supply.
    pub missing: Vec<MissingLayer>,
    /// Whether the input is a `/configz` dump.
    pub is_configz: bool,
    /// Whether the arguments are not certain, because their text lost something.
    pub is_garbled: bool,
}

impl Resolved {
    /// Whether the feature gate is on; `None` without a complete configuration.
    pub fn is_gate_enabled(&self, name: &str) -> Option<bool> {
        Some(self.configuration.as_ref()?.is_gate_enabled(name, self.version))
    }

    /// Whether the behavior of the kubelet is unknown: a limit of ours was exceeded, a dump contains values
    /// that no kubelet can have returned, or the arguments are not certain.
    pub fn is_undecided(&self) -> bool {
        self.is_garbled
            || (self.is_configz && self.stop.is_some())
            || self
                .stop
                .iter()
                .flat_map(|stop| &stop.errors)
                .any(|error| matches!(error.code, Code::TooLarge | Code::TooDeep | Code::TooManyNodes))
    }

    /// Whether the kubelet starts its server, according to the layers.
    pub fn starts(&self) -> bool {
        self.stop.is_none() && self.listen.is_none()
    }

    /// Whether the kubelet starts; `None` if that depends on something that is not known.
    pub fn starts_for_certain(&self) -> Option<bool> {
        let is_open = self.starts()
            && (!self.missing.is_empty()
                || self.warnings.iter().any(|warning| warning.code == Code::UnknownFeatureGate));
        (!self.is_undecided() && !is_open).then(|| self.starts())
    }
}
