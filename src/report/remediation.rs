//! How to fix a finding, as routes and commands for a person.

use serde::{Deserialize, Serialize};
use serde_json::Value;

wire! {
    /// How to fix a finding.
    #[serde(rename_all = "camelCase")]
    pub struct Remediation {
        /// Ways to fix it, best first.
        pub routes: Vec<Route>,
        /// Commands to find, apply and verify the change.
        pub commands: Vec<CommandStep>,
    }

    /// One way to fix a finding.
    #[serde(rename_all = "camelCase")]
    pub struct Route {
        /// What to change.
        pub kind: RouteKind,
        /// What it does, in one sentence.
        pub summary: String,
        /// The settings, for the config file and for arguments.
        pub settings: Vec<Setting>,
        /// The systemd drop-in to edit, for arguments.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub file: Option<String>,
        /// The variable in it, for arguments.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub variable: Option<String>,
    }

    /// The kind of a [`Route`].
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum RouteKind {
        /// The kubelet config file.
        ConfigFile,
        /// The kubelet's arguments.
        Arguments,
        /// `/configz`, which is read-only.
        Configz,
    }

    /// One setting to change.
    #[serde(rename_all = "camelCase")]
    pub struct Setting {
        /// Field path, or the flag with its dashes.
        pub name: String,
        /// The value.
        #[cfg_attr(feature = "schema", ts(type = "unknown"))]
        pub value: Value,
        /// What the setting is for: passing the benchmark, taking effect, or both.
        pub purpose: Purpose,
    }

    /// What a setting is for.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum Purpose {
        /// Passing the benchmark.
        Benchmark,
        /// Taking effect.
        Effective,
        /// Both.
        Both,
    }

    /// One step with its commands.
    #[serde(rename_all = "camelCase")]
    pub struct CommandStep {
        /// The step.
        pub step: Step,
        /// Its purpose, in one sentence.
        pub summary: String,
        /// The commands; `NODE` and `CSR` are placeholders.
        pub commands: Vec<String>,
    }

    /// A step before or after the change.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum Step {
        /// Find the current configuration.
        Find,
        /// Apply the change.
        Apply,
        /// Approve the pending serving certificate.
        Approve,
        /// Verify the result.
        Verify,
    }
}
