//! Controls: what is looked at, and what is made of it.
//!
//! A control sees the resolved kubelet and where each value was written, never raw text. It gives one
//! [`Outcome`] for every row of an edition that names it.

mod rotate_kubelet_server_certificate;
mod subject;

pub(crate) use subject::origin_layer;
pub use subject::{Entry, Spoken, Subject};

use crate::benchmark::Row;
use crate::report::{CommandStep, Effect, Route, Severity, Status};

/// A control.
#[derive(Debug)]
pub struct Control {
    /// Its slug: kebab-case, stable over editions.
    pub slug: &'static str,
    /// Its title, in our words.
    pub title: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// Why it matters, in one sentence.
    pub why: &'static str,
    /// The field it is about, for the fingerprint.
    pub field: &'static str,
    /// Judges a kubelet by what a row asks for.
    pub evaluate: fn(&Subject<'_>, &Row) -> Outcome,
}

/// What a control makes of a kubelet.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the edition's audit says.
    pub benchmark: Status,
    /// What the kubelet does.
    pub effective: Effect,
    /// What is missing for a yes.
    pub missing: Vec<String>,
    /// The catches.
    pub notes: Vec<String>,
    /// What was found: one sentence, lower-case, no full stop.
    pub message: String,
    /// What to do; empty where nothing is to be done.
    pub fix: String,
    /// Every place that spoke.
    pub evidence: Vec<Spoken>,
    /// Routes of the remediation; empty where nothing is to be mended.
    pub routes: Vec<Route>,
    /// Commands around them.
    pub commands: Vec<CommandStep>,
}

/// Every control.
pub const CONTROLS: &[&Control] = &[&rotate_kubelet_server_certificate::CONTROL];

/// The control of this slug.
pub fn control(slug: &str) -> Option<&'static Control> {
    CONTROLS.iter().find(|control| control.slug == slug).copied()
}
