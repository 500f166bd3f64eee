//! The trait that every control implements.
//!
//! # A guide to writing a control
//!
//! A control answers two questions about one aspect of a kubelet: whether the configuration meets the
//! rule of a benchmark's row (the *benchmark verdict*), and whether the kubelet that runs with it is
//! secure (the *effective verdict*). It sees the resolved kubelet and where each value comes from,
//! never raw text.
//!
//! `cargo x new-control SLUG` writes a file under `rules/` with the two methods that have no default:
//!
//! - [`metadata`](Control::metadata) returns everything about the control that is data: its identity and
//!   texts, the settings that rows make demands on, the requirements of a secure kubelet, the safety of
//!   fixes, the documentation.
//! - [`effect`](Control::effect) returns the effective verdict.
//!
//! Most controls need nothing else: from the requirements the engine derives what is missing, the fix,
//! and the routes of a remediation. The other methods are hooks:
//!
//! | If the control ... | write |
//! | --- | --- |
//! | has an effect in which other fields take part | [`related_fields`](Control::related_fields) |
//! | has a catch that users should know | [`notes`](Control::notes) |
//! | can fail where no setting helps | [`advice`](Control::advice) |
//! | does not always apply, or reads a rule in its own way | [`evaluate_rule`](Control::evaluate_rule) |
//! | must not be fixed in the way that the row demands | [`fixes_row`](Control::fixes_row) |
//! | has fixes whose safety depends on other settings | [`fix_safety`](Control::fix_safety) |
//! | needs a message or a fix of its own | [`details`](Control::details) |
//!
//! More methods exist in tests alone: `cases` for inputs with their verdicts, `rule_inputs` for controls
//! whose editions ship tests to compare with, and `one_sided` and `unfixable` for the reasons why a control
//! is an exception.
//!
//! What every control must respect is not a control's business, so that none can forget it: a missing
//! layer, a kubelet that does not start, a document that was not read to its end. The engine
//! (`judge.rs`, `details.rs`) handles these.

use serde_json::Value as Json;

use crate::benchmark::{Row, Rule};
use crate::kubelet::fields::FieldId;
use crate::report::{Applicability, CommandStep, Effect, Route, Severity, Status};
use crate::resolve::Resolved;

use super::audited_kubelet::{AuditedKubelet, RunningKubelet};
use super::docs::Docs;
use super::evaluate::RuleOutcome;
use super::evidence::Mention;
use super::requirement::{Requirement, TargetValue};
use super::setting::Setting;
#[cfg(test)]
use crate::tests::cases::{Case, RuleInput};

/// A control. The [module documentation](self) is the guide to its methods.
pub trait Control: Sync {
    /// Returns everything about the control that is data.
    fn metadata(&self) -> &'static Metadata;

    /// Returns the effective verdict: whether a kubelet that runs is secure in this respect.
    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect;

    /// Returns other fields that take part in the effect. They are shown as evidence where they are
    /// configured.
    fn related_fields(&self) -> &'static [FieldId] {
        &[]
    }

    /// Returns the fields beside its settings that decide the effect: without them it is not known.
    fn depends_on(&self) -> &'static [FieldId] {
        &[]
    }

    /// Returns what to do where no setting fixes a failure: a clause without a full stop.
    fn advice(&self) -> &'static str {
        ""
    }

    /// Returns the outcome of a row's rule. `None` evaluates the rule for each of the settings, all of
    /// which must meet it.
    fn evaluate_rule(&self, kubelet: &AuditedKubelet<'_>, rule: Rule) -> Option<RuleOutcome> {
        let _ = (kubelet, rule);
        None
    }

    /// Returns catches: facts that qualify the effective verdict. Each is a clause without a full stop.
    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        let _ = (kubelet, effect);
        Vec::new()
    }

    /// Whether a remediation changes what only the row demands. Return false where that would break
    /// the kubelet.
    fn fixes_row(&self) -> bool {
        true
    }

    /// Returns the safety of a fix that gives `setting`, named as in a file or as a flag, this value. Override it
    /// where the safety depends on the rest of the configuration.
    fn fix_safety(&self, kubelet: &Resolved, setting: &str, value: &Json) -> &'static FixSafety {
        let _ = kubelet;
        self.metadata().fix_safety_of(setting, value)
    }

    /// Returns the texts of a finding. `None` takes those that all controls share
    /// (`details::shared`); a hook can also change a part of them.
    fn details(&self, kubelet: &AuditedKubelet<'_>, row: &Row, judgment: &Judgment) -> Option<Details> {
        let _ = (kubelet, row, judgment);
        None
    }

    /// Returns inputs with both verdicts: some that pass, some that fail, some on an edge.
    #[cfg(test)]
    fn cases(&self) -> &'static [Case];

    /// Returns inputs for the test that compares our benchmark verdict with the test that an edition's
    /// source ships: conforming, violating, and at each boundary.
    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        Vec::new()
    }

    /// Returns why the control has no cases on both sides, pass and fail; `None` where it must.
    #[cfg(test)]
    fn one_sided(&self) -> Option<&'static str> {
        None
    }

    /// Returns why no setting fixes the violating example; `None` where a fix must.
    #[cfg(test)]
    fn unfixable(&self) -> Option<&'static str> {
        None
    }
}

/// Everything about a control that is data.
#[derive(Clone, Copy, Debug)]
pub struct Metadata {
    /// The identity: kebab-case, the same in every edition.
    pub slug: &'static str,
    /// The secure state, as a sentence without a full stop: `The read-only port is closed`.
    pub title: &'static str,
    /// The insecure state in the same form: `The read-only port is open`.
    pub failure_title: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// Why it matters: one or two sentences.
    pub why: &'static str,
    /// The field that the fingerprint of a finding names.
    pub field: &'static str,
    /// The settings that rows make demands on; all of them must meet the rule.
    pub settings: &'static [Setting],
    /// What the kubelet does, by effective verdict.
    pub statements: Statements,
    /// The settings that make the effective verdict a yes.
    pub requirements: &'static [Requirement],
    /// Whether fixes may be applied without a review, and why not. An entry for one setting or one value
    /// comes before the entry for all.
    pub fix_safety: &'static [FixSafety],
    /// The documentation.
    pub docs: Docs,
}

impl Metadata {
    /// Returns the entry for a setting and its new value.
    pub(super) fn fix_safety_of(&self, setting: &str, value: &Json) -> &'static FixSafety {
        let fits = |entry: &&FixSafety| {
            entry.setting.is_none_or(|known| is_named(known, setting))
                && entry.value.is_none_or(|known| known.to_json() == *value)
        };
        self.fix_safety.iter().find(fits).unwrap_or(&FixSafety::UNKNOWN)
    }
}

/// Whether this is the name of a setting, as a field or as the flag that sets the field.
fn is_named(setting: Setting, name: &str) -> bool {
    match (setting, name.strip_prefix("--")) {
        (Setting::Field(_), Some(flag)) => setting.flag() == Some(flag),
        _ => setting.name() == name,
    }
}

/// What the kubelet does, for messages: a sentence for each verdict, empty for a verdict that the control
/// never gives.
#[derive(Clone, Copy, Debug)]
pub struct Statements {
    /// The rest of a sentence after "whether", for an unknown effective verdict: lower-case, without a period.
    pub whether: &'static str,
    /// The effective verdict is yes.
    pub yes: &'static str,
    /// It is no.
    pub no: &'static str,
    /// It is partly.
    pub partly: &'static str,
}

/// Whether a fix may be applied without a review. In doubt it may not.
#[derive(Clone, Copy, Debug)]
pub struct FixSafety {
    /// The setting that the fix changes; `None` for all settings without an entry of their own.
    pub setting: Option<Setting>,
    /// The value that it gives to the setting; `None` for any value.
    pub value: Option<TargetValue>,
    /// Whether it may be applied.
    pub applicability: Applicability,
    /// Why, as a clause without a full stop.
    pub reason: &'static str,
    /// Fields whose effective values change with the setting, if their values are the kubelet's own.
    pub also_changes: &'static [&'static str],
    /// Commands to run before the change, besides those of every fix.
    pub before: &'static [&'static str],
    /// Commands to run after the change, besides those of every fix.
    pub after: &'static [&'static str],
}

impl FixSafety {
    /// The safety of settings without an entry.
    pub const UNKNOWN: Self = Self::needs_review("its effects outside the file are not known");

    /// Fixes that can neither stop the kubelet nor cut off access.
    pub const fn safe(reason: &'static str) -> Self {
        Self::new(Applicability::Safe, reason)
    }

    /// Fixes that depend on something that the files do not show.
    pub const fn needs_review(reason: &'static str) -> Self {
        Self::new(Applicability::Unsafe, reason)
    }

    const fn new(applicability: Applicability, reason: &'static str) -> Self {
        Self { setting: None, value: None, applicability, reason, also_changes: &[], before: &[], after: &[] }
    }

    /// The same for one setting.
    pub const fn of_setting(self, setting: Setting) -> Self {
        Self { setting: Some(setting), ..self }
    }

    /// The same for one value of one setting.
    pub const fn of_value(self, setting: Setting, value: TargetValue) -> Self {
        Self { setting: Some(setting), value: Some(value), ..self }
    }

    /// The same, where the effective values of these fields change too.
    pub const fn changing(self, fields: &'static [&'static str]) -> Self {
        Self { also_changes: fields, ..self }
    }

    /// The same, with commands to run before and after the change.
    pub const fn with_commands(
        self,
        before: &'static [&'static str],
        after: &'static [&'static str],
    ) -> Self {
        Self { before, after, ..self }
    }
}

/// The two verdicts on a kubelet, by a control and a row of a benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgment {
    /// The benchmark verdict.
    pub benchmark: Status,
    /// The effective verdict.
    pub effective: Effect,
    /// The outcome of the row's rule, from which the benchmark verdict follows.
    pub rule: RuleOutcome,
}

/// The texts and data of a finding.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// The settings that are missing for an effective yes.
    pub missing: Vec<String>,
    /// Catches, and the reasons why a verdict is unknown.
    pub notes: Vec<String>,
    /// What was found, in sentences.
    pub message: String,
    /// What to do; empty where there is nothing to do.
    pub fix: String,
    /// Every place that mentions the settings.
    pub evidence: Vec<Mention>,
    /// The routes of the remediation; empty where there is nothing to fix.
    pub routes: Vec<Route>,
    /// The commands before and after a change.
    pub commands: Vec<CommandStep>,
}
