//! Reports as JSON.

use serde_json::Value;

use super::SourceTexts;
use super::effective::{Shown, is_written};
use super::stream::{End, Writer};
use crate::json_text::json_text;
use crate::report::{Kubelet, Report, SCHEMA_VERSION, Target};
use crate::wire::{report_of, tool};

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
        text = indented(&text);
    }
    text.push('\n');
    text
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
///
/// By building anew: taking entries out of a B-tree is 8 KB of the module that nothing else needs.
fn keep_written(kubelet: &mut Kubelet) {
    let (Some(values), Some(origins)) = (&mut kubelet.effective, &mut kubelet.origins) else { return };
    for (path, origin) in std::mem::take(origins) {
        if is_written(&origin) {
            origins.insert(path, origin);
        }
    }
    for (path, value) in std::mem::take(values) {
        let value = match value {
            value if origins.contains_key(&path) => value,
            Value::Object(members) => {
                let mut kept = serde_json::Map::new();
                for (name, value) in members {
                    if origins.contains_key(&format!("{path}.{name}")) {
                        kept.insert(name, value);
                    }
                }
                if kept.is_empty() {
                    continue;
                }
                Value::Object(kept)
            }
            _ => continue,
        };
        values.insert(path, value);
    }
}

/// Lays out compact JSON as serde_json's own pretty printer does, piece by piece. That one is a second
/// copy of the serializer of every wire type: 20 KB of the module.
#[derive(Debug, Default)]
struct Indenter {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// A bracket was opened, and nothing stands in it yet.
    is_open: bool,
}

impl Indenter {
    fn push(&mut self, out: &mut String, compact: &str) {
        let line = |out: &mut String, depth: usize| {
            out.push('\n');
            (0..depth).for_each(|_| out.push_str("  "));
        };
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
            if self.is_open != closes {
                line(out, self.depth);
            }
            self.is_open = matches!(c, '{' | '[');
            match c {
                '{' | '[' => {
                    out.push(c);
                    self.depth = self.depth.saturating_add(1);
                }
                ',' => {
                    out.push(c);
                    line(out, self.depth);
                }
                ':' => out.push_str(": "),
                c => {
                    self.in_string = c == '"';
                    out.push(c);
                }
            }
        }
    }
}

fn indented(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len().saturating_mul(2));
    Indenter::default().push(&mut out, compact);
    out
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
        let Some(indenter) = &mut self.indenter else { return compact };
        let mut out = String::with_capacity(compact.len().saturating_mul(2));
        indenter.push(&mut out, &compact);
        out
    }
}

impl Writer for JsonStream {
    fn begin(&mut self) -> String {
        let head =
            format!("{{\"schemaVersion\":\"{SCHEMA_VERSION}\",\"tool\":{},\"targets\":[", json_text(&tool()));
        self.laid_out(head)
    }

    fn target(&mut self, _: usize, target: &Target, _: &dyn SourceTexts) -> String {
        let separator = if std::mem::replace(&mut self.begun, true) { "," } else { "" };
        self.laid_out(format!("{separator}{}", json_text(target)))
    }

    fn end(&mut self, end: &End<'_>) -> String {
        let mut tail = format!("],\"summary\":{}", json_text(end.summary));
        if !end.notices.is_empty() {
            tail.push_str(",\"notices\":");
            tail.push_str(&json_text(end.notices));
        }
        tail.push('}');
        let mut tail = self.laid_out(tail);
        tail.push('\n');
        tail
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_reports::{fail, target};
    use super::{JsonStyle, indented, report};
    use crate::wire::report_of;

    #[test]
    fn indented_json_is_what_serde_json_prints() {
        let mut finding = fail();
        finding.message = "\"{[,:\\\" é \\\\".into();
        let full = report_of(vec![target(vec![finding]), target(vec![])]);
        let want = serde_json::to_string_pretty(&full).unwrap() + "\n";
        assert_eq!(report(&full, JsonStyle::Pretty), want);
        assert_eq!(indented("[]"), "[]");
        assert_eq!(indented("{\"a\":[[],{}]}"), "{\n  \"a\": [\n    [],\n    {}\n  ]\n}");
    }
}
