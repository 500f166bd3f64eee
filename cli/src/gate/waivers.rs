//! `--waivers`: findings that are accepted for a time.

use kubelet_audit::controls::{CONTROLS, control};
use kubelet_audit::report::{Issue, IssueSeverity, Location, Point, Range, Status, Target, Waived};
use kubelet_audit::source::Span;
use kubelet_audit::source::diagnostic::Code;
use kubelet_audit::source::tree::Node;

use crate::failure::Failure;
use crate::gate::clock;
use crate::gate::glob;
use crate::gate::own_file::{self, OwnFile};
use crate::host::Host;
use crate::suggest::nearest;

/// The waivers of a run.
#[derive(Debug, Default)]
pub(crate) struct Waivers {
    waivers: Vec<Waiver>,
}

#[derive(Debug)]
struct Waiver {
    control: String,
    /// Pattern of the target's source or node.
    target: String,
    reason: String,
    /// Last day on which it holds.
    expires: String,
    has_expired: bool,
    location: Location,
    use_: Use,
}

/// What became of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// No target of the run is as its pattern says, or its control was not asked for.
    None,
    /// There is nothing to waive.
    Pointless,
    /// It covers a finding.
    Needed,
}

const FIELDS: [&str; 4] = ["control", "target", "reason", "expires"];

impl Waivers {
    /// Reads a file: a list of waivers, or an object with `waivers`.
    pub(crate) fn read(path: &str, today: &str, host: &mut dyn Host) -> Result<Self, Failure> {
        let text = own_file::text(path, host)?;
        let mut file = OwnFile::new(path, &text);
        let mut waivers = Vec::new();
        if let Some(root) = file.tree() {
            let list = match root.get("waivers") {
                Some(list) => {
                    file.only(&root, &["waivers"]);
                    list
                }
                None => &root,
            };
            match list.as_array() {
                Some(items) => {
                    waivers.extend(items.iter().filter_map(|item| waiver(&mut file, path, item, today)))
                }
                None => file.wrong(
                    list.place.span,
                    &format!("waivers are a list, and this is of the kind {}", list.value.kind()),
                    "`kubelet-audit schema waivers` tells the form",
                ),
            }
        }
        file.check(Self { waivers })
    }

    /// Marks what is waived.
    pub(crate) fn mark(&mut self, target: &mut Target) {
        for waiver in &mut self.waivers {
            let is_meant = glob::matches(&waiver.target, &target.source)
                || target.node.as_deref().is_some_and(|node| glob::matches(&waiver.target, node));
            if !is_meant {
                continue;
            }
            for finding in target.findings.iter_mut().filter(|finding| finding.control == waiver.control) {
                if !matches!(finding.status, Status::Fail | Status::Error | Status::Manual) {
                    waiver.use_ = waiver.use_.max(Use::Pointless);
                    continue;
                }
                waiver.use_ = Use::Needed;
                if !waiver.has_expired && finding.waived.is_none() {
                    let Waiver { reason, expires, .. } = &*waiver;
                    finding.waived = Some(Waived { reason: reason.clone(), expires: expires.clone() });
                }
            }
        }
    }

    /// Waivers that do not what they were written for.
    pub(crate) fn notices(&self) -> Vec<Issue> {
        self.waivers.iter().filter_map(Waiver::notice).collect()
    }
}

impl Waiver {
    fn notice(&self) -> Option<Issue> {
        let Self { control, target, expires, .. } = self;
        let (code, what, help) = match (self.use_, self.has_expired) {
            (Use::Needed, false) => return None,
            (Use::Needed, true) => (
                Code::ExpiredWaiver,
                format!("expired on {expires}, and what it waived is still there"),
                "mend it, or decide anew until when it is accepted",
            ),
            (Use::Pointless, _) => {
                (Code::UnusedWaiver, "is no longer needed: there is nothing to waive".to_owned(), "remove it")
            }
            (Use::None, true) => (Code::ExpiredWaiver, format!("expired on {expires}"), "remove it"),
            (Use::None, false) => (
                Code::UnusedWaiver,
                "covers nothing in this run".to_owned(),
                "its control was not asked for, or no target has a source or a node of this name",
            ),
        };
        Some(Issue {
            code: code.as_str().to_owned(),
            severity: IssueSeverity::Warning,
            message: format!("the waiver of {control} for {target} {what}"),
            help: help.to_owned(),
            location: Some(self.location.clone()),
        })
    }
}

fn waiver<'t>(file: &mut OwnFile<'t>, path: &str, item: &Node<'t>, today: &str) -> Option<Waiver> {
    if item.as_object().is_none() {
        let message = format!("a waiver is an object, and this is of the kind {}", item.value.kind());
        file.wrong(item.place.span, &message, "it has control, target, reason, expires");
        return None;
    }
    file.only(item, &FIELDS);
    let [control, target, reason, expires] = FIELDS.map(|name| file.required(item, name));
    if let Some((slug, span)) = &control {
        check_control(file, slug, *span);
    }
    let expires = expires.and_then(|(text, span)| {
        // YAML has a type for dates, which its readers hand on as a time.
        let day = text.strip_suffix("T00:00:00Z").unwrap_or(&text);
        if clock::is_date(day) {
            return Some(day.to_owned());
        }
        let message = format!("`{text}` is not a date");
        file.wrong(span, &message, "write the last day on which the waiver holds, such as 2027-01-31");
        None
    });
    let (control, _) = control?;
    let ((target, _), (reason, _), expires) = (target?, reason?, expires?);
    let (line, column) = file.place(item.place.span);
    let Span { start, end } = item.place.span;
    let start = Point { offset: start, line, column };
    Some(Waiver {
        control,
        target,
        reason,
        has_expired: expires.as_str() < today,
        expires,
        location: Location {
            source: path.to_owned(),
            // Its first line is enough to find it by.
            range: Some(Range { start, end: Point { offset: end.min(start.offset), ..start } }),
        },
        use_: Use::None,
    })
}

fn check_control(file: &mut OwnFile<'_>, slug: &str, span: Span) {
    if control(slug).is_some() {
        return;
    }
    let near = nearest(slug, CONTROLS.iter().map(|control| control.metadata().slug));
    let help = near.map_or_else(
        || "`kubelet-audit controls` lists them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    file.wrong(span, &format!("there is no control `{slug}`"), &help);
}
