//! Documentation of fixes: the section of a control's page and the tables of all controls.

use std::fmt::Write as _;

use super::control_style::Style;
use super::labels::capitalized;
use crate::controls::CONTROLS;
use crate::fix::docs::{Safety, Shown, safety_of};
use crate::fix::{PLATFORMS, docs};
use crate::json::json_text;
use crate::report::Applicability;

/// Returns the name of an applicability.
pub(crate) const fn applicability(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "safe",
        Applicability::Unsafe => "unsafe",
    }
}

/// Returns the fix column of the list: `mixed` if some of the control's fixes are safe.
pub(crate) fn summary(slug: &str) -> &'static str {
    let rows = safety_of(slug);
    let is_mixed = rows.iter().any(|row| row.applicability != Applicability::Unsafe);
    match (is_mixed, rows.iter().all(|row| row.applicability == Applicability::Safe)) {
        (_, true) => "safe",
        (true, false) => "mixed",
        (false, false) => "unsafe",
    }
}

/// Returns Markdown tables of fix safety by control and of the platforms.
pub(crate) fn tables() -> String {
    let mut out = String::from(
        "\n## Fixes\n\nA safe fix meets the control's requirement and can neither stop the kubelet nor cut off access; \
         `check --fix` applies it. An unsafe fix depends on something outside the files; it is applied only with \
         `--unsafe-fixes`.\n\n| Control | Setting | Fix | Reason |\n|---|---|---|---|\n",
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
        "\n## Platforms\n\nThese platforms manage the kubelet's files. Change the platform's object instead:\n\n| Platform | Object to change | Notes |\n|---|---|---|\n",
    );
    for platform in PLATFORMS {
        let _ = writeln!(out, "| {} | {} | {} |", platform.name, platform.object, platform.advice);
    }
    out
}

fn line(row: &Safety) -> String {
    let mut text = match row.setting.as_str() {
        "" => applicability(row.applicability).to_owned(),
        setting => format!("{setting} ({})", applicability(row.applicability)),
    };
    let _ = write!(text, ": {}.", capitalized(row.reason));
    if !row.also_changes.is_empty() {
        let _ = write!(text, " This also changes the effective {}.", row.also_changes.join(" and "));
    }
    text
}

/// Writes the fixes section of a control's page.
pub(crate) fn section(out: &mut String, slug: &str, advice: &str, style: &Style) {
    let Some(shown) = docs::shown(slug) else { return };
    style.heading(out, "Fixes");
    if shown.diff.is_empty() {
        style.text(out, &format!("No kubelet setting fixes this. {advice}"));
        return;
    }
    let lines: Vec<String> = shown.safety.iter().map(line).collect();
    style.items(out, lines.iter().map(String::as_str));
    style.gap(out);
    style.text(out, "Applied to the example above (`kubelet-audit check --diff --unsafe-fixes`):");
    style.gap(out);
    style.code(out, "diff", &shown.diff);
    forms(out, &shown, style);
    for (title, commands) in [("Before applying it:", &shown.before), ("After applying it:", &shown.after)] {
        style.gap(out);
        style.text(out, title);
        style.gap(out);
        style.code(out, "sh", &commands.join("\n"));
    }
    style.gap(out);
    style.text(out, "On platforms that manage the kubelet's files:");
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

/// Writes the same change as a JSON Patch, a drop-in and flags.
fn forms(out: &mut String, shown: &Shown, style: &Style) {
    let mut form = |title: &str, language: &str, text: &str| {
        style.gap(out);
        style.text(out, title);
        style.gap(out);
        style.code(out, language, text);
    };
    if !shown.patch.is_empty() {
        form("JSON Patch (for JSON files):", "json", &json_text(&shown.patch));
    }
    if let Some(drop_in) = &shown.drop_in {
        form(&format!("Drop-in `{}` (Kubernetes 1.30 and later):", drop_in.name), "yaml", &drop_in.text);
    }
    if !shown.arguments.is_empty() {
        form("Command-line flags (they override every file):", "sh", &shown.arguments.join("\n"));
    }
}
