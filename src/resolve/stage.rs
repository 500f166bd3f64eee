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

impl Stage {
    /// Returns what the kubelet does at this stage, for the end of a sentence.
    pub const fn activity(self) -> &'static str {
        match self {
            Self::CommandLine => "while parsing flags",
            Self::FeatureGates => "while setting feature gates",
            Self::FlagValidation => "while validating flags",
            Self::ConfigFile => "while loading the config file",
            Self::DropIn => "while loading drop-ins",
            Self::Precedence => "while applying flags over the files",
            Self::Logging => "while setting up logging",
            Self::Validation => "while validating the configuration",
            Self::Tls => "while setting up TLS",
            Self::Authorization => "while setting up authorization",
            Self::StartUp => "while starting its components",
            Self::Listen => "while starting to listen",
        }
    }
}
