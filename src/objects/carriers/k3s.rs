//! Config files of K3s and RKE2.
//!
//! Sources: k3s-io/k3s `pkg/configfilearg/parser.go` and its documentation, "Configuration File"; `pkg/cli/cmds`
//! (`kubelet-arg`, `protect-kernel-defaults`); rancher/rke2 documentation, "CIS Hardening Guide" (`profile`).

use crate::source::tree::Node;

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object};
use super::super::draft::Draft;
use super::super::embedded::Embedded;
use super::super::kubelet::ConfiguredKubelet;
use super::super::machine::k3s_settings;
use super::super::platform;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "K3s or RKE2 config file",
    settings: "`kubelet-arg`, `kubelet-arg+`, `protect-kernel-defaults`, and `profile` of RKE2; `config.yaml.d/*.yaml` with the file",
    version: "",
    source: "k3s-io/k3s pkg/configfilearg/parser.go, pkg/daemons/agent/agent.go",
    otherwise: "audit the kubelet's own arguments: journalctl -u k3s or -u rke2-agent, the line with `Running kubelet`",
    shape: Shape::Members("K3s configuration", is_one),
    read: Read::Each(read),
}];

const KEYS: [&str; 3] = ["kubelet-arg", "kubelet-arg+", "protect-kernel-defaults"];

pub(in super::super) fn is_one(root: &Node<'_>) -> bool {
    KEYS.iter().any(|key| root.get(key).is_some())
}

/// Keys that only RKE2 has.
fn is_rke2(root: &Node<'_>) -> bool {
    let keys =
        ["cni", "profile", "ingress-controller", "control-plane-resource-requests", "audit-policy-file"];
    let joins = root
        .get("server")
        .and_then(Node::as_str)
        .is_some_and(|server| server.trim_end_matches('/').ends_with(":9345"));
    joins || keys.iter().any(|key| root.get(key).is_some())
}

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, String::new());
    let mut beside: Vec<_> =
        cx.beside.iter().filter(|file| file.name.ends_with(".yaml") || file.name.ends_with(".yml")).collect();
    beside.sort_by_key(|file| file.name);
    let read: Vec<_> = beside
        .iter()
        .filter_map(|file| Embedded::whole(file.text, file.source).read(cx.limits).ok())
        .collect();
    let roots: Vec<&Node<'_>> =
        std::iter::once(object.root).chain(read.iter().map(|read| &read.root)).collect();
    if !read.is_empty() {
        draft.has_drop_ins();
    }
    let is_rke2 = roots.iter().any(|root| is_rke2(root));
    k3s_settings(&roots, &mut draft);
    draft.over(if is_rke2 { &platform::RKE2 } else { &platform::K3S }).on(if is_rke2 {
        "rke2"
    } else {
        "k3s"
    });
    let mut kubelet = draft.build();
    if let Some(kubelet) = &mut kubelet {
        kubelet.name = format!("{} configuration", if is_rke2 { "RKE2" } else { "K3s" });
    }
    kubelet.into_iter().collect()
}
