//! The report formats by name.

use super::json::{JsonLines, JsonStream, JsonStyle};
use super::text::TextReport;
use super::writer::{At, End, Included, Length, Writer};
use super::{Layout, NoTexts, SourceTexts, github, gitlab, junit, markdown, openreports, sarif};
use crate::report::Report;

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
    /// Text for terminals.
    Text = "text",
    /// JSON on one line.
    Json = "json",
    /// JSON, indented.
    JsonPretty = "json-pretty",
    /// SARIF 2.1.0.
    Sarif = "sarif",
    /// JUnit XML.
    Junit = "junit",
    /// GitHub Actions workflow commands.
    Github = "github",
    /// GitLab Code Quality report.
    Gitlab = "gitlab",
    /// Markdown for GitHub and GitLab.
    Markdown = "markdown",
    /// `ClusterReport` of openreports.io.
    OpenReports = "openreports",
    /// `ClusterPolicyReport` of wgpolicyk8s.io.
    PolicyReport = "policyreport",
    /// JSON Lines: one target per line.
    Ndjson = "ndjson",
}

/// Returns a writer for this format.
pub fn writer(form: ReportForm, included: Included, layout: &Layout<'_>) -> Box<dyn Writer> {
    match form {
        ReportForm::Text => Box::new(TextReport::new(layout)),
        ReportForm::Json => Box::new(JsonStream::new(JsonStyle::Compact)),
        ReportForm::JsonPretty => Box::new(JsonStream::new(JsonStyle::Pretty)),
        ReportForm::Ndjson => Box::new(JsonLines),
        ReportForm::Sarif => Box::new(sarif::Sarif::new(included)),
        ReportForm::Junit => Box::new(junit::Junit::new()),
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

/// Returns a report, given as JSON, in the named format. The audited texts are not available, so locations
/// are named but source lines are not shown.
///
/// # Errors
///
/// The format is unknown, or the text is not a report of this major version.
pub fn report_json(report: &str, format: &str) -> Result<String, String> {
    let form = ReportForm::named(format).ok_or_else(|| {
        format!("unknown format {format:?}; expected one of {}", ReportForm::NAMES.join(", "))
    })?;
    let read = Report::from_json(report).map_err(|reason| format!("invalid report: {reason}"))?;
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
            assert!(written.ends_with('\n'), "{name}");
            insta::assert_snapshot!(*name, written);
            assert_eq!(report_json(&json_text(&whole), name).as_ref(), Ok(&written), "{name}");
        }
        assert_eq!(report_json(&json_text(&whole), "json"), Ok(json_text(&whole) + "\n"));
    }

    #[test]
    fn invalid_reports_and_unknown_formats_are_rejected() {
        let whole = json_text(&report_of(Vec::new()));
        for (text, format, reason) in [
            (whole.as_str(), "xml", "unknown format \"xml\"; expected one of text, json, "),
            ("{}", "text", "invalid report: missing field `schemaVersion`"),
            ("[", "text", "invalid report: EOF"),
            (&whole.replace("\"2.0\"", "\"1.0\""), "text", "invalid report: unsupported schemaVersion 1.0"),
        ] {
            let refused = report_json(text, format).unwrap_err();
            assert!(refused.starts_with(reason), "{refused}");
        }
    }
}
