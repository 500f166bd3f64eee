//! What an edition is: its rows and what each asks.

use crate::report::Assessment;

/// An edition of a benchmark.
#[derive(Debug)]
pub struct Edition {
    /// Its name: `cis-aks-1.7`.
    pub id: &'static str,
    /// Other names it is known by, kube-bench's among them.
    pub aliases: &'static [&'static str],
    /// The platform it is written for.
    pub platform: Platform,
    /// The first and the last Kubernetes minor that kube-bench uses it for (`cfg/config.yaml`,
    /// `version_mapping`); `None` where the platform alone decides.
    pub minors: Option<(u8, u8)>,
    /// The open source that its rows were read from; `None` for our own profile.
    pub source: Option<Source>,
    /// Its rows, in its order.
    pub rows: &'static [Row],
    /// Why its controls are in it, where that is ours to say: one for each row of the strict profile.
    pub reasons: &'static [Reason],
}

/// Where an edition was read.
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

/// Why a control is in our own profile.
#[derive(Clone, Copy, Debug)]
pub struct Reason {
    /// The slug of the control.
    pub control: &'static str,
    /// The reason.
    pub reason: &'static str,
    /// The authority for it.
    pub source: &'static str,
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
    DurationIsNotZero {
        /// Where it is not written.
        absent: Absent,
    },
    /// A duration of just this length.
    DurationIs {
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
    Only {
        /// The suites.
        values: &'static [&'static str],
    },
    /// The gate and `rotateCertificates` are both written true.
    GateAndClientRotation,
    /// One of the two is.
    GateOrClientRotation,
    /// What the kubelet really does: our own profile.
    Effective,
    /// The same, but a no is for a person to weigh.
    EffectiveForReview,
    /// The edition states no test.
    Unstated,
    /// The edition itself says the control does not apply.
    NotApplicable,
    /// The row asks for something that is no setting of a kubelet.
    NotKubeletSetting,
}

impl Edition {
    /// Whether it has a row of this control.
    pub fn has(&self, control: &str) -> bool {
        self.rows.iter().any(|row| row.control == control)
    }

    /// Whether it has no row on the kubelet: an edition that leaves nodes to the provider.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether it is known by this name, in any letter case, with or without `cis-` before it.
    pub fn is_named(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let short = name.strip_prefix("cis-").unwrap_or(&name);
        self.id == name || self.aliases.iter().any(|alias| *alias == name || *alias == short)
    }
}
