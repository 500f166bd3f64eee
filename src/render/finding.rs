//! One finding in the text report.

use serde_json::Value as Json;

use super::page::{Page, Piece, Style};
use super::snippet::{self, Mark};
use super::{Detail, TargetTexts, labels};
use crate::json::json_text;
use crate::report::{
    BaselineState, Effect, Evidence, Finding, OriginLayer, Purpose, Remediation, Route, RouteKind, Setting,
    Status,
};
use unicode_width::UnicodeWidthStr as _;

/// Writes one finding.
pub(crate) fn write(page: &mut Page, texts: TargetTexts<'_>, finding: &Finding, detail: Detail) {
    page.gap();
    title(page, finding, detail);
    if !has_details(finding, detail) {
        return;
    }
    page.gap();
    source_line(page, texts, finding);
    explanation(page, finding);
    evidence(page, texts, finding, detail);
    if let Some(remediation) = &finding.remediation {
        how_to_fix(page, remediation, detail);
    }
}

/// Whether the finding needs more than its two header lines. A pass in both verdicts does not.
fn has_details(finding: &Finding, detail: Detail) -> bool {
    detail == Detail::Verbose
        || (finding.waived.is_none() && finding.baseline_state != Some(BaselineState::Unchanged))
            && is_not_a_full_pass(finding)
}

/// Whether the finding is shown with a fix whose result can be checked in `/configz`.
pub(crate) fn shows_configz(finding: &Finding, detail: Detail) -> bool {
    let routes = finding.remediation.iter().flat_map(|remediation| &remediation.routes);
    has_details(finding, detail) && routes.into_iter().any(|route| route.kind == RouteKind::Configz)
}

fn is_not_a_full_pass(finding: &Finding) -> bool {
    finding.status != Status::Pass
        || finding.benchmark.verdict != Status::Pass
        || finding.effective.verdict != Effect::Yes
}

fn title(page: &mut Page, finding: &Finding, detail: Detail) {
    let (label, style) = match finding.baseline_state {
        _ if finding.waived.is_some() => ("WAIVED", Style::Caution),
        Some(BaselineState::Unchanged) => ("KNOWN", Style::Caution),
        _ => labels::headline(finding.status),
    };
    let title = match finding.status {
        Status::Fail => labels::heading(finding),
        _ => finding.benchmark.title.as_str().into(),
    };
    let caveat = match (finding.status, finding.effective.verdict) {
        (Status::Pass, Effect::No) => " (but not in effect)",
        (Status::Pass, Effect::Partly) => " (but only partly in effect)",
        _ => "",
    };
    page.wrapped(
        0,
        &[Piece(style, label), Piece(Style::Plain, " ")],
        &[
            Piece(Style::Strong, &finding.benchmark.number),
            Piece(Style::Strong, " "),
            Piece(Style::Strong, &title),
            Piece(Style::Caution, caveat),
        ],
    );
    let (benchmark, benchmark_style) = labels::status(finding.benchmark.verdict);
    let (effective, effective_style) = labels::effect(finding.effective.verdict);
    let mut pieces = vec![
        Piece(Style::Dim, "benchmark "),
        Piece(benchmark_style, benchmark),
        Piece(Style::Dim, " · effective "),
        Piece(effective_style, effective),
    ];
    // `--fail-on` compares the severity.
    if detail == Detail::Verbose || matches!(finding.status, Status::Fail | Status::Error) {
        pieces.extend([Piece(Style::Dim, " · severity "), Piece(Style::Plain, finding.severity.as_str())]);
    }
    if detail == Detail::Verbose {
        pieces.extend([
            Piece(Style::Dim, " · "),
            Piece(Style::Plain, &finding.benchmark.id),
            Piece(Style::Dim, " · "),
            Piece(Style::Plain, &finding.control),
        ]);
    }
    page.wrapped(2, &[], &pieces);
    if let Some(waived) = &finding.waived {
        let until = format!("waived until {}: ", waived.expires);
        page.wrapped(2, &[], &[Piece(Style::Caution, &until), Piece(Style::Plain, &waived.reason)]);
    }
}

/// Returns the evidence to show first: the effective one, or else the first with a range.
pub(crate) fn main_evidence(finding: &Finding) -> Option<&Evidence> {
    let has_range = |e: &&Evidence| e.location.as_ref().is_some_and(|at| at.range.is_some());
    let decided = finding.evidence.iter().find(|e| e.decided && has_range(e));
    decided.or_else(|| finding.evidence.iter().find(has_range))
}

/// Writes the source line of the main evidence with the value underlined.
fn source_line(page: &mut Page, texts: TargetTexts<'_>, finding: &Finding) {
    let Some(evidence) = main_evidence(finding) else { return };
    let (_, style) = labels::status(finding.status);
    let (evidence, label) = match (&evidence.value, evidence.decided, ignored_value(finding, evidence)) {
        (None, _, Some((ignored, value))) => {
            (ignored, format!("{value} counts as unset, so the default applies"))
        }
        (None, _, None) => (evidence, format!("{} is not set", evidence.path)),
        (Some(_), true, _) => (evidence, "effective value set here".to_owned()),
        (Some(_), false, _) => (evidence, String::new()),
    };
    let Some(location) = &evidence.location else { return };
    let source = texts.find(&location.source);
    snippet::write(
        page,
        2,
        &Mark { name: &location.source, source, range: location.range, label: &label, style },
    );
    page.gap();
}

/// Returns the evidence of a value in the config file that the kubelet treats as unset, because it is the
/// zero value of its type.
fn ignored_value<'f>(finding: &'f Finding, default: &Evidence) -> Option<(&'f Evidence, &'f str)> {
    let is_same = |e: &&Evidence| e.path == default.path && e.layer == OriginLayer::Config;
    let ignored = finding.evidence.iter().rfind(is_same).filter(|_| default.layer == OriginLayer::Default)?;
    ignored.location.as_ref()?;
    Some((ignored, ignored.value.as_deref()?))
}

/// Writes the cause, why it matters, and the fix.
fn explanation(page: &mut Page, finding: &Finding) {
    let mut line = |label: &str, text: &str| {
        if !text.is_empty() {
            let lead = format!("{label:9}");
            page.wrapped(2, &[Piece(Style::Accent, &lead)], &[Piece(Style::Plain, text)]);
        }
    };
    line(labels::message(finding.status), &finding.message);
    if finding.status != Status::Pass {
        line("Why:", &finding.why);
    }
    for missing in &finding.effective.missing {
        line("Missing:", missing);
    }
    for note in &finding.effective.notes {
        line("Note:", note);
    }
    line("Fix:", &finding.fix);
}

/// Writes all evidence, unless the only evidence is already underlined.
fn evidence(page: &mut Page, texts: TargetTexts<'_>, finding: &Finding, detail: Detail) {
    let is_underlined = main_evidence(finding).is_some() && finding.evidence.len() == 1;
    if finding.evidence.is_empty() || (is_underlined && detail != Detail::Verbose) {
        return;
    }
    page.gap();
    page.line(2, &[Piece(Style::Accent, "Evidence")]);
    for evidence in &finding.evidence {
        let marker = if evidence.decided { "> " } else { "  " };
        // Only `generated`, the rarest layer, is wider than the column.
        let layer = format!("{:7} ", labels::layer(evidence.layer));
        let value = match &evidence.value {
            Some(value) => format!(": {value}"),
            None => " is not set".to_owned(),
        };
        let place = match &evidence.location {
            Some(location) if evidence.layer != OriginLayer::Default => texts.place(location),
            _ => String::new(),
        };
        let aside = match (place.as_str(), evidence.decided) {
            ("", false) => String::new(),
            ("", true) => " (effective)".to_owned(),
            (place, false) => format!(" ({place})"),
            (place, true) => format!(" ({place}, effective)"),
        };
        page.wrapped(
            2,
            &[Piece(Style::Strong, marker), Piece(Style::Dim, &layer)],
            &[Piece(Style::Plain, &evidence.path), Piece(Style::Strong, &value), Piece(Style::Dim, &aside)],
        );
    }
}

fn how_to_fix(page: &mut Page, remediation: &Remediation, detail: Detail) {
    let is_shown = |route: &&Route| route.kind != RouteKind::Configz;
    let mut routes = remediation.routes.iter().filter(is_shown).enumerate().peekable();
    page.gap();
    if routes.peek().is_some() || (detail == Detail::Verbose && !remediation.commands.is_empty()) {
        page.line(2, &[Piece(Style::Accent, "How to fix")]);
    }
    for (number, route) in routes {
        write_route(page, number.saturating_add(1), route);
    }
    if detail != Detail::Verbose {
        return;
    }
    for step in &remediation.commands {
        page.gap();
        page.wrapped(4, &[], &[Piece(Style::Plain, &step.summary)]);
        for command in &step.commands {
            for line in command.lines() {
                page.line(6, &[Piece(Style::Dim, "$ "), Piece(Style::Strong, line)]);
            }
        }
    }
}

/// The indentation of settings below the summary of their route.
const SETTING_INDENT: usize = 7;

fn write_route(page: &mut Page, number: usize, route: &Route) {
    let lead = format!("{number}. ");
    let kind = labels::route(route.kind);
    page.wrapped(
        4,
        &[Piece(Style::Plain, &lead)],
        &[Piece(Style::Strong, kind), Piece(Style::Plain, ": "), Piece(Style::Plain, &route.summary)],
    );
    let place = match (&route.file, &route.variable) {
        (Some(file), Some(variable)) => format!("in {file}, {variable}:"),
        (Some(file), None) => format!("in {file}:"),
        (None, Some(variable)) => format!("in {variable}:"),
        (None, None) => String::new(),
    };
    if !place.is_empty() {
        page.wrapped(SETTING_INDENT, &[], &[Piece(Style::Dim, &place)]);
    }
    for setting in &route.settings {
        let purpose = match setting.purpose {
            Purpose::Benchmark => "   # required by the benchmark",
            Purpose::Effective => "   # required for it to take effect",
            Purpose::Both => "",
        };
        // Settings are meant to be copied, so they are never wrapped.
        let text = setting_text(route.kind, setting);
        let fits =
            text.width().saturating_add(purpose.width()).saturating_add(SETTING_INDENT) <= page.width();
        page.line(
            SETTING_INDENT,
            &[Piece(Style::Strong, &text), Piece(Style::Dim, if fits { purpose } else { "" })],
        );
    }
}

/// Returns the text of a setting: `path: value` in a file, `--flag=value` as an argument.
fn setting_text(kind: RouteKind, setting: &Setting) -> String {
    let name = &setting.name;
    match (kind, &setting.value) {
        (RouteKind::Arguments, Json::String(value)) => format!("{name}={value}"),
        (RouteKind::Arguments, value) => format!("{name}={}", json_text(value)),
        (RouteKind::ConfigFile | RouteKind::Configz, value) => format!("{name}: {}", json_text(value)),
    }
}
