//! The words and colours of answers.

use super::page::Style;
use crate::report::{Effect, Finding, IssueSeverity, OriginLayer, RouteKind, Stage, Status};

/// The word that opens a finding, and its look.
pub(crate) fn headline(status: Status) -> (&'static str, Style) {
    match status {
        Status::Pass => ("PASS", Style::Good),
        Status::Fail => ("FAIL", Style::Bad),
        Status::Manual => ("MANUAL", Style::Caution),
        Status::NotApplicable => ("N/A", Style::Dim),
        Status::Error => ("ERROR", Style::Bad),
    }
}

/// The word of the wire form, and its look.
pub(crate) fn status(status: Status) -> (&'static str, Style) {
    let (_, style) = headline(status);
    let word = match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Manual => "manual",
        Status::NotApplicable => "not applicable",
        Status::Error => "error",
    };
    (word, style)
}

/// The word of the wire form, and its look.
pub(crate) fn effect(effect: Effect) -> (&'static str, Style) {
    match effect {
        Effect::Yes => ("yes", Style::Good),
        Effect::No => ("no", Style::Bad),
        Effect::Partly => ("partly", Style::Caution),
        Effect::DoesNotStart => ("does not start", Style::Bad),
        Effect::Unknown => ("unknown", Style::Caution),
    }
}

/// The word that opens an issue, and its look.
pub(crate) fn issue(severity: IssueSeverity) -> (&'static str, Style) {
    match severity {
        IssueSeverity::Error => ("error", Style::Bad),
        IssueSeverity::Warning => ("warning", Style::Caution),
        IssueSeverity::Note => ("note", Style::Accent),
    }
}

/// What a layer is called.
pub(crate) fn layer(layer: OriginLayer) -> &'static str {
    match layer {
        OriginLayer::Default => "default",
        OriginLayer::Config => "config",
        OriginLayer::DropIn => "drop-in",
        OriginLayer::Flag => "flag",
        OriginLayer::Configz => "configz",
        OriginLayer::Generated => "generated",
    }
}

/// When a kubelet stops.
pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::CommandLine => "while parsing its flags",
        Stage::FeatureGates => "while setting feature gates",
        Stage::ConfigFile => "while loading the config file",
        Stage::DropIn => "while loading the drop-ins",
        Stage::Validation => "at the validation of its configuration",
        Stage::Tls => "while setting up TLS",
        Stage::Authorization => "while setting up authorization",
        Stage::Listen => "when its server starts to listen",
    }
}

/// What a route is called.
pub(crate) fn route(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::ConfigFile => "config file",
        RouteKind::Arguments => "arguments",
        RouteKind::Configz => "configz",
    }
}

/// A finding in one line for formats that have a single text: it has to say all by itself.
pub(crate) fn sentence(finding: &Finding) -> String {
    let benchmark = &finding.benchmark;
    let (audit, _) = status(benchmark.verdict);
    let (real, _) = effect(finding.effective.verdict);
    let mut text = format!(
        "{} {}: {}. Benchmark: {audit}, effective: {real}.",
        benchmark.number,
        finding.title,
        finding.message.trim_end_matches('.')
    );
    if !finding.fix.is_empty() {
        text.push_str(" Fix: ");
        text.push_str(finding.fix.trim_end_matches('.'));
        text.push('.');
    }
    text
}
