//! The report formats by name.

use super::json::{JsonLines, JsonStream, JsonStyle};
use super::text::TextReport;
use super::writer::{At, End, Included, Length, Writer};
use super::{Layout, NoTexts, SourceTexts, github, gitlab, junit, markdown, openreports, sarif};
use crate::report::{Report, SCHEMA_VERSION};

macro_rules! report_forms {
    ($($(#[$doc:meta])* $form:ident = $name:literal,)+) => {
        /// The formats of a report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ReportForm { $($(#[$doc])* $form,)+ }

        impl ReportForm {
            /// The names of all formats, in the order of the command's help.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// Returns the format of this name.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$form),)+ _ => None }
            }
        }
    };
}

report_forms! {
    /// For people.
    Text = "text",
    /// JSON on one line.
    Json = "json",
    /// JSON, indented.
    JsonPretty = "json-pretty",
    /// SARIF 2.1.0.
    Sarif = "sarif",
    /// JUnit's XML.
    Junit = "junit",
    /// Annotations of GitHub's workflows.
    Github = "github",
    /// GitLab's code quality report.
    Gitlab = "gitlab",
    /// Markdown as GitHub and GitLab show it.
    Markdown = "markdown",
    /// `ClusterReport` of openreports.io.
    OpenReports = "openreports",
    /// `ClusterPolicyReport` of wgpolicyk8s.io.
    PolicyReport = "policyreport",
    /// JSON, a target on each line and nothing else.
    Ndjson = "ndjson",
}

/// A writer of this form.
pub fn writer(form: ReportForm, included: Included, layout: &Layout<'_>) -> Box<dyn Writer> {
    match form {
        ReportForm::Text => Box::new(TextReport::new(layout)),
        ReportForm::Json => Box::new(JsonStream::new(JsonStyle::Compact)),
        ReportForm::JsonPretty => Box::new(JsonStream::new(JsonStyle::Pretty)),
        ReportForm::Ndjson => Box::new(JsonLines),
        ReportForm::Sarif => Box::new(sarif::Sarif::new(included)),
        ReportForm::Junit => Box::new(junit::Junit::default()),
        ReportForm::Github => Box::new(github::Annotations::default()),
        ReportForm::Gitlab => Box::new(gitlab::CodeQuality::default()),
        ReportForm::Markdown => Box::new(markdown::Markdown::default()),
        ReportForm::OpenReports => Box::new(openreports::Reports::new(&openreports::OPEN_REPORTS)),
        ReportForm::PolicyReport => Box::new(openreports::Reports::new(&openreports::POLICY_REPORTS)),
    }
}

/// Returns a whole report in this format.
pub fn report(report: &Report, form: ReportForm, texts: &dyn SourceTexts, layout: &Layout<'_>) -> String {
    let mut writer = writer(form, Included::default(), layout);
    let mut out = writer.begin();
    for (number, target) in report.targets.iter().enumerate() {
        out.push_str(&writer.target(target, At { texts, number, length: Length::Full }));
    }
    let end = End { summary: &report.summary, notices: &report.notices, next: layout.next };
    out.push_str(&writer.end(&end));
    out
}

/// Returns a report, which is JSON text, in the format of this name. It has what the report has: the texts
/// that it is about are not at hand, so places are named and lines are not shown.
///
/// # Errors
///
/// Where there is no such format, or the text is no report of this major version.
pub fn report_json(report: &str, format: &str) -> Result<String, String> {
    let form = ReportForm::named(format).ok_or_else(|| {
        format!("there is no format {format:?}: the formats are {}", ReportForm::NAMES.join(", "))
    })?;
    let read: Report = serde_json::from_str(report).map_err(|error| format!("this is no report: {error}"))?;
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    if major(&read.schema_version) != major(SCHEMA_VERSION) {
        return Err(format!(
            "the report has the schema version {}, and this program reads {SCHEMA_VERSION}",
            read.schema_version
        ));
    }
    Ok(self::report(&read, form, &NoTexts, &Layout::PLAIN))
}

#[cfg(test)]
mod tests {
    use super::super::test_reports::{fail, pass, target};
    use super::{Layout, NoTexts, ReportForm, report, report_json};
    use crate::json::json_text;
    use crate::report_of;

    #[test]
    fn a_report_read_from_json_is_written_as_the_report_itself() {
        let whole = report_of(vec![target(vec![fail(), pass()])]);
        for name in ReportForm::NAMES {
            let form = ReportForm::named(name).unwrap();
            let written = report(&whole, form, &NoTexts, &Layout::PLAIN);
            assert!(!written.is_empty(), "{name}");
            assert_eq!(report_json(&json_text(&whole), name).as_ref(), Ok(&written), "{name}");
        }
        assert_eq!(report_json(&json_text(&whole), "json"), Ok(json_text(&whole) + "\n"));
    }

    #[test]
    fn what_is_no_report_or_no_format_is_refused() {
        let whole = json_text(&report_of(Vec::new()));
        for (text, format, reason) in [
            (whole.as_str(), "xml", "there is no format \"xml\": the formats are text, json, "),
            ("{}", "text", "this is no report: missing field `schemaVersion`"),
            ("[", "text", "this is no report: EOF"),
            (&whole.replace("\"1.0\"", "\"2.0\""), "text", "the report has the schema version 2.0"),
        ] {
            let refused = report_json(text, format).unwrap_err();
            assert!(refused.starts_with(reason), "{refused}");
        }
    }
}
