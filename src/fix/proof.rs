//! Verifies the result of a fix: the finding passes, the kubelet starts, and nothing else changes.

use serde_json::Value as Json;

use super::edit::tree::take;
use crate::report::{Applicability, Effect, Finding, Fix, OriginLayer, Purpose, Status, Target};

pub(super) fn starts(target: &Target) -> Option<bool> {
    target.kubelet.as_ref().and_then(|kubelet| kubelet.starts)
}

fn finding<'t>(target: &'t Target, control: &str) -> Option<&'t Finding> {
    target.findings.iter().find(|finding| finding.control == control)
}

/// Returns the reason to refuse a fix; `None` if its result is as intended.
pub(super) fn refuse(before: &Target, after: &Target, fix: &Fix) -> Option<&'static str> {
    let errors = |target: &Target| target.kubelet.as_ref().map_or(usize::MAX, |kubelet| kubelet.errors.len());
    let starts_now = starts(after) != Some(false);
    if after.kubelet.is_none() || after.errors.len() > before.errors.len() {
        return Some("the result would not be readable");
    }
    if !starts_now && (starts(before) != Some(false) || errors(after) >= errors(before)) {
        return Some(match starts(before) {
            Some(false) => "the kubelet does not start; fix that first",
            _ => "the kubelet would not start after the fix",
        });
    }
    let (Some(was), Some(is)) = (finding(before, fix.subject()), finding(after, fix.subject())) else {
        return Some("the finding would disappear");
    };
    if starts_now {
        let passes = match fix.purpose {
            Purpose::Benchmark | Purpose::Both => is.benchmark.verdict == Status::Pass,
            Purpose::Effective => effect_rank(is.effective.verdict) < effect_rank(was.effective.verdict),
        };
        if !passes && !is_open(was, is) {
            return Some("the finding would still not pass; another setting causes the failure");
        }
    }
    // Some benchmarks require a setting that defeats the purpose of the control. Such a fix is unsafe, and its
    // reason says so.
    let is_allowed = |is: &Finding| {
        Some(&is.control) == fix.control.as_ref()
            && fix.purpose == Purpose::Benchmark
            && fix.applicability == Applicability::Unsafe
    };
    let worse = before.findings.iter().zip(&after.findings).any(|(was, is)| {
        rank(is.benchmark.verdict) > rank(was.benchmark.verdict)
            || effect_rank(is.effective.verdict) > effect_rank(was.effective.verdict) && !is_allowed(is)
    });
    if worse {
        return Some("another finding would become worse");
    }
    if changes_others(before, after, fix) {
        return Some("other values would also change");
    }
    None
}

/// Whether the benchmark requires a manual check, and the kubelet now meets the control's requirement.
fn is_open(was: &Finding, is: &Finding) -> bool {
    is.benchmark.verdict == Status::Manual
        && (is.effective.verdict == Effect::Yes
            || effect_rank(is.effective.verdict) < effect_rank(was.effective.verdict))
}

fn rank(status: Status) -> u8 {
    match status {
        Status::Pass | Status::NotApplicable => 0,
        Status::Manual => 1,
        Status::Fail => 2,
        Status::Error => 3,
    }
}

fn effect_rank(effect: Effect) -> u8 {
    match effect {
        Effect::Yes => 0,
        Effect::Partly => 1,
        Effect::No | Effect::Unknown => 2,
        Effect::DoesNotStart => 3,
    }
}

/// Whether an effective value changed that the fix does not name.
fn changes_others(before: &Target, after: &Target, fix: &Fix) -> bool {
    let values = |target: &'_ Target| target.kubelet.as_ref().and_then(|kubelet| kubelet.effective.clone());
    let targets = [before, after];
    // A kubelet that did not start has no effective values to compare with.
    let (Some(before), Some(after)) = (values(before), values(after)) else { return false };
    let is_named = |path: &str| {
        fix.also_changes.iter().any(|also| also == path)
            || fix.settings.iter().any(|setting| {
                let flag = crate::kubelet::flags::lookup(setting.name.trim_start_matches('-'));
                setting.name == path
                    || flag
                        .and_then(|flag| flag.field(crate::kubelet::Version::NEWEST))
                        .is_some_and(|field| field.field().path == path)
            })
    };
    let gates = |value: Option<&Json>| {
        let mut value = value.cloned().unwrap_or_default();
        for setting in &fix.settings {
            if let Some(gate) = setting.name.strip_prefix("featureGates.") {
                take(&mut value, &[gate]);
            }
        }
        if value.as_object().is_some_and(serde_json::Map::is_empty) { Json::Null } else { value }
    };
    before.iter().chain(after.iter()).any(|(path, _)| {
        let (was, is) = (before.get(path), after.get(path));
        if path == "featureGates" {
            gates(was) != gates(is)
        } else {
            was != is && !is_named(path) && !targets.iter().any(|target| is_generated(target, path))
        }
    })
}

/// Whether the kubelet sets the value itself, which it does only if it comes far enough.
pub(in crate::fix) fn is_generated(target: &Target, path: &str) -> bool {
    let origins = target.kubelet.as_ref().and_then(|kubelet| kubelet.origins.as_ref());
    origins.and_then(|origins| origins.get(path)).is_some_and(|origin| origin.layer == OriginLayer::Generated)
}
