//! Places in a part of a file made into places of the file.

use std::collections::BTreeMap;

use super::inputs::Part;
use crate::report::{Issue, Location, Point, Target};

impl Point {
    /// The first character of a text.
    pub(crate) const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// A point that is counted from this one, counted from where this one is.
    pub(crate) fn then(self, point: Self) -> Self {
        // Only on the first line do columns count on.
        let before = if point.line == 1 { self.column.saturating_sub(1) } else { 0 };
        Self {
            offset: self.offset.saturating_add(point.offset),
            line: self.line.saturating_add(point.line).saturating_sub(1),
            column: before.saturating_add(point.column),
        }
    }
}

impl Part {
    /// A place in the part, which the report calls `source`, made into a place in the file.
    pub(crate) fn shift(&self, location: &mut Location, source: &str) {
        if location.source != source {
            return;
        }
        location.source.clone_from(&self.file);
        if let Some(range) = &mut location.range {
            range.start = self.start.then(range.start);
            range.end = self.start.then(range.end);
        }
    }

    /// The same for every place of a target.
    pub(crate) fn shift_all(&self, target: &mut Target, source: &str) {
        let Target { kubelet, findings, errors, .. } = target;
        let shift = |location: &mut Option<Location>| {
            location.iter_mut().for_each(|location| self.shift(location, source));
        };
        let issues = |issues: &mut Vec<Issue>| {
            issues.iter_mut().for_each(|issue| shift(&mut issue.location));
        };
        issues(errors);
        if let Some(kubelet) = kubelet {
            issues(&mut kubelet.errors);
            issues(&mut kubelet.warnings);
            for origin in kubelet.origins.iter_mut().flat_map(BTreeMap::values_mut) {
                shift(&mut origin.location);
            }
        }
        for finding in findings {
            finding.evidence.iter_mut().for_each(|evidence| shift(&mut evidence.location));
        }
    }
}
