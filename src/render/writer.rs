//! The trait that every report format implements. Reports are written target by target, so that a whole report
//! is never in memory; `junit` alone keeps what it writes until the end.

use super::{SourceTexts, TargetTexts};
use crate::report::{Issue, Summary, Target};

/// A report under construction. The concatenated results of the methods are the report.
pub trait Writer {
    /// Returns the text before the first target.
    fn begin(&mut self) -> String {
        String::new()
    }

    /// Returns the text of the next target.
    fn target(&mut self, target: &Target, at: At<'_>) -> String;

    /// Returns the text after the last target.
    fn end(&mut self, end: &End<'_>) -> String;
}

/// The context of a target.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The audited texts.
    pub texts: &'a dyn SourceTexts,
    /// The index of the target in `texts`.
    pub number: usize,
    /// How long the target's text can be.
    pub length: Length,
}

impl<'a> At<'a> {
    /// Returns the texts of this target.
    pub(super) fn texts(&self) -> TargetTexts<'a> {
        TargetTexts { all: self.texts, target: self.number }
    }
}

/// The data that is complete after the last target.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// The counts.
    pub summary: &'a Summary,
    /// Notices about the whole run.
    pub notices: &'a [Issue],
    /// A command to suggest at the end, and its purpose.
    pub next: Option<(&'a str, &'a str)>,
}

/// Which findings to include in formats whose readers raise an alert for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Included {
    /// Failures and evaluation errors.
    #[default]
    Failing,
    /// All findings.
    All,
}

/// The length of a target's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// All its findings.
    Full,
    /// One line; the summary shows the findings in groups.
    Line,
}
