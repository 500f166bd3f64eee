//! Resolves the same layers at every supported version.
//!
//! Two versions have the same outcome for an input unless it uses something in which they differ: a flag,
//! field or feature gate that only one of them has, drop-ins, or one of the few rules that changed. Versions
//! without such a difference share one resolution.

use std::collections::BTreeSet;

use crate::kubelet::Version;
use crate::kubelet::fields::FieldId;
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
    /// newest at which it may; else the newest of all.
    pub fn assumed(&self) -> Version {
        let newest = |wanted: Option<bool>| {
            self.iter().rev().find(|(_, resolved)| resolved.starts_for_certain() == wanted)
        };
        newest(Some(true)).or_else(|| newest(None)).map_or(Version::NEWEST, |(version, _)| version)
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

    fn gate(&mut self, name: &str) {
        if name == gates::ALL_ALPHA || name == gates::ALL_BETA {
            self.is_all_distinct = true;
        } else {
            self.gates.insert(name.to_owned());
        }
    }

    fn field(&mut self, field: FieldId) {
        use crate::kubelet::fields::id;
        if self.fields.contains(&field) {
            return;
        }
        self.fields.push(field);
        match field {
            id::RUN_ONCE | id::ENFORCE_NODE_ALLOCATABLE => self.thresholds.push(32),
            id::TLS_CERT_FILE | id::TLS_PRIVATE_KEY_FILE => self.thresholds.push(36),
            id::MEMORY_SWAP_BEHAVIOR => {
                self.thresholds.push(30);
                self.gate("NodeSwap");
            }
            id::IMAGE_MAXIMUM_GC_AGE => self.gate("ImageMaximumGCAge"),
            id::ENABLE_SYSTEM_LOG_QUERY => self.gate("NodeLogQuery"),
            id::CPU_CFS_QUOTA_PERIOD => self.gate("CustomCPUCFSQuotaPeriod"),
            id::CRASH_LOOP_MAX => self.gate("KubeletCrashLoopBackOffMax"),
            id::IMAGE_PULL_POLICY => self.gate("KubeletEnsureSecretPulledImages"),
            _ => {}
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
