//! Values of options.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use kubelet_audit::benchmark::{self, AUTO, editions};
use kubelet_audit::controls::{CONTROLS, control as find_control};
use kubelet_audit::kubelet::Version;
use kubelet_audit::render::ReportForm;
use kubelet_audit::source::Limits;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};

use kubelet_audit::source::nearest::nearest;

use crate::control_names::is_number;

/// The names of severities, lowest first.
pub(super) const SEVERITIES: &[&str] = &["info", "low", "medium", "high", "critical"];

/// Returns an error for wrong usage.
pub(super) fn wrong_usage(message: impl std::fmt::Display) -> clap::Error {
    clap::Error::raw(ErrorKind::ArgumentConflict, message)
}

/// Returns the value that a request or report calls `name`.
pub(super) fn named<T: DeserializeOwned>(name: &str) -> Result<T, ValueError> {
    let deserializer: StrDeserializer<'_, ValueError> = name.into_deserializer();
    T::deserialize(deserializer)
}

/// Parses the names that a type has in requests and reports.
pub(super) fn one_of<T>(names: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| named::<T>(&name))
}

/// Parses the name of a report format.
pub(super) fn report_format() -> impl TypedValueParser<Value = ReportForm> {
    PossibleValuesParser::new(ReportForm::NAMES)
        .try_map(|name| ReportForm::named(&name).ok_or("unknown format"))
}

/// Parses a profile level.
pub(super) fn level() -> impl TypedValueParser<Value = u8> {
    PossibleValuesParser::new(["1", "2"]).try_map(|level| level.parse::<u8>())
}

/// Parses a control: its slug, or its number in a benchmark.
pub(super) const fn control() -> KnownName {
    KnownName { is_known: |name| find_control(name).is_some() || is_number(name), names: control_slugs }
}

/// Parses an element of a list of controls, which can have spaces around it or be empty.
pub(super) const fn listed_control() -> KnownName {
    KnownName { is_known: |name| name.is_empty() || (control().is_known)(name), names: control_slugs }
}

fn control_slugs() -> Vec<&'static str> {
    CONTROLS.iter().map(|control| control.metadata().slug).collect()
}

/// Parses a benchmark edition.
pub(super) const fn benchmark() -> KnownName {
    KnownName {
        is_known: |name| name == AUTO || benchmark::edition(name).is_some(),
        names: || std::iter::once(AUTO).chain(editions().map(|edition| edition.id)).collect(),
    }
}

/// Parses a benchmark edition; `auto` is none.
pub(super) const fn edition() -> KnownName {
    KnownName {
        is_known: |name| benchmark::edition(name).is_some(),
        names: || editions().map(|edition| edition.id).collect(),
    }
}

/// A parser of a name from a list that is too long for the help. Shells complete the names, and an unknown name
/// gets a suggestion.
#[derive(Clone, Copy)]
pub(super) struct KnownName {
    is_known: fn(&str) -> bool,
    names: fn() -> Vec<&'static str>,
}

impl TypedValueParser for KnownName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        let name = value.to_string_lossy();
        let name = name.trim();
        if (self.is_known)(name) {
            return Ok(name.to_owned());
        }
        let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
        if let Some(arg) = arg {
            error.insert(ContextKind::InvalidArg, ContextValue::String(arg.to_string()));
        }
        error.insert(ContextKind::InvalidValue, ContextValue::String(name.to_owned()));
        let names = (self.names)();
        match nearest(name, names.iter().copied()) {
            Some(near) => error.insert(ContextKind::SuggestedValue, ContextValue::String(near.to_owned())),
            None => error.insert(
                ContextKind::ValidValue,
                ContextValue::Strings(names.into_iter().map(str::to_owned).collect()),
            ),
        };
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.names)().into_iter().map(PossibleValue::new)))
    }
}

/// Checks a Kubernetes version.
pub(super) fn kubelet_version(text: &str) -> Result<String, String> {
    match Version::parse(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err(format!(
            "expected a version from {} to {}, such as 1.31 or v1.31.4",
            Version::OLDEST,
            Version::NEWEST
        )),
    }
}

/// Checks the path of a drop-in.
pub(super) fn drop_in(path: &str) -> Result<String, &'static str> {
    if path == "-" { Err("a drop-in is identified by its file name") } else { Ok(path.to_owned()) }
}

/// Parses a number of bytes: `65536`, `64K`, `4M`.
pub(super) fn size(text: &str) -> Result<u32, &'static str> {
    let (digits, unit) = match text.strip_suffix(['K', 'k']) {
        Some(digits) => (digits, 1024),
        None => text.strip_suffix(['M', 'm']).map_or((text, 1), |digits| (digits, 1024 * 1024)),
    };
    // `parse` also accepts a plus sign.
    let number = digits.parse::<u32>().ok().filter(|_| !digits.starts_with('+'));
    let bytes = number.ok_or("expected a number such as 4M")?.saturating_mul(unit);
    let most = u32::try_from(Limits::MAX_BYTES).unwrap_or(u32::MAX);
    if (1..=most).contains(&bytes) { Ok(bytes) } else { Err("expected a size from 1 to 16M") }
}
