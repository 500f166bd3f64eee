//! Findings: the answers, their evidence, and how to mend what is not met.

use serde::{Deserialize, Serialize};

use super::{Fix, Location, OriginLayer, Remediation};

wire! {
    /// The answer of one control for one target.
    #[serde(rename_all = "camelCase")]
    pub struct Finding {
        /// Slug of the control; stable over editions.
        pub control: String,
        /// Title of the control.
        pub title: String,
        /// The answer by the basis asked for.
        pub status: Status,
        /// How bad a failure is.
        pub severity: Severity,
        /// What the benchmark edition's audit says.
        pub benchmark: BenchmarkVerdict,
        /// What the kubelet would do.
        pub effective: EffectiveVerdict,
        /// What was found, with the values.
        pub message: String,
        /// Why it matters.
        pub why: String,
        /// What to do; empty where nothing is to be done.
        pub fix: String,
        /// Every place that spoke.
        pub evidence: Vec<Evidence>,
        /// How to mend it, as data; absent where nothing is to be mended.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub remediation: Option<Remediation>,
        /// Changes that would mend it, each proved by an audit of what it leaves; only where the request
        /// asks for them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Fix>>"))]
        pub fixes: Vec<Fix>,
        /// Stable identity: control, node or source, field path. Does not change with the edition,
        /// the value or the line.
        pub fingerprint: String,
        /// Why it need not be mended for now; absent where no waiver covers it.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub waived: Option<Waived>,
        /// Whether the baseline has it; absent without a baseline, and where nothing is to be mended.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub baseline_state: Option<BaselineState>,
    }

    /// The waiver that covers a finding.
    #[serde(rename_all = "camelCase")]
    pub struct Waived {
        /// Why, in the words of the waiver.
        pub reason: String,
        /// Last day on which it holds, `2027-01-31`.
        pub expires: String,
    }

    /// What a baseline says of a finding, in SARIF's words.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum BaselineState {
        /// It is not in the baseline.
        New,
        /// It is in the baseline.
        Unchanged,
    }

    /// The answer of a control.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq, Hash)]
    pub enum Status {
        /// Met.
        Pass,
        /// Not met.
        Fail,
        /// To be judged by a person.
        Manual,
        /// The control does not apply here.
        NotApplicable,
        /// Could not be judged. Never a pass.
        Error,
    }

    /// How bad a failure is.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq, PartialOrd, Ord, Hash)]
    pub enum Severity {
        /// Information.
        Info,
        /// Low.
        Low,
        /// Medium.
        Medium,
        /// High.
        High,
        /// Critical.
        Critical,
    }

    /// What the benchmark edition's audit says.
    #[serde(rename_all = "camelCase")]
    pub struct BenchmarkVerdict {
        /// Edition, `cis-aks-1.7`.
        pub id: String,
        /// Number of the control in that edition, `3.2.9`.
        pub number: String,
        /// Title of the control in that edition.
        pub title: String,
        /// Profile level; null where unknown.
        pub level: Option<u8>,
        /// Whether the edition has it judged by a program.
        pub assessment: Assessment,
        /// The answer.
        pub verdict: Status,
    }

    /// Whether an edition has a control judged by a program or by a person.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum Assessment {
        /// By a program.
        Automated,
        /// By a person.
        Manual,
        /// The edition does not say.
        Unknown,
    }

    /// What the kubelet would do.
    #[serde(rename_all = "camelCase")]
    pub struct EffectiveVerdict {
        /// The answer.
        pub verdict: Effect,
        /// What is missing for a yes.
        pub missing: Vec<String>,
        /// The catches.
        pub notes: Vec<String>,
    }

    /// Whether the kubelet does what a control is about.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq, Hash)]
    pub enum Effect {
        /// It does.
        Yes,
        /// It does not.
        No,
        /// It does, but not for every client or case; the notes say which.
        Partly,
        /// It would not start.
        DoesNotStart,
        /// Cannot be said from this input.
        Unknown,
    }

    /// A place that spoke on a control.
    #[serde(rename_all = "camelCase")]
    pub struct Evidence {
        /// The field, `featureGates.RotateKubeletServerCertificate`, or the flag, `--feature-gates`.
        pub path: String,
        /// The layer.
        pub layer: OriginLayer,
        /// The value as written, or as the default has it; null where the field is not written.
        pub value: Option<String>,
        /// True for the one that decided.
        pub decided: bool,
        /// Where it is written. For a field that is not written: the nearest place it belongs to.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub location: Option<Location>,
    }
}

impl Finding {
    /// Whether it asks for something to be done now: it fails or could not be judged, no waiver covers
    /// it and no baseline has it.
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Fail | Status::Error)
            && self.waived.is_none()
            && self.baseline_state != Some(BaselineState::Unchanged)
    }
}
