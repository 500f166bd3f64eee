//! From what a host hands over to what the core is asked.

use kubelet_audit::kubelet::fields::{FieldId, OBJECTS};
use kubelet_audit::source::tree::{Node, NodeValue};

use crate::document::{quote, read};

/// What a host asks.
#[derive(Debug, PartialEq)]
pub(crate) enum Question {
    /// To audit a node: a request as `audit_json` takes it.
    Audit(String),
    /// To decide on the object of an AdmissionReview: a payload as `admission::decide` takes it.
    Admission(String),
    /// The same, from Gatekeeper.
    Review(String),
    /// It cannot be asked, for this reason.
    Invalid(String),
}

/// The members of a request that say what to audit; all others are settings.
const LAYERS: [&str; 3] = ["config", "dropIns", "args"];

/// The settings of a request. At the top of a data document, which holds other people's members too,
/// these count alone.
const SETTINGS: &[&str] = &[
    "kubeletVersion",
    "nodeVersion",
    "benchmark",
    "controls",
    "level",
    "severity",
    "basis",
    "servingCertificates",
    "assumeConfig",
    "maxBytes",
    "node",
    "source",
    "effective",
    "fixes",
];

/// The settings of an admission, likewise.
const ADMISSION: &[&str] = &[
    "kubeletVersion",
    "benchmark",
    "controls",
    "level",
    "severity",
    "basis",
    "servingCertificates",
    "maxBytes",
    "failOn",
    "onUnknown",
];

/// What the input asks, with the settings of the data document.
pub(crate) fn question(input: &str, data: Option<&str>) -> Question {
    let Some(document) = read(input) else {
        // The core says where it is wrong.
        return Question::Audit(input.to_owned());
    };
    let root = &document.root;
    let data = data.and_then(|text| Some((text, read(text)?)));
    let data = data.as_ref().map(|(text, document)| (*text, &document.root));
    for (name, ask) in
        [("request", Question::Admission as fn(String) -> Question), ("review", Question::Review)]
    {
        if let Some(review) = root.get(name).filter(|node| node.as_object().is_some()) {
            return match settings(root, input, data) {
                Ok(settings) => {
                    let mut payload = Members::default();
                    payload.push(name, review.place.span.slice(input));
                    payload.push("settings", &settings);
                    ask(payload.text())
                }
                Err(reason) => Question::Invalid(reason),
            };
        }
    }
    let mut request = Members::default();
    match &root.value {
        NodeValue::String(_) => request.add("config", root.place.span.slice(input)),
        NodeValue::Object(_) if is_config(root) => request.add("config", root.place.span.slice(input)),
        NodeValue::Object(members) => {
            // All of them, those that no request has too, for the core to complain of.
            for member in members.iter().filter(|member| member.key != "parameters") {
                request.push(&member.key, member.value.place.span.slice(input));
            }
            if let Err(reason) = request.settings("parameters", root.get("parameters"), input) {
                return Question::Invalid(reason);
            }
        }
        _ => return Question::Audit(input.to_owned()),
    }
    match request.data(data, SETTINGS) {
        Ok(()) => Question::Audit(request.text()),
        Err(reason) => Question::Invalid(reason),
    }
}

/// The settings of an admission. Kubewarden calls them settings, Gatekeeper parameters.
fn settings(root: &Node<'_>, input: &str, data: Option<(&str, &Node<'_>)>) -> Result<String, String> {
    let mut settings = Members::default();
    for name in ["settings", "parameters"] {
        settings.settings(name, root.get(name), input)?;
    }
    settings.data(data, ADMISSION)?;
    Ok(settings.text())
}

/// Whether an object is a config, or `/configz` output, rather than a request. A request has none of the
/// members of a config, so that one of them is enough.
fn is_config(root: &Node<'_>) -> bool {
    let has = |name: &str| root.get(name).is_some();
    let is_request = LAYERS.iter().chain(&["parameters"]).chain(SETTINGS).any(|name| has(name));
    let members = root.as_object().unwrap_or_default();
    !is_request
        && (has("kubeletconfig")
            || has("kind")
            || has("apiVersion")
            || members.iter().any(|member| is_field(&member.key)))
}

/// Whether `name` stands at the top of a config.
fn is_field(name: &str) -> bool {
    FieldId::find(name).is_some() || OBJECTS.iter().any(|(path, _)| *path == name)
}

/// Members of an object that is being written.
#[derive(Default)]
struct Members<'t>(Vec<(String, &'t str)>);

impl<'t> Members<'t> {
    fn push(&mut self, key: &str, value: &'t str) {
        self.0.push((key.to_owned(), value));
    }

    /// Adds a member where there is none of its name: what was said first wins.
    fn add(&mut self, key: &str, value: &'t str) {
        if self.0.iter().all(|(name, _)| name != key) {
            self.push(key, value);
        }
    }

    /// Adds the settings in an object of `text`; null and nothing are no settings.
    fn settings(&mut self, name: &str, object: Option<&Node<'_>>, text: &'t str) -> Result<(), String> {
        let Some(object) = object.filter(|node| !matches!(node.value, NodeValue::Null)) else {
            return Ok(());
        };
        let members = object
            .as_object()
            .ok_or_else(|| format!("{name} is a {}, not an object", object.value.kind()))?;
        for member in members {
            if LAYERS.contains(&&*member.key) {
                let key = quote(&member.key);
                return Err(format!("{name} has {key}, which is not a setting: it stands beside parameters"));
            }
            self.add(&member.key, member.value.place.span.slice(text));
        }
        Ok(())
    }

    /// Adds the settings in a data document: those in its `parameters`, or of its own members the known.
    fn data(&mut self, data: Option<(&'t str, &Node<'_>)>, known: &[&str]) -> Result<(), String> {
        let Some((text, root)) = data else { return Ok(()) };
        if let Some(parameters) = root.get("parameters") {
            return self.settings("data.parameters", Some(parameters), text);
        }
        for name in known {
            if let Some(value) = root.get(name) {
                self.add(name, value.place.span.slice(text));
            }
        }
        Ok(())
    }

    /// The object; a config alone in the form in which the core takes it, too.
    fn text(&self) -> String {
        if let [(key, value)] = self.0.as_slice()
            && key == "config"
            && value.starts_with('"')
        {
            return (*value).to_owned();
        }
        let mut text = String::from("{");
        for (key, value) in &self.0 {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&quote(key));
            text.push(':');
            text.push_str(value);
        }
        text.push('}');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Question, question};

    fn asked(input: &str, data: Option<&str>) -> String {
        match question(input, data) {
            Question::Audit(text) | Question::Admission(text) | Question::Review(text) => text,
            Question::Invalid(reason) => reason,
        }
    }

    #[test]
    fn every_form_of_input_is_a_request() {
        for (input, data, expected) in [
            (r#""a: \u00e9""#, None, r#""a: \u00e9""#),
            (r#" "a" "#, Some("{}"), r#""a""#),
            (r#""a""#, Some(r#"{"level":1,"other":2}"#), r#"{"config":"a","level":1}"#),
            (r#""a""#, Some(r#"{"level":1,"parameters":{"node":"n"}}"#), r#"{"config":"a","node":"n"}"#),
            (r#"{"kind": "KubeletConfiguration"}"#, None, r#"{"config":{"kind": "KubeletConfiguration"}}"#),
            (r#"{"kubeletconfig": {}}"#, None, r#"{"config":{"kubeletconfig": {}}}"#),
            (r#"{"readOnlyPort": 1e400}"#, None, r#"{"config":{"readOnlyPort": 1e400}}"#),
            (
                r#"{"config": {}, "level": 1, "parameters": {"level": 2, "node": "n"}}"#,
                Some(r#"{"parameters": {"node": "m", "basis": "both"}}"#),
                r#"{"config":{},"level":1,"node":"n","basis":"both"}"#,
            ),
            (r#"{"args": [], "parameters": null}"#, None, r#"{"args":[]}"#),
            (r#"{"confg": 5}"#, None, r#"{"confg":5}"#),
            ("[1]", Some(r#"{"level":1}"#), "[1]"),
            ("not JSON", None, "not JSON"),
        ] {
            assert_eq!(asked(input, data), expected, "{input} {data:?}");
        }
    }

    #[test]
    fn admission_is_told_by_its_member() {
        let data = Some(r#"{"failOn": "high", "node": "n", "level": 1}"#);
        assert_eq!(
            question(r#"{"request": {"uid": "u"}, "parameters": {"level": 2}}"#, data),
            Question::Admission(
                r#"{"request":{"uid": "u"},"settings":{"level":2,"failOn":"high"}}"#.to_owned()
            )
        );
        assert_eq!(
            question(r#"{"review": {"object": {}}}"#, None),
            Question::Review(r#"{"review":{"object": {}},"settings":{}}"#.to_owned())
        );
        assert!(matches!(question(r#"{"request": {}, "settings": 5}"#, None), Question::Invalid(_)));
    }

    #[test]
    fn settings_that_are_none_are_named() {
        for (input, data, expected) in [
            (r#"{"config": "", "parameters": 5}"#, None, "parameters is a number, not an object"),
            (r#""a""#, Some(r#"{"parameters": []}"#), "data.parameters is a list, not an object"),
            (
                r#"{"config": "", "parameters": {"args": []}}"#,
                None,
                "parameters has \"args\", which is not a setting: it stands beside parameters",
            ),
        ] {
            assert_eq!(question(input, data), Question::Invalid(expected.to_owned()), "{input}");
        }
    }
}
