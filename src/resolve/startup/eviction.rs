//! Eviction thresholds (`pkg/kubelet/eviction/helpers.go`).

use std::cmp::Ordering;

use crate::kubelet::duration;
use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::quantity::Quantity;

use super::start::Start;
use super::values::{fraction, text_of};

fn is_signal(start: &Start<'_>, name: &str) -> bool {
    const SIGNALS: [&str; 7] = [
        "allocatableMemory.available",
        "imagefs.available",
        "imagefs.inodesFree",
        "memory.available",
        "nodefs.available",
        "nodefs.inodesFree",
        "pid.available",
    ];
    SIGNALS.contains(&name)
        || start.at_least(29) && matches!(name, "containerfs.available" | "containerfs.inodesFree")
}

/// `evictionHard` alone, which is read before the container manager is made.
pub(super) fn hard(start: &mut Start<'_>) {
    statements(start, id::EVICTION_HARD);
}

/// All thresholds (`ParseThresholdConfig`).
pub(super) fn thresholds(start: &mut Start<'_>) {
    if start.surroundings.flags.bool("experimental-allocatable-ignore-eviction") == Some(true) {
        hard(start);
    }
    statements(start, id::EVICTION_SOFT);
    grace_periods(start);
    minimum_reclaims(start);
    let periods = start.configuration.map(id::EVICTION_SOFT_GRACE_PERIOD);
    for entry in start.configuration.map(id::EVICTION_SOFT) {
        let is_ignored = matches!(text_of(&entry.value), "0%" | "100%");
        if !is_ignored && !periods.iter().any(|period| period.key == entry.key) {
            let complaint = format!("requires a period for {} in evictionSoftGracePeriod", entry.key);
            start.refuse(id::EVICTION_SOFT, &complaint, "set the period");
        }
    }
}

/// Refuses unknown signals, and values that a function finds a problem with.
fn entries(start: &mut Start<'_>, field: FieldId, problem: fn(&str) -> Option<&'static str>, help: &str) {
    for entry in start.configuration.map(field) {
        let text = text_of(&entry.value);
        if !is_signal(start, &entry.key) {
            let complaint = format!("has the unknown signal {:?}", entry.key);
            start.refuse(field, &complaint, "use a signal such as memory.available");
        } else if let Some(problem) = problem(text) {
            let complaint = format!("{problem} for {}, not {text:?}", entry.key);
            start.refuse(field, &complaint, help);
        }
    }
}

fn statements(start: &mut Start<'_>, field: FieldId) {
    let problem = |text: &str| {
        if text.ends_with('%') {
            return match fraction(text) {
                _ if text == "0%" || text == "100%" => None,
                Some(fraction) if (0.0..=1.0).contains(&fraction) => None,
                _ => Some("must have a percentage from 0% to 100%"),
            };
        }
        let is_positive = Quantity::parse(text).is_some_and(|quantity| quantity.sign() == Ordering::Greater);
        (!is_positive).then_some("must have a quantity greater than 0 or a percentage")
    };
    entries(start, field, problem, "use a quantity such as 100Mi, or a percentage such as 10%");
}

fn grace_periods(start: &mut Start<'_>) {
    let problem = |text: &str| {
        let is_period = duration::parse(text).is_some_and(|nanos| nanos >= 0);
        (!is_period).then_some("must have a duration of 0 or more")
    };
    entries(start, id::EVICTION_SOFT_GRACE_PERIOD, problem, "use a duration such as 1m30s");
}

fn minimum_reclaims(start: &mut Start<'_>) {
    let problem = |text: &str| {
        let is_valid = if text.ends_with('%') {
            fraction(text).is_some_and(|fraction| fraction > 0.0)
        } else {
            Quantity::parse(text).is_some_and(|quantity| quantity.sign() != Ordering::Less)
        };
        (!is_valid).then_some("must have a quantity of 0 or more, or a percentage greater than 0%")
    };
    entries(start, id::EVICTION_MINIMUM_RECLAIM, problem, "use a quantity such as 500Mi, or a percentage");
}
