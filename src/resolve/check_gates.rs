//! Checks the feature gates that are set.

use crate::kubelet::{Version, gates};
use crate::source::Place;
use crate::source::diagnostic::{Code, Diagnostic};

use super::value::MapEntry;

/// The error for a setting of a gate with which the kubelet does not start (component-base
/// `feature_gate.go`, `unsafeSetFromMap`).
fn check_one(gate: &MapEntry, version: Version) -> Option<Diagnostic> {
    let name = gate.key.as_str();
    match gates::lookup(name, version) {
        Some(spec) if spec.locked && spec.default != gate.is_true() => Some(
            Diagnostic::error(
                Code::LockedFeatureGate,
                format!("the feature gate {name} is locked to {} in Kubernetes {version}", spec.default),
            )
            .help("remove it")
            .at(gate.name_place),
        ),
        Some(_) => None,
        None if gates::is_known(name, version) => None,
        // The table of such a version may be incomplete: see `add_unproved`.
        None if !version.is_proved() => None,
        None => Some(unknown(name, version).at(gate.name_place)),
    }
}

fn unknown(name: &str, version: Version) -> Diagnostic {
    let message =
        format!("unknown feature gate {name:?} in Kubernetes {version}: the kubelet does not start");
    let help = match (gates::known_in(name).next(), gates::known_in(name).next_back()) {
        (Some(_), Some(last)) if last < version => {
            format!("remove it; Kubernetes {last} was the last version with this gate")
        }
        (Some(first), _) => format!("remove it; Kubernetes {first} is the first version with this gate"),
        _ => match gates::nearest(name, version) {
            Some(gate) if gate.eq_ignore_ascii_case(name) => {
                format!("rename it to {gate}; feature gate names are case-sensitive")
            }
            Some(gate) => format!("did you mean {gate}?"),
            None => "remove it".into(),
        },
    };
    Diagnostic::error(Code::UnknownFeatureGate, message).help(help)
}

/// Warns about gates that are not in the table of a version that was not verified: the table may be
/// incomplete.
pub(super) fn add_unproved<'e>(
    set: impl IntoIterator<Item = &'e MapEntry>,
    version: Version,
    warnings: &mut Vec<Diagnostic>,
) {
    for gate in set {
        let name = gate.key.as_str();
        if !version.is_proved() && !gates::is_known(name, version) {
            let known = unknown(name, version);
            warnings.push(
                Diagnostic::warning(
                    Code::UnknownFeatureGate,
                    format!("feature gate {name:?} is not in the table for Kubernetes {version}; a kubelet without it does not start"),
                )
                .help(known.help.as_str())
                .at(gate.name_place),
            );
        }
    }
}

/// Checks every gate that is set, in layers of which the last wins (`SetFromMap`). From 1.35 on, gates that
/// depend on others are checked as well (component-base `feature_gate.go`, `unsafeSetFromMap`).
pub(super) fn check(layers: &[&[MapEntry]], version: Version) -> Result<(), Vec<Diagnostic>> {
    let set = || layers.iter().copied().flatten();
    let mut errors: Vec<_> = set().filter_map(|gate| check_one(gate, version)).collect();
    if errors.is_empty() && version.at_least(35) && set().next().is_some() {
        let setting = |name: &str| set().rev().find(|gate| gate.key == name).map(MapEntry::is_true);
        errors.extend(gates::broken_dependencies(version, setting).into_iter().map(|(gate, needed)| {
            let place = set().rev().find(|entry| entry.key == gate || entry.key == needed);
            broken(gate, needed).at(place.map_or(Place::DEFAULT, |entry| entry.place))
        }));
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The error for a gate that is on while a gate that it depends on is off.
pub(super) fn broken(gate: &str, needed: &str) -> Diagnostic {
    Diagnostic::error(
        Code::FeatureGateDependency,
        format!("the feature gate {gate} requires {needed}, which is off"),
    )
    .help(format!("enable {needed}, or disable {gate}"))
}
