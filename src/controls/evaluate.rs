//! Whether what is configured meets the rule of a row.

use crate::benchmark::{Absent, Rule};
use crate::resolve::Value;

use super::audited_kubelet::AuditedKubelet;
use super::setting::{ConfiguredValue, Setting};

/// The outcome of a row's rule, before a missing layer or a failing start is taken into account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleOutcome {
    /// The rule is met.
    Met,
    /// It is not.
    NotMet,
    /// The control does not apply here.
    NotApplicable,
    /// What is configured is no value of the setting.
    Unreadable,
    /// The document could not be read.
    Unknown,
    /// This kind of input never shows the setting.
    Hidden,
    /// The edition states no test.
    Unstated,
    /// The row is about something that is no setting of a kubelet.
    NotKubeletSetting,
    /// A person has to decide.
    NeedsReview,
}

/// Returns the outcome of a rule for one setting.
pub fn evaluate_setting(kubelet: &AuditedKubelet<'_>, setting: Setting, rule: Rule) -> RuleOutcome {
    match allows_configured(rule, &kubelet.configured(setting).value) {
        Ok(true) => RuleOutcome::Met,
        Ok(false) => RuleOutcome::NotMet,
        Err(outcome) => outcome,
    }
}

/// Whether a rule allows what is configured; an error where that cannot be said.
pub(super) fn allows_configured(rule: Rule, configured: &ConfiguredValue<'_>) -> Result<bool, RuleOutcome> {
    let value = match configured {
        ConfiguredValue::Unreadable => return Err(RuleOutcome::Unreadable),
        ConfiguredValue::Unknown => return Err(RuleOutcome::Unknown),
        ConfiguredValue::Hidden => return Err(RuleOutcome::Hidden),
        ConfiguredValue::Absent => return Ok(allows_absent(rule)),
        // A zero that nobody may have configured.
        ConfiguredValue::Zero(_) if matches!(rule, Rule::Absent) => return Ok(true),
        ConfiguredValue::Zero(_) if matches!(rule, Rule::Present) => return Ok(false),
        ConfiguredValue::Zero(value) => value,
        ConfiguredValue::Value(value) => value.as_ref(),
    };
    allows(rule, value).ok_or(RuleOutcome::Unreadable)
}

fn allows_absent(rule: Rule) -> bool {
    match rule {
        Rule::Is { absent, .. }
        | Rule::Text { absent, .. }
        | Rule::NotText { absent, .. }
        | Rule::Number { absent, .. }
        | Rule::AtLeast { absent, .. }
        | Rule::DurationIsNotZero { absent }
        | Rule::DurationIs { absent, .. } => absent == Absent::Passes,
        Rule::Absent => true,
        _ => false,
    }
}

/// Whether a rule allows a value; `None` where the value has another type.
fn allows(rule: Rule, value: &Value) -> Option<bool> {
    Some(match (rule, value) {
        (Rule::Is { value: expected, .. }, Value::Bool(value)) => *value == expected,
        (Rule::Text { is, .. }, Value::Str(text)) => text == is,
        (Rule::NotText { text: forbidden, .. }, Value::Str(text)) => text != forbidden,
        (Rule::Number { is, .. }, Value::Int(number)) => *number == is,
        (Rule::AtLeast { number: least, .. }, Value::Int(number)) => *number >= least,
        (Rule::DurationIsNotZero { .. }, Value::Nanos(nanos)) => *nanos != 0,
        (Rule::DurationIs { seconds, .. }, Value::Nanos(nanos)) => {
            nanos % 1_000_000_000 == 0 && nanos / 1_000_000_000 == seconds
        }
        (Rule::Positive, Value::Int(number)) => *number > 0,
        (Rule::Only { values }, Value::List(list)) => are_among(list, values),
        (Rule::Present, _) => true,
        (Rule::Absent, _) => false,
        _ => return None,
    })
}

/// Whether a list has nothing but these cipher suites. Go has two names for each of the CHACHA20
/// suites (component-base `cli/flag/ciphersuites_flag.go`).
pub(super) fn are_among(list: &[String], suites: &[&str]) -> bool {
    let is_same = |name: &str, suite: &str| {
        name == suite || (name.ends_with("_CHACHA20_POLY1305") && suite.strip_suffix("_SHA256") == Some(name))
    };
    list.iter().all(|name| suites.iter().any(|suite| is_same(name, suite)))
}
