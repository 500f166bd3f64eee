//! The format of `--write-baseline`.

use serde::{Deserialize, Serialize};

/// Failing findings, as `kubelet-audit check --write-baseline FILE` writes them for `--baseline FILE`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Baseline"))]
#[serde(rename_all = "camelCase")]
pub struct BaselineFile {
    /// Version of the format.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^1[.]")))]
    pub baseline_version: String,
    /// The findings.
    pub findings: Vec<BaselineEntry>,
}

/// A failing finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BaselineFinding"))]
pub struct BaselineEntry {
    /// The stable identity of the finding, from the report.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub fingerprint: String,
    /// Slug of the control.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub control: String,
    /// Name of the node, or the source.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub target: String,
}
