//! Resolves the same layers at every supported version.
//!
//! Two versions have the same outcome for an input unless it uses something in which they differ: a flag,
//! field or feature gate that only one of them has, drop-ins, or one of the few rules that changed. Versions
//! without such a difference share one resolution.

use std::collections::BTreeSet;

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::{flags, gates};
use crate::source::tree::{Node, NodeValue};

use super::layers::Layers;
use super::outcome::Resolved;
use super::read_value::same_folded;
use super::start::resolve;

/// Outcomes at every supported version.
#[derive(Debug)]
pub struct ByVersion {
    outcomes: Vec<Resolved>,
    /// The index of the outcome of each version, oldest version first.
    index: Vec<(Version, usize)>,
}

impl ByVersion {
    /// Resolves the layers at every supported version.
    pub fn resolve(layers: &Layers<'_>) -> Self {
        let traits = Traits::of(layers);
        let mut seen: Vec<(Signature, usize)> = Vec::new();
        let mut outcomes = Vec::new();
        let mut index = Vec::new();
        for version in Version::newest_first() {
            let signature = traits.signature(version);
            let known = seen.iter().find(|(known, _)| *known == signature).map(|(_, at)| *at);
            let at = known.unwrap_or(outcomes.len());
            if known.is_none() {
                outcomes.push(resolve(layers, version));
                seen.push((signature, at));
            }
            index.push((version, at));
        }
        index.reverse();
        Self { outcomes, index }
    }

    /// Every version with its outcome, oldest first. A shared outcome has the number of the newest version that
    /// shares it; defaults that no rule depends on may differ.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Version, &Resolved)> {
        self.index.iter().filter_map(|(version, at)| Some((*version, self.outcomes.get(*at)?)))
    }

    /// The outcome of a version, which it may share with a newer one.
    pub fn get(&self, version: Version) -> Option<&Resolved> {
        self.iter().find(|(at, _)| *at == version).map(|(_, resolved)| resolved)
    }

    /// The outcome of the newest supported version.
    #[expect(clippy::indexing_slicing, reason = "the newest version is always resolved first")]
    pub fn newest(&self) -> &Resolved {
        &self.outcomes[0]
    }

    /// The version to assume where none is given: the newest at which the input is known to start; else the
    /// newest at which it may; else the newest of all. None is newer than `newest`.
    pub fn assumed(&self, newest: Version) -> Version {
        let latest = |wanted: Option<bool>| {
            let mut possible = self.iter().rev().filter(|(version, _)| *version <= newest);
            possible.find(|(_, resolved)| resolved.starts_for_certain() == wanted)
        };
        latest(Some(true)).or_else(|| latest(None)).map_or(newest, |(version, _)| version)
    }
}

/// The properties of an input that can make versions differ.
#[derive(Default)]
struct Traits {
    /// Whether every version needs its own resolution: with drop-ins, `AllAlpha` or `AllBeta`.
    is_all_distinct: bool,
    gates: BTreeSet<String>,
    flags: Vec<&'static flags::Flag>,
    fields: Vec<FieldId>,
    /// Minor versions at which a rule changed that applies to the input.
    thresholds: Vec<u8>,
}

impl Traits {
    fn of(layers: &Layers<'_>) -> Self {
        let mut traits = Self::default();
        if layers.configz().is_none() {
            traits.is_all_distinct = layers.drop_ins.as_ref().is_some_and(|list| !list.is_empty());
            if layers.drop_ins.is_some() {
                traits.thresholds.push(28);
            }
            if layers.has_full_command_line() {
                traits.thresholds.extend_from_slice(&[26, 27, 35]);
            }
            for argument in layers.arguments() {
                traits.argument(&argument.text);
            }
        }
        if let Some(Ok(document)) = layers.config.as_ref().map(|named| &named.document) {
            traits.node(layers.configz().unwrap_or(&document.root), &mut String::new());
        }
        traits
    }

    fn argument(&mut self, text: &str) {
        let body = text.trim_start_matches('-');
        let name = body.split_once('=').map_or(body, |(name, _)| name).replace('_', "-");
        if let Some(flag) = flags::lookup(&name) {
            self.flags.push(flag);
            for (_, minors) in FLAG_CHANGES.iter().filter(|(name, _)| *name == flag.name) {
                self.thresholds.extend_from_slice(minors);
            }
            match flag.name {
                "cloud-provider" => self.asks("DisableCloudProviders"),
                "node-ip" => self.asks("CloudDualStackNodeIPs"),
                "seccomp-default" => self.asks("SeccompDefault"),
                _ => {}
            }
            if let Some(field) = flag.field(Version::NEWEST) {
                self.field(field);
            }
        }
        // The value of --feature-gates may be a separate argument.
        for piece in text.split([',', '=']).map(str::trim) {
            let is_value = name == "feature-gates" && !piece.is_empty() && !piece.starts_with('-');
            if is_value || gates::known_in(piece).next().is_some() {
                self.gate(piece);
            }
        }
    }

    fn node(&mut self, node: &Node<'_>, path: &mut String) {
        let NodeValue::Object(members) = &node.value else { return };
        let parent = path.len();
        for member in members {
            if parent > 0 {
                path.push('.');
            }
            path.push_str(&member.key);
            if let Some(field) = FieldId::find(path) {
                self.field(field);
            } else if member.value.as_object().is_none_or(<[_]>::is_empty) {
                // The value of an object, which exists in the versions that have one of its fields.
                let is_inside = |id: &FieldId| {
                    let rest = id.field().path.strip_prefix(path.as_str());
                    rest.is_some_and(|rest| rest.starts_with('.'))
                };
                FieldId::iter().filter(is_inside).for_each(|field| self.field(field));
            }
            if parent == 0 && same_folded(&member.key, "featureGates") {
                for gate in member.value.as_object().unwrap_or(&[]) {
                    self.gate(&gate.key);
                }
            } else {
                self.node(&member.value, path);
            }
            path.truncate(parent);
        }
    }

    /// A gate that the input sets. From 1.35 on, gates depend on each other, in each version on other ones.
    fn gate(&mut self, name: &str) {
        if name == gates::ALL_ALPHA || name == gates::ALL_BETA {
            self.is_all_distinct = true;
        } else {
            self.gates.insert(name.to_owned());
            self.thresholds.extend_from_slice(&[35, 36, 37]);
        }
    }

    /// A gate that a rule about the input asks for.
    fn asks(&mut self, gate: &str) {
        self.gates.insert(gate.to_owned());
    }

    fn field(&mut self, field: FieldId) {
        if self.fields.contains(&field) {
            return;
        }
        self.fields.push(field);
        if field == id::SHOW_HIDDEN_METRICS {
            self.is_all_distinct = true;
        }
        for (_, minors, gates) in CHANGES.iter().filter(|(fields, ..)| fields.contains(&field)) {
            self.thresholds.extend_from_slice(minors);
            gates.iter().for_each(|gate| self.asks(gate));
        }
    }

    fn signature(&self, version: Version) -> Signature {
        if self.is_all_distinct {
            return Signature { version: Some(version), ..Signature::default() };
        }
        Signature {
            version: None,
            thresholds: self.thresholds.iter().map(|minor| version.at_least(*minor)).collect(),
            flags: self.flags.iter().map(|flag| flag.exists_in(version)).collect(),
            fields: self.fields.iter().map(|field| field.field().exists_in(version)).collect(),
            gates: self.gates.iter().map(|gate| GateTraits::of(gate, version)).collect(),
        }
    }
}

/// Fields with the minor versions at which a rule about them changed, and the gates that rules about them ask for.
const CHANGES: &[(&[FieldId], &[u8], &[&str])] = &[
    (&[id::ALLOWED_UNSAFE_SYSCTLS], &[29], &[]),
    // The generated certificate is set before or after a refusal.
    (
        &[
            id::AUTHORIZATION_MODE,
            id::CONTAINER_RUNTIME_ENDPOINT,
            id::IMAGE_SERVICE_ENDPOINT,
            id::KUBE_API_BURST,
            id::KUBE_API_QPS,
            id::WEBHOOK_ENABLED,
        ],
        &[35],
        &[],
    ),
    (&[id::CLIENT_CA_FILE, id::TLS_CERT_FILE, id::TLS_PRIVATE_KEY_FILE], &[36], &[]),
    (&[id::CONTAINER_LOG_MAX_FILES], &[33], &[]),
    (&[id::CPU_CFS_QUOTA_PERIOD], &[26], &["CustomCPUCFSQuotaPeriod"]),
    (
        &[id::CPU_MANAGER_POLICY, id::CPU_MANAGER_POLICY_OPTIONS],
        &[26, 31, 32, 33, 34, 35, 36, 37],
        &[
            "CPUManager",
            "CPUManagerPolicyAlphaOptions",
            "CPUManagerPolicyBetaOptions",
            "CPUManagerPolicyOptions",
        ],
    ),
    (&[id::CRASH_LOOP_MAX], &[], &["KubeletCrashLoopBackOffMax"]),
    (&[id::ENABLE_SYSTEM_LOG_QUERY], &[], &["NodeLogQuery"]),
    (&[id::ENFORCE_NODE_ALLOCATABLE, id::CGROUPS_PER_QOS], &[31, 32], &[]),
    (
        &[id::EVICTION_HARD, id::EVICTION_SOFT, id::EVICTION_SOFT_GRACE_PERIOD, id::EVICTION_MINIMUM_RECLAIM],
        &[29],
        &[],
    ),
    (&[id::IMAGE_MAXIMUM_GC_AGE], &[], &["ImageMaximumGCAge"]),
    (&[id::IMAGE_MINIMUM_GC_AGE], &[36], &[]),
    (&[id::IMAGE_PULL_POLICY, id::PRELOADED_IMAGES_ALLOWLIST], &[], &["KubeletEnsureSecretPulledImages"]),
    (&[id::IPTABLES_DROP_BIT, id::IPTABLES_MASQUERADE_BIT, id::MAKE_IPTABLES_UTIL_CHAINS], &[28], &[]),
    (&[id::KUBE_RESERVED, id::SYSTEM_RESERVED], &[37], &[]),
    (&[id::LOGGING_FLUSH_FREQUENCY], &[28, 35], &[]),
    (&[id::LOGGING_FORMAT], &[], &["LoggingBetaOptions"]),
    (&[id::LOGGING_JSON_BUFFER_SIZE, id::LOGGING_TEXT_BUFFER_SIZE], &[], &["LoggingAlphaOptions"]),
    (&[id::MEMORY_MANAGER_POLICY, id::RESERVED_MEMORY], &[30, 32], &["MemoryManager"]),
    (&[id::MEMORY_RESERVATION_POLICY, id::MEMORY_THROTTLING_FACTOR], &[37], &["MemoryQoS"]),
    (&[id::MEMORY_SWAP_BEHAVIOR], &[30], &["NodeSwap"]),
    (&[id::RUN_ONCE], &[32], &[]),
    (&[id::SECCOMP_DEFAULT], &[27], &["SeccompDefault"]),
    (
        &[id::SHUTDOWN_GRACE_PERIOD, id::SHUTDOWN_GRACE_PERIOD_CRITICAL, id::SHUTDOWN_BY_PRIORITY],
        &[],
        &["GracefulNodeShutdown", "GracefulNodeShutdownBasedOnPodPriority"],
    ),
    (&[id::TOPOLOGY_MANAGER_POLICY, id::TOPOLOGY_MANAGER_SCOPE], &[27], &["TopologyManager"]),
    (
        &[id::TOPOLOGY_MANAGER_POLICY_OPTIONS, id::TOPOLOGY_MANAGER_POLICY],
        &[26, 27, 28, 31, 32, 35],
        &[
            "TopologyManagerPolicyAlphaOptions",
            "TopologyManagerPolicyBetaOptions",
            "TopologyManagerPolicyOptions",
        ],
    ),
    (&[id::TRACING_ENDPOINT, id::TRACING_SAMPLING_RATE], &[34], &["KubeletTracing"]),
];

/// Flags without a field, with the minor versions at which a rule about them changed.
const FLAG_CHANGES: &[(&str, &[u8])] = &[
    ("cloud-provider", &[26, 27, 30, 31, 34, 35]),
    ("container-runtime", &[27]),
    ("container-runtime-endpoint", &[26, 27]),
    ("hostname-override", &[35]),
    ("image-service-endpoint", &[27]),
    ("kubeconfig", &[35]),
    ("node-ip", &[27, 30]),
    ("seccomp-default", &[27]),
];

/// The traits of an input in one version.
#[derive(Default, PartialEq)]
struct Signature {
    /// The version, if it needs its own resolution.
    version: Option<Version>,
    thresholds: Vec<bool>,
    flags: Vec<bool>,
    fields: Vec<bool>,
    gates: Vec<GateTraits>,
}

#[derive(PartialEq)]
enum GateTraits {
    Known {
        maturity: gates::Maturity,
        default: bool,
        locked: bool,
        /// Since 1.32 a gate that cannot be set causes a panic instead of an error.
        panics: bool,
    },
    Unknown {
        is_proved: bool,
        panics: bool,
    },
}

impl GateTraits {
    fn of(gate: &str, version: Version) -> Self {
        let panics = version.at_least(32);
        match gates::lookup(gate, version) {
            Some(gates::FeatureSpec { maturity, default, locked, .. }) => {
                Self::Known { maturity, default, locked, panics }
            }
            None => Self::Unknown { is_proved: version.is_proved(), panics },
        }
    }
}
