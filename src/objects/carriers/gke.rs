//! Node system configuration of GKE.
//!
//! Sources: Google Cloud documentation, "Customize node system configuration", and the REST type
//! `NodeKubeletConfig`; GoogleCloudPlatform/k8s-config-connector, ContainerNodePool and ContainerCluster.

use crate::source::tree::{Node, NodeValue};

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::gardener::{Naming, thresholds};

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "GKE node system configuration",
        settings: "`kubeletConfig` of `gcloud --system-config-from-file`",
        version: "",
        source: "Google Cloud, Customize node system configuration",
        otherwise: "audit /configz of a node",
        shape: Shape::Members("GKE node system configuration", is_one),
        read: Read::Each(file),
    },
    Carrier {
        name: "GKE node pool of Config Connector",
        settings: "`spec.nodeConfig.kubeletConfig`",
        version: "`spec.version`, `spec.nodeVersion`",
        source: "GoogleCloudPlatform/k8s-config-connector ContainerNodePool",
        otherwise: "set spec.nodeConfig.kubeletConfig, or audit /configz of a node",
        shape: Shape::Kinds(&[
            ("container.cnrm.cloud.google.com", "ContainerNodePool"),
            ("container.cnrm.cloud.google.com", "ContainerCluster"),
        ]),
        read: Read::Each(node_pool),
    },
];

const BASE: &str = "the kubelet configuration of GKE";

/// GKE's names and the kubelet's fields.
const FIELDS: &[(&str, &str)] = &[
    ("cpuManagerPolicy", "cpuManagerPolicy"),
    ("cpuCFSQuota", "cpuCFSQuota"),
    ("cpuCfsQuota", "cpuCFSQuota"),
    ("cpuCFSQuotaPeriod", "cpuCFSQuotaPeriod"),
    ("cpuCfsQuotaPeriod", "cpuCFSQuotaPeriod"),
    ("podPidsLimit", "podPidsLimit"),
    ("containerLogMaxSize", "containerLogMaxSize"),
    ("containerLogMaxFiles", "containerLogMaxFiles"),
    ("imageGcLowThresholdPercent", "imageGCLowThresholdPercent"),
    ("imageGcHighThresholdPercent", "imageGCHighThresholdPercent"),
    ("imageMinimumGcAge", "imageMinimumGCAge"),
    ("imageMaximumGcAge", "imageMaximumGCAge"),
    ("allowedUnsafeSysctls", "allowedUnsafeSysctls"),
    ("singleProcessOomKill", "singleProcessOOMKill"),
    ("singleProcessOOMKill", "singleProcessOOMKill"),
    ("maxParallelImagePulls", "maxParallelImagePulls"),
    ("evictionMaxPodGracePeriodSeconds", "evictionMaxPodGracePeriod"),
    ("shutdownGracePeriodSeconds", "shutdownGracePeriod"),
    ("shutdownGracePeriodCriticalPodsSeconds", "shutdownGracePeriodCriticalPods"),
];

fn is_one(root: &Node<'_>) -> bool {
    let is_object = root.get("kubeletConfig").is_some_and(|config| config.as_object().is_some());
    let members = root.as_object().unwrap_or_default();
    is_object && members.iter().all(|member| matches!(&*member.key, "kubeletConfig" | "linuxConfig"))
}

fn file(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, object.kind.to_owned());
    settings(&mut draft, object.at("kubeletConfig"));
    draft.build().into_iter().collect()
}

fn node_pool(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut found = Vec::new();
    for (path, label) in [
        ("spec.nodeConfig.kubeletConfig", ""),
        ("spec.nodePoolDefaults.nodeConfigDefaults", "nodePoolDefaults"),
    ] {
        let mut draft = Draft::of(cx, object, object.part(label));
        settings(&mut draft, object.at(path));
        draft
            .version(object.at("spec.version"))
            .version(object.at("spec.nodeVersion"))
            .version(object.at("spec.minMasterVersion"));
        found.extend(draft.build());
    }
    for (pool, label) in items(object.root, "spec.nodePool") {
        let mut draft = Draft::of(cx, object, object.part(&label));
        settings(&mut draft, below(pool, "nodeConfig.kubeletConfig"));
        draft.version(below(pool, "version"));
        found.extend(draft.build());
    }
    found
}

fn settings(draft: &mut Draft<'_, '_>, node: Option<&Node<'_>>) {
    let Some(node) = node else { return };
    draft.used().missing(BASE).on("gke");
    for member in node.as_object().unwrap_or_default() {
        let value = &member.value;
        if let Some((name, field)) = FIELDS.iter().find(|(name, _)| *name == member.key) {
            match &value.value {
                NodeValue::Number(seconds) if name.starts_with("shutdown") => {
                    let text = NodeValue::String(format!("{seconds}s").into());
                    draft.field(field, &Node::new(value.place, text));
                }
                _ => {
                    draft.field(field, value);
                }
            }
            continue;
        }
        match &*member.key {
            // GKE turns the switch into the port.
            "insecureKubeletReadonlyPortEnabled" => {
                let is_open = matches!(value.value, NodeValue::Bool(true))
                    || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"));
                let port = NodeValue::Number(if is_open { "10255" } else { "0" }.into());
                draft.field("readOnlyPort", &Node::new(value.place, port));
            }
            "evictionSoft" | "evictionSoftGracePeriod" | "evictionMinimumReclaim" => {
                draft.field(&member.key, &thresholds(value, Naming::Threshold));
            }
            "topologyManager" => {
                for (key, field) in [("policy", "topologyManagerPolicy"), ("scope", "topologyManagerScope")] {
                    if let Some(value) = below(value, key) {
                        draft.field(field, value);
                    }
                }
            }
            "memoryManager" => {
                if let Some(value) = below(value, "policy") {
                    draft.field("memoryManagerPolicy", value);
                }
            }
            _ => {
                draft.note(super::super::draft::not_read(&member.key, member.key_place));
            }
        }
    }
}
