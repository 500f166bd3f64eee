//! Searches the objects of a text.

use std::cell::Cell;

use crate::command_line::Argument;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::tree::{Document, DuplicateKey, Format, Member, Node, NodeValue};
use crate::source::{Limits, MissingLayer, Place, ReadError, Span, document};

use super::arguments::{self, Arguments, fault, wrong};
use super::embedded::{OffsetMap, data_url, document_in, not_exact, owned_document};
use super::kubelet::{CONFIG, ConfiguredKubelet, MAX_KUBELETS};
use super::object_rules::{ConfigForm, KUBEADM_BASE, KUBEADM_CONFIG, PlatformLayer, RULES, Rule, TALOS};
use super::stream::{documents, kind_of, read};

const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";
const KIND: &str = "KubeletConfiguration";

/// Whether objects in `text` hold the configuration or the command line of a kubelet.
pub fn hold_kubelets(text: &str, limits: &Limits) -> bool {
    !find(text, &document::read(text, CONFIG, limits), limits).is_empty()
}

/// The kubelets that the objects in `text` configure, in document order. None if the kubelet itself can
/// read the text: a KubeletConfiguration without a Kubernetes object beside it.
///
/// `first` is the first document, as the kubelet reads it.
pub(crate) fn find(
    text: &str,
    first: &Result<Document<'_>, ReadError>,
    limits: &Limits,
) -> Vec<ConfiguredKubelet> {
    let mut search = Search {
        text,
        limits,
        found: Vec::new(),
        unreadable: Vec::new(),
        around: String::new(),
        note: None,
        is_bundle: false,
        is_kubeadm: false,
        more: 0,
        budget: Cell::new(text.len().saturating_mul(4)),
    };
    for (number, part) in documents(text).into_iter().enumerate() {
        // The first document is already parsed as the kubelet parses it.
        let rest = (number > 0).then(|| read(text, part, limits));
        match rest.as_ref().map_or(first.as_ref(), Result::as_ref) {
            Ok(document) => search.object(&document.root, document.into(), 0),
            Err(error) => search.unreadable.push((number, error.clone())),
        }
    }
    search.finish()
}

fn group_of(version: &str) -> &str {
    version.split_once('/').map_or("", |(group, _)| group)
}

fn is_configuration(kind: &str, group: &str) -> bool {
    kind == KIND && group == "kubelet.config.k8s.io"
}

fn is_talos(root: &Node<'_>) -> bool {
    root.get("machine").is_some_and(|machine| machine.as_object().is_some())
}

/// What a kubelet configuration may have to be put together with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A KubeletConfiguration that is a document of the text.
    Configuration,
    /// Arguments of kubeadm's own configuration file.
    KubeadmArgs,
    /// Independent of the others.
    Whole,
}

/// How a document was parsed, for the parts that are extracted from it.
#[derive(Clone, Copy)]
struct Reading<'d> {
    format: Format,
    duplicates: &'d [DuplicateKey],
}

impl<'d> From<&'d Document<'_>> for Reading<'d> {
    fn from(document: &'d Document<'_>) -> Self {
        Self { format: document.format, duplicates: &document.duplicates }
    }
}

struct Search<'t> {
    text: &'t str,
    limits: &'t Limits,
    found: Vec<(Part, ConfiguredKubelet)>,
    unreadable: Vec<(usize, ReadError)>,
    /// The name of the value that contains the current object, and its note.
    around: String,
    note: Option<Diagnostic>,
    /// Whether there is an object other than a KubeletConfiguration, so that the text is not a config file.
    is_bundle: bool,
    is_kubeadm: bool,
    /// The number of kubelets over the limit.
    more: usize,
    /// The number of bytes inside values that may still be parsed. Values are parts of the text, so only
    /// aliases can make their sum much larger than the text.
    budget: Cell<usize>,
}

impl Search<'_> {
    fn object(&mut self, root: &Node<'_>, reading: Reading<'_>, depth: usize) {
        let Some((kind, version)) = kind_of(root) else {
            if depth == 0 && is_talos(root) {
                self.is_bundle = true;
                self.rules(root, (TALOS, ""), reading);
            }
            return;
        };
        let group = group_of(version);
        if let (true, Some(items)) = (kind.ends_with("List"), root.get("items").and_then(Node::as_array)) {
            self.is_bundle = true;
            items.iter().for_each(|item| self.object(item, reading, depth));
            return;
        }
        if is_configuration(kind, group) {
            let name = if self.around.is_empty() { KIND } else { "" };
            let part = if self.around.is_empty() { Part::Configuration } else { Part::Whole };
            let config = Some(Ok(part_of(root, reading, &[])));
            self.push(part, name.to_owned(), ConfiguredKubelet { config, ..ConfiguredKubelet::default() });
            return;
        }
        self.is_bundle = true;
        self.is_kubeadm |= group == "kubeadm.k8s.io";
        if (kind, version) == ("ConfigMap", "v1") {
            self.config_map(root, depth);
        } else {
            self.rules(root, (kind, group), reading);
        }
    }

    /// Searches a ConfigMap: the `kubelet-config` of kubeadm, and any value with a configuration or an object.
    fn config_map(&mut self, root: &Node<'_>, depth: usize) {
        let Some(data) = root.get("data").and_then(Node::as_object) else { return };
        let name = named(root, "ConfigMap");
        let is_kubeadm = string_at(root, "metadata", "name").is_some_and(|n| n.starts_with("kubelet-config"));
        for member in data {
            if is_kubeadm && member.key == "kubelet" {
                let kubelet = match self.inner(&member.value) {
                    Some((config, note)) => ConfiguredKubelet {
                        config: Some(config),
                        notes: note.into_iter().collect(),
                        ..ConfiguredKubelet::default()
                    },
                    None => ConfiguredKubelet::unreadable(wrong(&member.value, "a string")),
                };
                self.push(Part::Whole, name.clone(), kubelet);
                continue;
            }
            if depth > 0 || !member.value.as_str().is_some_and(mentions) {
                continue;
            }
            // A value that is not a document, such as prose or a script, configures no kubelet.
            if let Some((Ok(document), note)) = self.inner(&member.value) {
                self.around = format!("{name}, data.{}", member.key);
                self.note = note;
                self.object(&document.root, (&document).into(), depth.saturating_add(1));
                self.around.clear();
                self.note = None;
            }
        }
    }

    fn rules(&mut self, root: &Node<'_>, (kind, group): (&str, &str), reading: Reading<'_>) {
        let (mut files, mut used): (&[Node<'_>], Vec<String>) = (&[], Vec::new());
        for rule in RULES.iter().filter(|rule| rule.kind == kind && rule.group == group) {
            let mut found = Vec::new();
            every_at(root, rule.at, rule.part, &mut found);
            for (node, label) in found {
                if rule.platform_layer == PlatformLayer::KubeadmConfig {
                    files = node.get("files").and_then(Node::as_array).unwrap_or_default();
                }
                let Some(kubelet) = self.by_rule(rule, node, reading) else { continue };
                let mut name = named(root, kind);
                if !label.is_empty() {
                    name = format!("{name}, {label}");
                }
                let part = if group == "kubeadm.k8s.io" { Part::KubeadmArgs } else { Part::Whole };
                used.extend(config_flag(kubelet.arguments.as_deref().unwrap_or_default()).map(str::to_owned));
                self.push(part, name, kubelet);
            }
        }
        // A file that no argument names is a patch that kubeadm applies to its own file.
        for file in files {
            let path = file.get("path").and_then(Node::as_str).unwrap_or_default();
            let Some(content) = file.get("content").filter(|content| content.as_str().is_some_and(mentions))
            else {
                continue;
            };
            let Some((Ok(document), note)) = self.inner(content) else { continue };
            let is_kubelet_config = kind_of(&document.root).is_some_and(|(kind, _)| kind == KIND);
            if is_kubelet_config && !used.iter().any(|other| other == path) {
                let (config, notes) = (Some(Ok(document)), note.into_iter().collect());
                let missing = vec![MissingLayer::Base(KUBEADM_BASE)];
                let kubelet = ConfiguredKubelet { config, notes, missing, ..ConfiguredKubelet::default() };
                self.push(Part::Whole, format!("{}, files[{path}]", named(root, kind)), kubelet);
            }
        }
    }

    /// The document in a string value; `None` if the value is not a string.
    fn inner(&self, value: &Node<'_>) -> Option<(Result<Document<'static>, ReadError>, Option<Diagnostic>)> {
        let Some(left) = self.budget.get().checked_sub(value.as_str()?.len()) else {
            let message = "aliases repeat a string with a configuration too often".to_owned();
            return Some((Err(fault(Code::ExcessiveAliasing, value.place.span, message)), None));
        };
        self.budget.set(left);
        document_in(self.text, value, self.limits)
    }

    /// The kubelet that a rule finds in an object; `None` if the object does not configure one.
    fn by_rule(&self, rule: &Rule, node: &Node<'_>, reading: Reading<'_>) -> Option<ConfiguredKubelet> {
        let mut kubelet = ConfiguredKubelet::default();
        if let Some((path, form)) = rule.config
            && let Some(value) = below(node, path).filter(|value| !is_null(value))
        {
            match form {
                ConfigForm::File(wanted) => {
                    value.get("path").filter(|path| path.as_str() == Some(wanted))?;
                    kubelet = self.file(value);
                }
                ConfigForm::Object | ConfigForm::ObjectWithout(_) if value.as_object().is_none() => {
                    return Some(ConfiguredKubelet::unreadable(wrong(value, "an object")));
                }
                ConfigForm::Object => kubelet.config = Some(Ok(part_of(value, reading, &[]))),
                ConfigForm::ObjectWithout(other) => {
                    kubelet.config = Some(Ok(part_of(value, reading, other)));
                }
            }
        }
        if let Some((path, form)) = rule.args
            && let Some(value) = below(node, path).filter(|value| !is_null(value))
        {
            match arguments::read(value, form) {
                Ok(Arguments { list, fields, notes }) => {
                    kubelet.arguments = Some(list);
                    kubelet.notes.extend(notes);
                    if !fields.is_empty() {
                        kubelet.config = Some(Ok(configuration(value.place, fields, reading)));
                    }
                }
                Err(error) => return Some(ConfiguredKubelet::unreadable(error)),
            }
        }
        if kubelet.config.is_none() && kubelet.arguments.is_none() && kubelet.unreadable.is_none() {
            return None;
        }
        match rule.platform_layer {
            PlatformLayer::None => {}
            PlatformLayer::Settings(what) => kubelet.missing.push(MissingLayer::Base(what)),
            PlatformLayer::KubeadmConfig => self.kubeadm_config(node, &mut kubelet),
        }
        Some(kubelet)
    }

    /// Adds the config file of a kubelet that kubeadm starts: the one that kubeadm writes, unless the
    /// arguments name another one, which Cluster API can create on the node.
    fn kubeadm_config(&self, spec: &Node<'_>, kubelet: &mut ConfiguredKubelet) {
        let Some(path) = config_flag(kubelet.arguments.as_deref().unwrap_or_default()) else {
            kubelet.missing.push(MissingLayer::Config(KUBEADM_CONFIG.to_owned()));
            return;
        };
        let files = spec.get("files").and_then(Node::as_array).unwrap_or_default();
        let file = files.iter().find(|file| file.get("path").and_then(Node::as_str) == Some(path));
        if let Some((config, note)) = file.and_then(|file| self.inner(file.get("content")?)) {
            kubelet.config = Some(config);
            kubelet.notes.extend(note);
        }
    }

    /// The kubelet of a config file in the format of Ignition.
    fn file(&self, file: &Node<'_>) -> ConfiguredKubelet {
        let contents = file.get("contents");
        let Some(source) = contents.and_then(|contents| contents.get("source")) else {
            return ConfiguredKubelet::unreadable(wrong(contents.unwrap_or(file), "contents with a source"));
        };
        let packed = contents.and_then(|contents| contents.get("compression")?.as_str());
        let text = source.as_str().filter(|_| packed.is_none_or(str::is_empty)).and_then(data_url);
        let Some(text) = text else {
            let message = "the source of the file must be a data: URL with plain or base64 text".to_owned();
            return ConfiguredKubelet::unreadable(fault(Code::WrongType, source.place.span, message));
        };
        let offsets = OffsetMap::Value(source.place.span.start as usize);
        ConfiguredKubelet {
            config: Some(owned_document(document::read(&text, CONFIG, self.limits), &offsets)),
            notes: vec![not_exact(source)],
            ..ConfiguredKubelet::default()
        }
    }

    fn push(&mut self, part: Part, name: String, mut kubelet: ConfiguredKubelet) {
        if self.found.len() >= MAX_KUBELETS {
            self.more = self.more.saturating_add(1);
            return;
        }
        kubelet.name = match (self.around.as_str(), name.as_str()) {
            ("", _) => name,
            (around, "") => around.to_owned(),
            (around, name) => format!("{around}: {name}"),
        };
        kubelet.notes.extend(self.note.clone());
        self.found.push((part, kubelet));
    }

    fn finish(mut self) -> Vec<ConfiguredKubelet> {
        if !self.is_bundle || self.found.is_empty() {
            return Vec::new();
        }
        if self.is_kubeadm {
            self.join_kubeadm();
        }
        let mut kubelets: Vec<_> = self.found.into_iter().map(|(_, kubelet)| kubelet).collect();
        for (number, error) in self.unreadable {
            let name = format!("document {}", number.saturating_add(1));
            kubelets.push(ConfiguredKubelet { name, ..ConfiguredKubelet::unreadable(error) });
        }
        if self.more > 0 {
            let message = format!(
                "{} more kubelet configurations in this text were not audited (limit {MAX_KUBELETS})",
                self.more
            );
            let mut error = fault(Code::TooManyNodes, Span::at(0), message);
            error.help = "split the text into several files".to_owned();
            kubelets.push(ConfiguredKubelet {
                name: "the rest".to_owned(),
                ..ConfiguredKubelet::unreadable(error)
            });
        }
        number_same_names(&mut kubelets);
        kubelets
    }

    /// Adds the KubeletConfiguration of a kubeadm file to the kubelets of that file. kubeadm passes it, with
    /// its own settings below, to every node that it sets up with the file.
    fn join_kubeadm(&mut self) {
        let is_configuration = |(part, _): &(Part, ConfiguredKubelet)| *part == Part::Configuration;
        let shared = self.found.iter().find(|found| is_configuration(found));
        let shared = shared.and_then(|(_, kubelet)| kubelet.config.clone());
        // A file sets up the first node and one that joins. More nodes would each need a copy.
        let mut copies = 2_usize;
        for (part, kubelet) in &mut self.found {
            match part {
                Part::Configuration => kubelet.missing = vec![MissingLayer::Base(KUBEADM_BASE)],
                Part::KubeadmArgs if shared.is_some() && copies > 0 => {
                    let names_another =
                        config_flag(kubelet.arguments.as_deref().unwrap_or_default()).is_some();
                    if !names_another {
                        copies = copies.saturating_sub(1);
                        kubelet.config.clone_from(&shared);
                        kubelet.missing = vec![MissingLayer::Base(KUBEADM_BASE)];
                        kubelet.name.push_str(" with KubeletConfiguration");
                    }
                }
                Part::KubeadmArgs | Part::Whole => {}
            }
        }
        // A configuration that was added to others needs no target of its own.
        let is_shared =
            self.found.iter().any(|(part, kubelet)| *part == Part::KubeadmArgs && kubelet.config.is_some());
        if let (true, Some(at)) = (is_shared, self.found.iter().position(is_configuration)) {
            self.found.remove(at);
        }
    }
}

/// Whether a text may contain a configuration, or an object with one.
fn mentions(text: &str) -> bool {
    text.contains("KubeletConfig") || text.contains("MachineConfig")
}

/// Numbers the second and later kubelets of one name, so that every name is unique.
fn number_same_names(kubelets: &mut [ConfiguredKubelet]) {
    for at in (1..kubelets.len()).rev() {
        let (before, rest) = kubelets.split_at_mut(at);
        let Some(kubelet) = rest.first_mut() else { continue };
        let count = before.iter().filter(|other| other.name == kubelet.name).count();
        if count > 0 {
            kubelet.name = format!("{} ({})", kubelet.name, count.saturating_add(1));
        }
    }
}

/// The value of the last `--config`.
fn config_flag(arguments: &[Argument]) -> Option<&str> {
    arguments.iter().rev().find_map(|argument| argument.text.strip_prefix("--config="))
}

fn is_null(node: &Node<'_>) -> bool {
    matches!(node.value, NodeValue::Null)
}

fn string_at<'n>(root: &'n Node<'_>, object: &str, key: &str) -> Option<&'n str> {
    root.get(object)?.get(key)?.as_str()
}

/// `Kind namespace/name`, as far as the object has them.
fn named(root: &Node<'_>, kind: &str) -> String {
    let (namespace, name) = (string_at(root, "metadata", "namespace"), string_at(root, "metadata", "name"));
    match (namespace, name) {
        (Some(namespace), Some(name)) => format!("{kind} {namespace}/{name}"),
        (_, Some(name)) => format!("{kind} {name}"),
        _ => kind.to_owned(),
    }
}

/// The node at a dotted path; the node itself for an empty path.
fn below<'n, 'a>(node: &'n Node<'a>, path: &str) -> Option<&'n Node<'a>> {
    if path.is_empty() { Some(node) } else { path.split('.').try_fold(node, |node, key| node.get(key)) }
}

/// Collects every node at a dotted path, in which `[]` means all items of a list, with a label for each.
fn every_at<'n, 'a>(node: &'n Node<'a>, path: &str, label: &str, out: &mut Vec<(&'n Node<'a>, String)>) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    if first.is_empty() {
        out.push((node, label.to_owned()));
        return;
    }
    let key = first.strip_suffix("[]").unwrap_or(first);
    let Some(inner) = node.get(key) else { return };
    if key == first {
        return every_at(inner, rest, label, out);
    }
    for (number, item) in inner.as_array().unwrap_or_default().iter().enumerate() {
        let name = item.get("name").or_else(|| item.get("path")).and_then(Node::as_str);
        let label = name.map_or_else(|| format!("{key}[{number}]"), |name| format!("{key}[{name}]"));
        every_at(item, rest, &label, out);
    }
}

/// A part of a document as a config file, without some of its members.
fn part_of(node: &Node<'_>, reading: Reading<'_>, without: &[&str]) -> Document<'static> {
    let members = node.as_object().unwrap_or_default();
    let mut kept = Vec::with_capacity(members.len());
    for member in members.iter().filter(|member| !without.contains(&&*member.key)) {
        kept.push(member.to_static());
    }
    configuration(node.place, kept, reading)
}

fn configuration(place: Place, mut members: Vec<Member<'static>>, reading: Reading<'_>) -> Document<'static> {
    let start = Place::new(CONFIG, Span::at(place.span.start as usize));
    for (key, value) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        if !members.iter().any(|member| member.key == key) {
            let value = Node::new(start, NodeValue::String(value.into()));
            members.push(Member { key: key.into(), key_place: start, value });
        }
    }
    let within = |span: Span| span.start >= place.span.start && span.end <= place.span.end;
    let mut duplicates = reading.duplicates.to_vec();
    duplicates.retain(|duplicate| within(duplicate.again));
    Document { root: Node::new(place, NodeValue::Object(members)), format: reading.format, duplicates }
}
