//! ConfigMaps and Secrets with configurations, objects or user data in them.
//!
//! Source: kubernetes/kubernetes `cmd/kubeadm/app/phases/kubelet/config.go` (ConfigMap `kubelet-config`).

use crate::source::tree::Node;

use super::super::arguments::wrong;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object};
use super::super::draft::Draft;
use super::super::embedded::Embedded;
use super::super::kubelet::ConfiguredKubelet;
use super::super::machine::{joined, mentions};
use super::super::search::kubelets_in;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "ConfigMap or Secret",
    settings: "`data.kubelet` of kubeadm's `kubelet-config`; a configuration, an object of this table or user data in any other value",
    version: "",
    source: "kubernetes/kubernetes cmd/kubeadm/app/phases/kubelet/config.go",
    otherwise: "audit the ConfigMap kubelet-config in kube-system, or the file that the kubelet's --config names",
    shape: Shape::Kinds(&[("", "ConfigMap"), ("", "Secret")]),
    read: Read::Each(read),
}];

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut found = Vec::new();
    let name = object.name();
    let is_kubeadm = object
        .at("metadata.name")
        .and_then(Node::as_str)
        .is_some_and(|name| name.starts_with("kubelet-config") && object.kind == "ConfigMap");
    for key in ["data", "stringData"] {
        for member in object.at(key).and_then(Node::as_object).unwrap_or_default() {
            let value = &member.value;
            if is_kubeadm && member.key == "kubelet" {
                let mut draft = Draft::of(cx, object, name.clone());
                match cx.inner(value) {
                    Some(Ok(text)) => draft.file(&text),
                    Some(Err(error)) => draft.unparsed(error),
                    None => draft.fail(wrong(value, "a string")),
                };
                found.extend(draft.build());
                continue;
            }
            let is_encoded = object.kind == "Secret" && key == "data";
            let text = if is_encoded { cx.decoded(value) } else { plain(cx, value) };
            // A value that is not a document, such as prose or a script, configures no kubelet.
            let Some(text) = text.filter(|text| mentions(&text.text)) else { continue };
            for mut kubelet in kubelets_in(cx, &text, 1) {
                if kubelet.unreadable.is_some() && kubelet.config.is_none() && kubelet.name.is_empty() {
                    continue;
                }
                let inner = if kubelet.name == "KubeletConfiguration" { "" } else { &kubelet.name };
                kubelet.name = joined(&format!("{name}, {key}.{}", member.key), inner);
                found.push(kubelet);
            }
        }
    }
    found
}

fn plain(cx: &Context<'_>, value: &Node<'_>) -> Option<Embedded> {
    value.as_str().filter(|text| mentions(text))?;
    cx.inner(value)?.ok()
}
