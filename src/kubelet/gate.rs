//! What a feature gate is.

use super::Minors;

/// A feature gate.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) name: &'static str,
    /// Its specs by version, oldest first.
    pub(super) specs: &'static [FeatureSpec],
}

/// The maturity of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maturity {
    /// Off by default.
    Alpha,
    /// On or off by default.
    Beta,
    /// Generally available.
    Ga,
    /// Will be removed.
    Deprecated,
}

/// The properties of a gate in a range of versions (component-base `FeatureSpec`).
#[derive(Clone, Copy, Debug)]
pub struct FeatureSpec {
    pub(super) minors: Minors,
    /// Its maturity.
    pub maturity: Maturity,
    /// Whether it is on by default.
    pub default: bool,
    /// Whether it can only be set to its default.
    pub locked: bool,
}
