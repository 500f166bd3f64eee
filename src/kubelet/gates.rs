//! Feature gates.

use super::Version;
use super::gate_table::GATES;

/// How far a gate has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Off unless asked for.
    Alpha,
    /// May be on.
    Beta,
    /// Generally available.
    Ga,
    /// On its way out.
    Deprecated,
}

/// A run of minors in which a gate stays the same.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub(super) from: u8,
    pub(super) to: u8,
    /// Its stage.
    pub stage: Stage,
    /// Whether it is on by default.
    pub default: bool,
    /// Whether it may not be set to anything but its default.
    pub locked: bool,
}

/// The gate this product began with.
pub const ROTATE_KUBELET_SERVER_CERTIFICATE: &str = "RotateKubeletServerCertificate";

/// Turns on or off every alpha gate that is not itself set (component-base `feature_gate.go`).
pub const ALL_ALPHA: &str = "AllAlpha";

/// The same for beta gates.
pub const ALL_BETA: &str = "AllBeta";

/// The gate as this version knows it. `AllAlpha` and `AllBeta` are not in the table: see [`is_known`].
pub fn lookup(name: &str, version: Version) -> Option<Run> {
    let at = GATES.binary_search_by(|(gate, _)| (*gate).cmp(name)).ok()?;
    let (_, runs) = GATES.get(at)?;
    runs.iter().find(|run| (run.from..=run.to).contains(&version.minor())).copied()
}

/// Whether this version's table has the gate.
pub fn is_known(name: &str, version: Version) -> bool {
    name == ALL_ALPHA || name == ALL_BETA || lookup(name, version).is_some()
}

/// Minors that know the gate, oldest first.
pub fn known_in(name: &str) -> impl Iterator<Item = Version> {
    (Version::OLDEST.minor()..=Version::NEWEST.minor())
        .filter_map(Version::from_minor)
        .filter(move |version| is_known(name, *version))
}

/// The gate whose name differs from `name` in letter case alone.
pub fn other_case(name: &str, version: Version) -> Option<&'static str> {
    GATES
        .iter()
        .map(|(gate, _)| *gate)
        .chain([ALL_ALPHA, ALL_BETA])
        .find(|gate| *gate != name && gate.eq_ignore_ascii_case(name))
        .filter(|gate| is_known(gate, version))
}

/// Whether a gate is on, given the settings in force: its own, else that of its stage, else its
/// default (component-base `feature_gate.go`: `setUnsetAlphaGates`, `setUnsetBetaGates`).
pub fn is_enabled(name: &str, version: Version, setting: impl Fn(&str) -> Option<bool>) -> bool {
    if let Some(value) = setting(name) {
        return value;
    }
    let Some(run) = lookup(name, version) else { return false };
    let by_stage = match run.stage {
        Stage::Alpha => setting(ALL_ALPHA),
        Stage::Beta => setting(ALL_BETA),
        Stage::Ga | Stage::Deprecated => None,
    };
    by_stage.unwrap_or(run.default)
}

/// Gates that can be on only while another one is, from 1.35 on (`pkg/features/kube_features.go`,
/// `defaultKubernetesFeatureGateDependencies`, of which these are the ones that name another gate).
#[rustfmt::skip]
const DEPENDENCIES: &[(&str, &str)] = &[
    ("AuthorizeNodeWithSelectors", "AuthorizeWithSelectors"),
    ("ClusterTrustBundleProjection", "ClusterTrustBundle"),
    ("DRAAdminAccess", "DynamicResourceAllocation"),
    ("DRAConsumableCapacity", "DynamicResourceAllocation"),
    ("DRADeviceBindingConditions", "DRAResourceClaimDeviceStatus"),
    ("DRADeviceBindingConditions", "DynamicResourceAllocation"),
    ("DRADeviceTaintRules", "DRADeviceTaints"),
    ("DRADeviceTaints", "DynamicResourceAllocation"),
    ("DRAExtendedResource", "DynamicResourceAllocation"),
    ("DRAPartitionableDevices", "DynamicResourceAllocation"),
    ("DRAPrioritizedList", "DynamicResourceAllocation"),
    ("DRASchedulerFilterTimeout", "DynamicResourceAllocation"),
    ("DeclarativeValidationTakeover", "DeclarativeValidation"),
    ("DisableAllocatorDualWrite", "MultiCIDRServiceAllocator"),
    ("GangScheduling", "GenericWorkload"),
    ("GracefulNodeShutdownBasedOnPodPriority", "GracefulNodeShutdown"),
    ("ImageVolumeWithDigest", "ImageVolume"),
    ("InPlacePodLevelResourcesVerticalScaling", "InPlacePodVerticalScaling"),
    ("InPlacePodLevelResourcesVerticalScaling", "NodeDeclaredFeatures"),
    ("InPlacePodLevelResourcesVerticalScaling", "PodLevelResources"),
    ("InPlacePodVerticalScalingAllocatedStatus", "InPlacePodVerticalScaling"),
    ("InPlacePodVerticalScalingExclusiveCPUs", "InPlacePodVerticalScaling"),
    ("InPlacePodVerticalScalingExclusiveMemory", "InPlacePodVerticalScaling"),
    ("InPlacePodVerticalScalingExclusiveMemory", "MemoryManager"),
    ("MatchLabelKeysInPodTopologySpreadSelectorMerge", "MatchLabelKeysInPodTopologySpread"),
    ("PodCertificateRequest", "AuthorizeNodeWithSelectors"),
    ("PodLifecycleSleepActionAllowZero", "PodLifecycleSleepAction"),
    ("ProcMountType", "UserNamespacesSupport"),
    ("ResourceHealthStatus", "DynamicResourceAllocation"),
    ("RestartAllContainersOnContainerExits", "ContainerRestartRules"),
    ("RestartAllContainersOnContainerExits", "NodeDeclaredFeatures"),
    ("ServiceAccountTokenNodeBinding", "ServiceAccountTokenNodeBindingValidation"),
    ("StorageVersionAPI", "APIServerIdentity"),
    ("StructuredAuthenticationConfigurationEgressSelector", "StructuredAuthenticationConfiguration"),
    ("StructuredAuthenticationConfigurationJWKSMetrics", "StructuredAuthenticationConfiguration"),
    ("UnknownVersionInteroperabilityProxy", "APIServerIdentity"),
    ("UserNamespacesHostNetworkSupport", "UserNamespacesSupport"),
    ("WindowsCPUAndMemoryAffinity", "MemoryManager"),
    ("WindowsGracefulNodeShutdown", "GracefulNodeShutdown"),
];

/// The gates that are on while one they depend on is off, each with that one.
pub fn broken_dependencies(
    version: Version,
    setting: &dyn Fn(&str) -> Option<bool>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    DEPENDENCIES.iter().copied().filter(move |(gate, needed)| {
        version.at_least(35)
            && lookup(gate, version).is_some()
            && lookup(needed, version).is_some()
            && is_enabled(gate, version, setting)
            && !is_enabled(needed, version, setting)
    })
}

#[cfg(test)]
mod tests {
    use super::{GATES, Stage, broken_dependencies, is_enabled, is_known, lookup, other_case};
    use crate::kubelet::Version;

    fn at(minor: u8) -> Version {
        Version::from_minor(minor).unwrap()
    }

    #[test]
    fn table_is_sorted_and_runs_do_not_overlap() {
        for pair in GATES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
        for (name, runs) in GATES {
            for pair in runs.windows(2) {
                assert!(pair[0].to < pair[1].from, "{name}");
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
        assert_eq!(lookup("KubeletTracing", at(33)).unwrap().stage, Stage::Beta);
        assert!(lookup("KubeletTracing", at(34)).unwrap().locked);
        assert!(!is_known("RotateKubeletClientCertificate", at(25)));
        assert!(is_known("AllBeta", at(25)));
        assert_eq!(
            other_case("rotateKubeletServerCertificate", at(31)),
            Some("RotateKubeletServerCertificate")
        );
    }

    #[test]
    fn no_dependency_is_broken_by_default_or_by_turning_on_a_whole_stage() {
        for minor in 25..=36 {
            assert_eq!(broken_dependencies(at(minor), &|_| None).next(), None, "1.{minor}");
            let all_alpha = |name: &str| (name == "AllAlpha").then_some(true);
            assert_eq!(broken_dependencies(at(minor), &all_alpha).next(), None, "1.{minor}");
        }
        let off =
            |name: &str| (name == "ImageVolume").then_some(false).or((name == "AllAlpha").then_some(true));
        let broken: Vec<_> = broken_dependencies(at(36), &off).collect();
        assert!(broken.contains(&("ImageVolumeWithDigest", "ImageVolume")), "{broken:?}");
        assert_eq!(broken_dependencies(at(34), &off).next(), None);
    }
}
