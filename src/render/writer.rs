//! What every report format implements: a report is written target by target, so that it is never held as a
//! whole.

use super::{SourceTexts, TargetTexts};
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

/// Which findings are in formats whose readers make an alert of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Included {
    /// Those that fail or could not be judged.
    #[default]
    Failing,
    /// All.
    All,
}

/// How much room a target gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// All its findings.
    Full,
    /// A line, for it is one of many: what is wrong stands in the groups of the summary.
    Line,
}
