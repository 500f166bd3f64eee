//! The request: one node, described by its configuration layers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::{read_json, read_value};
use crate::report::Severity;

/// One node to audit.
///
/// Flags win over drop-ins, drop-ins over the config file; feature gates merge one by one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Request {
    /// The text of the kubelet's config file, the output of `/configz`, or Kubernetes objects that configure
    /// kubelets, each of which is a target of its own; or one of these as a parsed object. If absent, the
    /// kubelet runs without `--config`, unless its command line names a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<ConfigInput>,
    /// The files under `--config-dir`. If absent, there is no such directory, unless the command line names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_ins: Option<Vec<DropIn>>,
    /// The kubelet's command line. One that begins with the kubelet's program, or comes from a unit, a journal or
    /// a process listing, is the whole line if nothing of it is hidden; flags alone are added to whatever else
    /// the line has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<ArgsInput>,
    /// Whether the kubelet reads `config` and `dropIns` although its whole command line does not name them. The
    /// default is false.
    #[serde(skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "schema", ts(as = "Option<bool>"))]
    pub assume_config: bool,
    /// Kubernetes version, such as `1.31` or `v1.31.4`. The default is the version that the input names, else the
    /// newest version at which the kubelet starts.
    pub kubelet_version: Option<String>,
    /// Kubernetes version that the node reports (`status.nodeInfo.kubeletVersion`), for a request without
    /// `kubeletVersion`. A version that is not supported is an error of the target.
    pub node_version: Option<String>,
    /// Benchmark edition, such as `cis-1.12`, or kube-bench's name for it. `auto` selects one by the input;
    /// `strict` is our own profile. The default is `cis-aks-1.7`.
    pub benchmark: Option<String>,
    /// Slugs of the controls to report. The default is every control of the edition.
    pub controls: Option<Vec<String>>,
    /// Highest profile level to report, 1 or 2. Controls of unknown level are always reported.
    pub level: Option<u8>,
    /// Lowest severity to report.
    pub severity: Option<Severity>,
    /// The verdict that sets `status`. The default is `benchmark`.
    #[serde(skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "schema", ts(as = "Option<Basis>"))]
    pub basis: Basis,
    /// Name of the node, for the report and the fingerprint.
    pub node: Option<String>,
    /// Name of the config in locations. The default is `config`.
    pub source: Option<String>,
    /// Where the serving certificates come from. The default is `auto`.
    #[serde(skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "schema", ts(as = "Option<ServingCertificates>"))]
    pub serving_certificates: ServingCertificates,
    /// Whether the report includes the effective configuration with its origins. The default is true.
    pub effective: Option<bool>,
    /// Whether findings include fixes as edits. The default is false.
    pub fixes: Option<bool>,
    /// Largest document in bytes. The default is 1 MiB, the maximum 16 MiB.
    pub max_bytes: Option<u32>,
}

/// A config as text or as a parsed object.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(untagged)]
pub enum ConfigInput {
    /// The text, with positions, duplicate keys and the spelling of values.
    Text(String),
    /// A parsed object, without positions, duplicate keys and the spelling of values.
    #[cfg_attr(feature = "schema", ts(type = "object"))]
    Object(Value),
}

/// A file under `--config-dir`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DropIn {
    /// Its path in the directory: `10-a.conf`. The kubelet reads `.conf` files in byte order.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A kubelet command line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(untagged)]
#[serde(
    expecting = "it takes a text, a list of texts, or a list of objects with the texts name and text and nothing else"
)]
pub enum ArgsInput {
    /// Text in any supported form: a command line, a process listing, a systemd unit or drop-in, an
    /// environment file.
    Text(String),
    /// The exact arguments, with or without the program name.
    Argv(Vec<String>),
    /// Several files that belong together: a unit, its drop-ins, its environment files.
    Files(Vec<ArgsFile>),
}

/// A file with a kubelet command line, or a part of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArgsFile {
    /// Its name or path.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The verdict that sets the `status` of a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The benchmark verdict.
    #[default]
    Benchmark,
    /// The effective verdict: `yes` passes, `no` fails.
    Effective,
    /// The worse of both.
    Both,
}

/// Where serving certificates come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ServingCertificates {
    /// Detected from the configuration.
    #[default]
    Auto,
    /// From the API server.
    ApiServer,
    /// From an external source, such as Vault or static files.
    External,
}

impl Request {
    /// Reads a request from JSON text: an object, or a string with the text of the config.
    ///
    /// # Errors
    ///
    /// The path of the invalid field, and the reason.
    pub fn from_json(text: &str) -> Result<Self, String> {
        // A derived enum of the two would not say what is wrong.
        if text.trim_start().starts_with('"') { read_json(text).map(Self::of_text) } else { read_json(text) }
    }

    /// Reads a request from parsed JSON.
    ///
    /// # Errors
    ///
    /// The path of the invalid field, and the reason.
    pub fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Self::of_text(text)),
            value => read_value(&value),
        }
    }

    fn of_text(config: String) -> Self {
        Self { config: Some(ConfigInput::Text(config)), ..Self::default() }
    }
}

/// Whether serde leaves a field out.
fn is_default<T: Default + PartialEq>(member: &T) -> bool {
    *member == T::default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ArgsInput, Basis, ConfigInput, Request, ServingCertificates};

    #[test]
    fn every_member_is_read() {
        let text = r#"{"config": {"b": [1, 2.50, null], "a": true}, "dropIns": [{"name": "n", "text": "t"}],
            "args": ["--v=2"], "kubeletVersion": "1.31", "benchmark": "x", "basis": "both", "node": "n",
            "source": "s", "servingCertificates": "api-server", "effective": false, "maxBytes": 5}"#;
        for request in [Request::from_json(text), Request::from_value(serde_json::from_str(text).unwrap())] {
            let request = request.unwrap();
            let Some(ConfigInput::Object(config)) = &request.config else { panic!("{request:?}") };
            assert_eq!(*config, json!({"a": true, "b": [1, 2.5, null]}));
            assert!(matches!(request.drop_ins.as_deref(), Some([one]) if one.name == "n" && one.text == "t"));
            assert!(matches!(&request.args, Some(ArgsInput::Argv(args)) if args == &["--v=2"]));
            assert_eq!(
                (request.kubelet_version.as_deref(), request.benchmark.as_deref()),
                (Some("1.31"), Some("x"))
            );
            assert_eq!((request.node.as_deref(), request.source.as_deref()), (Some("n"), Some("s")));
            assert_eq!(request.basis, Basis::Both);
            assert_eq!(request.serving_certificates, ServingCertificates::ApiServer);
            assert_eq!((request.effective, request.max_bytes), (Some(false), Some(5)));
        }
        assert!(
            matches!(Request::from_json(" \"a: 1\"").unwrap().config, Some(ConfigInput::Text(text)) if text == "a: 1")
        );
        assert!(matches!(
            Request::from_json(r#"{"args": [{"name": "n", "text": "t"}]}"#).unwrap().args,
            Some(ArgsInput::Files(files)) if files.len() == 1
        ));
        assert!(
            Request::from_json(r#"{"config": null, "args": null, "node": null}"#).unwrap().args.is_none()
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, error) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("{\"node\": tru}", "node: expected ident at line 1 column 13"),
            ("[]", "invalid type: sequence, expected an object"),
            ("5", "invalid type: integer `5`, expected struct Request"),
            (r#"{"node": "a", "node": "b"}"#, "duplicate field `node`"),
            (r#"{"node": 5}"#, "node: invalid type: integer `5`, expected a string"),
            (
                r#"{"basis": "all"}"#,
                "basis: unknown variant `all`, expected one of `benchmark`, `effective`, `both`",
            ),
            (r#"{"maxBytes": 1.5}"#, "maxBytes: invalid type: floating point `1.5`, expected u32"),
            (
                r#"{"dropIns": [{"name": "a", "text": "b", "mode": 1}]}"#,
                "dropIns[0].mode: unknown field `mode`, expected `name` or `text`",
            ),
            (
                r#"{"args": ["a", {"name": "a", "text": "b"}]}"#,
                "args: it takes a text, a list of texts, or a list of objects with the texts name and text and nothing else",
            ),
        ] {
            assert_eq!(Request::from_json(text).err().as_deref(), Some(error), "{text}");
        }
        let unknown = Request::from_json(r#"{"confg": 1}"#).unwrap_err();
        assert!(unknown.starts_with("confg: unknown field `confg`, expected one of `config`, "), "{unknown}");
    }
}
