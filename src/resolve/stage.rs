//! The stages of a kubelet's start.

use serde::{Deserialize, Serialize};

/// A stage of the kubelet's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Parsing flags.
    CommandLine,
    /// Setting feature gates.
    FeatureGates,
    /// `ValidateKubeletFlags`.
    FlagValidation,
    /// Loading the file named by `--config`.
    ConfigFile,
    /// Loading a file under `--config-dir`.
    DropIn,
    /// Applying the flags again, over the files (`kubeletConfigFlagPrecedence`).
    Precedence,
    /// Setting up logging (`ValidateAndApplyAsField`).
    Logging,
    /// `ValidateKubeletConfiguration`.
    Validation,
    /// `InitializeTLS`.
    Tls,
    /// `BuildAuth`.
    Authorization,
    /// The rest of the start, as far as the configuration alone decides it.
    StartUp,
    /// `ListenAndServe`.
    Listen,
}
