//! Report formats: pure functions from a report to text.

mod control_fixes;
mod control_style;
pub mod controls;
mod counts;
mod edition_controls;
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
mod labels;
mod markdown;
mod openreports;
pub(crate) mod page;
mod sarif;
mod snippet;
mod spot;
#[cfg(test)]
pub(crate) mod test_reports;
mod text;
mod writer;

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use crate::report::{Issue, Location, Target};

pub use crate::source::visible::visible;
pub use edition_controls::list_edition;
pub use effective::{Shown, effective};
pub use formats::{ReportForm, report, report_json, writer};
pub use labels::capitalized;
pub use page::Color;
pub use writer::{At, End, Included, Length, Writer};

/// How much detail a text report shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// One line per failing finding.
    Quiet,
    /// Failing findings with cause, reason, location and fix.
    #[default]
    Normal,
    /// All findings in full.
    Verbose,
}

/// The layout of a text report.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    /// The maximum line width in columns.
    pub width: usize,
    /// Whether to write styles.
    pub color: Color,
    /// How much detail to show.
    pub detail: Detail,
    /// A command to suggest at the end, and its purpose: `For step-by-step remediation`.
    pub next: Option<(&'a str, &'a str)>,
    /// The base directory of relative paths, if locations become terminal links.
    pub links: Option<&'a str>,
}

impl Layout<'static> {
    /// The layout without a terminal, which is the same on every machine.
    pub const PLAIN: Self =
        Self { width: 100, color: Color::Off, detail: Detail::Normal, next: None, links: None };
}

/// An audited text.
#[derive(Clone, Debug)]
pub struct SourceText<'a> {
    /// The path to show.
    pub path: Cow<'a, str>,
    /// The text, which may be a part of the file.
    pub text: &'a str,
    /// The byte offset of the text in the file; the report's offsets count from the start of the file.
    pub offset: u32,
    /// Ranges that must not be shown, because they hold credentials.
    pub hidden: Rc<[Range<usize>]>,
}

/// The audited texts of a report. One name can mean different texts in different targets.
pub trait SourceTexts {
    /// Returns the text called `name` of the target with index `target`.
    fn find(&self, target: usize, name: &str) -> Option<SourceText<'_>>;
}

/// No texts: locations are named, but source lines are not shown.
#[derive(Clone, Copy, Debug)]
pub struct NoTexts;

impl SourceTexts for NoTexts {
    fn find(&self, _: usize, _: &str) -> Option<SourceText<'_>> {
        None
    }
}

/// Returns the issues of a target without duplicates: an unreadable document is an error of both the target
/// and the kubelet.
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

    /// Returns `path:line:column`.
    fn place(&self, location: &Location) -> String {
        let source = self.find(&location.source);
        let path = source.as_ref().map_or(location.source.as_str(), |source| &source.path);
        match location.range {
            Some(range) => format!("{path}:{}:{}", range.start.line, range.start.column),
            None => path.to_owned(),
        }
    }
}
