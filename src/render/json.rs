//! Reports as JSON.

use super::effective::{Shown, is_written};
use super::stream::{At, End, Writer};
use crate::json_text::json_text;
use crate::json_value::{Json, JsonObject};
use crate::report::{Issue, Kubelet, Report, Summary, Target};
use crate::wire::report_of;

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JsonStyle {
    /// On one line: the same bytes as every other door gives.
    #[default]
    Compact,
    /// Indented by two spaces.
    Pretty,
}

/// Compact JSON on one line.
pub fn render(report: &Report) -> String {
    json_text(report)
}

/// The report as the command prints it, with a line break behind it.
pub fn report(report: &Report, style: JsonStyle) -> String {
    let mut text = render(report);
    if style == JsonStyle::Pretty {
        text = Indenter::default().more(&text);
    }
    text.push('\n');
    text
}

/// A report written target by target: what stands before the first, between two, and behind the last.
fn frame(summary: &Summary, notices: &[Issue]) -> (String, String) {
    let notices = notices.to_vec();
    let empty = json_text(&Report { summary: summary.clone(), notices, ..report_of(Vec::new()) });
    // INVARIANT: no name before the list holds brackets, so the first pair is the list's own.
    let (head, tail) = empty.split_once("[]").unwrap_or_default();
    (format!("{head}["), format!("]{tail}"))
}

/// What `kubelet-audit effective` prints: the report without its findings, for the configuration is
/// in it. One form for both, so that its schema holds for both.
pub fn effective(mut report: Report, shown: Shown, style: JsonStyle) -> String {
    for target in &mut report.targets {
        target.findings.clear();
        if let Some(kubelet) = target.kubelet.as_mut().filter(|_| shown == Shown::Written) {
            keep_written(kubelet);
        }
    }
    let report = report_of(report.targets);
    self::report(&report, style)
}

/// Drops what nobody wrote; of an object some of whose members have origins of their own, those.
fn keep_written(kubelet: &mut Kubelet) {
    let (Some(values), Some(origins)) = (&mut kubelet.effective, &mut kubelet.origins) else { return };
    origins.retain(is_written);
    let mut written = Vec::new();
    for (path, value) in std::mem::take(values).into_members() {
        let value = match value {
            value if origins.get(&path).is_some() => value,
            Json::Object(members) => {
                let mut kept = members.into_members();
                kept.retain(|(name, _)| origins.get(&format!("{path}.{name}")).is_some());
                if kept.is_empty() {
                    continue;
                }
                Json::Object(JsonObject::new(kept))
            }
            _ => continue,
        };
        written.push((path, value));
    }
    *values = JsonObject::new(written);
}

/// Lays compact JSON out as serde_json's own pretty printer does, piece by piece. That one is a second
/// copy of the serializer of every wire type: 20 KB of the module.
#[derive(Debug, Default)]
struct Indenter {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// A list or object was opened, and nothing of it seen yet.
    opened: bool,
}

impl Indenter {
    /// The next piece of the text.
    fn more(&mut self, compact: &str) -> String {
        let mut out = String::with_capacity(compact.len().saturating_mul(2));
        for c in compact.chars() {
            if self.in_string {
                self.in_string = self.escaped || c != '"';
                self.escaped = !self.escaped && c == '\\';
                out.push(c);
                continue;
            }
            let closes = matches!(c, '}' | ']');
            if closes {
                self.depth = self.depth.saturating_sub(1);
            }
            if self.opened != closes {
                self.line(&mut out);
            }
            self.opened = matches!(c, '{' | '[');
            out.push(c);
            match c {
                '{' | '[' => self.depth = self.depth.saturating_add(1),
                ',' => self.line(&mut out),
                ':' => out.push(' '),
                c => self.in_string = c == '"',
            }
        }
        out
    }

    fn line(&self, out: &mut String) {
        out.push('\n');
        (0..self.depth).for_each(|_| out.push_str("  "));
    }
}

/// The report, target by target: the same bytes as [`report`] gives.
#[derive(Debug)]
pub(super) struct JsonStream {
    indenter: Option<Indenter>,
    begun: bool,
}

impl JsonStream {
    pub(super) fn new(style: JsonStyle) -> Self {
        Self { indenter: (style == JsonStyle::Pretty).then(Indenter::default), begun: false }
    }

    fn laid_out(&mut self, compact: String) -> String {
        match &mut self.indenter {
            Some(indenter) => indenter.more(&compact),
            None => compact,
        }
    }
}

impl Writer for JsonStream {
    fn begin(&mut self) -> String {
        self.laid_out(frame(&Summary::default(), &[]).0)
    }

    fn target(&mut self, target: &Target, _: At<'_>) -> String {
        let separator = if std::mem::replace(&mut self.begun, true) { "," } else { "" };
        self.laid_out(format!("{separator}{}", json_text(target)))
    }

    fn end(&mut self, end: &End<'_>) -> String {
        let mut tail = self.laid_out(frame(end.summary, end.notices).1);
        tail.push('\n');
        tail
    }
}

/// Targets, a line each.
#[derive(Debug)]
pub(super) struct JsonLines;

impl Writer for JsonLines {
    fn target(&mut self, target: &Target, _: At<'_>) -> String {
        json_text(target) + "\n"
    }

    fn end(&mut self, _: &End<'_>) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_reports::{fail, target};
    use super::{Indenter, JsonStyle, frame, report};
    use crate::wire::report_of;

    #[test]
    fn indented_json_is_what_serde_json_prints() {
        let mut finding = fail();
        finding.message = "\"{[,:\\\" é \\\\".into();
        let full = report_of(vec![target(vec![finding]), target(vec![])]);
        let want = serde_json::to_string_pretty(&full).unwrap() + "\n";
        assert_eq!(report(&full, JsonStyle::Pretty), want);
        let indented = |compact: &str| Indenter::default().more(compact);
        assert_eq!(indented("[]"), "[]");
        assert_eq!(indented("{\"a\":[[],{}]}"), "{\n  \"a\": [\n    [],\n    {}\n  ]\n}");
        let mut pieces = Indenter::default();
        let compact = super::render(&full);
        let in_pieces: String =
            compact.split_inclusive(['"', '{', ',']).map(|piece| pieces.more(piece)).collect();
        assert_eq!(in_pieces, want.trim_end());
    }

    #[test]
    fn a_report_in_pieces_is_the_report() {
        let full = report_of(vec![target(vec![fail()]), target(vec![])]);
        let (head, tail) = frame(&full.summary, &full.notices);
        let targets: Vec<_> = full.targets.iter().map(crate::json_text::json_text).collect();
        assert_eq!(head + &targets.join(",") + &tail, super::render(&full));
    }
}
