//! The details of a finding: its message, fix, evidence, and remediation.

use std::borrow::Cow;

use crate::benchmark::{Row, Rule};
use crate::kubelet::fields::{Kind, id};
use crate::report::{Effect, OriginLayer, Stage};
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
    control.details(kubelet, row, judgment).unwrap_or_else(|| shared(kubelet, control, row, judgment))
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
            "{}; {}",
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
        let bootstrap = Setting::Field(id::SERVER_TLS_BOOTSTRAP);
        details.commands = commands(changes.iter().any(|change| change.setting == bootstrap));
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
        Effect::DoesNotStart => kubelet.stop_reason().unwrap_or("it stops").to_owned(),
        Effect::Unknown if kubelet.resolved.is_undecided() => "the input was not read to its end".to_owned(),
        Effect::Unknown if !kubelet.resolved.missing.is_empty() => {
            format!("not given: {}", kubelet.missing_layers(", "))
        }
        Effect::Unknown if kubelet.has_unmodeled_drop_ins() => {
            "at 1.28 drop-ins are an alpha feature that merges in its own way, which is not modelled"
                .to_owned()
        }
        Effect::Unknown if kubelet.configuration().is_none() => "no configuration was resolved".to_owned(),
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

/// Returns the second half of a message: what the kubelet does.
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
            format!("whether {} cannot be said from this input", statements.whether).into()
        }
        Effect::Unknown => {
            format!("whether {} cannot be said: {}", statements.whether, notes.join("; ")).into()
        }
    }
}

/// Returns the clause for a kubelet that does not start.
pub(super) fn stop(kubelet: &AuditedKubelet<'_>) -> Cow<'static, str> {
    let reason = match kubelet.stage() {
        None => return "the kubelet would not start".into(),
        Some(Stage::CommandLine) => "it refuses its command line",
        Some(Stage::FeatureGates) => "it refuses a feature gate",
        Some(Stage::FlagValidation) => "it refuses a flag",
        Some(Stage::ConfigFile) => "it refuses its config file",
        Some(Stage::DropIn) => "it refuses a drop-in",
        Some(Stage::Precedence) => "it cannot apply its flags over the files",
        Some(Stage::Logging) => "it refuses its logging settings",
        Some(Stage::Validation) => "its configuration is not valid",
        Some(Stage::Tls) => "its TLS settings are refused",
        Some(Stage::Authorization) => "its authorization settings are refused",
        Some(Stage::StartUp) => "one of its components refuses its settings",
        Some(Stage::Listen) => "it exits when it starts to listen",
    };
    format!("the kubelet would not start ({reason})").into()
}

/// Returns the first half of a message: what is configured.
fn configured(
    kubelet: &AuditedKubelet<'_>,
    control: &dyn Control,
    row: &Row,
    judgment: &Judgment,
) -> Cow<'static, str> {
    let metadata = control.metadata();
    match judgment.rule {
        RuleOutcome::NotKubeletSetting => {
            return format!("{} is no setting of the kubelet", metadata.field).into();
        }
        RuleOutcome::NotApplicable if matches!(row.rule, Rule::NotApplicable) => {
            return "this edition says that the control does not apply".into();
        }
        RuleOutcome::NotApplicable => return "the control does not apply here".into(),
        _ => {}
    }
    let clauses: Vec<String> =
        metadata.settings.iter().map(|setting| configured_setting(kubelet, *setting, row.rule)).collect();
    if clauses.is_empty() {
        return format!("nothing is written on {}", metadata.field).into();
    }
    let clauses = clauses.join(" and ");
    match judgment.rule {
        RuleOutcome::Unstated => format!("this edition states no test; {clauses}").into(),
        _ => clauses.into(),
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
                (OriginLayer::Flag, Setting::Flag(_)) => format!("{name} is given as {value}"),
                (OriginLayer::Flag, _) => {
                    format!("--{} sets {name} to {value}", setting.flag().unwrap_or_default())
                }
                (layer, _) => format!("{} sets {name} to {value}", layer_name(layer)),
            }
        }
        ConfiguredValue::Zero(value) => {
            let zero = match setting {
                Setting::Field(field) => value.show(field.field().kind),
                Setting::Gate(_) | Setting::Flag(_) => String::new(),
            };
            format!("the running configuration leaves {name} out, so it is {zero}")
        }
        ConfiguredValue::Unreadable => format!("what is written for {name} cannot be read"),
        ConfiguredValue::Unknown => format!("the document that would hold {name} could not be read"),
        ConfiguredValue::Hidden => format!("{name} does not show in this input"),
        ConfiguredValue::Absent => {
            let verdict = match evaluate_setting(kubelet, setting, rule) {
                RuleOutcome::NotMet => ", and this edition asks for it to be explicit",
                RuleOutcome::Met if !matches!(rule, Rule::Absent) => ", which this edition accepts",
                _ => "",
            };
            match setting {
                Setting::Flag(_) => format!("{name} is not given{verdict}"),
                Setting::Field(_) | Setting::Gate(_) => format!("{name} is not written{verdict}"),
            }
        }
    }
}

/// Returns the name of a layer for messages.
pub(super) fn layer_name(layer: OriginLayer) -> &'static str {
    match layer {
        OriginLayer::Flag => "the command line",
        OriginLayer::DropIn => "a drop-in",
        OriginLayer::Configz => "the running configuration",
        OriginLayer::Config | OriginLayer::Default | OriginLayer::Generated | OriginLayer::Platform => {
            "the config file"
        }
    }
}
