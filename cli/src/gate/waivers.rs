//! `--waivers`: findings that are accepted for a time.

use globset::{GlobBuilder, GlobMatcher};
use kubelet_audit::controls::{CONTROLS, control};
use kubelet_audit::report::{Issue, IssueSeverity, Location, Point, Range, Status, Target, Waived};
use kubelet_audit::source::Span;
use kubelet_audit::source::diagnostic::Code;
use kubelet_audit::source::tree::Node;

use crate::failure::Failure;
use crate::gate::clock;
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
    target: GlobMatcher,
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
            let is_meant = waiver.target.is_match(&target.source)
                || target.node.as_ref().is_some_and(|node| waiver.target.is_match(node));
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
        let target = target.glob();
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
    let target = target.and_then(|(text, span)| match pattern(&text) {
        Ok(target) => Some(target),
        Err(error) => {
            file.wrong(span, &format!("`{text}` is not a pattern: {}", error.kind()), "");
            None
        }
    });
    let (control, _) = control?;
    let (target, (reason, _), expires) = (target?, reason?, expires?);
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

/// Compiles a pattern of paths, in which only `**` matches a slash.
fn pattern(text: &str) -> Result<GlobMatcher, globset::Error> {
    Ok(GlobBuilder::new(text).literal_separator(true).build()?.compile_matcher())
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

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn patterns_match_paths_and_names() {
        for (glob, text, want) in [
            ("node.yaml", "node.yaml", true),
            ("node.yaml", "node.yamlx", false),
            ("aks-*", "aks-pool1-000", true),
            ("*", "", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("nodes/**/x.yaml", "nodes/a/b/x.yaml", true),
            ("nodes/*/x.yaml", "nodes/a/b/x.yaml", false),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("a?c", "ac", false),
            ("*ä*", "xäy", true),
            ("fleet.ndjson#*", "fleet.ndjson#12", true),
            ("{a,b}-[0-9]", "b-7", true),
        ] {
            assert_eq!(pattern(glob).unwrap().is_match(text), want, "{glob} {text}");
        }
        assert!(pattern("[a").is_err());
        // Neither a long pattern nor a long name takes more than linear time.
        assert!(!pattern(&"*a".repeat(200)).unwrap().is_match("a".repeat(199)));
    }
}
