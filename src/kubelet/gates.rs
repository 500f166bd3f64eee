//! Feature gates.

use std::cmp::Ordering;
use std::ops::Range;

use super::Version;
use super::gate_table::GATES;

/// [`GATES`] without pointers, for each of them and each length is four bytes of the module: the names
/// one after the other, the runs in 16 bits each, and where those of each gate end.
struct Table<const NAMES: usize, const RUNS: usize, const COUNT: usize> {
    names: [u8; NAMES],
    runs: [u16; RUNS],
    ends: [(u16, u16); COUNT],
}

static TABLE: Table<{ sizes().0 }, { sizes().1 }, { GATES.len() }> = Table::new();

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
const fn sizes() -> (usize, usize) {
    let (mut names, mut runs, mut at) = (0, 0, 0);
    while at < GATES.len() {
        names += GATES[at].0.len();
        runs += GATES[at].1.len();
        at += 1;
    }
    (names, runs)
}

impl<const NAMES: usize, const RUNS: usize, const COUNT: usize> Table<NAMES, RUNS, COUNT> {
    #[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
    const fn new() -> Self {
        let mut table = Self { names: [0; NAMES], runs: [0; RUNS], ends: [(0, 0); COUNT] };
        let (mut names, mut runs, mut at) = (0, 0, 0);
        while at < COUNT {
            let (name, gate_runs) = (GATES[at].0.as_bytes(), GATES[at].1);
            let mut i = 0;
            while i < name.len() {
                table.names[names] = name[i];
                names += 1;
                i += 1;
            }
            i = 0;
            while i < gate_runs.len() {
                table.runs[runs] = gate_runs[i].pack();
                runs += 1;
                i += 1;
            }
            table.ends[at] = (names as u16, runs as u16);
            at += 1;
        }
        table
    }

    /// Where the name and the runs of a gate lie.
    fn ranges(&self, at: usize) -> (Range<usize>, Range<usize>) {
        let end = |at: usize| self.ends.get(at).map_or((0, 0), |(name, run)| ((*name).into(), (*run).into()));
        let (start, end) = (at.checked_sub(1).map_or((0, 0), end), end(at));
        (start.0..end.0, start.1..end.1)
    }

    fn name(&self, at: usize) -> &[u8] {
        self.names.get(self.ranges(at).0).unwrap_or(&[])
    }

    fn runs(&self, name: &str) -> &[u16] {
        let (mut low, mut high) = (0, COUNT);
        while low < high {
            let middle = low.midpoint(high);
            match self.name(middle).cmp(name.as_bytes()) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return self.runs.get(self.ranges(middle).1).unwrap_or(&[]),
            }
        }
        &[]
    }
}

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

impl Run {
    const fn pack(self) -> u16 {
        (self.from as u16) << 10
            | (self.to as u16 & 63) << 4
            | (self.stage as u16) << 2
            | (self.default as u16) << 1
            | self.locked as u16
    }

    fn unpack(run: u16) -> Self {
        let bits = |shift: u16, mask: u16| (run >> shift & mask) as u8;
        let stage = match bits(2, 3) {
            0 => Stage::Alpha,
            1 => Stage::Beta,
            2 => Stage::Ga,
            _ => Stage::Deprecated,
        };
        Self { from: bits(10, 63), to: bits(4, 63), stage, default: bits(1, 1) == 1, locked: bits(0, 1) == 1 }
    }
}

/// The gate this product began with.
pub const ROTATE_KUBELET_SERVER_CERTIFICATE: &str = "RotateKubeletServerCertificate";

/// Turns on or off every alpha gate that is not itself set (component-base `feature_gate.go`).
pub const ALL_ALPHA: &str = "AllAlpha";

/// The same for beta gates.
pub const ALL_BETA: &str = "AllBeta";

/// The gate as this version knows it. `AllAlpha` and `AllBeta` are not in the table: see [`is_known`].
pub fn lookup(name: &str, version: Version) -> Option<Run> {
    let mut runs = TABLE.runs(name).iter().map(|run| Run::unpack(*run));
    runs.find(|run| (run.from..=run.to).contains(&version.minor()))
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
    (0..TABLE.ends.len())
        .filter_map(|at| std::str::from_utf8(TABLE.name(at)).ok())
        .chain([ALL_ALPHA, ALL_BETA])
        .find(|gate| *gate != name && gate.eq_ignore_ascii_case(name))
        .filter(|gate| is_known(gate, version))
}

/// Whether a gate is on, given the settings in force: its own, else that of its stage, else its
/// default (component-base `feature_gate.go`: `setUnsetAlphaGates`, `setUnsetBetaGates`).
pub fn is_enabled(name: &str, version: Version, setting: &dyn Fn(&str) -> Option<bool>) -> bool {
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
    fn the_packed_table_holds_the_same() {
        for (name, runs) in GATES {
            for run in *runs {
                let found = lookup(name, at(run.from)).unwrap();
                assert_eq!(format!("{found:?}"), format!("{run:?}"), "{name}");
            }
        }
        assert!(lookup("", at(25)).is_none());
        assert!(lookup("zzz", at(25)).is_none());
    }

    #[test]
    fn a_gates_own_setting_beats_that_of_its_stage() {
        let on = |settings: &'static [(&'static str, bool)]| {
            is_enabled("RotateKubeletServerCertificate", at(36), &|name| {
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
