//! The request: one node, told by its layers.

use serde::Deserialize;

use crate::report::Severity;

/// One node to audit.
///
/// Flags win over drop-ins, drop-ins over the config file; feature gates merge one by one.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Request {
    /// The kubelet config file's text, or `/configz` output, or either already parsed. Absent: the
    /// kubelet has no `--config`, unless its command line names one.
    pub config: Option<ConfigInput>,
    /// The files under `--config-dir`. Absent: no such directory, unless the command line names one.
    pub drop_ins: Option<Vec<DropIn>>,
    /// The kubelet's command line.
    pub args: Option<ArgsInput>,
    /// Kubernetes version, `1.31`, `v1.31.4`. Absent: the newest at which the input starts.
    pub kubelet_version: Option<String>,
    /// Benchmark edition, `cis-1.12`, or kube-bench's name of it; `auto` chooses by what the input
    /// shows, `strict` is our own profile; `cis-aks-1.7` where absent.
    pub benchmark: Option<String>,
    /// Slugs of the controls to report; all of the edition's where absent.
    pub controls: Option<Vec<String>>,
    /// Highest profile level to report, 1 or 2. A row whose level is unknown is kept.
    pub level: Option<u8>,
    /// Lowest severity to report.
    pub severity: Option<Severity>,
    /// What `status` is taken from.
    #[cfg_attr(feature = "schema", ts(as = "Option<Basis>"))]
    pub basis: Basis,
    /// Name of the node, for the report and the fingerprint.
    pub node: Option<String>,
    /// Name of the config in locations; `config` where absent.
    pub source: Option<String>,
    /// Where the serving certificates come from, where the operator says so.
    #[cfg_attr(feature = "schema", ts(as = "Option<ServingCertificates>"))]
    pub serving_certificates: ServingCertificates,
    /// Whether the report shows the effective configuration with its origins; true where absent.
    pub effective: Option<bool>,
    /// Bytes of text allowed a document: 1 MiB where absent, 16 MiB at most.
    pub max_bytes: Option<u32>,
}

/// A config as text or as an already parsed object.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(untagged)]
pub enum ConfigInput {
    /// The text itself. Positions, duplicates and spelling are visible.
    Text(String),
    /// An already parsed object. Positions, duplicates and spelling are not visible.
    #[cfg_attr(feature = "schema", ts(type = "object"))]
    Object(serde_json::Value),
}

/// A file under `--config-dir`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DropIn {
    /// Its path below the directory, `10-a.conf`. The kubelet reads `.conf` files in byte order.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A kubelet command line.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(untagged)]
pub enum ArgsInput {
    /// Text of any known form: a command line, a process listing, a systemd unit or drop-in, an
    /// environment file.
    Text(String),
    /// The exact argument vector, with or without the program's name.
    Argv(Vec<String>),
    /// Several texts that belong together: a unit, its drop-ins, its environment files.
    Files(Vec<ArgsFile>),
}

/// A text that holds a kubelet command line or part of one.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArgsFile {
    /// Its name or path.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What a finding's `status` is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The benchmark's verdict.
    #[default]
    Benchmark,
    /// What the kubelet would do: yes is a pass, no a fail.
    Effective,
    /// The worse of the two.
    Both,
}

/// Where serving certificates come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ServingCertificates {
    /// Told from the configuration.
    #[default]
    Auto,
    /// From the API server.
    ApiServer,
    /// From outside: Vault, static files.
    External,
}
