//! Platforms on which the file is not the operator's to edit: which object to change instead.

use serde_json::Value as Json;

use super::value::{self, Layout};
use crate::json_text::json_text;
use crate::report::Setting;
use crate::request::{ArgsInput, ConfigInput, Request};

/// What a platform lets its users change of a kubelet.
#[derive(Debug)]
pub struct Platform {
    /// Its name.
    pub name: &'static str,
    /// The object to change; empty where the platform forbids it.
    pub object: &'static str,
    /// What to do, or that nothing can be done.
    pub advice: &'static str,
    /// Texts in a node's files that tell the platform.
    marks: &'static [&'static str],
    /// How the edition's name begins.
    edition: &'static str,
    patch: Patch,
}

#[derive(Clone, Copy, Debug)]
enum Patch {
    /// Nothing can be given.
    None,
    /// A KubeletConfiguration, below a head.
    Configuration(&'static str),
    /// Flags by name, below a head.
    Flags(&'static str),
}

/// Every platform. Those that are told by marks stand before those that an edition's name tells.
#[rustfmt::skip]
pub const PLATFORMS: &[Platform] = &[
    Platform { name: "Karpenter", object: "", marks: &["karpenter.sh/nodepool", "karpenter.sh/provisioner"], edition: "karpenter", patch: Patch::None,
        advice: "EC2NodeClass.spec.kubelet takes only reservations, evictions, image collection, maxPods and clusterDNS, nothing about authentication, TLS or gates; put a NodeConfig into its userData instead" },
    Platform { name: "AKS", object: "", marks: &["kubernetes.azure.com/"], edition: "cis-aks", patch: Patch::None,
        advice: "AKS writes the kubelet's files when it makes a node and takes no such setting: an edit is lost with the next node image; serving certificates rotate by themselves on node images from 202501 on, unless the tag aks-disable-kubelet-serving-certificate-rotation says otherwise" },
    Platform { name: "EKS", object: "NodeConfig (node.eks.aws) in the launch template's user data", marks: &["eks.amazonaws.com/", "/etc/eks/"], edition: "cis-eks",
        patch: Patch::Configuration("apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config:\n"),
        advice: "nodeadm writes the file anew on every boot: put the settings in the NodeConfig, and roll the node group" },
    Platform { name: "GKE", object: "", marks: &["cloud.google.com/gke-"], edition: "cis-gke", patch: Patch::None,
        advice: "GKE writes the file when it makes a node; a node system configuration (gcloud container node-pools --system-config-from-file) takes insecureKubeletReadonlyPortEnabled, podPidsLimit and a few others, and nothing else can be changed" },
    Platform { name: "OpenShift", object: "KubeletConfig (machineconfiguration.openshift.io)", marks: &["node-role.kubernetes.io/master,node.openshift.io", "node.openshift.io/os_id"], edition: "rh-",
        patch: Patch::Configuration("apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\nmetadata:\n  name: kubelet-audit\nspec:\n  machineConfigPoolSelector:\n    matchLabels:\n      pools.operator.machineconfiguration.openshift.io/worker: \"\"\n  kubeletConfig:\n"),
        advice: "the Machine Config Operator writes the file anew: apply the object, and it rolls the pool; featureGates are refused there in some versions" },
    Platform { name: "Cluster API", object: "KubeadmConfigTemplate, KubeadmControlPlane", marks: &["cluster.x-k8s.io/"], edition: "capi",
        patch: Patch::Flags("spec:\n  template:\n    spec:\n      joinConfiguration:\n        nodeRegistration:\n          kubeletExtraArgs:\n"),
        advice: "machines are made anew from the template: change it, and let the rollout replace them; these are flags, and win over the file" },
    Platform { name: "kubeadm", object: "ConfigMap kube-system/kubelet-config, key kubelet", marks: &["kubeadm-flags.env", "/etc/kubernetes/bootstrap-kubelet.conf"], edition: "kubeadm",
        patch: Patch::Configuration(""),
        advice: "kubeadm writes the node's file from this ConfigMap at join and upgrade: change the key there as well (kubectl -n kube-system edit configmap kubelet-config), then run kubeadm upgrade node phase kubelet-config on each node" },
];

/// The platform that the request's texts, or the edition asked for, tell.
pub(super) fn of(request: &Request) -> Option<&'static Platform> {
    let mut texts: Vec<&str> = Vec::new();
    if let Some(ConfigInput::Text(text)) = &request.config {
        texts.push(text);
    }
    match &request.args {
        Some(ArgsInput::Text(text)) => texts.push(text),
        Some(ArgsInput::Argv(words)) => texts.extend(words.iter().map(String::as_str)),
        Some(ArgsInput::Files(files)) => {
            texts.extend(files.iter().flat_map(|file| [file.name.as_str(), file.text.as_str()]));
        }
        None => {}
    }
    let marked =
        |platform: &&Platform| platform.marks.iter().any(|mark| texts.iter().any(|text| text.contains(mark)));
    let edition = request.benchmark.as_deref().unwrap_or("");
    PLATFORMS.iter().find(marked).or_else(|| PLATFORMS.iter().find(|p| edition.starts_with(p.edition)))
}

impl Platform {
    /// The patch that makes the settings there; `None` where none can be given.
    pub(super) fn patch(&self, file: &[Setting], arguments: &[Setting]) -> Option<String> {
        let layout = Layout { eol: "\n", unit: "  ", quote: None, colon: ": ", multiline: false };
        let (head, lines) = match self.patch {
            Patch::None => return None,
            Patch::Configuration(head) if !file.is_empty() => {
                (head, tree(file).into_iter().filter(|(_, value)| !value.is_null()).collect::<Vec<_>>())
            }
            Patch::Configuration(_) => return None,
            Patch::Flags(head) => {
                let flags = arguments.iter().filter(|setting| !setting.value.is_null());
                let text = |value: &Json| value.as_str().map_or_else(|| json_text(value), str::to_owned);
                (
                    head,
                    flags
                        .map(|flag| (flag.name.trim_start_matches('-').to_owned(), text(&flag.value).into()))
                        .collect(),
                )
            }
        };
        if lines.is_empty() {
            return None;
        }
        let last = head.lines().last().unwrap_or("");
        let depth = last.len().saturating_sub(last.trim_start().len());
        let indent = " ".repeat(if head.is_empty() { 0 } else { depth.saturating_add(2) });
        let mut text = head.to_owned();
        for (key, value) in &lines {
            text.push_str(&indent);
            text.push_str(&value::block(key, value, &layout, &indent));
            text.push('\n');
        }
        Some(text)
    }
}

/// Settings by path as an object's members, in order.
pub(super) fn tree(settings: &[Setting]) -> Vec<(String, Json)> {
    let mut members: Vec<(String, Json)> = Vec::new();
    for setting in settings {
        let mut path = setting.name.split('.');
        let Some(first) = path.next() else { continue };
        let rest: Vec<&str> = path.collect();
        let at = members.iter().position(|(key, _)| key == first).unwrap_or(members.len());
        if at == members.len() {
            members.push((first.to_owned(), Json::Null));
        }
        if let Some((_, value)) = members.get_mut(at) {
            super::edit::put(value, &rest, &setting.value);
        }
    }
    members
}
