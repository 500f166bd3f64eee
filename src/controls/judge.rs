//! The two verdicts of a control and a row, without any text: they are needed at every version, and
//! only those that are reported get their details.

use crate::benchmark::{Row, Rule};
use crate::report::{Assessment, Effect, Status};

use super::audited_kubelet::AuditedKubelet;
use super::control::{Control, Judgment};
use super::evaluate::{RuleOutcome, evaluate_setting};
use super::setting::Setting;

/// Judges a kubelet by a control and a row.
pub fn judge(kubelet: &AuditedKubelet<'_>, control: &dyn Control, row: &Row) -> Judgment {
    let effective = effect(kubelet, control);
    let rule = evaluate(kubelet, control, row.rule, effective);
    let benchmark = match rule {
        RuleOutcome::NotApplicable => Status::NotApplicable,
        RuleOutcome::Unstated | RuleOutcome::NotKubeletSetting | RuleOutcome::NeedsReview => Status::Manual,
        // The same holds for every row that the input could answer.
        _ if could_change(kubelet, control) => Status::Error,
        RuleOutcome::Hidden if row.assessment == Assessment::Manual => Status::Manual,
        RuleOutcome::Met if kubelet.resolved.starts() => Status::Pass,
        RuleOutcome::NotMet => Status::Fail,
        RuleOutcome::Met | RuleOutcome::Unreadable | RuleOutcome::Unknown | RuleOutcome::Hidden => {
            Status::Error
        }
    };
    Judgment { benchmark, effective, rule }
}

/// Whether a layer that was not given could change a setting of the control.
fn could_change(kubelet: &AuditedKubelet<'_>, control: &dyn Control) -> bool {
    let mut settings = control.metadata().settings.iter();
    !kubelet.resolved.missing.is_empty()
        && settings.any(|setting| kubelet.could_change(*setting, &kubelet.configured(*setting)))
}

fn effect(kubelet: &AuditedKubelet<'_>, control: &dyn Control) -> Effect {
    if kubelet.resolved.is_undecided() {
        Effect::Unknown
    } else if !kubelet.resolved.starts() {
        Effect::DoesNotStart
    } else {
        // What the input decides by itself is known, whatever else is missing.
        let is_open = could_change(kubelet, control)
            || !kubelet.resolved.missing.is_empty()
                && (control.metadata().settings.is_empty()
                    || control.depends_on().iter().any(|field| {
                        let setting = Setting::Field(*field);
                        kubelet.could_change(setting, &kubelet.configured(setting))
                    }));
        let running = if is_open { None } else { kubelet.started() };
        running.map_or(Effect::Unknown, |running| control.effect(&running))
    }
}

fn evaluate(
    kubelet: &AuditedKubelet<'_>,
    control: &dyn Control,
    rule: Rule,
    effective: Effect,
) -> RuleOutcome {
    match rule {
        Rule::Unstated => return RuleOutcome::Unstated,
        Rule::NotApplicable => return RuleOutcome::NotApplicable,
        Rule::NotKubeletSetting => return RuleOutcome::NotKubeletSetting,
        Rule::Effective | Rule::EffectiveForReview => {
            return match effective {
                Effect::Yes => RuleOutcome::Met,
                Effect::No | Effect::Partly if matches!(rule, Rule::EffectiveForReview) => {
                    RuleOutcome::NeedsReview
                }
                Effect::No | Effect::Partly => RuleOutcome::NotMet,
                Effect::DoesNotStart | Effect::Unknown => RuleOutcome::Unknown,
            };
        }
        _ => {}
    }
    control.evaluate_rule(kubelet, rule).unwrap_or_else(|| evaluate_settings(kubelet, control, rule))
}

/// Returns the outcome for all settings: a setting that fails decides, then the first that is not met.
fn evaluate_settings(kubelet: &AuditedKubelet<'_>, control: &dyn Control, rule: Rule) -> RuleOutcome {
    let mut outcome = RuleOutcome::Met;
    for setting in control.metadata().settings {
        match evaluate_setting(kubelet, *setting, rule) {
            RuleOutcome::NotMet => return RuleOutcome::NotMet,
            other if outcome == RuleOutcome::Met => outcome = other,
            _ => {}
        }
    }
    outcome
}
