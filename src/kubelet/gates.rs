//! Feature gates.

use super::Version;
pub use super::gate::{FeatureSpec, Maturity};
use super::gate_dependencies::DEPENDENCIES;
use super::gate_table::GATES;
use crate::source::nearest;

/// The gate for rotation of the serving certificate.
pub const ROTATE_KUBELET_SERVER_CERTIFICATE: &str = "RotateKubeletServerCertificate";

/// Enables or disables every alpha gate that is not set itself (component-base `feature_gate.go`).
pub const ALL_ALPHA: &str = "AllAlpha";

/// Enables or disables every beta gate that is not set itself.
pub const ALL_BETA: &str = "AllBeta";

/// The spec of a gate in this version. `AllAlpha` and `AllBeta` are not in the table: see [`is_known`].
pub fn lookup(name: &str, version: Version) -> Option<FeatureSpec> {
    let at = GATES.binary_search_by(|gate| gate.name.cmp(name)).ok()?;
    GATES.get(at)?.specs.iter().find(|spec| spec.minors.contains(version)).copied()
}

/// Whether the table of this version has the gate.
pub fn is_known(name: &str, version: Version) -> bool {
    name == ALL_ALPHA || name == ALL_BETA || lookup(name, version).is_some()
}

/// The versions that have the gate, oldest first.
pub fn known_in(name: &str) -> impl DoubleEndedIterator<Item = Version> {
    Version::oldest_first().filter(move |version| is_known(name, *version))
}

/// The gate of this version that a misspelled name most likely means.
pub fn nearest(name: &str, version: Version) -> Option<&'static str> {
    let known = GATES.iter().map(|gate| gate.name).filter(|gate| lookup(gate, version).is_some());
    nearest::nearest(name, known.chain([ALL_ALPHA, ALL_BETA]))
}

/// Whether a gate is on with these settings: its own, else that of its maturity, else its default
/// (component-base `feature_gate.go`: `setUnsetAlphaGates`, `setUnsetBetaGates`).
pub fn is_enabled(name: &str, version: Version, setting: impl Fn(&str) -> Option<bool>) -> bool {
    if let Some(value) = setting(name) {
        return value;
    }
    let Some(spec) = lookup(name, version) else { return false };
    let by_maturity = match spec.maturity {
        Maturity::Alpha => setting(ALL_ALPHA),
        Maturity::Beta => setting(ALL_BETA),
        Maturity::Ga | Maturity::Deprecated => None,
    };
    by_maturity.unwrap_or(spec.default)
}

/// Whether a gate is on after these settings were made one after the other. A setting of a whole maturity leaves
/// alone the gates that were set before.
pub fn is_enabled_in_turn(name: &str, version: Version, layers: &[&dyn Fn(&str) -> Option<bool>]) -> bool {
    let Some(spec) = lookup(name, version) else { return false };
    let mut value = None;
    for setting in layers {
        let by_maturity = match spec.maturity {
            Maturity::Alpha => setting(ALL_ALPHA),
            Maturity::Beta => setting(ALL_BETA),
            Maturity::Ga | Maturity::Deprecated => None,
        };
        value = setting(name).or(value).or(by_maturity);
    }
    value.unwrap_or(spec.default)
}

/// The gates that are on while a gate that they depend on is off, each with that gate.
pub fn broken_dependencies(
    version: Version,
    setting: impl Fn(&str) -> Option<bool>,
) -> Vec<(&'static str, &'static str)> {
    let is_in_version = |gate| lookup(gate, version).is_some();
    let is_on = |gate| is_enabled(gate, version, &setting);
    DEPENDENCIES
        .iter()
        .filter(|(_, _, minors)| minors.contains(version))
        .map(|(gate, needed, _)| (*gate, *needed))
        .filter(|(gate, needed)| is_in_version(gate) && is_in_version(needed))
        .filter(|(gate, needed)| is_on(gate) && !is_on(needed))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{DEPENDENCIES, GATES, Maturity, broken_dependencies, is_enabled, is_known, lookup, nearest};
    use crate::kubelet::Version;

    fn at(minor: u8) -> Version {
        Version::from_minor(minor).unwrap()
    }

    #[test]
    fn table_is_sorted_and_no_minor_has_two_specs() {
        for pair in GATES.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} before {}", pair[0].name, pair[1].name);
        }
        for gate in GATES {
            for pair in gate.specs.windows(2) {
                assert!(pair[0].minors.last < pair[1].minors.first, "{}", gate.name);
            }
        }
    }

    #[test]
    fn dependencies_name_gates_of_the_table() {
        let supported = DEPENDENCIES.iter().filter(|(_, _, minors)| minors.first <= Version::NEWEST.minor());
        for (gate, needed, _) in supported {
            for name in [gate, needed] {
                assert!(GATES.iter().any(|gate| gate.name == *name), "{name}");
            }
        }
    }

    #[test]
    fn a_gates_own_setting_beats_that_of_its_stage() {
        let on = |settings: &'static [(&'static str, bool)]| {
            is_enabled("RotateKubeletServerCertificate", at(36), |name| {
                settings.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
            })
        };
        assert!(on(&[]));
        assert!(on(&[("AllAlpha", false)]));
        assert!(!on(&[("AllBeta", false)]));
        assert!(on(&[("AllBeta", false), ("RotateKubeletServerCertificate", true)]));
        assert!(!on(&[("AllBeta", true), ("RotateKubeletServerCertificate", false)]));
    }

    #[test]
    fn gates_come_and_go_by_version() {
        assert_eq!(lookup("KubeletTracing", at(33)).unwrap().maturity, Maturity::Beta);
        assert!(lookup("KubeletTracing", at(34)).unwrap().locked);
        assert!(!is_known("RotateKubeletClientCertificate", at(25)));
        assert!(is_known("AllBeta", at(25)));
        assert_eq!(nearest("rotateKubeletServerCertificate", at(31)), Some("RotateKubeletServerCertificate"));
    }

    #[test]
    fn no_dependency_is_broken_by_default_or_by_turning_on_a_whole_stage() {
        for minor in 25..=36 {
            assert_eq!(broken_dependencies(at(minor), |_| None), [], "1.{minor}");
            let all_alpha = |name: &str| (name == "AllAlpha").then_some(true);
            assert_eq!(broken_dependencies(at(minor), all_alpha), [], "1.{minor}");
        }
        let off =
            |name: &str| (name == "ImageVolume").then_some(false).or((name == "AllAlpha").then_some(true));
        let broken = broken_dependencies(at(36), off);
        assert!(broken.contains(&("ImageVolumeWithDigest", "ImageVolume")), "{broken:?}");
        assert_eq!(broken_dependencies(at(34), off), []);
    }
}
