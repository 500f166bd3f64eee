//! The details of a finding: its message, fix, evidence, and remediation.

use std::borrow::Cow;

use crate::benchmark::{Row, Rule};
use crate::kubelet::fields::Kind;
use crate::report::{Effect, OriginLayer};
use crate::resolve::clip;

use super::audited_kubelet::AuditedKubelet;
use super::control::{Control, Details, Judgment};
use super::evaluate::{RuleOutcome, evaluate_setting};
use super::evidence::Mention;
use super::remediation::{changes, commands, fix, routes};
use super::requirement::TargetValue;
use super::setting::{ConfiguredValue, Setting};

/// Returns the details of a judgment: the control's own or the shared ones.
pub fn details(
    kubelet: &AuditedKubelet<'_>,
    control: &dyn Control,
    row: &Row,
    judgment: &Judgment,
) -> Details {
    let own = control.details(kubelet, row, judgment);
    let mut details = own.unwrap_or_else(|| shared(kubelet, control, row, judgment));
    if row.is_skipped {
        details.message.insert_str(0, "This benchmark skips the control. ");
    }
    details
}

/// Returns the details that all controls share.
pub(super) fn shared(
    kubelet: &AuditedKubelet<'_>,
    control: &dyn Control,
    row: &Row,
    judgment: &Judgment,
) -> Details {
    let changes = changes(kubelet, control, row, judgment);
    let notes = notes(kubelet, control, judgment.effective);
    let mut details = Details {
        missing: missing(kubelet, control, judgment),
        message: format!(
            "{} {}",
            configured(kubelet, control, row, judgment),
            effect(kubelet, control, judgment, &notes)
        ),
        notes,
        fix: fix(kubelet, control, row, judgment, &changes).into_owned(),
        evidence: evidence(kubelet, control),
        ..Details::default()
    };
    if !changes.is_empty() && !details.fix.is_empty() {
        details.routes = routes(kubelet, &changes, control.fixes_row());
    }
    if !details.routes.is_empty() {
        details.commands = commands(None);
    }
    details
}

fn evidence(kubelet: &AuditedKubelet<'_>, control: &dyn Control) -> Vec<Mention> {
    let settings = control.metadata().settings.iter();
    let mut evidence: Vec<Mention> = settings.flat_map(|setting| kubelet.mentions(*setting)).collect();
    for field in control.related_fields() {
        let mentions = kubelet.mentions_of_field(*field);
        if mentions.iter().any(|mention| mention.value.is_some()) {
            evidence.extend(mentions);
        }
    }
    evidence
}

/// Returns why the effect is not a yes or a no, for reasons that all controls share; otherwise the
/// control's own notes.
pub(super) fn notes(kubelet: &AuditedKubelet<'_>, control: &dyn Control, effect: Effect) -> Vec<String> {
    let note = match effect {
        Effect::DoesNotStart => kubelet.stop_reason().unwrap_or("the kubelet stops").to_owned(),
        Effect::Unknown if kubelet.resolved.is_undecided() => "the input was only partly read".to_owned(),
        Effect::Unknown if !kubelet.resolved.missing.is_empty() => {
            format!("not supplied: {}", kubelet.missing_layers(", "))
        }
        Effect::Unknown if kubelet.has_unmodeled_drop_ins() => {
            "in 1.28, drop-ins are an alpha feature with its own merge rules, which are not modeled"
                .to_owned()
        }
        Effect::Unknown if kubelet.configuration().is_none() => {
            "the configuration could not be resolved".to_owned()
        }
        _ => {
            let running = kubelet.running();
            return running.map_or_else(Vec::new, |running| control.notes(&running, effect));
        }
    };
    vec![note]
}

/// Returns the requirements that the kubelet does not meet.
fn missing(kubelet: &AuditedKubelet<'_>, control: &dyn Control, judgment: &Judgment) -> Vec<String> {
    if !matches!(judgment.effective, Effect::No | Effect::Partly) {
        return Vec::new();
    }
    let Some(running) = kubelet.running() else { return Vec::new() };
    let requirements = control.metadata().requirements.iter();
    requirements
        .filter(|requirement| !requirement.is_met_by(&running))
        .map(|requirement| match requirement.value {
            TargetValue::Removed => format!("no {}", requirement.setting.name()),
            value => format!("{}: {}", requirement.setting.name(), value.to_text()),
        })
        .collect()
}

/// Returns the second sentence of a message: what the kubelet does.
fn effect(
    kubelet: &AuditedKubelet<'_>,
    control: &dyn Control,
    judgment: &Judgment,
    notes: &[String],
) -> Cow<'static, str> {
    let statements = control.metadata().statements;
    match judgment.effective {
        Effect::Yes => statements.yes.into(),
        Effect::No => statements.no.into(),
        Effect::Partly => statements.partly.into(),
        Effect::DoesNotStart => stop(kubelet),
        Effect::Unknown if notes.is_empty() => {
            format!("This input does not show whether {}.", statements.whether).into()
        }
        Effect::Unknown => unknown(control, notes).into(),
    }
}

/// Returns the sentence for an effective verdict that is unknown, with the reasons.
pub(super) fn unknown(control: &dyn Control, reasons: &[String]) -> String {
    format!("It is unknown whether {}: {}.", control.metadata().statements.whether, reasons.join(", and "))
}

/// Returns the sentence for a kubelet that does not start.
pub(super) fn stop(kubelet: &AuditedKubelet<'_>) -> Cow<'static, str> {
    match kubelet.stage() {
        None => "The kubelet fails to start.".into(),
        Some(stage) => format!("The kubelet fails to start {}.", stage.activity()).into(),
    }
}

/// Returns the first sentences of a message: what is configured.
fn configured(
    kubelet: &AuditedKubelet<'_>,
    control: &dyn Control,
    row: &Row,
    judgment: &Judgment,
) -> Cow<'static, str> {
    let metadata = control.metadata();
    match judgment.rule {
        RuleOutcome::NotKubeletSetting => {
            return format!("{} is not a kubelet setting.", metadata.field).into();
        }
        RuleOutcome::NotApplicable if matches!(row.rule, Rule::NotApplicable) => {
            return "This benchmark marks the control as not applicable.".into();
        }
        RuleOutcome::NotApplicable => return "The control does not apply to this kubelet.".into(),
        _ => {}
    }
    if metadata.settings.is_empty() {
        let verdict = if judgment.rule == RuleOutcome::NotMet { "does not meet" } else { "meets" };
        return format!("{} {verdict} the rule of this benchmark.", metadata.field).into();
    }
    let sentences: Vec<String> =
        metadata.settings.iter().map(|setting| configured_setting(kubelet, *setting, row.rule)).collect();
    let sentences = sentences.join(" ");
    match judgment.rule {
        RuleOutcome::Unstated => format!("This benchmark defines no test. {sentences}").into(),
        _ => sentences.into(),
    }
}

fn configured_setting(kubelet: &AuditedKubelet<'_>, setting: Setting, rule: Rule) -> String {
    let name = setting.name();
    let configured = kubelet.configured(setting);
    match &configured.value {
        ConfiguredValue::Value(value) => {
            let kind = match setting {
                Setting::Field(field) => field.field().kind,
                Setting::Gate(_) | Setting::Flag(_) => Kind::PtrStr,
            };
            let value = clip(&value.show(kind));
            match (configured.layer, setting) {
                (OriginLayer::Flag, Setting::Flag(_)) => format!("{name} is set to {value}."),
                (OriginLayer::Flag, _) => {
                    format!("--{} sets {name} to {value}.", setting.flag().unwrap_or_default())
                }
                (layer, _) => format!("{name} is {value} in {}.", layer_name(layer)),
            }
        }
        ConfiguredValue::Zero(value) => {
            let zero = match setting {
                Setting::Field(field) => value.show(field.field().kind),
                Setting::Gate(_) | Setting::Flag(_) => String::new(),
            };
            format!("The running configuration omits {name}, so it is {zero}.")
        }
        ConfiguredValue::Unreadable => format!("The value of {name} is invalid."),
        ConfiguredValue::Unknown => format!("The document that would contain {name} could not be read."),
        ConfiguredValue::Hidden => format!("This input does not show {name}."),
        ConfiguredValue::Absent => {
            let verdict = match evaluate_setting(kubelet, setting, rule) {
                RuleOutcome::NotMet => ". This benchmark requires it to be set explicitly.",
                RuleOutcome::Met if !matches!(rule, Rule::Absent) => ", which this benchmark allows.",
                _ => ".",
            };
            format!("{name} is not set{verdict}")
        }
    }
}

/// Returns the name of a layer for messages.
pub(super) fn layer_name(layer: OriginLayer) -> &'static str {
    match layer {
        OriginLayer::Flag => "the command line",
        OriginLayer::DropIn => "a drop-in",
        OriginLayer::Configz => "the running configuration",
        OriginLayer::Platform => "the platform's settings",
        OriginLayer::Config | OriginLayer::Default | OriginLayer::Generated => "the config file",
    }
}
