//! The request: one node, told by its layers.
//!
//! It is decoded here by hand, from the tree that every JSON text becomes anyway: what serde derives
//! for the enums alone is 25 KB of the module. Its attributes stand for the schema.

use serde_json::Value as Json;

use crate::effective::to_json;
use crate::quoted::quoted;
use crate::report::Severity;
use crate::source::tree::{Node, NodeValue};
use crate::whole;

/// One node to audit.
///
/// Flags win over drop-ins, drop-ins over the config file; feature gates merge one by one.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
#[cfg_attr(feature = "schema", serde(rename_all = "camelCase", deny_unknown_fields, default))]
pub struct Request {
    /// The kubelet config file's text, or `/configz` output, or Kubernetes objects that carry kubelet
    /// configuration, each of which is a target of its own; or one of these already parsed. Absent: the
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
    /// Whether each finding brings the fixes that would mend it, as edits; false where absent.
    pub fixes: Option<bool>,
    /// Bytes of text allowed a document: 1 MiB where absent, 16 MiB at most.
    pub max_bytes: Option<u32>,
}

/// A config as text or as an already parsed object.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", serde(untagged))]
pub enum ConfigInput {
    /// The text itself. Positions, duplicates and spelling are visible.
    Text(String),
    /// An already parsed object. Positions, duplicates and spelling are not visible.
    #[cfg_attr(feature = "schema", ts(type = "object"))]
    Object(Json),
}

/// A file under `--config-dir`.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct DropIn {
    /// Its path below the directory, `10-a.conf`. The kubelet reads `.conf` files in byte order.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A kubelet command line.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", serde(untagged))]
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
#[derive(Clone, Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct ArgsFile {
    /// Its name or path.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What a finding's `status` is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", serde(rename_all = "kebab-case"))]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[cfg_attr(feature = "schema", serde(rename_all = "kebab-case"))]
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
    /// A request as JSON has it: an object, or a config's text and nothing else. The error says which
    /// member is wrong, and what it takes.
    pub(crate) fn decode(node: &Node<'_>) -> Result<Self, String> {
        let mut request = Self::default();
        let members = match &node.value {
            NodeValue::Object(members) => members,
            NodeValue::String(_) => {
                request.config = config(node);
                return Ok(request);
            }
            other => return Err(format!("it is a {}, not an object", other.kind())),
        };
        members.iter().try_for_each(|member| request.set(&member.key, &member.value))?;
        Ok(request)
    }

    /// Sets the member `key`.
    pub(crate) fn set(&mut self, key: &str, value: &Node<'_>) -> Result<(), String> {
        let done = match key {
            "config" => {
                self.config = config(value);
                Ok(())
            }
            "dropIns" => put(&mut self.drop_ins, value, drop_ins),
            "args" => put(&mut self.args, value, args),
            "kubeletVersion" => put(&mut self.kubelet_version, value, text),
            "benchmark" => put(&mut self.benchmark, value, text),
            "controls" => put(&mut self.controls, value, text_list),
            "level" => put(&mut self.level, value, level),
            "severity" => put(&mut self.severity, value, severity),
            "node" => put(&mut self.node, value, text),
            "source" => put(&mut self.source, value, text),
            "effective" => put(&mut self.effective, value, boolean),
            "fixes" => put(&mut self.fixes, value, boolean),
            "maxBytes" => put(&mut self.max_bytes, value, number),
            "basis" => {
                self.basis = word(key, value, Basis::from_word, Basis::WORDS)?;
                Ok(())
            }
            "servingCertificates" => {
                let words = ServingCertificates::WORDS;
                self.serving_certificates = word(key, value, ServingCertificates::from_word, words)?;
                Ok(())
            }
            _ => return Err(format!("there is no member {}", quoted(key))),
        };
        done.map_err(|expected| wrong(key, value, expected))
    }
}

impl Basis {
    const WORDS: &'static str = "benchmark, effective or both";

    /// The one that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "benchmark" => Self::Benchmark,
            "effective" => Self::Effective,
            "both" => Self::Both,
            _ => return None,
        })
    }
}

impl Severity {
    /// The one that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "info" => Self::Info,
            "low" => Self::Low,
            "medium" => Self::Medium,
            "high" => Self::High,
            "critical" => Self::Critical,
            _ => return None,
        })
    }
}

impl ServingCertificates {
    const WORDS: &'static str = "auto, api-server or external";

    /// The one that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "auto" => Self::Auto,
            "api-server" => Self::ApiServer,
            "external" => Self::External,
            _ => return None,
        })
    }
}

/// What a member takes, where its value is something else.
type Expected = &'static str;

fn wrong(key: &str, value: &Node<'_>, expected: &str) -> String {
    format!("{key} is a {}, and takes {expected}", value.value.kind())
}

/// Sets a member that may be null, which is the same as not being there.
fn put<T>(
    member: &mut Option<T>,
    value: &Node<'_>,
    read: fn(&Node<'_>) -> Result<T, Expected>,
) -> Result<(), Expected> {
    *member = match value.value {
        NodeValue::Null => None,
        _ => Some(read(value)?),
    };
    Ok(())
}

pub(crate) fn word<T>(
    key: &str,
    value: &Node<'_>,
    read: fn(&str) -> Option<T>,
    words: Expected,
) -> Result<T, String> {
    match value.as_str() {
        Some(text) => read(text).ok_or_else(|| format!("{key} is {}, and takes {words}", quoted(text))),
        None => Err(wrong(key, value, words)),
    }
}

fn config(value: &Node<'_>) -> Option<ConfigInput> {
    match &value.value {
        NodeValue::Null => None,
        NodeValue::String(text) => Some(ConfigInput::Text(text.to_string())),
        _ => Some(ConfigInput::Object(to_json(value))),
    }
}

fn text(value: &Node<'_>) -> Result<String, Expected> {
    value.as_str().map(str::to_owned).ok_or("a text")
}

fn boolean(value: &Node<'_>) -> Result<bool, Expected> {
    match value.value {
        NodeValue::Bool(value) => Ok(value),
        _ => Err("true or false"),
    }
}

fn level(value: &Node<'_>) -> Result<u8, Expected> {
    number_of(value).and_then(|number| u8::try_from(number).ok()).ok_or("a whole number from 0 to 255")
}

fn severity(value: &Node<'_>) -> Result<Severity, Expected> {
    value.as_str().and_then(Severity::from_word).ok_or("info, low, medium, high or critical")
}

fn text_list(value: &Node<'_>) -> Result<Vec<String>, Expected> {
    let expected = "a list of texts";
    let mut texts = Vec::new();
    for item in value.as_array().ok_or(expected)? {
        texts.push(text(item).map_err(|_| expected)?);
    }
    Ok(texts)
}

fn number(value: &Node<'_>) -> Result<u32, Expected> {
    number_of(value).ok_or("a whole number from 0 to 4294967295")
}

fn number_of(value: &Node<'_>) -> Option<u32> {
    match &value.value {
        NodeValue::Number(text) => whole::uint32(text),
        _ => None,
    }
}

/// `{"name": ..., "text": ...}`
fn named_text(value: &Node<'_>) -> Option<(String, String)> {
    let members = value.as_object()?;
    let is_known = members.iter().all(|member| matches!(&*member.key, "name" | "text"));
    let text = |key| Some(value.get(key)?.as_str()?.to_owned());
    if is_known { Some((text("name")?, text("text")?)) } else { None }
}

fn drop_ins(value: &Node<'_>) -> Result<Vec<DropIn>, Expected> {
    let expected = "a list of objects with the texts name and text and nothing else";
    let mut drop_ins = Vec::new();
    for item in value.as_array().ok_or(expected)? {
        let (name, text) = named_text(item).ok_or(expected)?;
        drop_ins.push(DropIn { name, text });
    }
    Ok(drop_ins)
}

fn args(value: &Node<'_>) -> Result<ArgsInput, Expected> {
    let expected =
        "a text, a list of texts, or a list of objects with the texts name and text and nothing else";
    if let Some(text) = value.as_str() {
        return Ok(ArgsInput::Text(text.to_owned()));
    }
    let (mut argv, mut files) = (Vec::new(), Vec::new());
    let items = value.as_array().ok_or(expected)?;
    for item in items {
        match item.as_str() {
            Some(text) => argv.push(text.to_owned()),
            None => {
                let (name, text) = named_text(item).ok_or(expected)?;
                files.push(ArgsFile { name, text });
            }
        }
    }
    match (argv.is_empty(), files.is_empty()) {
        (_, true) => Ok(ArgsInput::Argv(argv)),
        (true, false) => Ok(ArgsInput::Files(files)),
        (false, false) => Err(expected),
    }
}

#[cfg(test)]
mod tests {
    use super::{ArgsInput, Basis, ConfigInput, Json, Request, ServingCertificates};
    use crate::source::{Limits, SourceId, json};

    fn decode(text: &str) -> Result<Request, String> {
        Request::decode(&json::read(text, SourceId(0), &Limits::default()).unwrap().root)
    }

    #[test]
    fn every_member_is_read() {
        let request = decode(
            r#"{"config": {"b": [1, 2.50, null], "a": true}, "dropIns": [{"name": "n", "text": "t"}],
            "args": ["--v=2"], "kubeletVersion": "1.31", "benchmark": "x", "basis": "both", "node": "n",
            "source": "s", "servingCertificates": "api-server", "effective": false, "maxBytes": 5}"#,
        )
        .unwrap();
        assert!(
            matches!(&request.config, Some(ConfigInput::Object(json)) if *json == Json::from(serde_json::json!({"a": true, "b": [1, 2.5, null]})))
        );
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
        assert!(
            matches!(decode("\"a: 1\"").unwrap().config, Some(ConfigInput::Text(text)) if text == "a: 1")
        );
        assert!(matches!(
            decode(r#"{"args": [{"name": "n", "text": "t"}]}"#).unwrap().args,
            Some(ArgsInput::Files(files)) if files.len() == 1
        ));
        assert!(decode(r#"{"config": null, "args": null, "node": null}"#).unwrap().args.is_none());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, error) in [
            ("[]", "it is a list, not an object"),
            (r#"{"confg": 1}"#, "there is no member \"confg\""),
            (r#"{"node": 5}"#, "node is a number, and takes a text"),
            (r#"{"basis": "all"}"#, "basis is \"all\", and takes benchmark, effective or both"),
            (r#"{"basis": null}"#, "basis is a null, and takes benchmark, effective or both"),
            (r#"{"effective": "no"}"#, "effective is a string, and takes true or false"),
            (r#"{"maxBytes": 1.5}"#, "maxBytes is a number, and takes a whole number from 0 to 4294967295"),
            (
                r#"{"dropIns": [{"name": "a", "text": "b", "mode": 1}]}"#,
                "dropIns is a list, and takes a list of objects with the texts name and text and nothing else",
            ),
            (
                r#"{"args": ["a", {"name": "a", "text": "b"}]}"#,
                "args is a list, and takes a text, a list of texts, or a list of objects with the texts name and text and nothing else",
            ),
        ] {
            assert_eq!(decode(text).err().as_deref(), Some(error), "{text}");
        }
    }
}
