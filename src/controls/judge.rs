//! Two answers for a control and a row, without a word of text.

use crate::benchmark::{Absent, Row, Rule};
use crate::effective::{Configuration, Value, cipher_suite};
use crate::kubelet::Version;
use crate::report::{Assessment, Effect, Status};

use super::subject::Subject;
use super::written::{Found, Setting};
use super::{Control, Wanted};

/// What was found, in two answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What the edition's audit says.
    pub benchmark: Status,
    /// What the kubelet does.
    pub effective: Effect,
    /// What became of the row's rule before missing layers and the start were heeded.
    pub asked: Asked,
}

/// What becomes of a row's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is met.
    Met,
    /// It is not.
    NotMet,
    /// The control does not apply here.
    NotApplicable,
    /// What is written is nothing that the setting takes.
    Unreadable,
    /// The document could not be read.
    Unknown,
    /// This kind of input never shows the setting.
    Hidden,
    /// The edition states no test.
    Unstated,
    /// It is no setting of a kubelet.
    NotKubelet,
    /// A person has to weigh it.
    ByPerson,
}

/// A kubelet that starts, with all its layers known.
pub struct Running<'a> {
    /// The subject.
    pub subject: &'a Subject<'a>,
    /// Its configuration.
    pub configuration: &'a Configuration,
    /// Its version.
    pub version: Version,
}

/// Judges a kubelet by a control and a row.
pub fn judge(subject: &Subject<'_>, control: &Control, row: &Row) -> Judgement {
    let effective = effect(subject, control);
    let asked = ask(subject, control, row.rule, effective);
    let benchmark = match asked {
        Asked::NotApplicable => Status::NotApplicable,
        Asked::Unstated | Asked::NotKubelet | Asked::ByPerson => Status::Manual,
        // The same holds for every row that the input could answer.
        _ if is_unsettled(subject, control) => Status::Error,
        Asked::Hidden if row.assessment == Assessment::Manual => Status::Manual,
        Asked::Met if subject.resolved.starts() => Status::Pass,
        Asked::NotMet => Status::Fail,
        Asked::Met | Asked::Unreadable | Asked::Unknown | Asked::Hidden => Status::Error,
    };
    Judgement { benchmark, effective, asked }
}

/// Whether a layer that was not given could change what is written.
pub(super) fn is_unsettled(subject: &Subject<'_>, control: &Control) -> bool {
    !subject.resolved.missing.is_empty()
        && control.settings.iter().any(|setting| subject.is_unsettled(&subject.written(*setting)))
}

fn ask(subject: &Subject<'_>, control: &Control, rule: Rule, effective: Effect) -> Asked {
    match rule {
        Rule::Unstated => return Asked::Unstated,
        Rule::NotApplicable => return Asked::NotApplicable,
        Rule::NotKubelet => return Asked::NotKubelet,
        Rule::Effective | Rule::Consider => {
            return match effective {
                Effect::Yes => Asked::Met,
                Effect::No | Effect::Partly if matches!(rule, Rule::Consider) => Asked::ByPerson,
                Effect::No | Effect::Partly => Asked::NotMet,
                Effect::DoesNotStart | Effect::Unknown => Asked::Unknown,
            };
        }
        _ => {}
    }
    if let Some(asked) = (control.ask)(subject, rule) {
        return asked;
    }
    let mut all = Asked::Met;
    for setting in control.settings {
        let one = ask_one(subject, *setting, rule);
        // What fails fails whatever the others are; of all else the first that is not met is told.
        if one == Asked::NotMet {
            return one;
        }
        if all == Asked::Met {
            all = one;
        }
    }
    all
}

/// What becomes of a rule for one setting.
pub(super) fn ask_one(subject: &Subject<'_>, setting: Setting, rule: Rule) -> Asked {
    match holds(rule, &subject.written(setting).found) {
        Ok(true) => Asked::Met,
        Ok(false) => Asked::NotMet,
        Err(asked) => asked,
    }
}

/// Whether what is written meets a rule.
fn holds(rule: Rule, found: &Found<'_>) -> Result<bool, Asked> {
    let value = match found {
        Found::Unreadable => return Err(Asked::Unreadable),
        Found::Unknown => return Err(Asked::Unknown),
        Found::Hidden => return Err(Asked::Hidden),
        Found::Absent => {
            return Ok(match rule {
                Rule::Is { absent, .. }
                | Rule::Text { absent, .. }
                | Rule::NotText { absent, .. }
                | Rule::Number { absent, .. }
                | Rule::AtLeast { absent, .. }
                | Rule::NotZero { absent }
                | Rule::Lasts { absent, .. } => absent == Absent::Passes,
                Rule::Absent => true,
                _ => false,
            });
        }
        // A zero that nobody may have written.
        Found::Zero(_) if matches!(rule, Rule::Absent) => return Ok(true),
        Found::Zero(_) if matches!(rule, Rule::Present) => return Ok(false),
        Found::Zero(value) => value,
        Found::Value(value) => value.as_ref(),
    };
    allows(rule, value).ok_or(Asked::Unreadable)
}

/// Whether a rule is met by this value; `None` where it is of another type.
pub(super) fn allows(rule: Rule, value: &Value) -> Option<bool> {
    Some(match (rule, value) {
        (Rule::Is { value: wanted, .. }, Value::Bool(is)) => *is == wanted,
        (Rule::Text { is, .. }, Value::Str(text)) => text == is,
        (Rule::NotText { text: not, .. }, Value::Str(text)) => text != not,
        (Rule::Number { is, .. }, Value::Int(n)) => *n == is,
        (Rule::AtLeast { number, .. }, Value::Int(n)) => *n >= number,
        (Rule::NotZero { .. }, Value::Nanos(n)) => *n != 0,
        (Rule::Lasts { seconds, .. }, Value::Nanos(n)) => {
            n % 1_000_000_000 == 0 && n / 1_000_000_000 == seconds
        }
        (Rule::Positive, Value::Int(n)) => *n > 0,
        (Rule::Within { suites }, Value::List(names)) => {
            names.iter().all(|name| suites.iter().any(|suite| is_same_suite(name, suite)))
        }
        (Rule::Present, _) => true,
        (Rule::Absent, _) => false,
        _ => return None,
    })
}

/// Whether two names mean one suite: Go has two names for each of the CHACHA20 suites
/// (component-base `cli/flag/ciphersuites_flag.go`).
fn is_same_suite(name: &str, suite: &str) -> bool {
    name == suite || (name.ends_with("_CHACHA20_POLY1305") && suite.strip_suffix("_SHA256") == Some(name))
}

/// What the kubelet does.
fn effect(subject: &Subject<'_>, control: &Control) -> Effect {
    if subject.resolved.is_undecided() {
        Effect::Unknown
    } else if !subject.resolved.starts() {
        Effect::DoesNotStart
    } else {
        subject.running().map_or(Effect::Unknown, |running| (control.effect)(&running))
    }
}

impl<'a> Subject<'a> {
    /// The kubelet, where it starts and nothing that takes part is unknown.
    pub fn running(&'a self) -> Option<Running<'a>> {
        let resolved = self.resolved;
        if !resolved.starts() || !resolved.missing.is_empty() || self.has_unmodelled_drop_ins() {
            return None;
        }
        let configuration = self.configuration()?;
        Some(Running { subject: self, configuration, version: self.version })
    }

    /// At 1.28 drop-ins are an alpha feature that merges in its own way.
    pub(super) fn has_unmodelled_drop_ins(&self) -> bool {
        self.version.minor() == 28
            && !self.resolved.is_configz
            && self.layers.drop_ins.as_ref().is_some_and(|list| !list.is_empty())
    }
}

impl Running<'_> {
    /// Whether a setting has the value that makes the effect a yes.
    pub(super) fn has(&self, setting: Setting, wanted: Wanted) -> bool {
        match setting {
            Setting::Field(field) => wanted.is(self.configuration.value(field)),
            Setting::Gate(gate) => {
                let is = self.configuration.is_gate_enabled(gate, self.version);
                matches!(wanted, Wanted::Bool(wanted) if wanted == is)
            }
            Setting::Flag(flag) => {
                matches!(wanted, Wanted::Removed) == self.subject.resolved.flags.last(flag).is_none()
            }
        }
    }
}

impl Wanted {
    /// Whether a value is the wanted one.
    pub(super) fn is(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Bool(wanted), Value::Bool(is)) => wanted == *is,
            (Self::Bool(wanted), Value::Absent) => !wanted,
            (Self::Int(wanted), Value::Int(is)) => wanted == *is,
            (Self::Int(wanted), Value::Absent) => wanted == 0,
            (Self::Text(wanted), Value::Str(is)) => wanted == is,
            (Self::Example(_), Value::Str(is)) => !is.is_empty(),
            (Self::List(wanted), Value::List(is)) => {
                !is.is_empty() && is.iter().all(|name| wanted.iter().any(|suite| is_same_suite(name, suite)))
            }
            (Self::Removed, value) => value.is_zero(),
            _ => false,
        }
    }

    /// The value as the crate has it, to be asked of a rule; `None` for nothing.
    pub(super) fn value(self) -> Option<Value> {
        match self {
            Self::Bool(value) => Some(Value::Bool(value)),
            Self::Int(value) => Some(Value::Int(value)),
            Self::Text(text) => Some(match crate::kubelet::duration::parse(text) {
                Some(nanos) => Value::Nanos(nanos),
                None => Value::Str(text.into()),
            }),
            Self::Example(text) => Some(Value::Str(text.into())),
            Self::List(texts) => Some(Value::List(texts.iter().map(|text| (*text).into()).collect())),
            Self::Removed => None,
        }
    }

    /// Whether a rule would be content with it.
    pub(super) fn satisfies(self, rule: Rule) -> bool {
        let found = self.value().map_or(Found::Absent, |value| Found::Value(std::borrow::Cow::Owned(value)));
        holds(rule, &found).unwrap_or(true)
    }
}

/// Whether a suite keeps past traffic safe and is not among those known weak.
pub(super) fn is_strong(name: &str) -> bool {
    cipher_suite(name).is_some_and(|suite| suite.forward_secret && !suite.weak)
}
