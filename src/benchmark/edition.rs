//! What an edition is: its rows and what each asks.

use crate::report::Assessment;

/// An edition of a benchmark.
#[derive(Debug)]
pub struct Edition {
    /// Its name: `cis-aks-1.7`.
    pub id: &'static str,
    /// Other names, including kube-bench's.
    pub aliases: &'static [&'static str],
    /// The platform it applies to.
    pub platform: Platform,
    /// The first and the last Kubernetes minor that kube-bench uses it for (`cfg/config.yaml`,
    /// `version_mapping`); `None` if only the platform selects it.
    pub minors: Option<(u8, u8)>,
    /// The public source of its rows; `None` for our own profile.
    pub source: Option<Source>,
    /// Its rows, in the order of the benchmark.
    pub rows: &'static [Row],
    /// Why each control is included; only for our own profile.
    pub reasons: &'static [Reason],
}

/// The source of an edition.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The page, or the repository of `file`.
    pub url: &'static str,
    /// The file in the repository.
    pub file: Option<&'static str>,
    /// The commit of that file.
    pub commit: Option<&'static str>,
    /// The day of the commit or of the publication: `2026-06-09`.
    pub date: Option<&'static str>,
}

/// Why our own profile includes a control.
#[derive(Clone, Copy, Debug)]
pub struct Reason {
    /// The slug of the control.
    pub control: &'static str,
    /// The reason.
    pub reason: &'static str,
    /// The authority it relies on.
    pub source: &'static str,
}

/// The platform of a cluster, as far as editions distinguish it. The variants are the capitalized names in the
/// editions' files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Plain Kubernetes.
    Kubernetes,
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
    Openshift,
    /// Rancher Kubernetes Engine.
    Rke,
    /// Rancher Kubernetes Engine 2.
    Rke2,
    /// Tanzu Kubernetes Grid Integrated.
    Tkgi,
    /// Any platform.
    Any,
}

/// One control of an edition.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its number in the edition.
    pub number: &'static str,
    /// Its title in the edition.
    pub title: &'static str,
    /// The slug of our control.
    pub control: &'static str,
    /// Profile level; `None` if no source states it for this edition.
    pub level: Option<u8>,
    /// Automated or manual; rows that kube-bench marks as manual or skips are manual.
    pub assessment: Assessment,
    /// Whether the source skips the row when it runs (`type: skip` of kube-bench).
    pub is_skipped: bool,
    /// What it requires.
    pub rule: Rule,
}

/// The result for a setting that is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The row passes.
    Passes,
    /// The row fails: the setting has to be explicit.
    Fails,
}

/// What a row requires of the settings of its control. Values are compared by type, never as text: durations
/// as durations, cipher suites as cipher suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A boolean or a feature gate with this value.
    Is {
        /// The value.
        value: bool,
        /// The result if it is not set.
        absent: Absent,
    },
    /// Exactly this text.
    Text {
        /// The text.
        is: &'static str,
        /// The result if it is not set.
        absent: Absent,
    },
    /// Any other text.
    NotText {
        /// The text.
        text: &'static str,
        /// The result if it is not set.
        absent: Absent,
    },
    /// Exactly this number.
    Number {
        /// The number.
        is: i64,
        /// The result if it is not set.
        absent: Absent,
    },
    /// This number or more.
    AtLeast {
        /// The number.
        number: i64,
        /// The result if it is not set.
        absent: Absent,
    },
    /// A duration that is not zero.
    DurationIsNotZero {
        /// The result if it is not set.
        absent: Absent,
    },
    /// Exactly this duration.
    DurationIs {
        /// The length.
        seconds: i64,
        /// The result if it is not set.
        absent: Absent,
    },
    /// Set, and not empty.
    Present,
    /// Not set.
    Absent,
    /// A number above zero.
    Positive,
    /// A list of only these cipher suites.
    Only {
        /// The suites.
        values: &'static [&'static str],
    },
    /// The gate and `rotateCertificates` are both set to true.
    GateAndClientRotation,
    /// The gate or `rotateCertificates` is set to true.
    GateOrClientRotation,
    /// The effective verdict is `yes`; used by our own profile.
    Effective,
    /// Like `Effective`, but a `no` needs a manual decision.
    EffectiveForReview,
    /// The edition does not define an audit.
    Unstated,
    /// The edition marks the control as not applicable.
    NotApplicable,
    /// The row is not about a kubelet setting.
    NotKubeletSetting,
}

impl Edition {
    /// Whether the edition has a row for this control.
    pub fn has(&self, control: &str) -> bool {
        self.rows.iter().any(|row| row.control == control)
    }

    /// Whether the edition has no kubelet rows, because it leaves nodes to the provider.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether this is one of its names, in any letter case, with or without the prefix `cis-`.
    pub fn is_named(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let short = name.strip_prefix("cis-").unwrap_or(&name);
        self.id == name || self.aliases.iter().any(|alias| *alias == name || *alias == short)
    }
}
