//! Reports as JSON.

use serde::Serialize;

use serde_json::{Map, Value as Json};

use super::effective::{Shown, is_written};
use super::writer::{At, End, Writer};
use crate::json::{json_text, json_text_pretty};
use crate::report::locate::report_of;
use crate::report::{Issue, Kubelet, Report, Summary, Target};

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JsonStyle {
    /// On one line; every interface of the library returns these bytes.
    #[default]
    Compact,
    /// Indented by two spaces.
    Pretty,
}

/// Returns the report as compact JSON.
pub fn render(report: &Report) -> String {
    json_text(report)
}

/// Returns the report as the command prints it, with a final line break.
pub fn report(report: &Report, style: JsonStyle) -> String {
    style.text(report) + "\n"
}

impl JsonStyle {
    fn text<T: Serialize>(self, value: &T) -> String {
        match self {
            Self::Compact => json_text(value),
            Self::Pretty => json_text_pretty(value),
        }
    }
}

/// Returns the text of a report before its first target and after its last.
fn frame(style: JsonStyle, summary: &Summary, notices: &[Issue]) -> (String, String) {
    let notices = notices.to_vec();
    let empty = style.text(&Report { summary: summary.clone(), notices, ..report_of(Vec::new()) });
    // INVARIANT: nothing before the list of targets contains `[]`, so the first pair is that list.
    let (head, tail) = empty.split_once("[]").unwrap_or_default();
    (format!("{head}["), format!("]{tail}"))
}

/// Returns what `kubelet-audit effective` prints: a report without findings. It has the same schema as the
/// report of an audit.
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

/// Drops values that are not set in a file or by a flag. If members of an object have their own origins, each
/// member is kept or dropped by itself.
fn keep_written(kubelet: &mut Kubelet) {
    let (Some(values), Some(origins)) = (&mut kubelet.effective, &mut kubelet.origins) else { return };
    origins.retain(|_, origin| is_written(origin));
    let mut written = Map::new();
    for (path, value) in std::mem::take(values) {
        let value = match value {
            value if origins.contains_key(&path) => value,
            Json::Object(mut members) => {
                members.retain(|name, _| origins.contains_key(&format!("{path}.{name}")));
                if members.is_empty() {
                    continue;
                }
                Json::Object(members)
            }
            _ => continue,
        };
        written.insert(path, value);
    }
    *values = written;
}

/// A writer of the report, target by target. Its output equals that of [`report`].
#[derive(Debug)]
pub(super) struct JsonStream {
    style: JsonStyle,
    begun: bool,
}

impl JsonStream {
    pub(super) fn new(style: JsonStyle) -> Self {
        Self { style, begun: false }
    }
}

impl Writer for JsonStream {
    fn begin(&mut self) -> String {
        frame(self.style, &Summary::default(), &[]).0
    }

    fn target(&mut self, target: &Target, _: At<'_>) -> String {
        let separator = if std::mem::replace(&mut self.begun, true) { "," } else { "" };
        let text = self.style.text(target);
        match self.style {
            JsonStyle::Compact => format!("{separator}{text}"),
            // Targets are nested two levels deep, and JSON strings contain no line breaks.
            JsonStyle::Pretty => format!("{separator}\n    {}", text.replace('\n', "\n    ")),
        }
    }

    fn end(&mut self, end: &End<'_>) -> String {
        let (_, tail) = frame(self.style, end.summary, end.notices);
        let indent = if self.begun && self.style == JsonStyle::Pretty { "\n  " } else { "" };
        format!("{indent}{tail}\n")
    }
}

/// A writer of JSON Lines: one target per line.
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
    use super::super::NoTexts;
    use super::super::test_reports::{fail, target};
    use super::super::writer::Length;
    use super::super::writer::{At, End, Writer};
    use super::{JsonStream, JsonStyle, report};
    use crate::report::locate::report_of;

    #[test]
    fn a_report_in_pieces_is_the_report() {
        let mut finding = fail();
        finding.message = "\"{[,:\\\" é \\\\\n".into();
        for targets in [vec![], vec![target(vec![])], vec![target(vec![finding]), target(vec![fail()])]] {
            let full = report_of(targets);
            for style in [JsonStyle::Compact, JsonStyle::Pretty] {
                let mut stream = JsonStream::new(style);
                let mut pieces = stream.begin();
                for (number, target) in full.targets.iter().enumerate() {
                    pieces += &stream.target(target, At { texts: &NoTexts, number, length: Length::Full });
                }
                pieces += &stream.end(&End { summary: &full.summary, notices: &full.notices, next: None });
                assert_eq!(pieces, report(&full, style));
            }
        }
    }
}
