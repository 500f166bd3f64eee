//! Reports as JSON.

use serde_json::Value;

use super::effective::{Shown, is_written};
use crate::json_text::json_text;
use crate::report::{Kubelet, Report};
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
    origins.retain(is_written);
    for (path, value) in std::mem::take(values) {
        let value = match value {
            value if origins.get(&path).is_some() => value,
            Value::Object(members) => {
                let mut kept = serde_json::Map::new();
                for (name, value) in members {
                    if origins.get(&format!("{path}.{name}")).is_some() {
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

/// Compact JSON laid out as serde_json's own pretty printer does. That one is a second copy of the
/// serializer of every wire type: 20 KB of the module.
fn indented(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len().saturating_mul(2));
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str("  "));
    };
    let mut chars = compact.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            out.push(c);
            continue;
        }
        match c {
            '{' | '[' => {
                out.push(c);
                depth = depth.saturating_add(1);
                match chars.next_if(|next| matches!(next, '}' | ']')) {
                    Some(close) => {
                        depth = depth.saturating_sub(1);
                        out.push(close);
                    }
                    None => line(&mut out, depth),
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => {
                in_string = c == '"';
                out.push(c);
            }
        }
    }
    out
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
