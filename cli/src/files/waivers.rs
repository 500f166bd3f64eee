//! The format of `--waivers`.

use globset::{GlobBuilder, GlobMatcher};
use kubelet_audit::controls::{CONTROLS, control};
use serde::Deserialize;

use crate::dates::is_date;
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
    /// Slug of the control (see `kubelet-audit controls`).
    #[cfg_attr(feature = "schema", schemars(with = "String", length(min = 1)))]
    pub control: ControlSlug,
    /// Pattern of targets, by the path of the source or the name of the node. `*` matches anything but a slash,
    /// `**` any number of path segments, `?` one character, `[a-z]` one of a set, `{a,b}` either of two.
    #[cfg_attr(feature = "schema", schemars(with = "String", length(min = 1)))]
    pub target: TargetPattern,
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

/// The slug of a known control.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct ControlSlug(pub String);

impl TryFrom<String> for ControlSlug {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let slug = text.trim();
        if control(slug).is_some() {
            return Ok(Self(slug.to_owned()));
        }
        let hint = match nearest(slug, CONTROLS.iter().map(|control| control.metadata().slug)) {
            Some(near) => format!("did you mean {near}?"),
            None => "run kubelet-audit controls to list them".to_owned(),
        };
        Err(format!("unknown control {slug:?}; {hint}"))
    }
}

/// A pattern of sources and nodes, in which only `**` matches a slash.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct TargetPattern(GlobMatcher);

impl TargetPattern {
    /// Whether the pattern matches a source or a node.
    pub fn is_match(&self, name: &str) -> bool {
        self.0.is_match(name)
    }

    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        self.0.glob().glob()
    }
}

impl TryFrom<String> for TargetPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = not_empty(&text)?;
        match GlobBuilder::new(text).literal_separator(true).build() {
            Ok(glob) => Ok(Self(glob.compile_matcher())),
            Err(error) => Err(format!("invalid pattern {text:?}: {}", error.kind())),
        }
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
    use super::{Date, TargetPattern};

    #[test]
    fn patterns_match_paths_and_names() {
        let pattern = |text: &str| TargetPattern::try_from(text.to_owned());
        for (glob, text, want) in [
            ("node.yaml", "node.yaml", true),
            ("node.yaml", "node.yamlx", false),
            ("aks-*", "aks-pool1-000", true),
            ("*", "", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("nodes/**/x.yaml", "nodes/a/b/x.yaml", true),
            ("nodes/*/x.yaml", "nodes/a/b/x.yaml", false),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("a?c", "ac", false),
            ("*ä*", "xäy", true),
            ("fleet.ndjson#*", "fleet.ndjson#12", true),
            ("{a,b}-[0-9]", "b-7", true),
        ] {
            assert_eq!(pattern(glob).unwrap().is_match(text), want, "{glob} {text}");
        }
        assert!(pattern("[a").is_err() && pattern(" ").is_err());
        // Neither a long pattern nor a long name takes more than linear time.
        assert!(!pattern(&"*a".repeat(200)).unwrap().is_match(&"a".repeat(199)));
    }

    #[test]
    fn a_date_is_one_of_the_calendar() {
        let date = |text: &str| Date::try_from(text.to_owned()).map(|date| date.0);
        assert_eq!(date("2026-11-24").as_deref(), Ok("2026-11-24"));
        assert_eq!(date("2026-11-24T00:00:00Z").as_deref(), Ok("2026-11-24"));
        assert!(date("2026-02-30").is_err() && date("2026-11-24T10:00:00Z").is_err());
    }
}
