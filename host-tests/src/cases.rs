//! The requests that every host answers: `cases/*.json`. `js/tests/support.js` is their other reader.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::command::Command;

/// The slug of the control that the cases' `benchmark`, `effective` and `status` speak of.
pub const SEED: &str = "rotate-kubelet-server-certificate";

/// What the first target of `report` has for the control of the cases; null where it has nothing.
pub fn seed_finding(report: &Value) -> &Value {
    report
        .pointer("/targets/0/findings")
        .and_then(Value::as_array)
        .and_then(|findings| {
            findings.iter().find(|finding| finding.get("control").and_then(Value::as_str) == Some(SEED))
        })
        .unwrap_or(&Value::Null)
}

/// One request.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name of its file.
    pub name: String,
    /// The subject.
    pub title: String,
    /// The request.
    pub request: Value,
    /// What has to come of it: `benchmark`, `effective`, `status`, `errors` (one of these codes), `bad`
    /// (it is no request).
    pub expect: Value,
}

impl Case {
    /// Whether the case is not a valid request.
    pub fn is_bad_request(&self) -> bool {
        self.expect.get("bad").is_some()
    }

    /// Returns the equivalent command line, if there is one, and the request that is equivalent to it.
    pub fn command(&self) -> Option<(Command, Value)> {
        let fields = match &self.request {
            Value::String(text) => json!({ "config": text }),
            other => other.clone(),
        };
        let mut request = fields.as_object()?.clone();
        let mut command = Command::new(&["check", "--format", "json"]);
        if fields.get("config").is_none() && fields.get("source").is_none() {
            // The command's name for a target without a file.
            request.insert("source".to_owned(), "args".into());
        }
        for (name, value) in &fields.as_object()?.clone() {
            let text = value.as_str();
            match (name.as_str(), text) {
                ("config", Some(text)) => {
                    let source = fields.get("source").and_then(Value::as_str).unwrap_or("config");
                    request.insert("source".to_owned(), source.into());
                    command.files.push((source.to_owned(), text.to_owned()));
                    command.args.push(source.to_owned());
                }
                ("source", Some(_)) => {}
                ("dropIns", _) => {
                    for file in value.as_array()? {
                        let name = format!("conf.d/{}", file.get("name")?.as_str()?);
                        command.files.push((name, file.get("text")?.as_str()?.to_owned()));
                    }
                    command.option("--config-dir", "conf.d");
                }
                ("args", Some(text)) => command.option("--args", text),
                ("kubeletVersion", Some(text)) => command.option("--kubelet-version", text),
                ("benchmark", Some(text)) => command.option("--benchmark", text),
                ("basis", Some(text)) => command.option("--basis", text),
                ("node", Some(text)) => command.option("--node", text),
                ("servingCertificates", Some(text)) => command.option("--serving-certificates", text),
                ("fixes", _) if value == true => command.flag("--with-fixes"),
                ("maxBytes", _) => command.option("--max-bytes", &value.as_u64()?.to_string()),
                _ => return None,
            }
        }
        Some((command, Value::Object(request)))
    }
}

/// All cases, by name.
///
/// # Panics
///
/// Where one cannot be read.
#[expect(clippy::expect_used, clippy::panic, reason = "a test without its data has to end")]
pub fn all() -> Vec<Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut cases: Vec<_> = fs::read_dir(&directory)
        .expect("the cases are there")
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "json"))
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).expect("a case can be read");
            let mut case: Value = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", entry.path().display()));
            Case {
                name: entry.path().file_stem().unwrap_or_default().to_string_lossy().into_owned(),
                title: case.get("title").and_then(Value::as_str).unwrap_or_default().to_owned(),
                request: expanded(case.get_mut("request").map(Value::take).unwrap_or_default()),
                expect: case.get_mut("expect").map(Value::take).unwrap_or_default(),
            }
        })
        .collect();
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    cases
}

/// Long texts are written as `{"$repeat": [text, count]}`.
fn expanded(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(expanded).collect(),
        Value::Object(fields) => {
            let repeat =
                fields.get("$repeat").and_then(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_u64()?)));
            match repeat {
                Some((text, count)) => text.repeat(usize::try_from(count).unwrap_or_default()).into(),
                None => fields.into_iter().map(|(key, item)| (key, expanded(item))).collect(),
            }
        }
        other => other,
    }
}
