//! A control's fixes on its page, and the tables of all.

use std::fmt::Write as _;

use super::control_style::Style;
use crate::controls::CONTROLS;
use crate::fix::docs::{Safety, Shown, safety_of};
use crate::fix::{PLATFORMS, docs};
use crate::json::json_text;
use crate::report::Applicability;

/// The word for it.
pub(crate) const fn applicability(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "safe",
        Applicability::Unsafe => "unsafe",
    }
}

/// What stands in one column of the list: the safest of its rows.
pub(crate) fn in_short(slug: &str) -> &'static str {
    let rows = safety_of(slug);
    let is_mixed = rows.iter().any(|row| row.applicability != Applicability::Unsafe);
    match (is_mixed, rows.iter().all(|row| row.applicability == Applicability::Safe)) {
        (_, true) => "safe",
        (true, false) => "in part",
        (false, false) => "unsafe",
    }
}

/// Safe or unsafe with the reason for every control, and what platforms take, as Markdown.
pub(crate) fn tables() -> String {
    let mut out = String::from(
        "\n## Fixes\n\nA safe fix does what the control asks and can neither stop the kubelet nor cut off access; \
         `check --fix` makes it. An unsafe one needs something that the files do not show; it is made with \
         `--unsafe-fixes` alone.\n\n| control | setting | fix | reason |\n|---|---|---|---|\n",
    );
    for control in CONTROLS {
        let slug = control.metadata().slug;
        for row in safety_of(slug) {
            let _ = writeln!(
                out,
                "| {slug} | {} | {} | {} |",
                row.setting,
                applicability(row.applicability),
                row.reason
            );
        }
    }
    out.push_str(
        "\n## Platforms\n\nWhere the file is not yours to edit:\n\n| platform | object to change | what else |\n|---|---|---|\n",
    );
    for platform in PLATFORMS {
        let _ = writeln!(out, "| {} | {} | {} |", platform.name, platform.object, platform.advice);
    }
    out
}

fn line(row: &Safety) -> String {
    let mut text = String::new();
    if !row.setting.is_empty() {
        let _ = write!(text, "{}: ", row.setting);
    }
    let _ = write!(text, "{}: {}", applicability(row.applicability), row.reason);
    if !row.also_changes.is_empty() {
        let _ = write!(text, "; it changes {} as well", row.also_changes.join(" and "));
    }
    text
}

/// The section of a control's page.
pub(crate) fn section(out: &mut String, slug: &str, advice: &str, style: &Style) {
    let Some(shown) = docs::shown(slug) else { return };
    style.heading(out, "Fixes");
    if shown.diff.is_empty() {
        style.text(out, &format!("No setting of the kubelet mends it. {advice}"));
        return;
    }
    let lines: Vec<String> = shown.safety.iter().map(line).collect();
    style.items(out, lines.iter().map(String::as_str));
    style.gap(out);
    style.text(out, "Of the example above, `kubelet-audit check --diff --unsafe-fixes` makes:");
    style.gap(out);
    style.code(out, "diff", &shown.diff);
    forms(out, &shown, style);
    for (title, commands) in [("Before:", &shown.before), ("After:", &shown.after)] {
        style.gap(out);
        style.text(out, title);
        style.gap(out);
        style.code(out, "sh", &commands.join("\n"));
    }
    style.gap(out);
    style.text(out, "Where a platform keeps the file:");
    style.gap(out);
    let lines: Vec<String> = shown
        .platforms
        .iter()
        .map(|change| match (&change.content, change.left_out.is_empty()) {
            (Some(_), true) => format!("{}: {}", change.platform, change.object),
            (Some(_), false) => {
                format!("{}: {}, without {}", change.platform, change.object, change.left_out.join("; "))
            }
            (None, _) => format!("{}: not possible ({})", change.platform, change.left_out.join("; ")),
        })
        .collect();
    style.items(out, lines.iter().map(String::as_str));
}

/// The same change in other forms.
fn forms(out: &mut String, shown: &Shown, style: &Style) {
    let mut form = |title: &str, language: &str, text: &str| {
        style.gap(out);
        style.text(out, title);
        style.gap(out);
        style.code(out, language, text);
    };
    if !shown.patch.is_empty() {
        form("As JSON Patch, were the file in JSON:", "json", &json_text(&shown.patch));
    }
    if let Some(drop_in) = &shown.drop_in {
        form(&format!("As a drop-in (1.30 and later), {}:", drop_in.name), "yaml", &drop_in.text);
    }
    if !shown.arguments.is_empty() {
        form("As arguments, which win over every file:", "sh", &shown.arguments.join("\n"));
    }
}
