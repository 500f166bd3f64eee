//! A judgement in words: message, fix, evidence, and the routes of the remediation.

use crate::benchmark::{Row, Rule};
use crate::effective::MissingLayer;
use crate::json_value::Json;
use crate::kubelet::fields::id;
use crate::list::{ToList, add_all, join};
use crate::report::{CommandStep, Effect, OriginLayer, Purpose, Route, Stage, Status};

use super::judge::{Asked, Judgement, ask_one};
use super::remedy::{commands, routes};
use super::subject::{Spoken, Subject};
use super::written::{Found, Setting};
use super::{Control, Wanted};

/// What a control makes of a kubelet.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
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

/// Puts a judgement into words.
pub fn word(subject: &Subject<'_>, control: &Control, row: &Row, judgement: &Judgement) -> Outcome {
    if let Some(word) = control.word {
        return word(subject, row, judgement);
    }
    let changes = changes(subject, control, row, judgement);
    let mut evidence: Vec<Spoken> =
        control.settings.iter().flat_map(|setting| subject.heard(*setting)).to_list();
    for field in control.also {
        let spoken = subject.spoken(*field);
        if spoken.iter().any(|one| one.written.is_some()) {
            evidence.extend(spoken);
        }
    }
    let notes = match subject.why_unknown(judgement.effective) {
        Some(note) => vec![note],
        None => {
            subject.running().map_or_else(Vec::new, |running| (control.notes)(&running, judgement.effective))
        }
    };
    let missing = missing(subject, control, judgement);
    let message =
        format!("{}; {}", lead(subject, control, row, judgement), said(subject, control, judgement, &notes));
    let fix = fix(subject, control, row, judgement, &changes);
    let rotates_serving =
        changes.iter().any(|change| change.setting == Setting::Field(id::SERVER_TLS_BOOTSTRAP));
    let (routes, commands) = if changes.is_empty() || fix.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        (routes(subject, &changes), commands(rotates_serving))
    };
    Outcome { missing, notes, message, fix, evidence, routes, commands }
}

impl Subject<'_> {
    /// Every place that spoke on a setting.
    pub(super) fn heard(&self, setting: Setting) -> Vec<Spoken> {
        match setting {
            Setting::Field(field) => self.spoken(field),
            Setting::Gate(gate) => {
                let mut spoken = self.spoken_gate(gate);
                add_all(&mut spoken, self.written_at(gate));
                spoken
            }
            Setting::Flag(flag) => self.spoken_flag(flag),
        }
    }

    /// Why the effect is not known, for reasons that hold for every control.
    pub(super) fn why_unknown(&self, effect: Effect) -> Option<String> {
        match effect {
            Effect::DoesNotStart => Some(self.stop_reason().unwrap_or("it stops").to_owned()),
            Effect::Unknown if self.resolved.is_undecided() => {
                Some("the input was not read to its end".into())
            }
            Effect::Unknown if !self.resolved.missing.is_empty() => {
                Some(format!("not given: {}", self.lacking(", ")))
            }
            Effect::Unknown if self.has_unmodelled_drop_ins() => Some(
                "at 1.28 drop-ins are an alpha feature that merges in its own way, which is not modelled"
                    .into(),
            ),
            Effect::Unknown if self.configuration().is_none() => Some("no configuration was resolved".into()),
            _ => None,
        }
    }

    /// The layers that were not given.
    pub(super) fn lacking(&self, separator: &str) -> String {
        let layers: Vec<String> = self.resolved.missing.iter().map(MissingLayer::describe).to_list();
        layers.join(separator)
    }

    /// What would let the kubelet start.
    pub(super) fn start_help(&self) -> String {
        let stop = self.resolved.stop.as_ref().or(self.resolved.listen.as_ref());
        match stop.and_then(|stop| stop.errors.first()).map_or("", |error| error.help.as_str()) {
            "" => "mend what stops the kubelet first".into(),
            help => format!("mend what stops the kubelet first: {help}"),
        }
    }

    /// That it does not start, and where.
    pub(super) fn stop_words(&self) -> String {
        match self.stage() {
            Some(stage) => format!("the kubelet would not start ({})", stage_words(stage)),
            None => "the kubelet would not start".to_owned(),
        }
    }
}

fn stage_words(stage: Stage) -> &'static str {
    match stage {
        Stage::CommandLine => "it refuses its command line",
        Stage::FeatureGates => "it refuses a feature gate",
        Stage::ConfigFile => "it refuses its config file",
        Stage::DropIn => "it refuses a drop-in",
        Stage::Validation => "its configuration is not valid",
        Stage::Tls => "its TLS settings are refused",
        Stage::Authorization => "its authorization settings are refused",
        Stage::Listen => "it exits when it starts to listen",
    }
}

fn missing(subject: &Subject<'_>, control: &Control, judgement: &Judgement) -> Vec<String> {
    if !matches!(judgement.effective, Effect::No | Effect::Partly) {
        return Vec::new();
    }
    let Some(running) = subject.running() else { return Vec::new() };
    let lacking = control.wants.iter().filter(|want| !running.has(want.setting, want.value));
    lacking
        .map(|want| match want.value {
            Wanted::Removed => format!("no {}", want.setting.name()),
            value => format!("{}: {}", want.setting.name(), value.show()),
        })
        .to_list()
}

/// What the kubelet does, in words.
fn said(subject: &Subject<'_>, control: &Control, judgement: &Judgement, notes: &[String]) -> String {
    let says = control.says;
    match judgement.effective {
        Effect::Yes => says.yes.into(),
        Effect::No => says.no.into(),
        Effect::Partly => says.partly.into(),
        Effect::DoesNotStart => subject.stop_words(),
        Effect::Unknown if notes.is_empty() => {
            format!("whether {} cannot be said from this input", says.whether)
        }
        Effect::Unknown => format!("whether {} cannot be said: {}", says.whether, join(notes, "; ")),
    }
}

/// What was found.
fn lead(subject: &Subject<'_>, control: &Control, row: &Row, judgement: &Judgement) -> String {
    match judgement.asked {
        Asked::NotKubelet => return format!("{} is no setting of the kubelet", control.field),
        Asked::NotApplicable if row.rule == Rule::NotApplicable => {
            return "this edition says that the control does not apply".into();
        }
        Asked::NotApplicable => return "the control does not apply here".into(),
        _ => {}
    }
    let parts: Vec<String> =
        control.settings.iter().map(|setting| lead_one(subject, *setting, row.rule)).to_list();
    match (parts.is_empty(), judgement.asked) {
        (true, _) => format!("nothing is written on {}", control.field),
        (false, Asked::Unstated) => format!("this edition states no test; {}", join(&parts, " and ")),
        (false, _) => join(&parts, " and "),
    }
}

fn lead_one(subject: &Subject<'_>, setting: Setting, rule: Rule) -> String {
    let name = setting.name();
    let written = subject.written(setting);
    match &written.found {
        Found::Value(value) => {
            let shown = match (setting, value.as_ref()) {
                (Setting::Field(field), value) => value.show(field.field().kind),
                (_, value) => value.show(crate::kubelet::fields::Kind::PtrStr),
            };
            let shown = crate::effective::clip(&shown);
            match (written.layer, setting) {
                (OriginLayer::Flag, Setting::Flag(_)) => format!("{name} is given as {shown}"),
                (OriginLayer::Flag, _) => {
                    format!("--{} sets {name} to {shown}", setting.flag().unwrap_or_default())
                }
                (layer, _) => format!("{} sets {name} to {shown}", place_name(layer)),
            }
        }
        Found::Zero(value) => {
            let shown = match setting {
                Setting::Field(field) => value.show(field.field().kind),
                _ => String::new(),
            };
            format!("the running configuration leaves {name} out, so it is {shown}")
        }
        Found::Unreadable => format!("what is written for {name} cannot be read"),
        Found::Unknown => format!("the document that would hold {name} could not be read"),
        Found::Hidden => format!("{name} does not show in this input"),
        Found::Absent => {
            let tail = match ask_one(subject, setting, rule) {
                Asked::NotMet => ", and this edition asks for it to be explicit",
                Asked::Met if rule != Rule::Absent => ", which this edition accepts",
                _ => "",
            };
            match setting {
                Setting::Flag(_) => format!("{name} is not given{tail}"),
                _ => format!("{name} is not written{tail}"),
            }
        }
    }
}

/// A layer in words.
pub(super) fn place_name(layer: OriginLayer) -> &'static str {
    match layer {
        OriginLayer::Flag => "the command line",
        OriginLayer::DropIn => "a drop-in",
        OriginLayer::Configz => "the running configuration",
        OriginLayer::Config | OriginLayer::Default | OriginLayer::Generated => "the config file",
    }
}

/// A setting to change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) setting: Setting,
    pub(super) value: Wanted,
    pub(super) purpose: Purpose,
}

/// What to change: for the row what it asks, for the effect what is missing, where the row allows it.
fn changes(subject: &Subject<'_>, control: &Control, row: &Row, judgement: &Judgement) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let lacks_effect = matches!(judgement.effective, Effect::No | Effect::Partly);
    if matches!(judgement.asked, Asked::NotMet | Asked::Unreadable) && row.rule != Rule::Effective {
        for setting in control.settings {
            if ask_one(subject, *setting, row.rule) == Asked::Met {
                continue;
            }
            let Some(value) = asked_value(control, *setting, row.rule) else { continue };
            let serves = lacks_effect
                && control.wants.iter().any(|want| want.setting == *setting && want.value == value);
            let purpose = if serves { Purpose::Both } else { Purpose::Benchmark };
            changes.push(Change { setting: *setting, value, purpose });
        }
    }
    if judgement.asked == Asked::NotMet && control.settings.is_empty() {
        // A control that asks in its own way says what it wants.
        let wants = control.wants.iter();
        changes.extend(wants.map(|want| Change {
            setting: want.setting,
            value: want.value,
            purpose: Purpose::Benchmark,
        }));
    }
    if lacks_effect && judgement.asked != Asked::NotApplicable {
        let running = subject.running();
        for want in control.wants {
            let is_there = running.as_ref().is_some_and(|running| running.has(want.setting, want.value));
            let is_told = changes.iter().any(|change| change.setting == want.setting);
            // What the row is content with must not be mended into what it is not.
            let is_allowed = !control.settings.contains(&want.setting) || want.value.satisfies(row.rule);
            if !is_there && !is_told && is_allowed {
                changes.push(Change {
                    setting: want.setting,
                    value: want.value,
                    purpose: Purpose::Effective,
                });
            }
        }
    }
    changes
}

/// The value that a rule asks of a setting.
fn asked_value(control: &Control, setting: Setting, rule: Rule) -> Option<Wanted> {
    let of_control = control.wants.iter().find(|want| want.setting == setting).map(|want| want.value);
    Some(match rule {
        Rule::Is { value, .. } => Wanted::Bool(value),
        Rule::WithClient { .. } => Wanted::Bool(true),
        Rule::Text { is, .. } => Wanted::Text(is),
        Rule::Number { is, .. } => Wanted::Int(is),
        Rule::Lasts { .. } => Wanted::Text("5m0s"),
        Rule::NotZero { .. } => Wanted::Text("4h0m0s"),
        Rule::Absent => Wanted::Removed,
        Rule::AtLeast { number, .. } => {
            of_control.filter(|w| w.satisfies(rule)).unwrap_or(Wanted::Int(number))
        }
        _ => return of_control,
    })
}

fn fix(
    subject: &Subject<'_>,
    control: &Control,
    row: &Row,
    judgement: &Judgement,
    changes: &[Change],
) -> String {
    let advice = || control.advice.to_owned();
    match (judgement.benchmark, judgement.asked, judgement.effective) {
        (_, Asked::NotApplicable, _) if row.rule == Rule::NotApplicable => String::new(),
        (_, Asked::NotApplicable | Asked::NotKubelet, _) => advice(),
        (Status::Error, ..) if !subject.resolved.missing.is_empty() => {
            format!("hand over {} as well, or audit the output of /configz", subject.lacking(" and "))
        }
        (_, Asked::Unreadable, _) if !changes.is_empty() => sentence(subject, changes),
        (_, _, Effect::DoesNotStart) => subject.start_help(),
        (_, Asked::Hidden, _) => "hand over the kubelet's command line as well".into(),
        (Status::Pass | Status::Manual, _, Effect::Yes | Effect::Unknown) => String::new(),
        _ if changes.is_empty() => advice(),
        _ => sentence(subject, changes),
    }
}

fn sentence(subject: &Subject<'_>, changes: &[Change]) -> String {
    let parts: Vec<String> = changes.iter().map(|change| part(subject, *change)).to_list();
    join(&parts, ", and ")
}

fn part(subject: &Subject<'_>, change: Change) -> String {
    let name = change.setting.name();
    let flag = change.setting.flag().unwrap_or_default();
    let by_flag = is_by_flag(subject, change.setting);
    match (change.setting, change.value) {
        (Setting::Flag(_), Wanted::Removed) => format!("remove {name}"),
        (_, Wanted::Removed) if by_flag => format!("remove --{flag}"),
        (_, Wanted::Removed) => format!("remove {name}"),
        (Setting::Gate(gate), value) if by_flag => {
            format!("change --feature-gates to {gate}={}, for it overrides the file", value.show())
        }
        (_, value) if by_flag => format!("change --{flag} to {}, for it overrides the file", value.show()),
        (_, Wanted::Example(text)) => format!("set {name}, to {text} for example"),
        (_, value) => format!("set {name}: {}", value.show()),
    }
}

/// Whether a flag decides on a setting.
pub(super) fn is_by_flag(subject: &Subject<'_>, setting: Setting) -> bool {
    match setting {
        Setting::Gate(gate) => subject.resolved.flags.gate(gate).is_some(),
        _ => setting.flag().is_some_and(|flag| subject.resolved.flags.last(flag).is_some()),
    }
}

impl Wanted {
    /// The value in one line.
    pub(super) fn show(self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Text(text) | Self::Example(text) => text.into(),
            Self::List(texts) => join(texts, ","),
            Self::Removed => String::new(),
        }
    }

    pub(super) fn json(self) -> Json {
        match self {
            Self::Bool(value) => value.into(),
            Self::Int(value) => value.into(),
            Self::Text(text) | Self::Example(text) => text.into(),
            Self::List(texts) => Json::Array(texts.iter().copied().map(Json::from).to_list()),
            Self::Removed => Json::Null,
        }
    }
}
