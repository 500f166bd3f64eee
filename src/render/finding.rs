//! One finding.

use serde_json::Value as Json;

use super::page::{Page, Piece, Style};
use super::snippet::{self, Mark};
use super::{Detail, TargetTexts, words};
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
    if !says_more(finding, detail) {
        return;
    }
    page.gap();
    where_it_stands(page, texts, finding);
    sentences(page, finding);
    evidence(page, texts, finding, detail);
    if let Some(remediation) = &finding.remediation {
        mend(page, remediation, detail);
    }
}

/// A plain pass is two lines; where the two verdicts differ, the reader wants to know why.
fn says_more(finding: &Finding, detail: Detail) -> bool {
    detail == Detail::Verbose
        || (finding.waived.is_none() && finding.baseline_state != Some(BaselineState::Unchanged))
            && differs_from_a_plain_pass(finding)
}

fn differs_from_a_plain_pass(finding: &Finding) -> bool {
    finding.status != Status::Pass
        || finding.benchmark.verdict != Status::Pass
        || finding.effective.verdict != Effect::Yes
}

fn title(page: &mut Page, finding: &Finding, detail: Detail) {
    let (word, style) = match finding.baseline_state {
        _ if finding.waived.is_some() => ("WAIVED", Style::Caution),
        Some(BaselineState::Unchanged) => ("KNOWN", Style::Caution),
        _ => words::headline(finding.status),
    };
    page.wrapped(
        0,
        &[Piece(style, word), Piece(Style::Plain, " ")],
        &[
            Piece(Style::Strong, &finding.benchmark.number),
            Piece(Style::Strong, " "),
            Piece(Style::Strong, &finding.benchmark.title),
        ],
    );
    let (benchmark, benchmark_style) = words::status(finding.benchmark.verdict);
    let (effective, effective_style) = words::effect(finding.effective.verdict);
    let mut pieces = vec![
        Piece(Style::Dim, "benchmark "),
        Piece(benchmark_style, benchmark),
        Piece(Style::Dim, " · effective "),
        Piece(effective_style, effective),
    ];
    // `--fail-on` goes by it.
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

/// The evidence to show first: the deciding one, or else the first that has a place.
pub(crate) fn main_evidence(finding: &Finding) -> Option<&Evidence> {
    let has_range = |e: &&Evidence| e.location.as_ref().is_some_and(|at| at.range.is_some());
    let decided = finding.evidence.iter().find(|e| e.decided && has_range(e));
    decided.or_else(|| finding.evidence.iter().find(has_range))
}

fn where_it_stands(page: &mut Page, texts: TargetTexts<'_>, finding: &Finding) {
    let Some(evidence) = main_evidence(finding) else { return };
    let Some(location) = &evidence.location else { return };
    let (_, style) = words::status(finding.status);
    let label = match (&evidence.value, evidence.decided) {
        (None, _) => "not written here",
        (Some(_), true) => "this decides",
        (Some(_), false) => "",
    };
    let source = texts.find(&location.source);
    snippet::write(page, 2, &Mark { name: &location.source, source, range: location.range, label, style });
    page.gap();
}

/// What is wrong, why it matters, what to do.
fn sentences(page: &mut Page, finding: &Finding) {
    let mut say = |word: &str, text: &str| {
        if !text.is_empty() {
            let lead = format!("{word:8}");
            page.wrapped(2, &[Piece(Style::Accent, &lead)], &[Piece(Style::Plain, text)]);
        }
    };
    say("found", &finding.message);
    if finding.status != Status::Pass {
        say("why", &finding.why);
    }
    for missing in &finding.effective.missing {
        say("missing", missing);
    }
    for note in &finding.effective.notes {
        say("note", note);
    }
    say("fix", &finding.fix);
}

/// The list repeats the underlined line only where there is more than that line to tell.
fn evidence(page: &mut Page, texts: TargetTexts<'_>, finding: &Finding, detail: Detail) {
    let only_what_is_underlined = main_evidence(finding).is_some() && finding.evidence.len() == 1;
    if finding.evidence.is_empty() || (only_what_is_underlined && detail != Detail::Verbose) {
        return;
    }
    page.gap();
    page.line(2, &[Piece(Style::Accent, "evidence")]);
    for evidence in &finding.evidence {
        let marker = if evidence.decided { "> " } else { "  " };
        // The longest word, of the rarest layer, stands out of the column.
        let layer = format!("{:7} ", words::layer(evidence.layer));
        let value = match &evidence.value {
            Some(value) => format!(": {value}"),
            None => " is not written".to_owned(),
        };
        let place = match &evidence.location {
            Some(location) if evidence.layer != OriginLayer::Default => texts.place(location),
            _ => String::new(),
        };
        let aside = match (place.as_str(), evidence.decided) {
            ("", false) => String::new(),
            ("", true) => " (decides)".to_owned(),
            (place, false) => format!(" ({place})"),
            (place, true) => format!(" ({place}, decides)"),
        };
        page.wrapped(
            2,
            &[Piece(Style::Strong, marker), Piece(Style::Dim, &layer)],
            &[Piece(Style::Plain, &evidence.path), Piece(Style::Strong, &value), Piece(Style::Dim, &aside)],
        );
    }
}

fn mend(page: &mut Page, remediation: &Remediation, detail: Detail) {
    page.gap();
    page.line(2, &[Piece(Style::Accent, "to mend it")]);
    for (number, route) in remediation.routes.iter().enumerate() {
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

/// Settings stand below the words of their route, `    1. `.
const SETTING_INDENT: usize = 7;

fn write_route(page: &mut Page, number: usize, route: &Route) {
    let lead = format!("{number}. ");
    let kind = words::route(route.kind);
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
            Purpose::Benchmark => "   # for the benchmark",
            Purpose::Effective => "   # for the effect",
            Purpose::Both => "",
        };
        // The setting is there to be copied, so it is never broken.
        let text = written(route.kind, setting);
        let fits =
            text.width().saturating_add(purpose.width()).saturating_add(SETTING_INDENT) <= page.width();
        page.line(
            SETTING_INDENT,
            &[Piece(Style::Strong, &text), Piece(Style::Dim, if fits { purpose } else { "" })],
        );
    }
}

/// A setting as it is written: `path: value` in a file, `--flag=value` as an argument.
fn written(kind: RouteKind, setting: &Setting) -> String {
    let name = &setting.name;
    match (kind, &setting.value) {
        (RouteKind::Arguments, Json::String(value)) => format!("{name}={value}"),
        (RouteKind::Arguments, value) => format!("{name}={}", json_text(value)),
        (RouteKind::ConfigFile | RouteKind::Configz, value) => format!("{name}: {}", json_text(value)),
    }
}
