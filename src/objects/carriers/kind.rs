//! kind clusters.
//!
//! Sources: kubernetes-sigs/kind `pkg/apis/config/v1alpha4/types.go` and
//! `pkg/cluster/internal/create/actions/config/config.go`: patches of the cluster first, then those of the
//! node, onto kubeadm's documents.

use crate::source::tree::{Node, NodeValue};
use crate::source::{MissingLayer, Place, Span, UnknownValue, merge_patch};

use super::super::arguments::ArgsForm;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::{Draft, version_in};
use super::super::json_patch;
use super::super::kubelet::ConfiguredKubelet;
use super::super::platform;
use super::super::stream::documents;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "kind cluster",
    settings: "`kubeadmConfigPatches` and `kubeadmConfigPatchesJSON6902` of the cluster and of each node, and `featureGates`",
    version: "the tag of a node's `image`",
    source: "kubernetes-sigs/kind pkg/apis/config/v1alpha4/types.go",
    otherwise: "add a KubeletConfiguration to kubeadmConfigPatches, or audit /configz of a node",
    shape: Shape::Kinds(&[("kind.x-k8s.io", "Cluster")]),
    read: Read::Each(read),
}];

/// kubeadm's documents, as far as patches fill them.
#[derive(Clone, Default)]
struct Documents {
    kubelet: Option<Node<'static>>,
    init: Option<Node<'static>>,
    join: Option<Node<'static>>,
    cluster: Option<Node<'static>>,
    /// A patch that cannot be read leaves everything open.
    open: Option<Place>,
}

impl Documents {
    fn of(&mut self, kind: &str) -> Option<&mut Option<Node<'static>>> {
        match kind {
            "KubeletConfiguration" => Some(&mut self.kubelet),
            "InitConfiguration" => Some(&mut self.init),
            "JoinConfiguration" => Some(&mut self.join),
            "ClusterConfiguration" => Some(&mut self.cluster),
            _ => None,
        }
    }

    fn patch(&mut self, cx: &Context<'_>, node: &Node<'_>) {
        for patch in below(node, "kubeadmConfigPatches").and_then(Node::as_array).unwrap_or_default() {
            let Some(Ok(text)) = cx.inner(patch) else { continue };
            for (start, end) in documents(&text.text) {
                match text.part(start, end).read(cx.limits) {
                    Ok(read) => {
                        let kind =
                            read.root.get("kind").and_then(Node::as_str).unwrap_or_default().to_owned();
                        let Some(slot) = self.of(&kind) else { continue };
                        let target = slot.get_or_insert_with(|| empty(read.root.place));
                        merge_patch::patch(target, read.root.as_object().unwrap_or_default());
                    }
                    Err(error) => self.open = Some(patch.place.with_span(error.span)),
                }
            }
        }
        for patch in below(node, "kubeadmConfigPatchesJSON6902").and_then(Node::as_array).unwrap_or_default()
        {
            let kind = patch.get("kind").and_then(Node::as_str).unwrap_or_default();
            let operations =
                patch.get("patch").and_then(|text| cx.inner(text)?.ok()?.read_yaml(cx.limits).ok());
            if let (Some(slot), Some(operations)) = (self.of(kind), operations) {
                json_patch::apply(slot.get_or_insert_with(|| empty(operations.root.place)), &operations.root);
            }
        }
    }
}

fn empty(place: Place) -> Node<'static> {
    Node::new(place.with_span(Span::at(place.span.start as usize)), NodeValue::Object(Vec::new()))
}

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut shared = Documents::default();
    shared.patch(cx, object.root);
    let gates = object.at("featureGates");
    let mut nodes = items(object.root, "nodes");
    if nodes.is_empty() {
        nodes.push((object.root, String::new()));
    }
    let mut found: Vec<(String, ConfiguredKubelet)> = Vec::new();
    let mut has_first = false;
    for (node, label) in nodes {
        let mut documents = shared.clone();
        let is_object = std::ptr::eq(node, object.root);
        if !is_object {
            documents.patch(cx, node);
        }
        let role = below(node, "role").and_then(Node::as_str).unwrap_or("control-plane");
        let is_first = (role == "control-plane" || is_object) && !has_first;
        has_first |= is_first;
        let registration = if is_first { &documents.init } else { &documents.join };
        let arguments =
            registration.as_ref().and_then(|node| below(node, "nodeRegistration.kubeletExtraArgs"));
        let image = below(node, "image").filter(|_| !is_object).and_then(Node::as_str);
        // Nodes that differ in nothing that reaches the kubelet are one target.
        let key = format!(
            "{image:?} {:?} {:?}",
            documents.kubelet.as_ref().map(place_key),
            arguments.map(place_key)
        );
        if found.iter().any(|(other, _)| *other == key) {
            continue;
        }
        let name = if is_object { object.name() } else { object.part(&label) };
        let mut draft = Draft::of(cx, object, name);
        draft.version_text(image.and_then(version_in).as_deref());
        let version = documents.cluster.as_ref().and_then(|cluster| below(cluster, "kubernetesVersion"));
        draft.version(version);
        draft.config(documents.kubelet.as_ref());
        if let Some(gates) = gates {
            draft.field("featureGates", gates);
        }
        draft.arguments(arguments, ArgsForm::Pairs);
        if let Some(place) = documents.open {
            let value = UnknownValue {
                path: "kubeadmConfigPatches".to_owned(),
                why: "it cannot be read",
                place: Some(place),
            };
            draft.missing_layer(MissingLayer::Value(value));
        }
        draft.over(&platform::KIND);
        found.extend(draft.build().map(|kubelet| (key, kubelet)));
    }
    found.into_iter().map(|(_, kubelet)| kubelet).collect()
}

/// Where the values of a node come from: equal for equal settings of different nodes.
fn place_key(node: &Node<'_>) -> String {
    fn add(node: &Node<'_>, out: &mut String) {
        out.push_str(&format!("{},", node.place.span.start));
        match &node.value {
            NodeValue::Object(members) => members.iter().for_each(|member| add(&member.value, out)),
            NodeValue::Array(items) => items.iter().for_each(|item| add(item, out)),
            _ => {}
        }
    }
    let mut out = String::new();
    add(node, &mut out);
    out
}
