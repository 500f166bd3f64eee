//! What is written for a setting, by the strongest layer that speaks of it.
//!
//! A benchmark's verdict is about what is written. That differs from what the kubelet makes of it:
//! `streamingConnectionIdleTimeout: 0s` is written and zero, and the kubelet takes four hours.

use std::borrow::Cow;

use crate::effective::{MissingLayer, Value, value_of};
use crate::kubelet::fields::{FieldId, Kind, id};
use crate::kubelet::flags;
use crate::report::{OriginLayer, Stage};
use crate::source::tree::NodeValue;
use crate::source::{Place, SourceId};

use super::subject::{Entry, Subject, at_path};

/// Something that a row asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A field of the configuration, with the flag that sets it.
    Field(FieldId),
    /// A feature gate.
    Gate(&'static str),
    /// A flag that sets no field.
    Flag(&'static str),
}

impl Setting {
    /// Its name as the configuration file has it, or the flag with its dashes.
    pub fn name(self) -> String {
        match self {
            Self::Field(field) => field.field().path.into(),
            Self::Gate(gate) => format!("featureGates.{gate}"),
            Self::Flag(flag) => format!("--{flag}"),
        }
    }

    /// The flag that sets it, without dashes.
    pub fn flag(self) -> Option<&'static str> {
        match self {
            Self::Field(field) => flag_of(field),
            Self::Gate(_) => Some("feature-gates"),
            Self::Flag(flag) => Some(flag),
        }
    }
}

/// The flag of a field. `--seccomp-default` is a value of its own that is OR-ed with the field
/// (`cmd/kubelet/app/server.go`, `run`).
pub(super) fn flag_of(field: FieldId) -> Option<&'static str> {
    if field == id::SECCOMP_DEFAULT {
        return Some("seccomp-default");
    }
    flags::of_field(field).map(|flag| flag.name)
}

/// What is written for a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<'a> {
    /// Nothing.
    Absent,
    /// This value.
    Value(Cow<'a, Value>),
    /// Nothing, in a dump of a running kubelet that leaves zeros out: it is this zero.
    Zero(Value),
    /// Something that the setting does not take.
    Unreadable,
    /// The document it would stand in could not be read.
    Unknown,
    /// This kind of input never shows it.
    Hidden,
}

/// What is written, and which layer said so.
#[derive(Clone, Debug, PartialEq)]
pub struct Written<'a> {
    /// What.
    pub found: Found<'a>,
    /// Which layer decided; the default where none spoke.
    pub layer: OriginLayer,
}

impl Written<'_> {
    const fn absent() -> Self {
        Self { found: Found::Absent, layer: OriginLayer::Default }
    }
}

impl<'a> Subject<'a> {
    /// What is written for a setting.
    pub fn written(&self, setting: Setting) -> Written<'a> {
        match setting {
            Setting::Field(field) => self.written_field(field),
            Setting::Gate(gate) => self.written_gate(gate),
            Setting::Flag(flag) => self.written_flag(flag),
        }
    }

    fn written_gate(&self, gate: &str) -> Written<'a> {
        let place = match self.configuration() {
            Some(configuration) => configuration.gate(gate).map(|(_, place)| place),
            None => self.resolved.flags.gate(gate).map(|(_, place)| place),
        };
        let found = match self.gate_entry(gate) {
            Entry::Is(value) => Found::Value(Cow::Owned(Value::Bool(value))),
            Entry::Absent => Found::Absent,
            Entry::Unreadable => Found::Unreadable,
            Entry::Unknown => Found::Unknown,
        };
        Written { found, layer: place.map_or(OriginLayer::Default, |place| self.layer_of(place)) }
    }

    /// A flag without a field is known where it is given, and where the whole command line is.
    fn written_flag(&self, flag: &str) -> Written<'a> {
        let given = self.resolved.flags.last(flag);
        let found = match given {
            Some(given) => known(Cow::Borrowed(&given.value)),
            None if self.is_mentioned(flag) => Found::Unreadable,
            None if self.layers.has_words && self.layers.words_complete => Found::Absent,
            None => Found::Hidden,
        };
        // No other layer could say anything of it.
        Written { found, layer: OriginLayer::Flag }
    }

    fn written_field(&self, field: FieldId) -> Written<'a> {
        let Some(configuration) = self.configuration() else { return self.written_before_stop(field) };
        let slot = configuration.slot(field);
        if self.resolved.is_configz {
            return self.shown(field, &slot.value, slot.place);
        }
        match slot.place.source {
            SourceId::GENERATED => Written::absent(),
            // The kubelet puts its default where a zero is written, or a null.
            SourceId::DEFAULT => self.written_over(field),
            _ => Written { found: known(Cow::Borrowed(&slot.value)), layer: self.layer_of(slot.place) },
        }
    }

    /// A dump leaves zeros out, except pointers: an absent pointer says nothing.
    fn shown(&self, field: FieldId, value: &'a Value, place: Place) -> Written<'a> {
        let layer = OriginLayer::Configz;
        if field == id::SECCOMP_DEFAULT
            && !matches!(value, Value::Bool(true))
            && self.resolved.flags.bool("seccomp-default") == Some(true)
        {
            return Written { found: Found::Value(Cow::Owned(Value::Bool(true))), layer: OriginLayer::Flag };
        }
        if field == id::SECCOMP_DEFAULT
            && !matches!(value, Value::Bool(true))
            && !(self.layers.has_words && self.layers.words_complete)
        {
            // The flag is not in the dump.
            return Written { found: Found::Hidden, layer };
        }
        if place.source == SourceId::DEFAULT {
            let found = match field.field().kind {
                Kind::Bool if field.field().exists_in(self.version) => Found::Zero(Value::Bool(false)),
                Kind::Int32 | Kind::Int64 if field.field().exists_in(self.version) => {
                    Found::Zero(Value::Int(0))
                }
                _ => Found::Absent,
            };
            return Written { found, layer };
        }
        // The pair that the kubelet made for itself is shown, but nobody wrote it.
        if let Value::Str(path) = value
            && (field == id::TLS_CERT_FILE || field == id::TLS_PRIVATE_KEY_FILE)
            && super::serving::is_generated(self, path)
        {
            return Written { found: Found::Absent, layer: OriginLayer::Generated };
        }
        Written { found: known(Cow::Borrowed(value)), layer }
    }

    /// What the documents have where the configuration has a default.
    fn written_over(&self, field: FieldId) -> Written<'a> {
        let mut written = self.in_documents(field);
        if let Some(flag) = flag_of(field)
            && let Some(given) = self.resolved.flags.last(flag)
        {
            written = Written { found: known(Cow::Borrowed(&given.value)), layer: OriginLayer::Flag };
        }
        written
    }

    fn in_documents(&self, field: FieldId) -> Written<'a> {
        let mut written = Written::absent();
        for (_, root, layer) in self.documents() {
            let found = match at_path(root, field.field().path) {
                None => continue,
                Some(node) if matches!(node.value, NodeValue::Null) => Found::Absent,
                Some(node) => match value_of(field.field().kind, node) {
                    Some(value) => known(Cow::Owned(value)),
                    None => Found::Unreadable,
                },
            };
            written = Written { found, layer };
        }
        written
    }

    /// What is written where the kubelet stops before it has a configuration.
    fn written_before_stop(&self, field: FieldId) -> Written<'a> {
        if let Some(flag) = flag_of(field) {
            if let Some(given) = self.resolved.flags.last(flag) {
                let found = known(Cow::Borrowed(&given.value));
                return Written { found, layer: OriginLayer::Flag };
            }
            if self.is_mentioned(flag) {
                return Written { found: Found::Unreadable, layer: OriginLayer::Flag };
            }
        }
        if self.has_unread() {
            return Written { found: Found::Unknown, layer: OriginLayer::Default };
        }
        self.in_documents(field)
    }

    /// Whether the command line names a flag that could not be read.
    pub(super) fn is_mentioned(&self, flag: &str) -> bool {
        self.stage() == Some(Stage::CommandLine)
            && self.layers.words.iter().any(|word| {
                word.text.strip_prefix("--").is_some_and(|body| {
                    let name = body.split_once('=').map_or(body, |(name, _)| name);
                    name.replace('_', "-") == flag
                })
            })
    }

    /// Whether a layer that takes part but was not given could change what is written.
    pub(super) fn is_unsettled(&self, written: &Written<'_>) -> bool {
        self.resolved.missing.iter().any(|missing| match (missing, written.layer) {
            (MissingLayer::CommandLine, _) => true,
            // What is null leaves the base as it is.
            (MissingLayer::Base(_), layer) => {
                layer == OriginLayer::Default || matches!(written.found, Found::Absent)
            }
            (_, OriginLayer::Flag) | (MissingLayer::Config(_), OriginLayer::DropIn) => false,
            _ => true,
        })
    }
}

/// A value; empty texts, lists and maps are nothing.
fn known(value: Cow<'_, Value>) -> Found<'_> {
    match value.as_ref() {
        Value::Absent => Found::Absent,
        Value::Str(_) | Value::List(_) | Value::Map(_) if value.is_zero() => Found::Absent,
        _ => Found::Value(value),
    }
}
