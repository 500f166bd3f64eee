//! Node settings of AKS.
//!
//! Sources: Microsoft.ContainerService `KubeletConfig` (the file of `az aks --kubelet-config`) and Azure/AgentBaker
//! `pkg/agent/utils.go`; Azure/azure-service-operator and kubernetes-sigs/cluster-api-provider-azure, whose
//! objects have the same names; Azure/karpenter-provider-azure `pkg/apis`, which has the kubelet's names.

use crate::source::tree::{Node, NodeValue};

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::platform;

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "AKS custom node configuration",
        settings: "the JSON of `az aks --kubelet-config`, with AKS's own names",
        version: "",
        source: "Microsoft.ContainerService managedClusters/agentPools, KubeletConfig",
        otherwise: "audit /configz of a node",
        shape: Shape::Members("AKS kubelet configuration", is_one),
        read: Read::Each(file),
    },
    Carrier {
        name: "AKS agent pool",
        settings: "`spec.kubeletConfig`, `spec.agentPoolProfiles[].kubeletConfig`",
        version: "`spec.orchestratorVersion`, `spec.kubernetesVersion`, or `spec.template.spec.version` of the MachinePool in the same file",
        source: "Azure/azure-service-operator and kubernetes-sigs/cluster-api-provider-azure",
        otherwise: "set kubeletConfig, or audit /configz of a node",
        shape: Shape::Kinds(&[
            ("containerservice.azure.com", "ManagedClustersAgentPool"),
            ("containerservice.azure.com", "ManagedCluster"),
            ("infrastructure.cluster.x-k8s.io", "AzureManagedMachinePool"),
            ("infrastructure.cluster.x-k8s.io", "AzureManagedMachinePoolTemplate"),
            ("infrastructure.cluster.x-k8s.io", "AzureASOManagedMachinePool"),
            ("cluster.x-k8s.io", "MachinePool"),
        ]),
        read: Read::Together(pools),
    },
    Carrier {
        name: "Karpenter AKSNodeClass",
        settings: "`spec.kubelet`",
        version: "",
        source: "Azure/karpenter-provider-azure pkg/apis/v1beta1/aksnodeclass.go",
        otherwise: "set spec.kubelet, or audit /configz of a node",
        shape: Shape::Kinds(&[("karpenter.azure.com", "AKSNodeClass")]),
        read: Read::Each(node_class),
    },
];

/// AKS's names and the kubelet's fields.
const FIELDS: &[(&str, &str)] = &[
    ("cpuManagerPolicy", "cpuManagerPolicy"),
    ("cpuCfsQuota", "cpuCFSQuota"),
    ("cpuCfsQuotaPeriod", "cpuCFSQuotaPeriod"),
    ("imageGcHighThreshold", "imageGCHighThresholdPercent"),
    ("imageGcLowThreshold", "imageGCLowThresholdPercent"),
    ("topologyManagerPolicy", "topologyManagerPolicy"),
    ("allowedUnsafeSysctls", "allowedUnsafeSysctls"),
    ("failSwapOn", "failSwapOn"),
    ("containerLogMaxSizeMB", "containerLogMaxSize"),
    ("containerLogMaxFiles", "containerLogMaxFiles"),
    ("podMaxPids", "podPidsLimit"),
    ("seccompDefault", "seccompDefault"),
];

fn is_one(root: &Node<'_>) -> bool {
    let members = root.as_object().unwrap_or_default();
    // Of the names that AKS and the kubelet share, a kubelet's own file may have been meant.
    let is_own = |key: &str| FIELDS.iter().any(|(name, field)| *name == key && name != field);
    members.iter().any(|member| is_own(&member.key))
        && members.iter().all(|member| FIELDS.iter().any(|(name, _)| *name == member.key))
}

fn file(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, object.kind.to_owned());
    settings(&mut draft, Some(object.root));
    draft.build().into_iter().collect()
}

fn pools(cx: &Context<'_>, objects: &[Object<'_>]) -> Vec<(usize, ConfiguredKubelet)> {
    let mut found = Vec::new();
    for object in objects.iter().filter(|object| object.kind != "MachinePool") {
        let own =
            ["spec.orchestratorVersion", "spec.kubernetesVersion", "spec.template.spec.orchestratorVersion"];
        let version = own.iter().find_map(|path| object.at(path)).or_else(|| machine_pool(object, objects));
        let pools = if object.kind == "ManagedCluster" {
            items(object.root, "spec.agentPoolProfiles")
        } else {
            let spec = object.at("spec.template.spec").or_else(|| object.at("spec"));
            spec.map(|spec| (spec, String::new())).into_iter().collect()
        };
        for (pool, label) in pools {
            let mut draft = Draft::of(cx, object, object.part(&label));
            settings(&mut draft, below(pool, "kubeletConfig"));
            draft.version(below(pool, "orchestratorVersion")).version(version);
            found.extend(draft.build().map(|kubelet| (object.order, kubelet)));
        }
    }
    found
}

/// The version of the MachinePool that an infrastructure object belongs to.
fn machine_pool<'n>(object: &Object<'_>, objects: &[Object<'n>]) -> Option<&'n Node<'n>> {
    let name = object.at("metadata.name").and_then(Node::as_str)?;
    objects.iter().filter(|other| other.kind == "MachinePool").find_map(|pool| {
        let reference = pool.at("spec.template.spec.infrastructureRef.name").and_then(Node::as_str)?;
        (reference == name).then(|| pool.at("spec.template.spec.version"))?
    })
}

fn settings(draft: &mut Draft<'_, '_>, node: Option<&Node<'_>>) {
    let Some(node) = node else { return };
    draft.used().over(&platform::AKS).on("aks");
    for member in node.as_object().unwrap_or_default() {
        let Some((name, field)) = FIELDS.iter().find(|(name, _)| *name == member.key) else {
            draft.note(super::super::draft::not_read(&member.key, member.key_place));
            continue;
        };
        match (&member.value.value, *name) {
            (NodeValue::Null, _) => {}
            (NodeValue::Number(megabytes), "containerLogMaxSizeMB") => {
                let value = NodeValue::String(format!("{megabytes}M").into());
                draft.field(field, &Node::new(member.value.place, value));
            }
            _ => {
                draft.field(field, &member.value);
            }
        }
    }
}

fn node_class(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, object.name());
    draft.config(object.at("spec.kubelet")).over(&platform::AKS).on("aks");
    draft.build().into_iter().collect()
}
