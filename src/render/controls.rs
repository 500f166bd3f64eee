//! The control catalog as text: the list of controls and a page for each.

use std::fmt::Write as _;

use serde::Serialize;

use super::control_fixes;
use super::control_style::Style;
use crate::controls::{CONTROLS, ControlExplanation, ControlSummary, controls, explain};
use crate::fix::docs::{Safety, Shown, safety_of, shown};
use crate::json::json_text;
use crate::report::Assessment;

/// The output form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plain text for terminals.
    Text,
    /// JSON for programs.
    Json,
    /// Markdown for documentation.
    Markdown,
}

/// Returns the list of all controls.
pub fn list(form: Form) -> String {
    let all = controls();
    match form {
        Form::Json => json(&all.iter().map(Row::of).collect::<Vec<_>>()),
        Form::Text => {
            let width = all.iter().map(|one| one.control.len()).max().unwrap_or(0);
            let mut out = format!("{:width$}  {:8}  {:7}  {}\n", "CONTROL", "SEVERITY", "FIX", "TITLE");
            for one in &all {
                let fix = control_fixes::summary(one.control);
                let _ = writeln!(
                    out,
                    "{:width$}  {:8}  {fix:7}  {}",
                    one.control,
                    one.severity.as_str(),
                    one.title
                );
            }
            out.push_str("\nRun kubelet-audit explain CONTROL for details.\n");
            out
        }
        Form::Markdown => {
            let mut out = String::from(
                "# Controls\n\n| Control | Severity | Requirement | Benchmarks |\n|---|---|---|---|\n",
            );
            for one in &all {
                let slug = one.control;
                let _ = writeln!(
                    out,
                    "| [{slug}]({slug}.md) | {} | {} | {} |",
                    one.severity.as_str(),
                    one.title,
                    one.editions.len()
                );
            }
            out.push_str(&control_fixes::tables());
            out
        }
    }
}

/// Returns the page of one control; `None` if the slug is unknown.
pub fn one(slug: &str, form: Form) -> Option<String> {
    let explanation = explain(slug)?;
    Some(match form {
        Form::Json => json(&Explained { explanation: &explanation, fixes: shown(slug) }),
        Form::Text => page(&explanation, &Style { is_markdown: false }),
        Form::Markdown => page(&explanation, &Style { is_markdown: true }),
    })
}

/// Returns the documentation by file name: one page per control and an index.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = vec![("index.md".to_owned(), list(Form::Markdown))];
    for control in CONTROLS {
        if let Some(page) = one(control.metadata().slug, Form::Markdown) {
            pages.push((format!("{}.md", control.metadata().slug), page));
        }
    }
    pages
}

fn json(value: &impl serde::Serialize) -> String {
    let mut text = json_text(value);
    text.push('\n');
    text
}

/// A list entry in JSON.
#[derive(Serialize)]
struct Row<'l> {
    #[serde(flatten)]
    listed: &'l ControlSummary,
    fixes: Vec<Safety>,
}

impl<'l> Row<'l> {
    fn of(listed: &'l ControlSummary) -> Self {
        Self { listed, fixes: safety_of(listed.control) }
    }
}

/// The page of a control in JSON.
#[derive(Serialize)]
struct Explained<'e> {
    #[serde(flatten)]
    explanation: &'e ControlExplanation,
    fixes: Option<Shown>,
}

fn page(explanation: &ControlExplanation, style: &Style) -> String {
    let listed = &explanation.listed;
    let mut out = String::new();
    if style.is_markdown {
        let _ = write!(out, "# {}\n\n{}\n", listed.control, listed.title);
    } else {
        let _ = writeln!(out, "{}: {}", listed.control, listed.title);
    }
    style.heading(&mut out, "What it checks");
    style.text(&mut out, explanation.checks);
    if !explanation.settings.is_empty() {
        let names: Vec<String> = explanation
            .settings
            .iter()
            .map(|name| if style.is_markdown { format!("`{name}`") } else { name.clone() })
            .collect();
        style.text(
            &mut out,
            &format!("{}Settings: {}.", if style.is_markdown { "\n" } else { "" }, names.join(", ")),
        );
    }
    style.heading(&mut out, &format!("Why it matters (severity {})", listed.severity.as_str()));
    style.text(&mut out, explanation.matters);
    for (title, example) in [("Compliant", &explanation.compliant), ("Not compliant", &explanation.violating)]
    {
        style.heading(
            &mut out,
            &format!("{title} ({} under {})", example.verdict.as_str(), explanation.judged_by),
        );
        if let Some(config) = &example.config {
            style.code(&mut out, "yaml", config);
        }
        if !example.args.is_empty() {
            style.code(&mut out, "sh", &format!("kubelet {}", example.args.join(" ")));
        }
    }
    style.heading(&mut out, "Remediation");
    style.text(&mut out, explanation.remediation);
    control_fixes::section(&mut out, listed.control, explanation.remediation, style);
    style.heading(&mut out, "Edge cases");
    style.items(&mut out, explanation.edge_cases.iter().copied());
    if let Some(strict) = &explanation.strict {
        style.heading(&mut out, "In the strict profile");
        style.text(&mut out, strict);
    }
    style.heading(&mut out, "Benchmarks");
    rows(&mut out, listed, style);
    style.heading(&mut out, "References");
    style.items(&mut out, explanation.references.iter().copied());
    out
}

fn rows(out: &mut String, listed: &ControlSummary, style: &Style) {
    if style.is_markdown {
        out.push_str("| Benchmark | Number | Title | Level | Assessment |\n|---|---|---|---|---|\n");
    }
    for row in &listed.editions {
        let level = row.level.map_or_else(|| "unknown".to_owned(), |level| level.to_string());
        let assessment = match row.assessment {
            Assessment::Automated => "automated",
            Assessment::Manual => "manual",
            Assessment::Unknown => "unknown",
        };
        let _ = if style.is_markdown {
            writeln!(out, "| {} | {} | {} | {level} | {assessment} |", row.benchmark, row.number, row.title)
        } else {
            writeln!(out, "  {:18} {:9} level {level}, {assessment}", row.benchmark, row.number)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, list, one, pages};
    use crate::controls::CONTROLS;

    #[test]
    fn every_control_has_a_page_with_all_headings() {
        let pages = pages();
        assert_eq!(pages.len(), CONTROLS.len() + 1);
        for (name, page) in pages.iter().skip(1) {
            for heading in [
                "What it checks",
                "Why it matters",
                "Compliant",
                "Not compliant",
                "Remediation",
                "Fixes",
                "Edge cases",
                "Benchmarks",
                "References",
            ] {
                assert!(page.contains(&format!("\n## {heading}")), "{name}: {heading}");
            }
            assert!(page.contains("```diff\n--- a/") || page.contains("No kubelet setting"), "{name}");
            assert!(!page.contains("\n\n\n"), "{name}");
        }
    }

    #[test]
    fn the_list_has_every_control_in_every_form() {
        for form in [Form::Text, Form::Json, Form::Markdown] {
            let text = list(form);
            for control in CONTROLS {
                assert!(text.contains(control.metadata().slug), "{form:?} {}", control.metadata().slug);
            }
        }
        let json: serde_json::Value = serde_json::from_str(&list(Form::Json)).unwrap();
        assert_eq!(json[0]["control"], "anonymous-auth");
        assert_eq!(json[0]["severity"], "critical");
        let text = one("event-qps", Form::Text).unwrap();
        assert!(text.starts_with("event-qps: "), "{text}");
        let json: serde_json::Value = serde_json::from_str(&one("event-qps", Form::Json).unwrap()).unwrap();
        assert_eq!(json["compliant"]["verdict"], "pass");
        assert!(json["editions"].as_array().unwrap().iter().any(|row| row["benchmark"] == "cis-1.12"));
        assert!(one("nothing", Form::Text).is_none());
    }
}
