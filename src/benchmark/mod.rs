//! Benchmark editions as data: which controls they have, under which numbers, and what each asks.
//!
//! A control's identity is our slug; numbers, titles, levels and pass conditions belong to the
//! edition. Titles and numbers are the benchmarks' names for their controls. Rows are about kubelet
//! settings alone: modes and owners of files are not in a kubelet's configuration, so the editions'
//! rows on them are left out.

pub mod auto;
pub mod departures;
mod strict;
mod table;

use crate::report::Assessment;

pub use strict::REASONS as STRICT_REASONS;

/// An edition of a benchmark.
#[derive(Debug)]
pub struct Edition {
    /// Its name: `cis-aks-1.7`.
    pub id: &'static str,
    /// Other names it is known by, kube-bench's among them.
    pub aliases: &'static [&'static str],
    /// The platform it is written for.
    pub platform: Platform,
    /// The Kubernetes minors that kube-bench takes it for, first and last; zero where it goes by
    /// platform (`cfg/config.yaml`, `version_mapping`).
    pub minors: (u8, u8),
    rows: Rows,
}

/// What a cluster runs on, as far as editions tell platforms apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Kubernetes as such.
    Plain,
    /// Alibaba Cloud Container Service.
    Ack,
    /// Azure Kubernetes Service.
    Aks,
    /// Elastic Kubernetes Service.
    Eks,
    /// Google Kubernetes Engine.
    Gke,
    /// k3s.
    K3s,
    /// MicroK8s.
    Microk8s,
    /// OpenShift.
    OpenShift,
    /// Rancher Kubernetes Engine.
    Rke,
    /// Rancher Kubernetes Engine 2.
    Rke2,
    /// Tanzu Kubernetes Grid Integrated.
    Tkgi,
    /// Any: the edition is not written for one.
    Any,
}

/// One control as an edition has it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its number there.
    pub number: &'static str,
    /// Its title there.
    pub title: &'static str,
    /// Our slug.
    pub control: &'static str,
    /// Profile level; `None` where no source tells it for this very edition.
    pub level: Option<u8>,
    /// By a program or by a person; rows that kube-bench marks manual or skips are manual.
    pub assessment: Assessment,
    /// What it asks for.
    pub rule: Rule,
}

/// What becomes of a setting that is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The row is content.
    Passes,
    /// The row asks for it to be written.
    Fails,
}

/// What a row asks of the settings of its control. Values are compared as what they are, durations as
/// durations and suites as suites, never as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A boolean, a feature gate among them, of this value.
    Is {
        /// The value.
        value: bool,
        /// Where it is not written.
        absent: Absent,
    },
    /// Just this text.
    Text {
        /// The text.
        is: &'static str,
        /// Where it is not written.
        absent: Absent,
    },
    /// Any text but this.
    NotText {
        /// The text.
        text: &'static str,
        /// Where it is not written.
        absent: Absent,
    },
    /// Just this number.
    Number {
        /// The number.
        is: i64,
        /// Where it is not written.
        absent: Absent,
    },
    /// This number or more.
    AtLeast {
        /// The number.
        number: i64,
        /// Where it is not written.
        absent: Absent,
    },
    /// A duration that is not zero.
    NotZero {
        /// Where it is not written.
        absent: Absent,
    },
    /// A duration of just this length.
    Lasts {
        /// The length.
        seconds: i64,
        /// Where it is not written.
        absent: Absent,
    },
    /// Written, and not empty.
    Present,
    /// Not written.
    Absent,
    /// A number above zero: a limit.
    Positive,
    /// A list with nothing but these cipher suites.
    Within {
        /// The suites.
        suites: &'static [&'static str],
    },
    /// The gate is written true, and `rotateCertificates` is; or one of the two is.
    WithClient {
        /// Whether both must be.
        both: bool,
    },
    /// What the kubelet really does: our own profile.
    Effective,
    /// The same, but a no is for a person to weigh.
    Consider,
    /// The edition states no test.
    Unstated,
    /// The edition itself says the control does not apply.
    NotApplicable,
    /// The row asks for something that is no setting of a kubelet.
    NotKubelet,
}

/// The suites that CIS allows up to Kubernetes benchmark 1.11.
pub const EIGHT_SUITES: &[&str] = &[
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
];

/// The suites that CIS allows from 1.12 on: those without forward secrecy are gone.
pub const SIX_SUITES: &[&str] = &[
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
];

#[derive(Debug)]
enum Rows {
    Packed(&'static [Packed]),
    Plain(&'static [Row]),
}

/// A row as numbers of texts and rules that many editions share: four bytes instead of fifty.
#[derive(Debug)]
struct Packed {
    number: u8,
    /// The level, and in the upper bits the assessment.
    weight: u8,
    /// Six bits for the title, then five for the slug and five for the rule.
    subject: u16,
}

const fn p(number: u8, title: u16, slug: u16, rule: u16, level: u8, assessment: Assessment) -> Packed {
    assert!(title < 64 && slug < 32 && rule < 32 && level < 4, "a number of a row is too large to be packed");
    Packed { number, weight: level | (assessment as u8) << 2, subject: title | slug << 6 | rule << 11 }
}

impl Packed {
    fn row(&self) -> Row {
        let text =
            |texts: &'static [&'static str], at: u16| texts.get(usize::from(at)).copied().unwrap_or("");
        let level = self.weight & 3;
        Row {
            number: text(table::NUMBERS, self.number.into()),
            title: text(table::TITLES, self.subject & 63),
            control: text(table::SLUGS, self.subject >> 6 & 31),
            level: (level > 0).then_some(level),
            assessment: match self.weight >> 2 {
                0 => Assessment::Automated,
                1 => Assessment::Manual,
                _ => Assessment::Unknown,
            },
            rule: table::RULES.get(usize::from(self.subject >> 11)).copied().unwrap_or(Rule::Unstated),
        }
    }
}

impl Edition {
    /// Its rows, in its order.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        let count = match self.rows {
            Rows::Packed(packed) => packed.len(),
            Rows::Plain(plain) => plain.len(),
        };
        (0..count).filter_map(|at| self.row(at))
    }

    fn row(&self, at: usize) -> Option<Row> {
        match self.rows {
            Rows::Packed(packed) => packed.get(at).map(Packed::row),
            Rows::Plain(plain) => plain.get(at).copied(),
        }
    }

    /// Whether it has a row of this control.
    pub fn has(&self, control: &str) -> bool {
        self.rows().any(|row| row.control == control)
    }

    /// Whether it has no row on the kubelet: an edition that leaves nodes to the provider.
    pub fn is_empty(&self) -> bool {
        matches!(self.rows, Rows::Packed([]) | Rows::Plain([]))
    }

    /// Whether it is known by this name, in any letter case, with or without `cis-` before it.
    pub fn is_named(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let short = name.strip_prefix("cis-").unwrap_or(&name);
        self.id == name || self.aliases.iter().any(|alias| *alias == name || *alias == short)
    }
}

/// The edition used where none is named: the one this product began with.
pub const DEFAULT_EDITION: &str = "cis-aks-1.7";

/// The name that asks for the edition to be chosen by what the input shows.
pub const AUTO: &str = "auto";

/// Every edition, ours last.
pub fn editions() -> impl Iterator<Item = &'static Edition> {
    table::EDITIONS.iter()
}

/// The edition of this name.
pub fn edition(name: &str) -> Option<&'static Edition> {
    editions().find(|edition| edition.is_named(name))
}
