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
    /// Loading the file named by `--config`.
    ConfigFile,
    /// Loading a file under `--config-dir`.
    DropIn,
    /// `ValidateKubeletConfiguration`.
    Validation,
    /// `InitializeTLS`.
    Tls,
    /// `BuildAuth`.
    Authorization,
    /// `ListenAndServe`.
    Listen,
}

impl Stage {
    /// Returns what the kubelet does at this stage, for the end of a sentence.
    pub const fn activity(self) -> &'static str {
        match self {
            Self::CommandLine => "while parsing flags",
            Self::FeatureGates => "while setting feature gates",
            Self::ConfigFile => "while loading the config file",
            Self::DropIn => "while loading drop-ins",
            Self::Validation => "while validating the configuration",
            Self::Tls => "while setting up TLS",
            Self::Authorization => "while setting up authorization",
            Self::Listen => "while starting to listen",
        }
    }
}
