//! Cluster API's kubeadm providers.
//!
//! Sources: kubernetes-sigs/cluster-api `bootstrap/kubeadm/api`, `controlplane/kubeadm/api` and its book, page
//! "Kubelet configuration"; kubernetes/kubernetes `cmd/kubeadm/app/util/patches` (names of patch files).

use crate::source::tree::Node;

use super::super::arguments::ArgsForm;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below};
use super::super::draft::Draft;
use super::super::embedded::Embedded;
use super::super::kubelet::ConfiguredKubelet;
use super::super::machine::is_kubelet_config;
use super::super::platform;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "Cluster API, kubeadm",
    settings: "`kubeletExtraArgs` of `initConfiguration` and `joinConfiguration` (map or list), and `files`: the file that `config` names and the patches in `patches.directory`",
    version: "`spec.version`, `clusterConfiguration.kubernetesVersion`",
    source: "kubernetes-sigs/cluster-api bootstrap/kubeadm/api, controlplane/kubeadm/api",
    otherwise: "audit the KubeadmControlPlane or KubeadmConfigTemplate that sets kubeletExtraArgs or files",
    shape: Shape::Kinds(&[
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfig"),
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate"),
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane"),
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlaneTemplate"),
    ]),
    read: Read::Each(read),
}];

/// A file that Cluster API writes on the node.
struct File<'n> {
    path: &'n str,
    content: Embedded,
    is_used: bool,
}

pub(in super::super) fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let spec = match object.kind {
        "KubeadmConfig" => "spec",
        "KubeadmConfigTemplate" => "spec.template.spec",
        "KubeadmControlPlane" => "spec.kubeadmConfigSpec",
        _ => "spec.template.spec.kubeadmConfigSpec",
    };
    let Some(spec) = object.at(spec) else { return Vec::new() };
    let mut files = files(cx, spec);
    let version = object.at("spec.version").or_else(|| object.at("spec.template.spec.version"));
    let mut found = Vec::new();
    for part in ["initConfiguration", "joinConfiguration"] {
        let Some(node) = below(spec, part) else { continue };
        let mut draft = Draft::of(cx, object, object.part(part));
        draft.version(version).version(below(spec, "clusterConfiguration.kubernetesVersion"));
        draft.arguments(below(node, "nodeRegistration.kubeletExtraArgs"), ArgsForm::Pairs);
        if let Some(path) = draft.flag("config") {
            if let Some(file) = files.iter_mut().find(|file| file.path == path) {
                file.is_used = true;
                draft.file(&file.content);
            }
        } else {
            draft.over(&platform::KUBEADM);
            if let Some(directory) = below(node, "patches.directory").and_then(Node::as_str) {
                patch(&mut draft, directory, &mut files);
            }
        }
        found.extend(draft.build());
    }
    // A configuration that nothing names is a patch that a script applies, or the file of another flag.
    for file in files.iter().filter(|file| !file.is_used && is_kubelet_config(&file.content.text)) {
        let mut draft = Draft::of(cx, object, object.part(&format!("files[{}]", file.path)));
        draft.version(version).file(&file.content).over(&platform::KUBEADM);
        found.extend(draft.build());
    }
    found
}

fn files<'n>(cx: &Context<'_>, spec: &'n Node<'n>) -> Vec<File<'n>> {
    let list = below(spec, "files").and_then(Node::as_array).unwrap_or_default();
    let of = |file: &'n Node<'n>| {
        let content = file.get("content")?;
        let content = match file.get("encoding").and_then(Node::as_str) {
            Some("base64" | "gzip+base64") => cx.decoded(content),
            _ => cx.inner(content)?.ok(),
        }?;
        Some(File { path: file.get("path")?.as_str()?, content, is_used: false })
    };
    list.iter().filter_map(of).collect()
}

/// Applies the patches of a directory to the config file, in the order of their names:
/// `kubeletconfiguration[suffix][+type].extension`.
fn patch(draft: &mut Draft<'_, '_>, directory: &str, files: &mut [File<'_>]) {
    let directory = directory.trim_end_matches('/');
    let mut patches: Vec<&mut File<'_>> = files
        .iter_mut()
        .filter(|file| {
            let name = file.path.strip_prefix(directory).and_then(|rest| rest.strip_prefix('/'));
            name.is_some_and(|name| name.starts_with("kubeletconfiguration"))
        })
        .collect();
    patches.sort_by_key(|file| file.path);
    for file in patches {
        file.is_used = true;
        let is_json = file.path.rsplit('/').next().is_some_and(|name| name.contains("+json."));
        draft.patch(&file.content, is_json);
    }
}
