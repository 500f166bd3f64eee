//! Places in a part of a file made into places of the file.

use std::collections::BTreeMap;

use kubelet_audit::report::{Issue, Location, Point, Target};

/// A part of a file.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The file.
    pub(crate) file: String,
    /// Where the part starts in it.
    pub(crate) start: Point,
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
