//! Settings, and what the layers configure for them.
//!
//! A benchmark's verdict is about what is configured, which can differ from what the kubelet runs with:
//! `streamingConnectionIdleTimeout: 0s` configures zero, and the kubelet runs with four hours.

use std::borrow::Cow;

use crate::kubelet::fields::{FieldId, Kind, id};
use crate::kubelet::flags::{self, FlagKind};
use crate::report::OriginLayer;
use crate::resolve::{Value, value_of};
use crate::source::tree::NodeValue;
use crate::source::{MissingLayer, Place, ValueSource};

use super::audited_kubelet::{AuditedKubelet, at_path};
use super::serving_certificates::is_generated;

/// Something that a row of a benchmark can make demands on.
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
    /// Returns its path in the configuration file, or the flag with its dashes.
    pub fn name(self) -> String {
        match self {
            Self::Field(field) => field.field().path.into(),
            Self::Gate(gate) => format!("featureGates.{gate}"),
            Self::Flag(flag) => format!("--{flag}"),
        }
    }

    /// Returns the flag that sets it, without dashes.
    pub fn flag(self) -> Option<&'static str> {
        match self {
            Self::Field(field) => flag_of(field),
            Self::Gate(_) => Some("feature-gates"),
            Self::Flag(flag) => Some(flag),
        }
    }
}

/// Returns the flag that sets a field. `--seccomp-default` is a value of its own that is OR-ed with the field
/// (`cmd/kubelet/app/server.go`, `run`).
pub(super) fn flag_of(field: FieldId) -> Option<&'static str> {
    if field == id::SECCOMP_DEFAULT {
        return Some("seccomp-default");
    }
    flags::of_field(field).map(|flag| flag.name)
}

/// The value that the layers configure for a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum ConfiguredValue<'a> {
    /// None.
    Absent,
    /// This value.
    Value(Cow<'a, Value>),
    /// None, in a `/configz` dump, which leaves zeros out: the value is this zero.
    Zero(Value),
    /// Something that is no value of the setting.
    Unreadable,
    /// The document that would have it could not be read.
    Unknown,
    /// This kind of input never shows the setting.
    Hidden,
}

/// A configured value and the layer that it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Configured<'a> {
    /// The value.
    pub value: ConfiguredValue<'a>,
    /// The layer whose value counts; `Default` where no layer has one.
    pub layer: OriginLayer,
}

impl Configured<'_> {
    const fn absent() -> Self {
        Self { value: ConfiguredValue::Absent, layer: OriginLayer::Default }
    }
}

/// What the layers configure for a feature gate, whether or not the kubelet gets far enough to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateEntry {
    /// There is no entry.
    Absent,
    /// The entry has this value.
    Is(bool),
    /// The entry is not a boolean.
    Unreadable,
    /// The document that would have the entry could not be read.
    Unknown,
}

impl<'a> AuditedKubelet<'a> {
    /// Returns what the strongest layer with a value configures for a setting.
    pub fn configured(&self, setting: Setting) -> Configured<'a> {
        match setting {
            Setting::Field(field) => self.configured_field(field),
            Setting::Gate(gate) => self.configured_gate(gate),
            Setting::Flag(flag) => self.configured_flag(flag),
        }
    }

    /// Returns what the strongest layer with an entry for a gate configures.
    pub fn gate_entry(&self, gate: &str) -> GateEntry {
        if let Some(configuration) = self.configuration() {
            return configuration.gate(gate).map_or(GateEntry::Absent, |(value, _)| GateEntry::Is(value));
        }
        if let Some((value, _)) = self.resolved.flags.gate(gate) {
            return GateEntry::Is(value);
        }
        if self.has_unreadable_flag("feature-gates") {
            return GateEntry::Unreadable;
        }
        let path = format!("featureGates.{gate}");
        let mut entry = GateEntry::Absent;
        for (_, root, _) in self.documents() {
            match at_path(root, &path).map(|node| &node.value) {
                None if at_path(root, "featureGates")
                    .is_some_and(|node| !matches!(node.value, NodeValue::Object(_) | NodeValue::Null)) =>
                {
                    entry = GateEntry::Unreadable;
                }
                None => {}
                Some(NodeValue::Bool(value)) => entry = GateEntry::Is(*value),
                Some(NodeValue::Null) => entry = GateEntry::Is(false),
                Some(_) => entry = GateEntry::Unreadable,
            }
        }
        if self.has_unreadable_document() { GateEntry::Unknown } else { entry }
    }

    /// Whether a flag decides the value of a setting.
    pub(super) fn is_set_by_flag(&self, setting: Setting) -> bool {
        match setting {
            Setting::Gate(gate) => self.resolved.flags.gate(gate).is_some(),
            _ => setting.flag().is_some_and(|flag| self.resolved.flags.last(flag).is_some()),
        }
    }

    /// Whether a layer that takes part but was not given could change what is configured.
    pub(super) fn could_change(&self, setting: Setting, configured: &Configured<'_>) -> bool {
        self.resolved.missing.iter().any(|missing| match (missing, configured.layer) {
            (MissingLayer::CommandLine, _) => true,
            (MissingLayer::Variables, _) => !self.is_set_behind_variables(setting),
            (MissingLayer::Value(value), layer) => match value.path.strip_prefix("--") {
                Some(flag) => setting.flag() == Some(flag),
                None => layer != OriginLayer::Flag && is_same_field(&setting.name(), &value.path),
            },
            // What is null leaves the base as it is.
            (MissingLayer::Base(_), layer) => {
                layer == OriginLayer::Default || matches!(configured.value, ConfiguredValue::Absent)
            }
            (_, OriginLayer::Flag) | (MissingLayer::Config(_), OriginLayer::DropIn) => false,
            _ => true,
        })
    }

    /// Whether a flag behind the last undefined variable sets a setting, so that the variable cannot. A flag
    /// with a list adds to those before it.
    fn is_set_behind_variables(&self, setting: Setting) -> bool {
        let Some(line) = &self.layers.command_line else { return false };
        let (Some(gap), Some(name)) = (line.gap, setting.flag()) else { return false };
        if flags::lookup(name).is_some_and(|flag| flag.kind == FlagKind::StrSlice) {
            return false;
        }
        line.arguments.iter().skip(gap).any(|argument| {
            let body = argument.text.strip_prefix("--").unwrap_or_default();
            let (flag, value) = body.split_once('=').unwrap_or((body, ""));
            let is_gate = |gate: &str| value.split(',').any(|entry| entry.split('=').next() == Some(gate));
            flag.replace('_', "-") == name
                && match setting {
                    Setting::Gate(gate) => is_gate(gate),
                    Setting::Field(_) | Setting::Flag(_) => true,
                }
        })
    }

    fn configured_gate(&self, gate: &str) -> Configured<'a> {
        let place = match self.configuration() {
            Some(configuration) => configuration.gate(gate).map(|(_, place)| place),
            None => self.resolved.flags.gate(gate).map(|(_, place)| place),
        };
        let value = match self.gate_entry(gate) {
            GateEntry::Is(value) => ConfiguredValue::Value(Cow::Owned(Value::Bool(value))),
            GateEntry::Absent => ConfiguredValue::Absent,
            GateEntry::Unreadable => ConfiguredValue::Unreadable,
            GateEntry::Unknown => ConfiguredValue::Unknown,
        };
        Configured { value, layer: place.map_or(OriginLayer::Default, |place| self.layer_of(place)) }
    }

    /// A flag without a field is known where it is given, and where the whole command line is.
    fn configured_flag(&self, flag: &str) -> Configured<'a> {
        let value = match self.resolved.flags.last(flag) {
            Some(given) => non_empty(Cow::Borrowed(&given.value)),
            None if self.has_unreadable_flag(flag) => ConfiguredValue::Unreadable,
            None if self.layers.has_complete_command_line() => ConfiguredValue::Absent,
            None => ConfiguredValue::Hidden,
        };
        // No other layer can have a value for it.
        Configured { value, layer: OriginLayer::Flag }
    }

    fn configured_field(&self, field: FieldId) -> Configured<'a> {
        let Some(configuration) = self.configuration() else {
            return self.configured_before_stop(field);
        };
        let slot = configuration.slot(field);
        if self.resolved.is_configz {
            return self.configured_in_configz(field, &slot.value, slot.place);
        }
        match slot.place.source {
            ValueSource::Generated => Configured::absent(),
            // The kubelet replaces a zero or a null by its default.
            ValueSource::Default => self.configured_under_default(field),
            _ => {
                Configured { value: non_empty(Cow::Borrowed(&slot.value)), layer: self.layer_of(slot.place) }
            }
        }
    }

    /// A dump leaves zeros out, except pointers: an absent pointer says nothing.
    fn configured_in_configz(&self, field: FieldId, value: &'a Value, place: Place) -> Configured<'a> {
        let layer = OriginLayer::Configz;
        if field == id::SECCOMP_DEFAULT && !matches!(value, Value::Bool(true)) {
            // The flag is not in the dump.
            if self.resolved.flags.bool("seccomp-default") == Some(true) {
                let value = ConfiguredValue::Value(Cow::Owned(Value::Bool(true)));
                return Configured { value, layer: OriginLayer::Flag };
            }
            if !self.layers.has_complete_command_line() {
                return Configured { value: ConfiguredValue::Hidden, layer };
            }
        }
        if place.source == ValueSource::Default {
            let exists = field.field().exists_in(self.version);
            let value = match field.field().kind {
                Kind::Bool if exists => ConfiguredValue::Zero(Value::Bool(false)),
                Kind::Int32 | Kind::Int64 if exists => ConfiguredValue::Zero(Value::Int(0)),
                _ => ConfiguredValue::Absent,
            };
            return Configured { value, layer };
        }
        // The dump shows the pair that the kubelet made for itself, but nobody configured it.
        if let Value::Str(path) = value
            && (field == id::TLS_CERT_FILE || field == id::TLS_PRIVATE_KEY_FILE)
            && is_generated(self, path)
        {
            return Configured { value: ConfiguredValue::Absent, layer: OriginLayer::Generated };
        }
        Configured { value: non_empty(Cow::Borrowed(value)), layer }
    }

    /// Returns what the layers have where the configuration has a default.
    fn configured_under_default(&self, field: FieldId) -> Configured<'a> {
        self.configured_by_flag(field).unwrap_or_else(|| self.configured_in_documents(field))
    }

    /// Returns what the layers have where the kubelet stops before it has a configuration.
    fn configured_before_stop(&self, field: FieldId) -> Configured<'a> {
        if let Some(configured) = self.configured_by_flag(field) {
            return configured;
        }
        if flag_of(field).is_some_and(|flag| self.has_unreadable_flag(flag)) {
            return Configured { value: ConfiguredValue::Unreadable, layer: OriginLayer::Flag };
        }
        if self.has_unreadable_document() {
            return Configured { value: ConfiguredValue::Unknown, layer: OriginLayer::Default };
        }
        self.configured_in_documents(field)
    }

    fn configured_by_flag(&self, field: FieldId) -> Option<Configured<'a>> {
        let given = self.resolved.flags.last(flag_of(field)?)?;
        Some(Configured { value: non_empty(Cow::Borrowed(&given.value)), layer: OriginLayer::Flag })
    }

    fn configured_in_documents(&self, field: FieldId) -> Configured<'a> {
        let mut configured = Configured::absent();
        for (_, root, layer) in self.documents() {
            let value = match at_path(root, field.field().path) {
                None => continue,
                Some(node) if matches!(node.value, NodeValue::Null) => ConfiguredValue::Absent,
                Some(node) => match value_of(field.field().kind, node) {
                    Some(value) => non_empty(Cow::Owned(value)),
                    None => ConfiguredValue::Unreadable,
                },
            };
            configured = Configured { value, layer };
        }
        configured
    }
}

/// Whether two paths are of one field, or of a field and the object that it belongs to.
fn is_same_field(field: &str, path: &str) -> bool {
    let is_below = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with('.'));
    field == path || is_below(field, path) || is_below(path, field)
}

/// Returns a value as configured; an empty text, list or map counts as absent.
fn non_empty(value: Cow<'_, Value>) -> ConfiguredValue<'_> {
    match value.as_ref() {
        Value::Absent => ConfiguredValue::Absent,
        Value::Str(_) | Value::List(_) | Value::Map(_) if value.is_zero() => ConfiguredValue::Absent,
        _ => ConfiguredValue::Value(value),
    }
}
