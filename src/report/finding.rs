//! Findings: one verdict pair for each control, with its evidence.

use serde::{Deserialize, Serialize};

use super::{Fix, Location, OriginLayer, Remediation};

wire! {
    /// The result of one control for one target.
    #[serde(rename_all = "camelCase")]
    pub struct Finding {
        /// Slug of the control; stable over editions.
        pub control: String,
        /// Title of the control: the requirement.
        pub title: String,
        /// Title of a failure of the control: `The read-only port is open`.
        pub failure_title: String,
        /// The status, taken from the verdicts that `basis` selects.
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
        /// What to do; empty when there is nothing to do.
        pub fix: String,
        /// Every place that mentions one of the settings, lowest precedence first.
        pub evidence: Vec<Evidence>,
        /// How to fix it, as data; absent when there is nothing to fix.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub remediation: Option<Remediation>,
        /// Changes that fix it, each verified by auditing the result; only with `fixes: true`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Fix>>"))]
        pub fixes: Vec<Fix>,
        /// Stable identity of control, node or source, and field path. It does not depend on the edition,
        /// the value or the line.
        pub fingerprint: String,
        /// The waiver that accepts the finding for now; absent if none does.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub waived: Option<Waived>,
        /// Whether the baseline contains the finding; absent without a baseline and for findings that pass.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub baseline_state: Option<BaselineState>,
    }

    /// The waiver that accepts a finding.
    #[serde(rename_all = "camelCase")]
    pub struct Waived {
        /// The reason that the waiver gives.
        pub reason: String,
        /// The last day on which the waiver applies: `2027-01-31`.
        pub expires: String,
    }

    /// Whether a finding is in the baseline, in SARIF's terms.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum BaselineState {
        /// The finding is not in the baseline.
        New,
        /// The finding is in the baseline.
        Unchanged,
    }

    /// The result of a check.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq, Hash)]
    pub enum Status {
        /// The requirement is met.
        Pass,
        /// The requirement is not met.
        Fail,
        /// A person has to decide.
        Manual,
        /// The control does not apply here.
        NotApplicable,
        /// The check could not be made. Never a pass.
        Error,
    }

    /// How bad a failure is.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq, PartialOrd, Ord, Hash)]
    pub enum Severity {
        /// Informational.
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
        /// Profile level; null if unknown.
        pub level: Option<u8>,
        /// Whether the edition audits it automatically or manually.
        pub assessment: Assessment,
        /// The verdict.
        pub verdict: Status,
    }

    /// Whether an edition audits a control automatically or manually.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum Assessment {
        /// Automatically.
        Automated,
        /// Manually.
        Manual,
        /// The edition does not say.
        Unknown,
    }

    /// What the kubelet would do.
    #[serde(rename_all = "camelCase")]
    pub struct EffectiveVerdict {
        /// The verdict.
        pub verdict: Effect,
        /// Settings that are missing for a `yes`.
        pub missing: Vec<String>,
        /// Caveats.
        pub notes: Vec<String>,
    }

    /// Whether the kubelet does what a control is about.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq, Hash)]
    pub enum Effect {
        /// It does, for every client and in every case.
        Yes,
        /// It does not.
        No,
        /// It does for some clients or in some cases; the notes say which.
        Partly,
        /// The kubelet would not start.
        DoesNotStart,
        /// The input does not tell.
        Unknown,
    }

    /// A place that mentions a setting of the control.
    #[serde(rename_all = "camelCase")]
    pub struct Evidence {
        /// The field, `featureGates.RotateKubeletServerCertificate`, or the flag, `--feature-gates`.
        pub path: String,
        /// The layer.
        pub layer: OriginLayer,
        /// The value as it is spelled there, or the default; absent if the layer does not set the field.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub value: Option<String>,
        /// Whether this place sets the effective value.
        pub decided: bool,
        /// Where the value is set. For a field that is not set, the closest place to add it.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub location: Option<Location>,
    }
}

impl Status {
    /// The status as it is spelled in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Manual => "manual",
            Self::NotApplicable => "not-applicable",
            Self::Error => "error",
        }
    }
}

impl Severity {
    /// The severity as it is spelled in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl Effect {
    /// The verdict as it is spelled in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Partly => "partly",
            Self::DoesNotStart => "does-not-start",
            Self::Unknown => "unknown",
        }
    }
}

impl Finding {
    /// Whether the finding needs attention now: it fails or could not be checked, no waiver accepts it and
    /// the baseline does not contain it.
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Fail | Status::Error)
            && self.waived.is_none()
            && self.baseline_state != Some(BaselineState::Unchanged)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Effect, Severity, Status};

    #[test]
    fn words_are_those_of_the_report() {
        use Status::{Error, Fail, Manual, NotApplicable, Pass};
        for status in [Pass, Fail, Manual, NotApplicable, Error] {
            assert_eq!(json!(status), status.as_str());
        }
        use Severity::{Critical, High, Info, Low, Medium};
        for severity in [Info, Low, Medium, High, Critical] {
            assert_eq!(json!(severity), severity.as_str());
        }
        use Effect::{DoesNotStart, No, Partly, Unknown, Yes};
        for effect in [Yes, No, Partly, DoesNotStart, Unknown] {
            assert_eq!(json!(effect), effect.as_str());
        }
    }
}
