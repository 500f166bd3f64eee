//! kubeadm's own configuration files.
//!
//! Sources: kubernetes/kubernetes `cmd/kubeadm/app/apis/kubeadm` (v1beta3 writes `kubeletExtraArgs` as a map,
//! v1beta4 as a list) and `cmd/kubeadm/app/phases/kubelet`.

use crate::source::MissingLayer;
use crate::source::diagnostic::{Code, Diagnostic};

use super::super::arguments::ArgsForm;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::platform;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "kubeadm configuration",
    settings: "`nodeRegistration.kubeletExtraArgs` of InitConfiguration and JoinConfiguration, and KubeletConfiguration in the same file",
    version: "`kubernetesVersion` of ClusterConfiguration",
    source: "kubernetes/kubernetes cmd/kubeadm/app/apis/kubeadm",
    otherwise: "audit the file with InitConfiguration, JoinConfiguration or KubeletConfiguration",
    shape: Shape::Kinds(&[
        (GROUP, "InitConfiguration"),
        (GROUP, "JoinConfiguration"),
        (GROUP, "ClusterConfiguration"),
        ("kubelet.config.k8s.io", "KubeletConfiguration"),
    ]),
    read: Read::Together(read),
}];

const GROUP: &str = "kubeadm.k8s.io";
/// The config file of a node that kubeadm has set up.
const KUBEADM_CONFIG: &str = "/var/lib/kubelet/config.yaml";

fn read(cx: &Context<'_>, objects: &[Object<'_>]) -> Vec<(usize, ConfiguredKubelet)> {
    let of = |kind: &str| objects.iter().find(move |object| object.kind == kind);
    let cluster = of("ClusterConfiguration");
    let shared = of("KubeletConfiguration");
    let is_kubeadm = objects.iter().any(|object| object.group == GROUP);
    let version = cluster.and_then(|cluster| cluster.at("kubernetesVersion"));
    // What a file without InitConfiguration and ClusterConfiguration says, `kubeadm join` reads alone: the
    // settings come from the cluster.
    let creates_cluster = cluster.is_some() || of("InitConfiguration").is_some();
    let mut found = Vec::new();
    // A file sets up the first node and one that joins. More nodes would each need a copy.
    let mut copies = 2_usize;
    for object in objects {
        if !matches!(object.kind, "InitConfiguration" | "JoinConfiguration") {
            continue;
        }
        let mut name = object.name();
        let mut draft = Draft::of(cx, object, String::new());
        draft.version(version);
        draft.arguments(object.at("nodeRegistration.kubeletExtraArgs"), ArgsForm::Pairs);
        let names_another = draft.flag("config").is_some();
        match shared {
            Some(shared) if creates_cluster && !names_another && copies > 0 => {
                copies = copies.saturating_sub(1);
                draft.config(Some(shared.root));
                name.push_str(" with KubeletConfiguration");
            }
            Some(shared) if !creates_cluster => {
                draft.note(
                    Diagnostic::warning(
                        Code::IgnoredLayer,
                        "kubeadm join ignores the KubeletConfiguration and takes that of the cluster",
                    )
                    .help("change the ConfigMap kubelet-config in kube-system, or use a patch")
                    .at(shared.root.place),
                );
            }
            _ => {}
        }
        if creates_cluster && !names_another {
            draft.over(&platform::KUBEADM);
        } else if !names_another {
            draft.missing_layer(MissingLayer::Config(KUBEADM_CONFIG.to_owned()));
        }
        if let Some(mut kubelet) = draft.build() {
            kubelet.name = name;
            found.push((object.order, kubelet));
        }
    }
    let has_nodes =
        objects.iter().any(|object| matches!(object.kind, "InitConfiguration" | "JoinConfiguration"));
    let is_shared = found.iter().any(|(_, kubelet)| kubelet.name.ends_with(" with KubeletConfiguration"));
    for object in objects.iter().filter(|object| object.kind == "KubeletConfiguration") {
        // A configuration that was added to others needs no target of its own, and one that is ignored is none.
        let is_first = shared.is_some_and(|shared| shared.order == object.order);
        if is_first && (is_shared || has_nodes && !creates_cluster) {
            continue;
        }
        let mut draft = Draft::of(cx, object, object.name());
        draft.config(Some(object.root));
        if is_kubeadm {
            draft.version(version).over(&platform::KUBEADM);
        }
        found.extend(draft.build().map(|kubelet| (object.order, kubelet)));
    }
    found
}
