//! What a control looks at.

use crate::effective::{Configuration, Given, Layers, NamedDocument, Resolved};
use crate::kubelet::Version;
use crate::kubelet::fields::FieldId;
use crate::report::{OriginLayer, Stage};
use crate::request::ServingCertificates;
use crate::source::tree::{Node, NodeValue};
use crate::source::{Layer, Place, SourceId, Sources, Span};

/// A place that spoke on a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// The field's path, or the flag with its dashes.
    pub path: String,
    /// The layer.
    pub layer: OriginLayer,
    /// The value as written; `None` where the field is not written.
    pub written: Option<String>,
    /// Whether this is the one that counts for its field.
    pub decided: bool,
    /// Where; `None` for defaults and for what has no text.
    pub place: Option<Place>,
}

/// A kubelet under audit.
pub struct Subject<'a> {
    /// Its version.
    pub version: Version,
    /// What becomes of it. Versions that behave alike share an outcome, so its own version may be
    /// another.
    pub resolved: &'a Resolved,
    /// What it was given.
    pub layers: &'a Layers<'a>,
    /// The texts.
    pub sources: &'a Sources<'a>,
    /// Where its serving certificates come from, where the operator says so.
    pub serving_certificates: ServingCertificates,
}

/// What is written for a map's entry or a field, where the kubelet may have stopped before reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Not written.
    Absent,
    /// Written, with this value.
    Is(bool),
    /// Written, but not as a boolean.
    Unreadable,
    /// The document it would stand in could not be read.
    Unknown,
}

impl<'a> Subject<'a> {
    /// The configuration, where it became complete.
    pub fn configuration(&self) -> Option<&'a Configuration> {
        self.resolved.configuration.as_ref()
    }

    /// Where the kubelet stops, listening included.
    pub fn stage(&self) -> Option<Stage> {
        let stop = self.resolved.stop.as_ref().or(self.resolved.listen.as_ref())?;
        Some(stop.stage)
    }

    /// The first reason why the kubelet stops.
    pub fn stop_reason(&self) -> Option<&'a str> {
        let stop = self.resolved.stop.as_ref().or(self.resolved.listen.as_ref())?;
        stop.errors.first().map(|error| error.message.as_str())
    }

    /// The layer a value at `place` comes from.
    pub fn layer_of(&self, place: Place) -> OriginLayer {
        origin_layer(self.sources, place)
    }

    /// The documents of all layers, weakest first; the object inside a `/configz` dump for one.
    pub(super) fn documents(&self) -> Vec<(SourceId, &'a Node<'a>, OriginLayer)> {
        let mut documents = Vec::new();
        let mut add = |named: &'a NamedDocument<'a>, layer| {
            let Ok(document) = &named.document else { return };
            let root = if layer == OriginLayer::Configz {
                document.root.get("kubeletconfig")
            } else {
                Some(&document.root)
            };
            if let Some(root) = root {
                documents.push((named.source, root, layer));
            }
        };
        let is_configz = self.resolved.is_configz;
        if let Some(named) = &self.layers.config {
            add(named, if is_configz { OriginLayer::Configz } else { OriginLayer::Config });
        }
        if let (Some(drop_ins), false) = (&self.layers.drop_ins, is_configz) {
            drop_ins.iter().for_each(|named| add(named, OriginLayer::DropIn));
        }
        documents
    }

    /// Every place that spoke on a field, weakest first; the one that counts is marked. Where none
    /// did, one entry for the default, placed at the nearest object the field belongs to.
    pub fn spoken(&self, field: FieldId) -> Vec<Spoken> {
        let path = field.field().path;
        let winner = self.configuration().map(|configuration| configuration.slot(field).place);
        let mut spoken = self.written_at(path);
        for given in &self.resolved.flags.given {
            let sets = given.flag.field(self.version) == Some(field)
                || super::written::flag_of(field) == Some(given.flag.name);
            if sets {
                add_flag(&mut spoken, given, mask(path, given.written.clone()), given.place);
            }
        }
        let mut any = false;
        for one in &mut spoken {
            one.decided = winner.is_some() && one.place == winner;
            any |= one.decided;
        }
        if !any && let (Some(place), Some(configuration)) = (winner, self.configuration()) {
            let layer = self.layer_of(place);
            // In a dump that does not show the field it is zero: that is no default.
            let written = (layer == OriginLayer::Generated)
                .then(|| configuration.value(field).show(field.field().kind));
            self.add_unwritten(&mut spoken, path, layer, written);
        }
        spoken
    }

    /// Every place that spoke on an entry of a map, gates for one, weakest first.
    pub fn spoken_gate(&self, gate: &str) -> Vec<Spoken> {
        let path = format!("featureGates.{gate}");
        let mut spoken = self.written_at(&path);
        for given in &self.resolved.flags.given {
            for entry in given.gates.iter().filter(|entry| entry.key == gate) {
                let text = self.sources.written(entry.place);
                let written = if text.contains(gate) { text } else { &given.written };
                add_flag(&mut spoken, given, written.to_owned(), entry.place);
            }
        }
        let Some(configuration) = self.configuration() else { return spoken };
        match configuration.gate(gate).map(|(_, place)| place) {
            Some(place) => {
                // One flag may name a gate twice: the last one counts.
                if let Some(one) = spoken.iter_mut().rev().find(|one| one.place == Some(place)) {
                    one.decided = true;
                }
            }
            None => self.add_unwritten(&mut spoken, &path, OriginLayer::Default, None),
        }
        spoken
    }

    /// Every occurrence of a flag that sets no field.
    pub fn spoken_flag(&self, flag: &str) -> Vec<Spoken> {
        let mut spoken = Vec::new();
        for given in &self.resolved.flags.given {
            if given.flag.name == flag {
                add_flag(&mut spoken, given, given.written.clone(), given.place);
            }
        }
        if let Some(last) = spoken.last_mut() {
            last.decided = true;
        }
        spoken
    }

    /// Every document that has something written at `path`.
    pub fn written_at(&self, path: &str) -> Vec<Spoken> {
        let mut spoken = Vec::new();
        for (_, root, layer) in self.documents() {
            if let Some(node) = at_path(root, path) {
                add(
                    &mut spoken,
                    path.into(),
                    layer,
                    Some(mask(path, self.as_written(node))),
                    Some(node.place),
                );
            }
        }
        spoken
    }

    /// Adds that nothing is written at `path`, so that this layer, or the dump, decided.
    fn add_unwritten(
        &self,
        spoken: &mut Vec<Spoken>,
        path: &str,
        layer: OriginLayer,
        written: Option<String>,
    ) {
        let layer = if self.resolved.is_configz { OriginLayer::Configz } else { layer };
        add(spoken, path.into(), layer, written, self.nearest(path));
        if let Some(last) = spoken.last_mut() {
            last.decided = true;
        }
    }

    /// Whether a document of a layer could not be read.
    pub(super) fn has_unread(&self) -> bool {
        self.layers.documents().iter().any(|named| named.document.is_err())
    }

    /// What the layers say of a gate, the strongest one first asked, even where the kubelet stops
    /// before it has a configuration.
    pub fn gate_entry(&self, gate: &str) -> Entry {
        if let Some(configuration) = self.configuration() {
            return configuration.gate(gate).map_or(Entry::Absent, |(value, _)| Entry::Is(value));
        }
        if let Some((value, _)) = self.resolved.flags.gate(gate) {
            return Entry::Is(value);
        }
        if self.is_mentioned("feature-gates") {
            return Entry::Unreadable;
        }
        let path = format!("featureGates.{gate}");
        let mut entry = Entry::Absent;
        for (_, root, _) in self.documents() {
            match at_path(root, &path).map(|node| &node.value) {
                None if at_path(root, "featureGates")
                    .is_some_and(|node| !matches!(node.value, NodeValue::Object(_) | NodeValue::Null)) =>
                {
                    entry = Entry::Unreadable;
                }
                None => {}
                Some(NodeValue::Bool(value)) => entry = Entry::Is(*value),
                Some(NodeValue::Null) => entry = Entry::Is(false),
                Some(_) => entry = Entry::Unreadable,
            }
        }
        if self.has_unread() { Entry::Unknown } else { entry }
    }

    /// A value as it is written, or as JSON where there is no text.
    fn as_written(&self, node: &Node<'_>) -> String {
        let text = self.sources.written(node.place);
        if !text.is_empty() || matches!(node.value, NodeValue::Null) {
            return crate::effective::clip(text);
        }
        match &node.value {
            NodeValue::Bool(b) => b.to_string(),
            NodeValue::Number(n) => n.to_string(),
            NodeValue::String(s) => crate::effective::clip(s),
            other => other.kind().into(),
        }
    }

    /// The nearest place that a field which is not written belongs to: the innermost object on its
    /// path that is there, else the start of the document.
    fn nearest(&self, path: &str) -> Option<Place> {
        let (source, root, _) = *self.documents().first()?;
        let mut at = root;
        let mut found = None;
        for key in path.split('.') {
            let Some(member) = at.as_object().and_then(|members| members.iter().rev().find(|m| m.key == key))
            else {
                break;
            };
            found = Some(member.key_place);
            at = &member.value;
        }
        Some(found.unwrap_or_else(|| first_key(root, source)))
    }
}

/// Adds an occurrence of a flag.
fn add_flag(spoken: &mut Vec<Spoken>, given: &Given, written: String, place: Place) {
    add(spoken, format!("--{}", given.flag.name), OriginLayer::Flag, Some(written), Some(place));
}

/// Adds a place that spoke; whether it counts is seen later.
fn add(
    spoken: &mut Vec<Spoken>,
    path: String,
    layer: OriginLayer,
    written: Option<String>,
    place: Option<Place>,
) {
    spoken.push(Spoken { path, layer, written, decided: false, place });
}

/// Where a document's content begins: its first key.
fn first_key(root: &Node<'_>, source: SourceId) -> Place {
    root.as_object().and_then(|members| members.first()).map_or_else(
        || Place::new(source, Span::at(root.place.span.start as usize)),
        |member| member.key_place,
    )
}

/// The node at a dotted path, keys compared exactly.
pub(crate) fn at_path<'n, 'a>(root: &'n Node<'a>, path: &str) -> Option<&'n Node<'a>> {
    path.split('.').try_fold(root, |node, key| node.get(key))
}

/// Values of fields that hold secrets are never shown.
pub(crate) fn mask(path: &str, written: String) -> String {
    if path.starts_with("staticPodURLHeader") { "(hidden)".into() } else { written }
}

/// The layer of a place.
pub(crate) fn origin_layer(sources: &Sources<'_>, place: Place) -> OriginLayer {
    match (place.source, sources.get(place.source).map(|source| source.layer)) {
        (SourceId::GENERATED, _) => OriginLayer::Generated,
        (_, Some(Layer::Config)) => OriginLayer::Config,
        (_, Some(Layer::DropIn)) => OriginLayer::DropIn,
        (_, Some(Layer::Flag)) => OriginLayer::Flag,
        (_, Some(Layer::Configz)) => OriginLayer::Configz,
        (_, None) => OriginLayer::Default,
    }
}
