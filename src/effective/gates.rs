//! Feature gates at start.

use crate::diagnostic::{Code, Diagnostic};
use crate::kubelet::{Version, gates};
use crate::list::ToList;
use crate::quoted::quoted;
use crate::source::Place;

use super::value::Configuration;

/// What is wrong with a setting of a gate, where the kubelet stops over it
/// (component-base `feature_gate.go`, `unsafeSetFromMap`).
pub(super) fn check_one(name: &str, value: bool, place: Place, version: Version) -> Option<Diagnostic> {
    match gates::lookup(name, version) {
        Some(run) if run.locked && run.default != value => Some(
            Diagnostic::error(
                Code::LockedFeatureGate,
                format!("the feature gate {name} is locked to {} in Kubernetes {version}", run.default),
            )
            .help("remove the entry")
            .at(place),
        ),
        Some(_) => None,
        None if gates::is_known(name, version) => None,
        // Elsewhere the table may lack a gate: see `unproved`.
        None if !version.is_proved() => None,
        None => Some(unknown(name, version).at(place)),
    }
}

fn unknown(name: &str, version: Version) -> Diagnostic {
    let message = format!("Kubernetes {version} has no feature gate {}, so the kubelet stops", quoted(name));
    let help = if let Some(gate) = gates::other_case(name, version) {
        format!("case counts: write {gate}")
    } else {
        let known: Vec<Version> = gates::known_in(name).to_list();
        match (known.first(), known.last()) {
            (Some(_), Some(last)) if *last < version => {
                format!("remove it: {last} was the last version that knew it")
            }
            (Some(first), _) => format!("{first} is the first version that knows it"),
            _ => "remove it, or check its spelling".into(),
        }
    };
    Diagnostic::error(Code::UnknownFeatureGate, message).help(help)
}

/// Gates that the table of a version not proved by vectors lacks: a warning, for the table may be
/// what is wrong.
pub(super) fn unproved(name: &str, place: Place, version: Version) -> Option<Diagnostic> {
    (!version.is_proved() && !gates::is_known(name, version)).then(|| {
        let diagnostic = unknown(name, version);
        Diagnostic::warning(
            Code::UnknownFeatureGate,
            format!("the table of Kubernetes {version} has no feature gate {}; if the kubelet has none either, it stops", quoted(name)),
        )
        .help(diagnostic.help.as_str())
        .at(place)
    })
}

/// Checks every gate a configuration sets.
pub(super) fn check(configuration: &Configuration, version: Version) -> Result<(), Vec<Diagnostic>> {
    let errors: Vec<Diagnostic> = configuration
        .gates()
        .iter()
        .filter_map(|entry| check_one(&entry.key, entry.value, entry.place, version))
        .to_list();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
