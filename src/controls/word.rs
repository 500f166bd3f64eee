//! A judgement in words: message, fix, evidence, and the routes of the remediation.

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::benchmark::{Row, Rule};
use crate::effective::MissingLayer;
use crate::kubelet::fields::id;
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

/// Notes on an answer, as they are found.
#[derive(Debug, Default)]
pub struct Notes(Vec<String>);

impl Notes {
    /// One more.
    #[inline(never)]
    pub fn add(&mut self, note: &str) {
        self.0.push(note.to_owned());
    }
}

/// Puts a judgement into words.
pub fn word(subject: &Subject<'_>, control: &Control, row: &Row, judgement: &Judgement) -> Outcome {
    (control.word)(subject, control, row, judgement)
}

/// The words that controls have where they have none of their own.
pub(super) fn shared(subject: &Subject<'_>, control: &Control, row: &Row, judgement: &Judgement) -> Outcome {
    let changes = changes(subject, control, row, judgement);
    let mut evidence: Vec<Spoken> = Vec::new();
    for setting in control.settings {
        evidence.append(&mut subject.heard(*setting));
    }
    for field in control.also {
        let mut spoken = subject.spoken(*field);
        if spoken.iter().any(|one| one.written.is_some()) {
            evidence.append(&mut spoken);
        }
    }
    let notes = subject.notes(control, judgement.effective);
    let missing = missing(subject, control, judgement);
    let message =
        format!("{}; {}", lead(subject, control, row, judgement), said(subject, control, judgement, &notes));
    let fix = fix(subject, control, row, judgement, &changes).into_owned();
    let rotates_serving =
        changes.iter().any(|change| change.setting == Setting::Field(id::SERVER_TLS_BOOTSTRAP));
    let mut outcome = Outcome { missing, notes, message, fix, evidence, ..Outcome::default() };
    if !changes.is_empty() && !outcome.fix.is_empty() {
        outcome.routes = routes(subject, &changes, control.mends_row);
    }
    if !outcome.routes.is_empty() {
        outcome.commands = commands(rotates_serving);
    }
    outcome
}

impl Subject<'_> {
    /// Every place that spoke on a setting.
    pub(super) fn heard(&self, setting: Setting) -> Vec<Spoken> {
        match setting {
            Setting::Field(field) => self.spoken(field),
            Setting::Gate(gate) => {
                let mut spoken = self.spoken_gate(gate);
                spoken.append(&mut self.written_at(gate));
                spoken
            }
            Setting::Flag(flag) => self.spoken_flag(flag),
        }
    }

    /// Why the effect is not known, for reasons that hold for every control; otherwise the control's notes.
    pub(super) fn notes(&self, control: &Control, effect: Effect) -> Vec<String> {
        let mut notes = Notes::default();
        match effect {
            Effect::DoesNotStart => notes.add(self.stop_reason().unwrap_or("it stops")),
            Effect::Unknown if self.resolved.is_undecided() => notes.add("the input was not read to its end"),
            Effect::Unknown if !self.resolved.missing.is_empty() => {
                notes.add(&format!("not given: {}", self.lacking(", ")));
            }
            Effect::Unknown if self.has_unmodelled_drop_ins() => notes.add(
                "at 1.28 drop-ins are an alpha feature that merges in its own way, which is not modelled",
            ),
            Effect::Unknown if self.configuration().is_none() => notes.add("no configuration was resolved"),
            _ => {
                if let Some(running) = self.running() {
                    (control.notes)(&running, effect, &mut notes);
                }
            }
        }
        notes.0
    }

    /// The layers that were not given.
    pub(super) fn lacking(&self, separator: &str) -> String {
        let layers: Vec<String> = self.resolved.missing.iter().map(MissingLayer::describe).collect();
        layers.join(separator)
    }

    /// To give what was not given.
    pub(super) fn hand_over(&self) -> String {
        format!("hand over {} as well, or audit the output of /configz", self.lacking(" and "))
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
    pub(super) fn stop_words(&self) -> Cow<'static, str> {
        match self.stage() {
            Some(stage) => format!("the kubelet would not start ({})", stage_words(stage)).into(),
            None => "the kubelet would not start".into(),
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
    let mut missing = Vec::new();
    for want in control.wants {
        if !running.has(want.setting, want.value) {
            missing.push(match want.value {
                Wanted::Removed => format!("no {}", want.setting.name()),
                value => format!("{}: {}", want.setting.name(), value.show()),
            });
        }
    }
    missing
}

/// What the kubelet does, in words.
fn said(
    subject: &Subject<'_>,
    control: &Control,
    judgement: &Judgement,
    notes: &[String],
) -> Cow<'static, str> {
    let says = control.says;
    match judgement.effective {
        Effect::Yes => says.yes.into(),
        Effect::No => says.no.into(),
        Effect::Partly => says.partly.into(),
        Effect::DoesNotStart => subject.stop_words(),
        Effect::Unknown if notes.is_empty() => {
            format!("whether {} cannot be said from this input", says.whether).into()
        }
        Effect::Unknown => format!("whether {} cannot be said: {}", says.whether, notes.join("; ")).into(),
    }
}

/// What was found.
fn lead(subject: &Subject<'_>, control: &Control, row: &Row, judgement: &Judgement) -> Cow<'static, str> {
    match judgement.asked {
        Asked::NotKubelet => return format!("{} is no setting of the kubelet", control.field).into(),
        Asked::NotApplicable if matches!(row.rule, Rule::NotApplicable) => {
            return "this edition says that the control does not apply".into();
        }
        Asked::NotApplicable => return "the control does not apply here".into(),
        _ => {}
    }
    let parts: Vec<String> =
        control.settings.iter().map(|setting| lead_one(subject, *setting, row.rule)).collect();
    if parts.is_empty() {
        return format!("nothing is written on {}", control.field).into();
    }
    let found = parts.join(" and ");
    match judgement.asked {
        Asked::Unstated => format!("this edition states no test; {found}").into(),
        _ => found.into(),
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
                Asked::Met if !matches!(rule, Rule::Absent) => ", which this edition accepts",
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
    if matches!(judgement.asked, Asked::NotMet | Asked::Unreadable) && !matches!(row.rule, Rule::Effective) {
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
        for want in control.wants {
            changes.push(Change { setting: want.setting, value: want.value, purpose: Purpose::Benchmark });
        }
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
) -> Cow<'static, str> {
    match (judgement.benchmark, judgement.asked, judgement.effective) {
        (_, Asked::NotApplicable, _) if matches!(row.rule, Rule::NotApplicable) => "".into(),
        (_, Asked::NotApplicable | Asked::NotKubelet, _) => control.advice.into(),
        (Status::Error, ..) if !subject.resolved.missing.is_empty() => subject.hand_over().into(),
        (_, Asked::Unreadable, _) if !changes.is_empty() => sentence(subject, changes).into(),
        (_, _, Effect::DoesNotStart) => subject.start_help().into(),
        (_, Asked::Hidden, _) => "hand over the kubelet's command line as well".into(),
        (Status::Pass | Status::Manual, _, Effect::Yes | Effect::Unknown) => "".into(),
        _ if changes.is_empty() => control.advice.into(),
        _ => sentence(subject, changes).into(),
    }
}

fn sentence(subject: &Subject<'_>, changes: &[Change]) -> String {
    let parts: Vec<String> = changes.iter().map(|change| part(subject, *change)).collect();
    parts.join(", and ")
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
            Self::List(texts) => texts.join(","),
            Self::Removed => String::new(),
        }
    }

    pub(super) fn json(self) -> Json {
        match self {
            Self::Bool(value) => value.into(),
            Self::Int(value) => value.into(),
            Self::Text(text) | Self::Example(text) => text.into(),
            Self::List(texts) => texts.into(),
            Self::Removed => Json::Null,
        }
    }
}
