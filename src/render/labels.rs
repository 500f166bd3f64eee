//! Labels and styles of statuses, verdicts, layers and stages, and the headings of findings.

use std::borrow::Cow;

use super::page::Style;
use crate::controls::control;
use crate::report::{Effect, Finding, IssueSeverity, OriginLayer, RouteKind, Status};

/// Returns the label at the start of a finding, and its style.
pub(crate) fn headline(status: Status) -> (&'static str, Style) {
    match status {
        Status::Pass => ("PASS", Style::Good),
        Status::Fail => ("FAIL", Style::Bad),
        Status::Manual => ("MANUAL", Style::Caution),
        Status::NotApplicable => ("N/A", Style::Dim),
        Status::Error => ("ERROR", Style::Bad),
    }
}

/// Returns the name of a status, and its style.
pub(crate) fn status(status: Status) -> (&'static str, Style) {
    let (_, style) = headline(status);
    let label = match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Manual => "manual",
        Status::NotApplicable => "not applicable",
        Status::Error => "error",
    };
    (label, style)
}

/// Returns the name of an effective verdict, and its style.
pub(crate) fn effect(effect: Effect) -> (&'static str, Style) {
    match effect {
        Effect::Yes => ("yes", Style::Good),
        Effect::No => ("no", Style::Bad),
        Effect::Partly => ("partly", Style::Caution),
        Effect::DoesNotStart => ("does not start", Style::Bad),
        Effect::Unknown => ("unknown", Style::Caution),
    }
}

/// Returns the label at the start of an issue, and its style.
pub(crate) fn issue(severity: IssueSeverity) -> (&'static str, Style) {
    match severity {
        IssueSeverity::Error => ("error", Style::Bad),
        IssueSeverity::Warning => ("warning", Style::Caution),
        IssueSeverity::Note => ("note", Style::Accent),
    }
}

/// Returns the name of a layer.
pub(crate) fn layer(layer: OriginLayer) -> &'static str {
    match layer {
        OriginLayer::Default => "default",
        OriginLayer::Config => "config",
        OriginLayer::DropIn => "drop-in",
        OriginLayer::Flag => "flag",
        OriginLayer::Configz => "configz",
        OriginLayer::Generated => "generated",
        OriginLayer::Platform => "platform",
    }
}

/// Returns the name of a route.
pub(crate) fn route(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::ConfigFile => "config file",
        RouteKind::Arguments => "arguments",
        RouteKind::Configz => "configz",
    }
}

/// Returns the label of a finding's message: the cause of a failure, or what was found.
pub(crate) fn message(status: Status) -> &'static str {
    match status {
        Status::Fail | Status::Error => "Cause:",
        Status::Pass | Status::Manual | Status::NotApplicable => "Found:",
    }
}

/// Returns the title of a control's failure. `None` for a control that this version does not know, which a
/// report read from JSON can name.
pub(crate) fn failure_title(slug: &str) -> Option<&'static str> {
    control(slug).map(|control| control.metadata().failure_title)
}

/// Returns what is wrong for a failure, or the title of the requirement.
pub(crate) fn heading(finding: &Finding) -> Cow<'_, str> {
    let title = finding.title.as_str();
    match (finding.status, finding.effective.verdict) {
        // The insecure state of the failure title does not hold here: only the benchmark is not met.
        (Status::Fail, Effect::Yes) => format!("{title}, but the benchmark check fails").into(),
        (Status::Fail, _) => failure_title(&finding.control).unwrap_or(title).into(),
        (Status::Error, _) => format!("Not evaluated: {title}").into(),
        (Status::Pass | Status::Manual | Status::NotApplicable, _) => title.into(),
    }
}

/// Returns a clause as the start of a sentence. A first word that is a name, like `readOnlyPort`, stays.
pub fn capitalized(clause: &str) -> String {
    let first = clause.split(' ').next().unwrap_or_default();
    let is_name = !first.bytes().all(|byte| byte.is_ascii_lowercase() || b",'-".contains(&byte));
    match clause.chars().next() {
        Some(c) if !is_name => clause.replacen(c, &c.to_uppercase().to_string(), 1),
        _ => clause.to_owned(),
    }
}

/// Returns a finding in one line, for formats with a single text.
pub(crate) fn sentence(finding: &Finding) -> String {
    let benchmark = &finding.benchmark;
    let (audit, _) = status(benchmark.verdict);
    let (real, _) = effect(finding.effective.verdict);
    let mut text = format!(
        "{} {}: {}. Benchmark: {audit}. Effective: {real}.",
        benchmark.number,
        heading(finding),
        finding.message.trim_end_matches('.')
    );
    if !finding.fix.is_empty() {
        text.push_str(" Fix: ");
        text.push_str(finding.fix.trim_end_matches('.'));
        text.push('.');
    }
    text
}
