//! Lines and columns for places, and the report's issues for diagnostics.

use crate::report::{
    Issue, IssueSeverity, Location, Point, Range, Report, SCHEMA_VERSION, Summary, Target, Tool,
};
use crate::source::diagnostic::{Diagnostic, Weight};
use crate::source::{LineIndex, Place, Sources};

/// Finds the line and column of places.
pub(crate) struct Locator<'s> {
    sources: &'s Sources<'s>,
    indices: Vec<LineIndex<'s>>,
}

impl<'s> Locator<'s> {
    pub(crate) fn new(sources: &'s Sources<'s>) -> Self {
        Self { sources, indices: sources.iter().map(|(_, source)| LineIndex::new(&source.text)).collect() }
    }

    /// Returns the location of a place; `None` for origins without text.
    pub(crate) fn location(&self, place: Place) -> Option<Location> {
        let source = self.sources.at(place)?;
        let range = source.has_positions.then(|| self.range(place)).flatten();
        Some(Location { source: source.name.clone(), range })
    }

    fn range(&self, place: Place) -> Option<Range> {
        let index = self.indices.get(place.source_id()?.index())?;
        let point = |offset| {
            let position = index.position(offset);
            Point { offset, line: position.line, column: position.column }
        };
        Some(Range { start: point(place.span.start), end: point(place.span.end) })
    }

    /// Returns a diagnostic as the report shows it.
    pub(crate) fn issue(&self, diagnostic: &Diagnostic) -> Issue {
        Issue {
            code: diagnostic.code.as_str().into(),
            severity: match diagnostic.weight {
                Weight::Error => IssueSeverity::Error,
                Weight::Warning => IssueSeverity::Warning,
                Weight::Note => IssueSeverity::Note,
            },
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            location: diagnostic.place.and_then(|place| self.location(place)),
        }
    }

    pub(crate) fn issues(&self, diagnostics: &[Diagnostic]) -> Vec<Issue> {
        diagnostics.iter().map(|diagnostic| self.issue(diagnostic)).collect()
    }
}

/// Returns the report of some targets, with their counts.
pub fn report_of(targets: Vec<Target>) -> Report {
    let mut summary = Summary::default();
    targets.iter().for_each(|target| summary.add(target));
    Report { schema_version: SCHEMA_VERSION.into(), tool: tool(), targets, summary, notices: Vec::new() }
}

/// Returns the name and version of this program.
pub(crate) fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() }
}
