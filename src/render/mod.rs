//! Reports made readable: pure functions from a report to text, which know neither controls nor the
//! machine.

mod control_fixes;
mod control_style;
pub mod controls;
mod counts;
mod effective;
mod finding;
mod fleet;
mod formats;
mod github;
mod gitlab;
mod issue;
mod items;
pub mod json;
mod junit;
mod markdown;
mod openreports;
pub(crate) mod page;
mod sarif;
mod snippet;
mod spot;
#[cfg(test)]
pub(crate) mod test_reports;
mod text;
mod words;
mod writer;

use std::borrow::Cow;
use std::ops::Range;

use crate::report::{Issue, Location, Target};

pub use crate::source::visible::visible;
pub use effective::{Shown, effective};
pub use formats::{ReportForm, report, report_json, writer};
pub use page::Color;
pub use writer::{At, End, Included, Length, Writer};

/// How much a text says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// One line for each finding that is not met, nothing else.
    Quiet,
    /// What is wrong, why, where, and what to do.
    #[default]
    Normal,
    /// Everything.
    Verbose,
}

/// How a text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    /// Columns of a line.
    pub width: usize,
    /// Whether styles are written.
    pub color: Color,
    /// How much it says.
    pub detail: Detail,
    /// The command to run next, with what it does.
    pub next: Option<(&'a str, &'a str)>,
    /// The directory that relative paths start from, where places are to be links.
    pub links: Option<&'a str>,
}

impl Layout<'static> {
    /// The layout where there is no terminal, so that the same report gives the same lines everywhere.
    pub const PLAIN: Self =
        Self { width: 100, color: Color::Off, detail: Detail::Normal, next: None, links: None };
}

/// A text that locations point into.
#[derive(Clone, Debug)]
pub struct SourceText<'a> {
    /// What the reader knows it as: the path.
    pub path: Cow<'a, str>,
    /// The text, which may be a part of what the reader knows.
    pub text: &'a str,
    /// Where the text starts, in bytes, in what the report's offsets count in.
    pub offset: u32,
    /// Ranges that must not be shown.
    pub hidden: Vec<Range<usize>>,
}

/// The texts that a report was made from. One name may mean different texts in different targets.
pub trait SourceTexts {
    /// The text called `name` in the report's target number `target`.
    fn find(&self, target: usize, name: &str) -> Option<SourceText<'_>>;
}

/// No texts at hand: places are named, lines are not shown.
#[derive(Clone, Copy, Debug)]
pub struct NoTexts;

impl SourceTexts for NoTexts {
    fn find(&self, _: usize, _: &str) -> Option<SourceText<'_>> {
        None
    }
}

/// What is wrong with a target's input, once each: what makes a document unreadable also stops the
/// kubelet.
fn issues(target: &Target) -> impl Iterator<Item = &Issue> {
    let kubelet = target.kubelet.iter().flat_map(|kubelet| kubelet.errors.iter().chain(&kubelet.warnings));
    target.errors.iter().chain(kubelet.filter(|issue| !target.errors.contains(issue)))
}

/// The texts of one target.
#[derive(Clone, Copy)]
struct TargetTexts<'a> {
    all: &'a dyn SourceTexts,
    target: usize,
}

impl<'a> TargetTexts<'a> {
    fn find(&self, name: &str) -> Option<SourceText<'a>> {
        self.all.find(self.target, name)
    }

    /// `path:line:column`
    fn place(&self, location: &Location) -> String {
        let source = self.find(&location.source);
        let path = source.as_ref().map_or(location.source.as_str(), |source| &source.path);
        match location.range {
            Some(range) => format!("{path}:{}:{}", range.start.line, range.start.column),
            None => path.to_owned(),
        }
    }
}
