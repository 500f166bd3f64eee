//! Reports written target by target, so that none has to be held as a whole.

use super::json::{JsonLines, JsonStream, JsonStyle};
use super::text::{Length, TextReport};
use super::{Layout, SourceTexts, TargetTexts, github, gitlab, junit, markdown, openreports, sarif};
use crate::report::{Issue, Summary, Target};

/// A report in the making. What the methods answer, one behind the other, is the report.
pub trait Writer {
    /// What stands before the first target.
    fn begin(&mut self) -> String {
        String::new()
    }

    /// The next target.
    fn target(&mut self, target: &Target, at: At<'_>) -> String;

    /// What stands behind the last.
    fn end(&mut self, end: &End<'_>) -> String;
}

/// What is known of a target beside itself.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The texts that its locations point into.
    pub texts: &'a dyn SourceTexts,
    /// Its number for `texts`.
    pub number: usize,
    /// How much room it gets, where people read it.
    pub length: Length,
}

impl<'a> At<'a> {
    /// The texts of this target.
    pub(super) fn texts(&self) -> TargetTexts<'a> {
        TargetTexts { all: self.texts, target: self.number }
    }
}

/// What is known when every target was seen.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// The counts.
    pub summary: &'a Summary,
    /// What concerns the run as a whole.
    pub notices: &'a [Issue],
    /// The command to run next, with what it does.
    pub next: Option<(&'a str, &'a str)>,
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportForm {
    /// For people.
    Text,
    /// JSON on one line.
    Json,
    /// JSON, indented.
    JsonPretty,
    /// JSON, a target on each line and nothing else.
    Ndjson,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit's XML.
    Junit,
    /// Annotations of GitHub's workflows.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Markdown as GitHub and GitLab show it.
    Markdown,
    /// `ClusterReport` of openreports.io.
    OpenReports,
    /// `ClusterPolicyReport` of wgpolicyk8s.io.
    PolicyReport,
}

/// Which findings are in formats whose readers make an alert of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Included {
    /// Those that fail or could not be judged.
    #[default]
    Failing,
    /// All.
    All,
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
