//! Clusters of Rancher, RKE2's Cluster API provider, and RKE1.
//!
//! Sources: Rancher's documentation of `provisioning.cattle.io/v1` (`machineGlobalConfig`,
//! `machineSelectorConfig`); rancher/cluster-api-provider-rke2 `bootstrap/api`, `controlplane/api`; rancher/rke
//! `types/rke_types.go`, `KubeletService`.

use crate::source::tree::Node;

use super::super::arguments::ArgsForm;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::machine::k3s_settings;
use super::super::platform;

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "Rancher cluster",
        settings: "`kubelet-arg` and `protect-kernel-defaults` in `spec.rkeConfig.machineGlobalConfig` and `machineSelectorConfig[].config`",
        version: "`spec.kubernetesVersion`",
        source: "Rancher documentation, RKE2 and K3s cluster configuration reference",
        otherwise: "audit the arguments of the nodes' kubelets",
        shape: Shape::Kinds(&[("provisioning.cattle.io", "Cluster")]),
        read: Read::Each(provisioning),
    },
    Carrier {
        name: "Cluster API, RKE2",
        settings: "`agentConfig.kubelet.extraArgs`, `agentConfig.cisProfile`",
        version: "`spec.version`, `agentConfig.version`",
        source: "rancher/cluster-api-provider-rke2 bootstrap/api, controlplane/api",
        otherwise: "audit the RKE2ControlPlane or RKE2ConfigTemplate with agentConfig.kubelet.extraArgs",
        shape: Shape::Kinds(&[
            ("controlplane.cluster.x-k8s.io", "RKE2ControlPlane"),
            ("controlplane.cluster.x-k8s.io", "RKE2ControlPlaneTemplate"),
            ("bootstrap.cluster.x-k8s.io", "RKE2Config"),
            ("bootstrap.cluster.x-k8s.io", "RKE2ConfigTemplate"),
        ]),
        read: Read::Each(cluster_api),
    },
    Carrier {
        name: "RKE1 cluster file",
        settings: "`services.kubelet`: `extra_args`, `fail_swap_on`, `cluster_domain`",
        version: "`kubernetes_version`",
        source: "rancher/rke types/rke_types.go, KubeletService",
        otherwise: "audit the arguments of the nodes' kubelets",
        shape: Shape::Members("RKE1 cluster", is_rke1),
        read: Read::Each(rke1),
    },
    Carrier {
        name: "Rancher cluster, RKE1",
        settings: "`spec.rancherKubernetesEngineConfig.services.kubelet`",
        version: "`spec.rancherKubernetesEngineConfig.kubernetesVersion`",
        source: "rancher/rancher pkg/apis/management.cattle.io/v3",
        otherwise: "audit the arguments of the nodes' kubelets",
        shape: Shape::Kinds(&[
            ("management.cattle.io", "Cluster"),
            ("management.cattle.io", "ClusterTemplateRevision"),
        ]),
        read: Read::Each(managed_rke1),
    },
];

fn platform_of(version: Option<&str>) -> (&'static platform::PlatformSettings, &'static str) {
    match version {
        Some(version) if version.contains("+k3s") => (&platform::K3S, "k3s"),
        _ => (&platform::RKE2, "rke2"),
    }
}

fn provisioning(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let version = object.at("spec.kubernetesVersion");
    let (settings, name) = platform_of(version.and_then(Node::as_str));
    let mut shared: Vec<&Node<'_>> = object.at("spec.rkeConfig.machineGlobalConfig").into_iter().collect();
    let mut selected = Vec::new();
    for (selector, label) in items(object.root, "spec.rkeConfig.machineSelectorConfig") {
        let Some(config) = below(selector, "config") else { continue };
        let labels = below(selector, "machineLabelSelector")
            .filter(|labels| labels.as_object().is_some_and(|all| !all.is_empty()));
        match labels {
            // Without a selector it is for every machine.
            None => shared.push(config),
            Some(_) => selected.push((config, label)),
        }
    }
    let mut found = Vec::new();
    let mut add = |roots: &[&Node<'_>], label: &str| {
        let mut draft = Draft::of(cx, object, object.part(label));
        if k3s_settings(roots, &mut draft) {
            draft.version(version).over(settings).on(name);
            found.extend(draft.build());
        }
    };
    add(&shared, "");
    for (config, label) in selected {
        let mut roots = shared.clone();
        roots.push(config);
        add(&roots, &label);
    }
    found
}

pub(in super::super) fn cluster_api(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let is_template = object.kind.ends_with("Template");
    let spec = if is_template { "spec.template.spec" } else { "spec" };
    let Some(spec) = object.at(spec) else { return Vec::new() };
    let mut draft = Draft::of(cx, object, object.name());
    draft.arguments(below(spec, "agentConfig.kubelet.extraArgs"), ArgsForm::Texts);
    let profile = below(spec, "agentConfig.cisProfile")
        .filter(|profile| profile.as_str().is_some_and(|name| name.starts_with("cis")));
    if let Some(profile) = profile {
        draft.field(
            "protectKernelDefaults",
            &Node::new(profile.place, crate::source::tree::NodeValue::Bool(true)),
        );
    }
    draft.version(below(spec, "version")).version(below(spec, "agentConfig.version"));
    draft.over(&platform::RKE2).on("rke2");
    draft.build().into_iter().collect()
}

const RKE: &str = "the kubelet arguments that RKE sets itself";

fn is_rke1(root: &Node<'_>) -> bool {
    let kubelet = below(root, "services.kubelet").is_some_and(|kubelet| kubelet.as_object().is_some());
    let is_cluster =
        ["nodes", "kubernetes_version", "cluster_name", "network"].iter().any(|key| root.get(key).is_some());
    kubelet && is_cluster || root.get("nodes").is_some() && root.get("kubernetes_version").is_some()
}

fn rke1(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, object.kind.to_owned());
    kubelet_service(
        &mut draft,
        object.at("services.kubelet"),
        ["extra_args", "fail_swap_on", "cluster_domain", "cluster_dns_server"],
    );
    draft.version(object.at("kubernetes_version")).version(object.at("system_images.kubernetes"));
    draft.build().into_iter().collect()
}

fn managed_rke1(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let config = object
        .at("spec.rancherKubernetesEngineConfig")
        .or_else(|| object.at("spec.clusterConfig.rancherKubernetesEngineConfig"));
    let Some(config) = config else { return Vec::new() };
    let mut draft = Draft::of(cx, object, object.name());
    kubelet_service(
        &mut draft,
        below(config, "services.kubelet"),
        ["extraArgs", "failSwapOn", "clusterDomain", "clusterDnsServer"],
    );
    draft.version(below(config, "kubernetesVersion"));
    draft.build().into_iter().collect()
}

fn kubelet_service(
    draft: &mut Draft<'_, '_>,
    kubelet: Option<&Node<'_>>,
    [args, swap, domain, dns]: [&str; 4],
) {
    let Some(kubelet) = kubelet else { return };
    for (key, field) in [(swap, "failSwapOn"), (domain, "clusterDomain")] {
        if let Some(value) = below(kubelet, key) {
            draft.field(field, value);
        }
    }
    if let Some(value) = below(kubelet, dns) {
        let list = Node::new(value.place, crate::source::tree::NodeValue::Array(vec![value.to_static()]));
        draft.field("clusterDNS", &list);
    }
    draft.arguments(below(kubelet, args), ArgsForm::Pairs).missing(RKE).on("rke");
}
