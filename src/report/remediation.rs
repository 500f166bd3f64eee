//! How to fix a finding, as routes and commands for a person.

use serde::{Deserialize, Serialize};
use serde_json::Value;

wire! {
    /// How to fix a finding.
    #[serde(rename_all = "camelCase")]
    pub struct Remediation {
        /// The routes, best first.
        pub routes: Vec<Route>,
        /// Commands around them.
        pub commands: Vec<CommandStep>,
    }

    /// One route of a remediation.
    #[serde(rename_all = "camelCase")]
    pub struct Route {
        /// Which route.
        pub kind: RouteKind,
        /// What it does, in one sentence.
        pub summary: String,
        /// Settings to write, for the config file and for arguments.
        pub settings: Vec<Setting>,
        /// Where, for arguments: the systemd drop-in.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub file: Option<String>,
        /// Where in it, for arguments: the variable.
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

    /// One setting of a route.
    #[serde(rename_all = "camelCase")]
    pub struct Setting {
        /// Field path, or the flag with its dashes.
        pub name: String,
        /// The value to write.
        #[cfg_attr(feature = "schema", ts(type = "unknown"))]
        pub value: Value,
        /// What it is for: the benchmark's entry, the real effect, or both.
        pub purpose: Purpose,
    }

    /// What a setting is for.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum Purpose {
        /// The benchmark asks for it.
        Benchmark,
        /// The real effect needs it.
        Effective,
        /// Both.
        Both,
    }

    /// One step with its commands.
    #[serde(rename_all = "camelCase")]
    pub struct CommandStep {
        /// Which step.
        pub step: Step,
        /// What it is for, in one sentence.
        pub summary: String,
        /// The commands; `NODE` and `CSR` stand for names.
        pub commands: Vec<String>,
    }

    /// A step around a remediation.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum Step {
        /// Find the configuration in force.
        Find,
        /// Put the change into force.
        Apply,
        /// Approve the pending serving certificate.
        Approve,
        /// Look again.
        Verify,
    }
}
