//! The request: one node, told by its layers.

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
    /// The kubelet config file's text, or `/configz` output, or Kubernetes objects that carry kubelet
    /// configuration, each of which is a target of its own; or one of these already parsed. Absent: the
    /// kubelet has no `--config`, unless its command line names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<ConfigInput>,
    /// The files under `--config-dir`. Absent: no such directory, unless the command line names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_ins: Option<Vec<DropIn>>,
    /// The kubelet's command line.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "schema", ts(as = "Option<Basis>"))]
    pub basis: Basis,
    /// Name of the node, for the report and the fingerprint.
    pub node: Option<String>,
    /// Name of the config in locations; `config` where absent.
    pub source: Option<String>,
    /// Where the serving certificates come from, where the operator says so.
    #[serde(skip_serializing_if = "is_default")]
    #[cfg_attr(feature = "schema", ts(as = "Option<ServingCertificates>"))]
    pub serving_certificates: ServingCertificates,
    /// Whether the report shows the effective configuration with its origins; true where absent.
    pub effective: Option<bool>,
    /// Whether each finding brings the fixes that would mend it, as edits; false where absent.
    pub fixes: Option<bool>,
    /// Bytes of text allowed a document: 1 MiB where absent, 16 MiB at most.
    pub max_bytes: Option<u32>,
}

/// A config as text or as an already parsed object.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(untagged)]
pub enum ConfigInput {
    /// The text itself. Positions, duplicates and spelling are visible.
    Text(String),
    /// An already parsed object. Positions, duplicates and spelling are not visible.
    #[cfg_attr(feature = "schema", ts(type = "object"))]
    Object(Value),
}

/// A file under `--config-dir`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DropIn {
    /// Its path below the directory, `10-a.conf`. The kubelet reads `.conf` files in byte order.
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
    /// Text of any known form: a command line, a process listing, a systemd unit or drop-in, an
    /// environment file.
    Text(String),
    /// The exact argument vector, with or without the program's name.
    Argv(Vec<String>),
    /// Several texts that belong together: a unit, its drop-ins, its environment files.
    Files(Vec<ArgsFile>),
}

/// A text that holds a kubelet command line or part of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArgsFile {
    /// Its name or path.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What a finding's `status` is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl Request {
    /// Reads a request from JSON text: an object, or a string, which is the config's text and nothing else.
    ///
    /// # Errors
    ///
    /// Which member is wrong, and why.
    pub fn from_json(text: &str) -> Result<Self, String> {
        // A derived enum of the two would not say what is wrong.
        if text.trim_start().starts_with('"') { read_json(text).map(Self::of_text) } else { read_json(text) }
    }

    /// The same for JSON that is already parsed.
    ///
    /// # Errors
    ///
    /// Which member is wrong, and why.
    pub fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Self::of_text(text)),
            value => read_value(value),
        }
    }

    fn of_text(config: String) -> Self {
        Self { config: Some(ConfigInput::Text(config)), ..Self::default() }
    }
}

/// Whether a member need not be written.
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
