//! Patches of a ClusterClass.
//!
//! Source: kubernetes-sigs/cluster-api, book, "Writing a ClusterClass" (`spec.patches[].definitions[]`).

use crate::source::Place;
use crate::source::tree::{Member, Node, NodeValue};

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::json_patch;
use super::super::kubelet::ConfiguredKubelet;
use super::super::machine::joined;
use super::{cluster_api, eks, rancher};

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "ClusterClass",
    settings: "`spec.patches[].definitions[].jsonPatches`, applied to an empty object of the selected kind; a value from a variable is unknown",
    version: "",
    source: "kubernetes-sigs/cluster-api docs/book, Writing a ClusterClass",
    otherwise: "audit the KubeadmControlPlaneTemplate and KubeadmConfigTemplate that it names",
    shape: Shape::Kinds(&[("cluster.x-k8s.io", "ClusterClass")]),
    read: Read::Each(read),
}];

/// Stands for a value that a variable decides, as a template does.
const VARIABLE: &str = "${variable}";

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    // Patches with the same selector change the same template.
    let mut templates: Vec<(String, Node<'static>)> = Vec::new();
    for (patch, _) in items(object.root, "spec.patches") {
        for (definition, _) in items(patch, "definitions") {
            let Some(selector) = below(definition, "selector") else { continue };
            let key = selected(selector);
            let at = templates.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
                templates.push((key, template(selector)));
                templates.len().saturating_sub(1)
            });
            let Some((_, root)) = templates.get_mut(at) else { continue };
            if let Some(patches) = below(definition, "jsonPatches") {
                json_patch::apply(root, &with_variables(patches));
            }
        }
    }
    let mut found = Vec::new();
    for (key, root) in &templates {
        let template = Object::new(root, object.reading, object.order);
        let read = match (template.group, template.kind) {
            (_, kind) if kind.starts_with("Kubeadm") => cluster_api::read(cx, &template),
            (_, kind) if kind.starts_with("RKE2") => rancher::cluster_api(cx, &template),
            (_, kind) if kind.starts_with("EKSConfig") || kind.starts_with("Nodeadm") => {
                eks::bootstrap(cx, &template)
            }
            _ => Vec::new(),
        };
        for mut kubelet in read {
            let part = kubelet.name.split_once(", ").map_or("", |(_, part)| part);
            kubelet.name = joined(&object.part(key), part);
            found.push(kubelet);
        }
    }
    found
}

/// What a selector selects: the kind, and the classes of machines if it names any.
fn selected(selector: &Node<'_>) -> String {
    let kind = below(selector, "kind").and_then(Node::as_str).unwrap_or_default();
    let mut out = kind.to_owned();
    for key in ["machineDeploymentClass", "machinePoolClass"] {
        let path = format!("matchResources.{key}.names");
        for name in below(selector, &path).and_then(Node::as_array).unwrap_or_default() {
            out.push(' ');
            out.push_str(name.as_str().unwrap_or_default());
        }
    }
    out
}

/// An empty object of the kind that a selector names.
fn template(selector: &Node<'_>) -> Node<'static> {
    let members = selector.as_object().unwrap_or_default().iter();
    let meta = members.filter(|member| member.key == "apiVersion" || member.key == "kind");
    Node::new(selector.place, NodeValue::Object(meta.map(Member::to_static).collect()))
}

/// The operations, with `valueFrom` replaced by a value that is not known.
fn with_variables(patches: &Node<'_>) -> Node<'static> {
    let mut patches = patches.to_static();
    let NodeValue::Array(operations) = &mut patches.value else { return patches };
    for operation in operations {
        let NodeValue::Object(members) = &mut operation.value else { continue };
        for member in members.iter_mut().filter(|member| member.key == "valueFrom") {
            let place: Place = member.value.place;
            member.key = "value".into();
            member.value = Node::new(place, NodeValue::String(VARIABLE.into()));
        }
    }
    patches
}
