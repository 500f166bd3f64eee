//! Evidence: every place that mentions a setting.

use crate::kubelet::fields::FieldId;
use crate::report::OriginLayer;
use crate::resolve::{GivenFlag, clip};
use crate::source::tree::{Node, NodeValue};
use crate::source::{Place, SourceId, Span};

use super::audited_kubelet::{AuditedKubelet, at_path};
use super::setting::{Setting, flag_of};

/// A place that mentions a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The field's path, or the flag with its dashes.
    pub path: String,
    /// The layer.
    pub layer: OriginLayer,
    /// The value in the layer's own spelling; `None` where the layer has none.
    pub value: Option<String>,
    /// Whether this is the one that counts for its setting.
    pub decided: bool,
    /// The place; `None` for defaults and for layers without a text.
    pub place: Option<Place>,
}

impl AuditedKubelet<'_> {
    /// Returns every place that mentions a setting, weakest layer first; of a gate also places where
    /// it has no effect.
    pub fn mentions(&self, setting: Setting) -> Vec<Mention> {
        match setting {
            Setting::Field(field) => self.mentions_of_field(field),
            Setting::Gate(gate) => {
                let mut mentions = self.mentions_of_gate(gate);
                mentions.extend(self.mentions_in_documents(gate));
                mentions
            }
            Setting::Flag(flag) => self.mentions_of_flag(flag),
        }
    }

    /// Returns every place that mentions a field, weakest layer first. Where none does, the default
    /// is the only one, placed at the nearest object that the field belongs to.
    pub fn mentions_of_field(&self, field: FieldId) -> Vec<Mention> {
        let path = field.field().path;
        let winner = self.configuration().map(|configuration| configuration.slot(field).place);
        let mut mentions = self.mentions_in_documents(path);
        for given in &self.resolved.flags.given {
            let sets =
                given.flag.field(self.version) == Some(field) || flag_of(field) == Some(given.flag.name);
            if sets {
                mentions.push(flag_mention(given, mask(path, given.text.clone()), given.place));
            }
        }
        let mut has_winner = false;
        for mention in &mut mentions {
            mention.decided = winner.is_some() && mention.place == winner;
            has_winner |= mention.decided;
        }
        if !has_winner && let (Some(place), Some(configuration)) = (winner, self.configuration()) {
            let layer = self.layer_of(place);
            // In a dump that does not show the field it is zero: that is no default.
            let value = (layer == OriginLayer::Generated)
                .then(|| configuration.value(field).show(field.field().kind));
            mentions.push(self.unconfigured(path, layer, value));
        }
        mentions
    }

    /// Returns every place below `path` in a document, weakest layer first.
    pub(super) fn mentions_in_documents(&self, path: &str) -> Vec<Mention> {
        let documents = self.documents();
        let mentions = documents.iter().filter_map(|(_, root, layer)| {
            let node = at_path(root, path)?;
            Some(Mention {
                path: path.into(),
                layer: if node.place == Place::PLATFORM { OriginLayer::Platform } else { *layer },
                value: Some(mask(path, self.text_of(node))),
                decided: false,
                place: Some(node.place),
            })
        });
        mentions.collect()
    }

    fn mentions_of_gate(&self, gate: &str) -> Vec<Mention> {
        let path = format!("featureGates.{gate}");
        let mut mentions = self.mentions_in_documents(&path);
        for given in &self.resolved.flags.given {
            for entry in given.gates.iter().filter(|entry| entry.key == gate) {
                let text = self.sources.text_at(entry.place);
                let value = if text.contains(gate) { text } else { &given.text };
                mentions.push(flag_mention(given, value.to_owned(), entry.place));
            }
        }
        let Some(configuration) = self.configuration() else { return mentions };
        match configuration.gate(gate).map(|(_, place)| place) {
            Some(place) => {
                // One flag may name a gate twice: the last one counts.
                if let Some(winner) = mentions.iter_mut().rfind(|mention| mention.place == Some(place)) {
                    winner.decided = true;
                }
            }
            None => mentions.push(self.unconfigured(&path, OriginLayer::Default, None)),
        }
        mentions
    }

    /// Returns every occurrence of a flag that sets no field; the last one counts.
    fn mentions_of_flag(&self, flag: &str) -> Vec<Mention> {
        let given = self.resolved.flags.given.iter().filter(|given| given.flag.name == flag);
        let mut mentions: Vec<Mention> =
            given.map(|given| flag_mention(given, given.text.clone(), given.place)).collect();
        if let Some(last) = mentions.last_mut() {
            last.decided = true;
        }
        mentions
    }

    /// Returns the mention that stands for no value at `path`, so that this layer, or the dump, decides.
    fn unconfigured(&self, path: &str, layer: OriginLayer, value: Option<String>) -> Mention {
        let layer = if self.resolved.is_configz { OriginLayer::Configz } else { layer };
        Mention { path: path.into(), layer, value, decided: true, place: self.nearest(path) }
    }

    /// Returns a node's own text, or its value where there is no text.
    fn text_of(&self, node: &Node<'_>) -> String {
        let text = self.sources.text_at(node.place);
        if !text.is_empty() || matches!(node.value, NodeValue::Null) {
            return clip(text);
        }
        match &node.value {
            NodeValue::Bool(b) => b.to_string(),
            NodeValue::Number(n) => n.to_string(),
            NodeValue::String(s) => clip(s),
            other => other.kind().into(),
        }
    }

    /// Returns the nearest place for a field without a value: the innermost object on its path that
    /// exists, or else the start of the document.
    fn nearest(&self, path: &str) -> Option<Place> {
        let (source, root, _) = *self.documents().first()?;
        let mut node = root;
        let mut found = None;
        for key in path.split('.') {
            let members = node.as_object().unwrap_or_default();
            let Some(member) = members.iter().rfind(|member| member.key == key) else { break };
            found = Some(member.key_place);
            node = &member.value;
        }
        Some(found.unwrap_or_else(|| first_key(root, source)))
    }
}

fn flag_mention(given: &GivenFlag, value: String, place: Place) -> Mention {
    Mention {
        path: format!("--{}", given.flag.name),
        layer: OriginLayer::Flag,
        value: Some(value),
        decided: false,
        place: Some(place),
    }
}

/// Returns the place of a document's first key.
fn first_key(root: &Node<'_>, source: SourceId) -> Place {
    root.as_object().and_then(|members| members.first()).map_or_else(
        || Place::new(source, Span::at(root.place.span.start as usize)),
        |member| member.key_place,
    )
}

/// Hides the value of a field that may hold secrets.
fn mask(path: &str, value: String) -> String {
    if path.starts_with("staticPodURLHeader") { "(hidden)".into() } else { value }
}
