//! The kubelet under audit: what its layers say and what they add up to.

use crate::kubelet::Version;
use crate::report::{OriginLayer, Stage};
use crate::request::ServingCertificates;
use crate::resolve::{Configuration, Layers, NamedDocument, Resolved};
use crate::source::tree::Node;
use crate::source::{Layer, Place, SourceId, Sources, ValueSource};

/// A kubelet under audit, at one version.
pub struct AuditedKubelet<'a> {
    /// Its version.
    pub version: Version,
    /// The outcome of its start. Versions that behave alike share one, so `resolved.version` may
    /// differ from `version`.
    pub resolved: &'a Resolved,
    /// The layers that were given: the config file, drop-ins, the command line.
    pub layers: &'a Layers<'a>,
    /// The texts of those layers.
    pub sources: &'a Sources<'a>,
    /// The origin of its serving certificates, as the request states it.
    pub serving_certificates: ServingCertificates,
}

/// A kubelet that starts, with all its layers known: the only kind whose behavior can be stated.
pub struct RunningKubelet<'a> {
    /// The kubelet as it was given.
    pub audited: &'a AuditedKubelet<'a>,
    /// The configuration that it runs with.
    pub configuration: &'a Configuration,
    /// Its version.
    pub version: Version,
}

impl<'a> AuditedKubelet<'a> {
    /// Returns the configuration, where the kubelet gets far enough to have one.
    pub fn configuration(&self) -> Option<&'a Configuration> {
        self.resolved.configuration.as_ref()
    }

    /// Returns the running kubelet; `None` where it does not start or a layer is missing.
    pub fn running(&'a self) -> Option<RunningKubelet<'a>> {
        if self.resolved.missing.is_empty() { self.started() } else { None }
    }

    /// Returns the running kubelet as far as the layers show it; `None` where it does not start. For settings
    /// that no missing layer can change.
    pub(super) fn started(&'a self) -> Option<RunningKubelet<'a>> {
        if !self.resolved.starts() || self.has_unmodeled_drop_ins() {
            return None;
        }
        let configuration = self.configuration()?;
        Some(RunningKubelet { audited: self, configuration, version: self.version })
    }

    /// Returns the stage at which the kubelet stops, listening included.
    pub fn stage(&self) -> Option<Stage> {
        let stop = self.resolved.stop.as_ref().or(self.resolved.listen.as_ref())?;
        Some(stop.stage)
    }

    /// Returns the first reason why the kubelet stops.
    pub fn stop_reason(&self) -> Option<&'a str> {
        let stop = self.resolved.stop.as_ref().or(self.resolved.listen.as_ref())?;
        stop.errors.first().map(|error| error.message.as_str())
    }

    /// Returns the layer that a value at `place` comes from.
    pub fn layer_of(&self, place: Place) -> OriginLayer {
        origin_layer(self.sources, place)
    }

    /// Returns the root of each layer's document, weakest layer first; of a `/configz` dump the
    /// object inside.
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

    /// Whether a document of a layer could not be read.
    pub(super) fn has_unreadable_document(&self) -> bool {
        self.layers.documents().iter().any(|named| named.document.is_err())
    }

    /// Whether the command line names a flag that could not be read.
    pub(super) fn has_unreadable_flag(&self, flag: &str) -> bool {
        self.stage() == Some(Stage::CommandLine)
            && self.layers.arguments().iter().any(|argument| {
                argument.text.strip_prefix("--").is_some_and(|body| {
                    let name = body.split_once('=').map_or(body, |(name, _)| name);
                    name.replace('_', "-") == flag
                })
            })
    }

    /// Whether the whole command line is known and names no API server.
    pub(super) fn has_no_api_server(&self) -> bool {
        let flags = &self.resolved.flags;
        self.layers.has_full_command_line() && !flags.given.is_empty() && flags.text("kubeconfig").is_none()
    }

    /// Whether it has drop-ins at 1.28, where they are an alpha feature that merges in its own way.
    pub(super) fn has_unmodeled_drop_ins(&self) -> bool {
        self.version.minor() == 28
            && !self.resolved.is_configz
            && self.layers.drop_ins.as_ref().is_some_and(|list| !list.is_empty())
    }
}

/// Returns the node at a dotted path; keys are compared exactly.
pub(super) fn at_path<'n, 'a>(root: &'n Node<'a>, path: &str) -> Option<&'n Node<'a>> {
    path.split('.').try_fold(root, |node, key| node.get(key))
}

/// Returns the layer that a place belongs to.
pub(crate) fn origin_layer(sources: &Sources<'_>, place: Place) -> OriginLayer {
    match (place.source, sources.at(place).map(|source| source.layer)) {
        (ValueSource::Generated, _) => OriginLayer::Generated,
        (ValueSource::Platform, _) => OriginLayer::Platform,
        (_, Some(Layer::Config)) => OriginLayer::Config,
        (_, Some(Layer::DropIn)) => OriginLayer::DropIn,
        (_, Some(Layer::Flag)) => OriginLayer::Flag,
        (_, Some(Layer::Configz)) => OriginLayer::Configz,
        (_, None) => OriginLayer::Default,
    }
}
