//! `--waivers`: findings accepted until a date.

use kubelet_audit::report::{Finding, Issue, IssueSeverity, Location, Point, Range, Status, Target, Waived};
use kubelet_audit::source::Span;
use kubelet_audit::source::diagnostic::Code;
use kubelet_audit::source::tree::Node;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::failure::Failure;
use crate::files::waivers::WaiverEntry;
use crate::gate::own_file::{self, OwnFile};
use crate::host::Host;

/// The waivers of a run.
#[derive(Debug, Default)]
pub(crate) struct Waivers {
    waivers: Vec<Waiver>,
}

#[derive(Debug)]
struct Waiver {
    entry: WaiverEntry,
    has_expired: bool,
    location: Location,
    use_: Use,
}

/// The effect of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// Its pattern matches no target of the run, or its control was not checked.
    None,
    /// There is nothing to waive.
    Pointless,
    /// It covers a finding.
    Needed,
}

/// An object with waivers, each of which is read by itself: an error in one hides none of the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a list of waivers")]
struct Envelope {
    #[serde(rename = "waivers")]
    _waivers: Vec<IgnoredAny>,
}

impl Waivers {
    /// Reads a [`crate::files::waivers::WaiversFile`].
    pub(crate) fn read(path: &str, today: &str, host: &mut dyn Host) -> Result<Self, Failure> {
        let text = own_file::text(path, host)?;
        let mut file = OwnFile::new(path, &text);
        let mut waivers = Vec::new();
        if let Some(root) = file.tree() {
            let list = match root.as_array() {
                Some(items) => Some(items),
                None => file.read::<Envelope>(&root).and_then(|_| root.get("waivers")?.as_array()),
            };
            for item in list.unwrap_or_default() {
                waivers.extend(file.read(item).map(|entry| waiver(&file, path, item, entry, today)));
            }
        }
        file.check(Self { waivers })
    }

    /// Marks waived findings.
    pub(crate) fn mark(&mut self, target: &mut Target) {
        for Waiver { entry, has_expired, use_, .. } in &mut self.waivers {
            let pattern = &entry.target;
            let matches = pattern.is_match(&target.source)
                || target.node.as_deref().is_some_and(|node| pattern.is_match(node));
            if !matches {
                continue;
            }
            let name = &entry.control.0;
            let is_meant =
                |finding: &&mut Finding| finding.control == *name || finding.benchmark.number == *name;
            for finding in target.findings.iter_mut().filter(is_meant) {
                if !matches!(finding.status, Status::Fail | Status::Error | Status::Manual) {
                    *use_ = Use::Pointless.max(*use_);
                    continue;
                }
                *use_ = Use::Needed;
                if !*has_expired && finding.waived.is_none() {
                    let (reason, expires) = (entry.reason.0.clone(), entry.expires.0.clone());
                    finding.waived = Some(Waived { reason, expires });
                }
            }
        }
    }

    /// Reports waivers that have expired or have no effect.
    pub(crate) fn notices(&self) -> Vec<Issue> {
        self.waivers.iter().filter_map(Waiver::notice).collect()
    }
}

impl Waiver {
    fn notice(&self) -> Option<Issue> {
        let WaiverEntry { control, target, expires, .. } = &self.entry;
        let (code, what, help) = match (self.use_, self.has_expired) {
            (Use::Needed, false) => return None,
            (Use::Needed, true) => (
                Code::ExpiredWaiver,
                format!("expired on {}, but the finding is still there", expires.0),
                "fix the finding, or extend the waiver",
            ),
            (Use::Pointless, _) => {
                (Code::UnusedWaiver, "is no longer needed: the check passes".to_owned(), "remove it")
            }
            (Use::None, true) => (Code::ExpiredWaiver, format!("expired on {}", expires.0), "remove it"),
            (Use::None, false) => (
                Code::UnusedWaiver,
                "matched no finding".to_owned(),
                "its control was not checked, or no source or node matches its target",
            ),
        };
        Some(Issue {
            code: code.as_str().to_owned(),
            severity: IssueSeverity::Warning,
            message: format!("the waiver of {} for {} {what}", control.0, target.as_str()),
            help: help.to_owned(),
            location: Some(self.location.clone()),
        })
    }
}

fn waiver(file: &OwnFile<'_>, path: &str, item: &Node<'_>, entry: WaiverEntry, today: &str) -> Waiver {
    let (line, column) = file.position(item.place.span);
    let Span { start, end } = item.place.span;
    let start = Point { offset: start, line, column };
    // The first line is enough to find it.
    let range = Some(Range { start, end: Point { offset: end.min(start.offset), ..start } });
    Waiver {
        has_expired: entry.expires.0.as_str() < today,
        entry,
        location: Location { source: path.to_owned(), range },
        use_: Use::None,
    }
}
