//! The format of `--waivers`.

use kubelet_audit::controls::{CONTROLS, control};
use serde::Deserialize;

use crate::control_names::is_number;
use crate::dates::is_date;
use crate::pattern::Pattern;
use kubelet_audit::source::nearest::nearest;

/// Findings accepted until a date, for `kubelet-audit check --waivers FILE`, in YAML or JSON.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Waivers"))]
#[serde(untagged)]
pub enum WaiversFile {
    /// A list of waivers.
    List(Vec<WaiverEntry>),
    /// An object with a list of waivers.
    Object(WaiversObject),
}

/// An object with a list of waivers.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WaiversObject {
    /// The waivers.
    pub waivers: Vec<WaiverEntry>,
}

/// A waiver.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Waiver"))]
#[serde(deny_unknown_fields, expecting = "a waiver: an object with control, target, reason and expires")]
pub struct WaiverEntry {
    /// Control, by its slug or its number in the benchmark (see `kubelet-audit controls`).
    #[cfg_attr(feature = "schema", schemars(with = "String", length(min = 1)))]
    pub control: ControlName,
    /// Pattern of targets, by the path of the source or the name of the node. `*` matches anything but a slash,
    /// `**` any number of path segments, `?` one character, `[a-z]` one of a set, `{a,b}` either of two.
    #[cfg_attr(feature = "schema", schemars(with = "String", length(min = 1)))]
    pub target: Pattern,
    /// Why the finding is accepted.
    #[cfg_attr(feature = "schema", schemars(with = "String", length(min = 1)))]
    pub reason: Reason,
    /// Last day on which the waiver applies, in UTC.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "String", regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))
    )]
    pub expires: Date,
}

/// The slug of a control, or its number in a benchmark.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct ControlName(pub String);

impl TryFrom<String> for ControlName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let name = text.trim();
        if control(name).is_some() || is_number(name) {
            return Ok(Self(name.to_owned()));
        }
        let hint = match nearest(name, CONTROLS.iter().map(|control| control.metadata().slug)) {
            Some(near) => format!("did you mean {near}?"),
            None => "run kubelet-audit controls to list them".to_owned(),
        };
        Err(format!("unknown control {name:?}; {hint}"))
    }
}

/// A text that is not empty.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Reason(pub String);

impl TryFrom<String> for Reason {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Ok(Self(not_empty(&text)?.to_owned()))
    }
}

fn not_empty(text: &str) -> Result<&str, String> {
    Some(text.trim()).filter(|text| !text.is_empty()).ok_or_else(|| "must not be empty".to_owned())
}

/// A date of the calendar, `2026-11-24`. Dates sort as their texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Date(pub String);

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // YAML has a type for dates, which its readers pass on as a time.
        let day = text.trim().trim_end_matches("T00:00:00Z");
        if is_date(day) {
            Ok(Self(day.to_owned()))
        } else {
            Err(format!("expected a date such as 2027-01-31, found {:?}", text.trim()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn a_date_is_one_of_the_calendar() {
        let date = |text: &str| Date::try_from(text.to_owned()).map(|date| date.0);
        assert_eq!(date("2026-11-24").as_deref(), Ok("2026-11-24"));
        assert_eq!(date("2026-11-24T00:00:00Z").as_deref(), Ok("2026-11-24"));
        assert!(date("2026-02-30").is_err() && date("2026-11-24T10:00:00Z").is_err());
    }
}
