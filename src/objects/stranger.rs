//! Texts that configure no kubelet, called by their names.

use crate::command_line;
use crate::kubelet::fields::FIELDS;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::tree::{Document, Node, NodeValue};
use crate::source::{Limits, Place, ReadError, document, template};

use super::carriers::k3s;
use super::context::{Object, Reading};
use super::draft::KIND;
use super::kubelet::CONFIG;
use super::registry;
use super::search::find;

/// What to audit instead of something that configures no kubelet.
const INSTEAD: &str = "pass a KubeletConfiguration, the answer of /configz, an object or file that carries kubelet settings, or the kubelet's arguments with --args-from";

/// A text that configures no kubelet.
pub(crate) struct Stranger {
    /// What it is and what to do instead.
    pub(crate) diagnostic: Diagnostic,
    /// Whether something is wrong with it: the error of an API server in place of an answer.
    pub(crate) is_failure: bool,
}

/// What a text is to an audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognized {
    /// It configures kubelets, or was meant to.
    Kubelet,
    /// It is the kubelet's command line: a unit, a file with its variables, or the line of its process.
    CommandLine,
    /// It is something else, in words.
    Other(String),
}

/// Looks at a text. One that speaks of a kubelet's configuration and cannot be read counts as one: an audit then
/// says what is wrong with it.
pub fn recognize(text: &str, limits: &Limits) -> Recognized {
    const SIGNS: [&str; 3] = ["KubeletConfiguration", "kubelet.config.k8s.io/", "\"kubeletconfig\""];
    let masked = template::mask(text, limits);
    let read = document::read(masked.as_ref().map_or(text, |masked| &masked.text), CONFIG, limits);
    if !find(text, &read, masked.as_ref(), limits, &[]).is_empty() {
        return Recognized::Kubelet;
    }
    if is_command_line(text, &read) {
        return Recognized::CommandLine;
    }
    match describe(text, &read) {
        Some(stranger) => Recognized::Other(stranger.diagnostic.message.clone()),
        None => match &read {
            Ok(document) if document.root.as_object().is_some() => Recognized::Kubelet,
            Err(_) if SIGNS.iter().any(|sign| text.contains(sign)) => Recognized::Kubelet,
            Ok(_) => Recognized::Other("it is no object".to_owned()),
            Err(error) => Recognized::Other(format!("it is not read: {}", error.message)),
        },
    }
}

/// Whether a text is a config file of K3s or RKE2 with settings for the kubelet.
pub fn is_k3s_config(text: &str, limits: &Limits) -> bool {
    document::read(text, CONFIG, limits).is_ok_and(|document| k3s::is_one(&document.root))
}

/// Whether a text that was given as a configuration is a kubelet's command line.
pub(crate) fn is_command_line(text: &str, read: &Result<Document<'_>, ReadError>) -> bool {
    // A line of a journal looks like a mapping whose key is a sentence.
    let members = read.as_ref().ok().and_then(|document| document.root.as_object());
    let is_mapping = members.and_then(<[_]>::first).is_some_and(|first| !first.key.contains(' '));
    !is_mapping && command_line::is_command_line(text)
}

/// Describes a text that configures no kubelet; `None` if it is a kubelet's configuration, was meant to be one, or
/// cannot be read.
pub(crate) fn describe(text: &str, read: &Result<Document<'_>, ReadError>) -> Option<Stranger> {
    if let Some(line) = text.trim_start().lines().next().filter(|line| line.starts_with("Error from server"))
    {
        return Some(failure(
            format!("kubectl answered with an error: {line}"),
            Place::new(CONFIG, crate::source::Span::at(0)),
        ));
    }
    let is_object = read.as_ref().is_ok_and(|document| document.root.as_object().is_some());
    if !is_object && command_line::is_unit(text) {
        return Some(other(
            "it is a systemd unit that does not start a kubelet".to_owned(),
            "pass kubelet.service with its drop-ins and environment files with --args-from",
        ));
    }
    if let (false, Some(carrier)) = (is_object, registry::of_text(text)) {
        let message = format!("it is {} and sets nothing for a kubelet", with_article(carrier.name));
        return Some(other(message, carrier.otherwise));
    }
    let document = read.as_ref().ok()?;
    let root = &document.root;
    let members = match &root.value {
        NodeValue::Object(members) => members,
        NodeValue::Null => return None,
        other_value => {
            return Some(other(
                format!("it is {}, not an object", with_article(other_value.kind())),
                INSTEAD,
            ));
        }
    };
    if root.get("kubeletconfig").is_some() {
        return None;
    }
    let object = Object::new(root, Reading::from(document), 0);
    let api = root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    if object.kind == KIND
        || object.group == "kubelet.config.k8s.io"
        || has_field(root) && object.kind.is_empty()
    {
        return None;
    }
    if object.kind == "Status" && api == "v1" {
        let message = root.get("message").and_then(Node::as_str).unwrap_or("no message");
        return Some(failure(format!("the API server answered with an error: {message}"), root.place));
    }
    if object.kind == "Config" && api == "v1" {
        return Some(other(
            "it is a kubeconfig, which tells the kubelet where the API server is".to_owned(),
            "pass the file that the kubelet's --config names, often /var/lib/kubelet/config.yaml",
        ));
    }
    if let Some((carrier, name)) = registry::of_object(&object) {
        let name = name.map_or_else(|| object.name(), str::to_owned);
        return Some(other(
            format!("it is {} and sets nothing for a kubelet", with_article(&name)),
            carrier.otherwise,
        ));
    }
    if !object.kind.is_empty() {
        let version = if api.is_empty() { String::new() } else { format!(" ({api})") };
        return Some(other(
            format!("it is {}{version}, which configures no kubelet", with_article(&object.name())),
            INSTEAD,
        ));
    }
    (!members.is_empty())
        .then(|| other("it has no kind, and none of its keys is a kubelet setting".to_owned(), INSTEAD))
}

fn other(message: String, help: &str) -> Stranger {
    Stranger { diagnostic: Diagnostic::warning(Code::NoKubelet, message).help(help), is_failure: false }
}

fn failure(message: String, place: Place) -> Stranger {
    let diagnostic = Diagnostic::error(Code::NoAnswer, message)
        .help("fix the request and save its answer again")
        .at(place);
    Stranger { diagnostic, is_failure: true }
}

/// Whether an object has a key of a KubeletConfiguration.
fn has_field(root: &Node<'_>) -> bool {
    let is_field = |key: &str| FIELDS.iter().any(|field| field.path.split('.').next() == Some(key));
    root.as_object().unwrap_or_default().iter().any(|member| is_field(&member.key))
}

fn with_article(name: &str) -> String {
    let is_vowel = name.starts_with(|c: char| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o'));
    match name {
        name if name.ends_with("user data") => name.to_owned(),
        name if is_vowel => format!("an {name}"),
        name => format!("a {name}"),
    }
}
