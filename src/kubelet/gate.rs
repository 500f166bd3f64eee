//! What a feature gate is.

use super::Minors;

/// A feature gate through the versions.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) name: &'static str,
    /// What it is in which minors, oldest first.
    pub(super) specs: &'static [FeatureSpec],
}

/// How far a gate has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maturity {
    /// Off unless asked for.
    Alpha,
    /// May be on.
    Beta,
    /// Generally available.
    Ga,
    /// On its way out.
    Deprecated,
}

/// What a gate is in a run of minors (component-base `FeatureSpec`).
#[derive(Clone, Copy, Debug)]
pub struct FeatureSpec {
    pub(super) minors: Minors,
    /// How far it has come.
    pub maturity: Maturity,
    /// Whether it is on by default.
    pub default: bool,
    /// Whether it may not be set to anything but its default.
    pub locked: bool,
}
