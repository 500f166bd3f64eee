//! Options that cannot be used.

use std::fmt;

use serde::{Deserialize, Serialize};

wire! {
    /// An option of a request that names something that does not exist. There is no report then.
    #[serde(rename_all = "camelCase")]
    #[derive(Eq)]
    pub struct OptionError {
        /// Stable code in kebab-case: `unknown-benchmark`, `no-kubelet-rows`, `unknown-control`,
        /// `unsupported-version`, `invalid-request`.
        pub code: String,
        /// The option: `benchmark`, `controls[1]`.
        pub option: String,
        /// What is wrong.
        pub message: String,
        /// What to do about it.
        pub help: String,
    }
}

impl OptionError {
    /// Returns the error as the value that plugins answer with in place of a report: `{"error": {...}}`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "error": self })
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for OptionError {}
