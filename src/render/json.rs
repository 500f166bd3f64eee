//! Reports as JSON.

use serde::Serialize;

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
    laid_out(report, style) + "\n"
}

fn laid_out(value: &impl Serialize, style: JsonStyle) -> String {
    match style {
        JsonStyle::Compact => json_text(value),
        // INVARIANT: only keys that are no texts fail, and the wire types have none.
        JsonStyle::Pretty => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}

/// A report written target by target: what stands up to the bracket of its list, and what behind it.
fn frame(summary: &Summary, notices: &[Issue], style: JsonStyle) -> (String, String) {
    let report = Report { summary: summary.clone(), notices: notices.to_vec(), ..report_of(Vec::new()) };
    let empty = laid_out(&report, style);
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

/// The report, target by target: the same bytes as [`report`] gives.
#[derive(Debug)]
pub(super) struct JsonStream {
    style: JsonStyle,
    has_begun: bool,
}

impl JsonStream {
    pub(super) fn new(style: JsonStyle) -> Self {
        Self { style, has_begun: false }
    }
}

impl Writer for JsonStream {
    fn begin(&mut self) -> String {
        frame(&Summary::default(), &[], self.style).0
    }

    fn target(&mut self, target: &Target, _: At<'_>) -> String {
        let separator = if std::mem::replace(&mut self.has_begun, true) { "," } else { "" };
        let target = laid_out(target, self.style);
        match self.style {
            JsonStyle::Compact => format!("{separator}{target}"),
            JsonStyle::Pretty => format!("{separator}\n{target}").replace('\n', "\n    "),
        }
    }

    fn end(&mut self, end: &End<'_>) -> String {
        let (_, tail) = frame(end.summary, end.notices, self.style);
        let is_apart = self.has_begun && self.style == JsonStyle::Pretty;
        format!("{}{tail}\n", if is_apart { "\n  " } else { "" })
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
    use super::super::stream::{At, End, Writer};
    use super::super::test_reports::{fail, target};
    use super::super::{Length, NoTexts};
    use super::{JsonStream, JsonStyle, report};
    use crate::wire::report_of;

    #[test]
    fn a_report_in_pieces_is_the_report() {
        let mut finding = fail();
        finding.message = "\"{[,:\\\" \u{e9}\n \\\\".into();
        for targets in
            [vec![], vec![target(vec![finding.clone()])], vec![target(vec![finding]), target(vec![])]]
        {
            let full = report_of(targets);
            for style in [JsonStyle::Compact, JsonStyle::Pretty] {
                let mut writer = JsonStream::new(style);
                let mut pieces = writer.begin();
                for (number, target) in full.targets.iter().enumerate() {
                    pieces += &writer.target(target, At { texts: &NoTexts, number, length: Length::Full });
                }
                pieces += &writer.end(&End { summary: &full.summary, notices: &full.notices, next: None });
                assert_eq!(pieces, report(&full, style));
            }
        }
    }
}
