//! From what the crate knows to what the report says: places to lines and columns, diagnostics to
//! issues, outcomes to findings.

use crate::controls::Mention;
use crate::report::{
    Evidence, Issue, IssueSeverity, Location, Point, Range, Report, SCHEMA_VERSION, Summary, Target, Tool,
};
use crate::source::diagnostic::{Diagnostic, Weight};
use crate::source::{LineIndex, Place, Sources};

/// Turns places into locations.
pub(crate) struct Wire<'s> {
    sources: &'s Sources<'s>,
    indices: Vec<LineIndex<'s>>,
}

impl<'s> Wire<'s> {
    pub(crate) fn new(sources: &'s Sources<'s>) -> Self {
        Self { sources, indices: sources.iter().map(|(_, source)| LineIndex::new(&source.text)).collect() }
    }

    /// Where a place is; `None` for origins without text.
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

    pub(crate) fn evidence(&self, mentions: Vec<Mention>) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        for mention in mentions {
            evidence.push(Evidence {
                path: mention.path,
                layer: mention.layer,
                value: mention.value,
                decided: mention.decided,
                location: mention.place.and_then(|place| self.location(place)),
            });
        }
        evidence
    }
}

/// A report of these targets.
pub fn report_of(targets: Vec<Target>) -> Report {
    let mut summary = Summary::default();
    targets.iter().for_each(|target| summary.add(target));
    Report { schema_version: SCHEMA_VERSION.into(), tool: tool(), targets, summary, notices: Vec::new() }
}

/// This program.
pub(crate) fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() }
}
