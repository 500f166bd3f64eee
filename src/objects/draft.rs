//! A kubelet while its layers are put together.

use crate::command_line::{Argument, CommandLine, Extent};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::tree::{Document, Member, Node, NodeValue};
use crate::source::{MissingLayer, Place, ReadError, Span, merge_patch};

use super::arguments::{self, ArgsForm, Arguments, value_of_flag, wrong};
use super::context::{Context, Object, Reading};
use super::embedded::Embedded;
use super::json_patch;
use super::kubelet::{CONFIG, ConfiguredKubelet};
use super::platform::{self, PlatformSettings};
use super::unknown;

pub(super) const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";
pub(super) const KIND: &str = "KubeletConfiguration";

/// A kubelet while its layers are put together: configurations merge, arguments follow each other.
pub(super) struct Draft<'c, 't> {
    cx: &'c Context<'t>,
    reading: Reading<'c>,
    kubelet: ConfiguredKubelet,
    arguments: Vec<Argument>,
    command_line: Option<CommandLine>,
    platform: Option<&'static PlatformSettings>,
    is_used: bool,
}

impl<'c, 't> Draft<'c, 't> {
    /// A kubelet of an object.
    pub(super) fn of(cx: &'c Context<'t>, object: &Object<'c>, name: String) -> Self {
        Self::new(cx, object.reading, name)
    }

    pub(super) fn new(cx: &'c Context<'t>, reading: Reading<'c>, name: String) -> Self {
        let kubelet = ConfiguredKubelet { name, ..ConfiguredKubelet::default() };
        Self {
            cx,
            reading,
            kubelet,
            arguments: Vec::new(),
            command_line: None,
            platform: None,
            is_used: false,
        }
    }

    /// Whether the object sets anything.
    pub(super) fn is_used(&self) -> bool {
        self.is_used
    }

    /// Counts as used although the object sets nothing for the kubelet.
    pub(super) fn used(&mut self) -> &mut Self {
        self.is_used = true;
        self
    }

    /// Adds the settings of an object with the fields of a KubeletConfiguration.
    pub(super) fn config(&mut self, node: Option<&Node<'_>>) -> &mut Self {
        self.config_without(node, &[])
    }

    /// Adds the settings of an object, but not these members.
    pub(super) fn config_without(&mut self, node: Option<&Node<'_>>, without: &[&str]) -> &mut Self {
        let Some(node) = node.filter(|node| !matches!(node.value, NodeValue::Null)) else { return self };
        let Some(members) = node.as_object() else {
            return self.fail(wrong(node, "an object"));
        };
        let kept = members.iter().filter(|member| !without.contains(&&*member.key)).map(Member::to_static);
        self.fields(node.place, kept.collect())
    }

    /// Adds fields of a KubeletConfiguration.
    pub(super) fn fields(&mut self, place: Place, members: Vec<Member<'static>>) -> &mut Self {
        self.is_used = true;
        match &mut self.kubelet.config {
            Some(Ok(document)) => merge_patch::patch(&mut document.root, &members),
            Some(Err(_)) => {}
            config @ None => *config = Some(Ok(configuration(place, members, self.reading))),
        }
        self
    }

    /// Adds one field by its dotted path.
    pub(super) fn field(&mut self, path: &str, value: &Node<'_>) -> &mut Self {
        let member = path.rsplit('.').fold(value.to_static(), |inner, key| {
            let member = Member { key: key.to_owned().into(), key_place: value.place, value: inner };
            Node::new(value.place, NodeValue::Object(vec![member]))
        });
        match member.value {
            NodeValue::Object(members) => self.fields(value.place, members),
            _ => self,
        }
    }

    /// Adds a config file, readable or not.
    pub(super) fn file(&mut self, file: &Embedded) -> &mut Self {
        self.is_used = true;
        self.kubelet.notes.extend(file.note());
        match file.read(self.cx.limits) {
            Ok(document) if self.kubelet.config.is_none() => self.kubelet.config = Some(Ok(document)),
            Ok(document) => {
                self.members(&document);
            }
            Err(error) => self.kubelet.config = Some(Err(error)),
        }
        self
    }

    /// Applies a patch of kubeadm to the config file: a JSON patch, or a merge patch.
    pub(super) fn patch(&mut self, file: &Embedded, is_json: bool) -> &mut Self {
        self.is_used = true;
        self.kubelet.notes.extend(file.note());
        let read = match file.read_yaml(self.cx.limits) {
            Ok(read) => read,
            Err(error) => return self.unparsed(error),
        };
        if is_json {
            if self.kubelet.config.is_none() {
                self.fields(read.root.place, Vec::new());
            }
            if let Some(Ok(document)) = &mut self.kubelet.config {
                json_patch::apply(&mut document.root, &read.root);
            }
            return self;
        }
        self.members(&read)
    }

    /// Adds a config file that cannot be read.
    pub(super) fn unparsed(&mut self, error: ReadError) -> &mut Self {
        self.is_used = true;
        self.kubelet.config = Some(Err(error));
        self
    }

    /// Adds the fields of a document.
    fn members(&mut self, document: &Document<'_>) -> &mut Self {
        let members = document.root.as_object().unwrap_or_default();
        let is_field = |member: &&Member<'_>| member.key != "kind" && member.key != "apiVersion";
        let kept = members.iter().filter(is_field).map(Member::to_static).collect();
        self.fields(document.root.place, kept)
    }

    /// Adds arguments.
    pub(super) fn arguments(&mut self, node: Option<&Node<'_>>, form: ArgsForm) -> &mut Self {
        let Some(node) = node.filter(|node| !matches!(node.value, NodeValue::Null)) else { return self };
        match arguments::read(node, form) {
            Ok(Arguments { list, fields, notes }) => {
                self.is_used = true;
                self.arguments.extend(list);
                self.kubelet.notes.extend(notes);
                if !fields.is_empty() {
                    self.fields(node.place, fields);
                }
            }
            Err(error) => {
                self.fail(error);
            }
        }
        self
    }

    /// Adds arguments that were read already.
    pub(super) fn more_arguments(&mut self, list: Vec<Argument>) -> &mut Self {
        self.is_used |= !list.is_empty();
        self.arguments.extend(list);
        self
    }

    /// Sets the command line that the arguments follow.
    pub(super) fn command_line(&mut self, line: CommandLine) -> &mut Self {
        self.is_used = true;
        self.command_line = Some(line);
        self
    }

    /// Whether any argument was added, or a command line set.
    pub(super) fn flag(&self, name: &str) -> Option<String> {
        let line = self.command_line.iter().flat_map(|line| &line.arguments);
        value_of_flag(line.chain(&self.arguments), name)
    }

    /// Names the version, where nothing named one before.
    pub(super) fn version(&mut self, node: Option<&Node<'_>>) -> &mut Self {
        let text = node.and_then(|node| self.cx.written(node));
        self.version_text(text.as_deref())
    }

    /// Names the version in a text, where nothing named one before.
    pub(super) fn version_text(&mut self, text: Option<&str>) -> &mut Self {
        let found = text.and_then(version_in);
        if self.kubelet.version.is_none() {
            self.kubelet.version = found;
        }
        self
    }

    /// Says that the platform adds settings that are not known.
    pub(super) fn missing(&mut self, what: &'static str) -> &mut Self {
        self.kubelet.missing.push(MissingLayer::Base(what));
        self
    }

    pub(super) fn missing_layer(&mut self, layer: MissingLayer) -> &mut Self {
        self.kubelet.missing.push(layer);
        self
    }

    /// Names the platform, by the name of its benchmark editions.
    pub(super) fn on(&mut self, platform: &'static str) -> &mut Self {
        self.kubelet.platform = platform;
        self
    }

    /// Lays the settings of the platform below those of the object.
    pub(super) fn over(&mut self, platform: &'static PlatformSettings) -> &mut Self {
        self.platform = Some(platform);
        self
    }

    pub(super) fn has_drop_ins(&mut self) -> &mut Self {
        self.kubelet.has_drop_ins = true;
        self
    }

    pub(super) fn note(&mut self, note: Diagnostic) -> &mut Self {
        self.kubelet.notes.push(note);
        self
    }

    pub(super) fn fail(&mut self, error: ReadError) -> &mut Self {
        self.is_used = true;
        self.kubelet.unreadable.get_or_insert(error);
        self
    }

    /// The kubelet, if the object sets anything for one.
    pub(super) fn build(&mut self) -> Option<ConfiguredKubelet> {
        if !self.is_used {
            return None;
        }
        let mut kubelet = std::mem::take(&mut self.kubelet);
        if kubelet.unreadable.is_some() {
            kubelet.config = None;
            return Some(kubelet);
        }
        let mut line = self.command_line.take();
        let arguments = std::mem::take(&mut self.arguments);
        if line.is_some() || !arguments.is_empty() {
            let line = line.get_or_insert_with(|| CommandLine::of_arguments(Vec::new(), Extent::Additions));
            line.arguments.extend(arguments);
        }
        kubelet.command_line = line;
        let has_base = kubelet.missing.iter().any(|missing| matches!(missing, MissingLayer::Base(_)));
        if has_base && kubelet.config.is_none() {
            // The platform writes a config file, so the defaults are not those of a kubelet without one.
            kubelet.config = Some(Ok(configuration(Place::PLATFORM, Vec::new(), self.reading)));
        }
        unknown::take(&mut kubelet, self.cx.masked);
        if let Some(platform) = self.platform {
            platform::lay_below(platform, &mut kubelet);
        }
        Some(kubelet)
    }
}

/// A Kubernetes version in a version, an image or the name of one: `v1.31.4+k3s1`, `kindest/node:v1.30.4`,
/// `amazon-eks-node-1.29-v20240101`.
pub(super) fn version_in(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.split_once('@').map_or(text, |(image, _)| image);
    if crate::kubelet::Version::parse(text).is_some() {
        return Some(text.to_owned());
    }
    let starts = text.match_indices("1.").map(|(at, _)| at);
    starts
        .filter(|at| {
            let before = text.get(..*at).unwrap_or_default();
            before.is_empty() || before.ends_with(['v', '-', ':', '/', '_'])
        })
        .find_map(|at| {
            let rest = text.get(at..)?;
            let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
            let version = rest.get(..end)?.trim_end_matches('.');
            crate::kubelet::Version::parse(version).map(|_| version.to_owned())
        })
}

/// Members as a config file of its own.
pub(super) fn configuration(
    place: Place,
    mut members: Vec<Member<'static>>,
    reading: Reading<'_>,
) -> Document<'static> {
    let start = place.with_span(Span::at(place.span.start as usize));
    for (key, value) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        if !members.iter().any(|member| member.key == key) {
            let value = Node::new(start, NodeValue::String(value.into()));
            members.push(Member { key: key.into(), key_place: start, value });
        }
    }
    let within = |span: Span| span.start >= place.span.start && span.end <= place.span.end;
    let mut duplicates = reading.duplicates.to_vec();
    duplicates.retain(|duplicate| place.source_id() == Some(CONFIG) && within(duplicate.again));
    Document { root: Node::new(place, NodeValue::Object(members)), format: reading.format, duplicates }
}

/// A note that a setting of a carrier is not read.
pub(super) fn not_read(key: &str, place: Place) -> Diagnostic {
    Diagnostic::note(Code::UnknownField, format!("{key:?} is not a setting of the kubelet"))
        .help("it is ignored here; the platform may use it for its own purposes")
        .at(place)
}
