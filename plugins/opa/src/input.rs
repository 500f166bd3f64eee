//! What a host passes, as what the library is asked to judge.

use std::borrow::Cow;

use kubelet_audit::kubelet::fields::{FieldId, OBJECTS};
use kubelet_audit::source::nearest::nearest;
use kubelet_audit::source::tree::{Member, Node, NodeValue};

use crate::document::{quote, read};

/// What a host asks.
#[derive(Debug, PartialEq)]
pub(crate) enum Question {
    /// To judge a node.
    Node {
        /// A request as `audit_json` takes it.
        request: String,
        /// The members of [`POLICY`], as `admission::decide_node` takes them.
        policy: String,
    },
    /// To decide on the object of an AdmissionReview: a payload as `admission::decide` takes it.
    Admission(String),
    /// The same, from Gatekeeper.
    Review(String),
    /// The input is invalid, with the reason.
    Invalid(String),
}

/// The members of a request that say what to audit; all others are parameters.
const LAYERS: &[&str] = &["config", "dropIns", "args"];

/// The members of a record of a fleet that say what to audit: an answer of `/configz`, or why there is none.
const RECORD: &[&str] = &["kubeletconfig", "configz", "error"];

/// What an answer of `/configz` has beside `kubeletconfig` since Kubernetes 1.36.
const ANSWER: &[&str] = &["kind", "apiVersion"];

/// The parameters of nodes and of objects.
const COMMON: &[&str] = &[
    "kubeletVersion",
    "benchmark",
    "controls",
    "level",
    "severity",
    "basis",
    "servingCertificates",
    "maxBytes",
];

/// The parameters of nodes alone.
const NODE: &[&str] = &["nodeVersion", "assumeConfig", "node", "source", "effective", "fixes"];

/// The parameters that say what is denied.
const POLICY: &[&str] = &["failOn", "onUnknown", "onManual", "onNoEffect"];

/// Returns what the input asks, with the parameters of the data document.
pub(crate) fn question(input: &str, data: Option<&str>) -> Question {
    let Some(document) = read(input) else {
        // The library says where it is wrong.
        return Question::Node { request: input.to_owned(), policy: "{}".to_owned() };
    };
    let data = data.and_then(|text| Some((text, read(text)?)));
    let data = data.as_ref().map(|(text, document)| (*text, &document.root));
    asked(input, &document.root, data).unwrap_or_else(Question::Invalid)
}

fn asked(input: &str, root: &Node<'_>, data: Option<(&str, &Node<'_>)>) -> Result<Question, String> {
    for (name, ask) in
        [("request", Question::Admission as fn(String) -> Question), ("review", Question::Review)]
    {
        if let Some(review) = root.get(name).filter(|node| node.as_object().is_some()) {
            let mut parameters = Members::default();
            // Kubewarden calls them settings, Gatekeeper parameters.
            for place in ["settings", "parameters"] {
                parameters.parameters(place, root.get(place), input, &[COMMON, POLICY])?;
            }
            parameters.data(data, &[COMMON, POLICY])?;
            let mut payload = Members::default();
            payload.add(name, review.place.span.slice(input));
            let parameters = parameters.text();
            payload.add("settings", &parameters);
            return Ok(ask(payload.text()));
        }
    }
    let whole = root.place.span.slice(input);
    let mut node = Members::default();
    match &root.value {
        NodeValue::String(_) => node.add("config", whole),
        NodeValue::Object(_) if is_config(root) => node.add("config", whole),
        NodeValue::Object(members) => {
            node.request(root, members, input)?;
            node.parameters("parameters", root.get("parameters"), input, &[COMMON, NODE, POLICY])?;
        }
        _ => return Ok(Question::Node { request: whole.to_owned(), policy: "{}".to_owned() }),
    }
    node.data(data, &[COMMON, NODE, POLICY])?;
    let (policy, request) = node.0.into_iter().partition(|(name, _)| POLICY.contains(&&**name));
    let (policy, request) = (Members(policy), Members(request));
    let request = match request.0.as_slice() {
        // A text alone is a request, too.
        [(name, text)] if name == "config" && text.starts_with('"') => text.clone().into_owned(),
        _ => request.text(),
    };
    Ok(Question::Node { request, policy: policy.text() })
}

/// Whether an object is a config, or the answer of `/configz` alone, rather than a request. A request has none of
/// the members of a config.
fn is_config(root: &Node<'_>) -> bool {
    let members = root.as_object().unwrap_or_default();
    let has_any = |names: &[&str]| names.iter().any(|name| root.get(name).is_some());
    if has_any(LAYERS) || has_any(&["parameters"]) || has_any(COMMON) || has_any(NODE) || has_any(POLICY) {
        return false;
    }
    has_any(&["kubeletconfig"]) || has_any(ANSWER) || members.iter().any(|member| is_field(&member.key))
}

/// Whether `name` stands at the top of a config.
fn is_field(name: &str) -> bool {
    FieldId::find(name).is_some() || OBJECTS.iter().any(|(path, _)| *path == name)
}

/// Checks that `known` has every one of the members.
fn check_known(place: &str, members: &[Member<'_>], known: &[&[&str]]) -> Result<(), String> {
    let is_known = |member: &&Member<'_>| known.iter().any(|names| names.contains(&&*member.key));
    let unknown: Vec<String> =
        members.iter().filter(|member| !is_known(member)).map(|member| quote(&member.key)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let fields = if unknown.len() == 1 { "field" } else { "fields" };
    Err(format!("{place}: unknown {fields} {}; expected {}", unknown.join(", "), known.concat().join(", ")))
}

/// Members of an object that is being written.
#[derive(Default)]
struct Members<'t>(Vec<(String, Cow<'t, str>)>);

impl<'t> Members<'t> {
    /// Adds a member unless there is one of its name: the first one wins.
    fn add(&mut self, key: &str, value: impl Into<Cow<'t, str>>) {
        if !self.has(key) {
            self.0.push((key.to_owned(), value.into()));
        }
    }

    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(name, _)| name == key)
    }

    /// Adds the members of a request, or of a record of a fleet: `{"node", "kubeletVersion", "kubeletconfig"}`.
    fn request(&mut self, root: &Node<'_>, members: &[Member<'_>], text: &'t str) -> Result<(), String> {
        let slice = |node: &Node<'_>| node.place.span.slice(text);
        let is_answer = root.get("kubeletconfig").is_some();
        let is_record = is_answer || root.get("configz").is_some();
        let answer = if is_answer { ANSWER } else { &[] };
        let own = [RECORD, &["parameters"], POLICY];
        // Without a member that only this policy has, the library refuses unknown ones, as in every other host.
        if members.iter().any(|member| own.concat().contains(&&*member.key)) {
            check_known("input", members, &[LAYERS, RECORD, &["parameters"], COMMON, NODE, POLICY, answer])?;
        }
        if let Some(error) = root.get("error") {
            let name = root.get("node").and_then(Node::as_str).unwrap_or("node");
            return Err(format!("no configuration of {name}: {}", error.as_str().unwrap_or(slice(error))));
        }
        if is_record && LAYERS.iter().any(|name| root.get(name).is_some()) && root.get("config").is_some() {
            return Err("input: config beside an answer of /configz; pass one of them".to_owned());
        }
        match root.get("configz") {
            Some(_) if is_answer => return Err("input: both kubeletconfig and configz; pass one".to_owned()),
            Some(configz) => self.add("config", slice(configz)),
            None if is_answer => {
                let mut answer = Members::default();
                for name in ["kubeletconfig"].iter().chain(ANSWER) {
                    if let Some(value) = root.get(name) {
                        answer.add(name, slice(value));
                    }
                }
                self.0.push(("config".to_owned(), answer.text().into()));
            }
            None => {}
        }
        for member in members {
            let key = &*member.key;
            if RECORD.contains(&key) || ANSWER.contains(&key) || key == "parameters" {
                continue;
            }
            // A node's own record names the version that the node reports.
            let key = if is_record && key == "kubeletVersion" { "nodeVersion" } else { key };
            self.add(key, slice(&member.value));
        }
        Ok(())
    }

    /// Adds the parameters in an object of `text`; null and nothing are no parameters.
    fn parameters(
        &mut self,
        place: &str,
        object: Option<&Node<'_>>,
        text: &'t str,
        known: &[&[&str]],
    ) -> Result<(), String> {
        let Some(object) = object.filter(|node| !matches!(node.value, NodeValue::Null)) else {
            return Ok(());
        };
        let members = object
            .as_object()
            .ok_or_else(|| format!("{place} is a {}, not an object", object.value.kind()))?;
        check_known(place, members, known)?;
        for member in members {
            self.parameter(&member.key, member.value.place.span.slice(text).into());
        }
        Ok(())
    }

    fn parameter(&mut self, key: &str, value: Cow<'t, str>) {
        // The version that the node itself reports comes first.
        if key != "kubeletVersion" || !self.has("nodeVersion") {
            self.add(key, value);
        }
    }

    /// Adds the parameters in a data document: those in its `parameters`, or else its own members. The same
    /// document serves nodes and objects: of its parameters only those in `used` are added.
    ///
    /// A data document may belong to other policies, too. Without `parameters` its members are parameters only if
    /// one of them has the name of a parameter, or nearly so.
    fn data(&mut self, data: Option<(&'t str, &Node<'_>)>, used: &[&[&str]]) -> Result<(), String> {
        const KNOWN: &[&[&str]] = &[COMMON, NODE, POLICY];
        let Some((text, root)) = data else { return Ok(()) };
        let (place, object) = match root.get("parameters") {
            Some(parameters) => ("data.parameters", parameters),
            None => {
                let names = KNOWN.concat();
                let is_meant = |member: &Member<'_>| {
                    // The plural of a parameter is a name of its own: `nodes`.
                    let near = nearest(&member.key, names.iter().copied());
                    near.is_some_and(|near| member.key.strip_suffix('s') != Some(near))
                };
                if !root.as_object().unwrap_or_default().iter().any(is_meant) {
                    return Ok(());
                }
                ("data", root)
            }
        };
        let mut parameters = Self::default();
        parameters.parameters(place, Some(object), text, KNOWN)?;
        for (key, value) in parameters.0 {
            if used.iter().any(|names| names.contains(&&*key)) {
                self.parameter(&key, value);
            }
        }
        Ok(())
    }

    fn text(&self) -> String {
        let members: Vec<String> =
            self.0.iter().map(|(key, value)| format!("{}:{value}", quote(key))).collect();
        format!("{{{}}}", members.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::{Question, question};

    fn asked(input: &str, data: Option<&str>) -> String {
        match question(input, data) {
            Question::Node { request, policy } if policy == "{}" => request,
            Question::Node { request, policy } => format!("{request} {policy}"),
            Question::Admission(text) | Question::Review(text) | Question::Invalid(text) => text,
        }
    }

    #[test]
    fn every_form_of_input_is_a_request() {
        for (input, data, expected) in [
            (r#""a: \u00e9""#, None, r#""a: \u00e9""#),
            (r#" "a" "#, Some("{}"), r#""a""#),
            (r#""a""#, Some(r#"{"level":1}"#), r#"{"config":"a","level":1}"#),
            (r#""a""#, Some(r#"{"other":1,"nodes":{}}"#), r#""a""#),
            (r#""a""#, Some(r#"{"onUnknown":"warn"}"#), r#""a" {"onUnknown":"warn"}"#),
            (r#""a""#, Some(r#"{"other":1,"parameters":{"node":"n"}}"#), r#"{"config":"a","node":"n"}"#),
            (r#"{"kind": "KubeletConfiguration"}"#, None, r#"{"config":{"kind": "KubeletConfiguration"}}"#),
            (r#"{"kubeletconfig": {}}"#, None, r#"{"config":{"kubeletconfig": {}}}"#),
            (r#"{"readOnlyPort": 1e400}"#, None, r#"{"config":{"readOnlyPort": 1e400}}"#),
            (
                r#"{"config": {}, "level": 1, "parameters": {"level": 2, "node": "n"}}"#,
                Some(r#"{"parameters": {"node": "m", "basis": "both"}}"#),
                r#"{"config":{},"level":1,"node":"n","basis":"both"}"#,
            ),
            (r#"{"args": [], "parameters": null}"#, None, r#"{"args":[]}"#),
            // Records of a fleet.
            (
                r#"{"node":"n","kubeletVersion":"v1.34.2","kubeletconfig":{}}"#,
                Some(r#"{"kubeletVersion":"1.31","level":1}"#),
                r#"{"config":{"kubeletconfig":{}},"node":"n","nodeVersion":"v1.34.2","level":1}"#,
            ),
            (
                r#"{"kubeletconfig":{},"parameters":{"level":1}}"#,
                None,
                r#"{"config":{"kubeletconfig":{}},"level":1}"#,
            ),
            (
                r#"{"node":"n","configz":{"kubeletconfig":{}}}"#,
                None,
                r#"{"config":{"kubeletconfig":{}},"node":"n"}"#,
            ),
            (r#"{"node":"n","error":"no route"}"#, None, "no configuration of n: no route"),
            (r#"{"confg": 5}"#, None, r#"{"confg":5}"#),
            ("[1]", Some(r#"{"level":1}"#), "[1]"),
            ("not JSON", None, "not JSON"),
        ] {
            assert_eq!(asked(input, data), expected, "{input} {data:?}");
        }
    }

    #[test]
    fn one_data_document_serves_nodes_and_objects() {
        for data in [
            r#"{"failOn": "high", "node": "n", "level": 1}"#,
            r#"{"parameters": {"failOn": "high", "node": "n", "level": 1}}"#,
        ] {
            assert_eq!(
                asked(r#"{"request": {"uid": "u"}, "parameters": {"level": 2}}"#, Some(data)),
                r#"{"request":{"uid": "u"},"settings":{"level":2,"failOn":"high"}}"#
            );
            assert_eq!(
                asked(r#""a""#, Some(data)),
                r#"{"config":"a","node":"n","level":1} {"failOn":"high"}"#
            );
        }
        assert_eq!(
            question(r#"{"review": {"object": {}}}"#, None),
            Question::Review(r#"{"review":{"object": {}},"settings":{}}"#.to_owned())
        );
    }

    #[test]
    fn unknown_parameters_are_refused_at_every_place() {
        for (input, data, words) in [
            (r#"{"config": "", "parameters": 5}"#, None, "parameters is a number, not an object"),
            (r#"{"request": {}, "settings": 5}"#, None, "settings is a number, not an object"),
            (r#""a""#, Some(r#"{"parameters": []}"#), "data.parameters is a list, not an object"),
            (r#"{"config": "", "parameters": {"args": []}}"#, None, "parameters: unknown field \"args\""),
            (r#"{"kubeletconfig": {}, "parameters": {"a": 1}}"#, None, "parameters: unknown field \"a\""),
            (r#"{"node": "n", "kubeletconfig": {}, "b": 1}"#, None, "input: unknown field \"b\""),
            (r#"{"confg": 5, "a": 1, "parameters": {}}"#, None, "input: unknown fields \"confg\", \"a\""),
            (r#"{"request": {}, "settings": {"contols": []}}"#, None, "settings: unknown field \"contols\""),
            (r#"{"review": {}, "parameters": {"node": "n"}}"#, None, "parameters: unknown field \"node\""),
            (r#""a""#, Some(r#"{"level": 1, "a": 1}"#), "data: unknown field \"a\""),
            (r#""a""#, Some(r#"{"contols": []}"#), "data: unknown field \"contols\""),
            (
                r#"{"request": {}}"#,
                Some(r#"{"parameters": {"a": 1}}"#),
                "data.parameters: unknown field \"a\"",
            ),
        ] {
            let Question::Invalid(reason) = question(input, data) else { panic!("{input} {data:?}") };
            assert!(reason.starts_with(words), "{reason}");
            if reason.contains("unknown") {
                assert!(reason.contains("; expected "), "{reason}");
                for name in ["kubeletVersion", "controls", "maxBytes", "onNoEffect"] {
                    assert!(reason.contains(name), "{name}: {reason}");
                }
            }
        }
    }
}
