//! OpenShift's KubeletConfig and MachineConfig.
//!
//! Sources: openshift/api `machineconfiguration/v1/types.go`; openshift/machine-config-operator
//! `templates/*/01-*-kubelet` (file /etc/kubernetes/kubelet.conf, unit kubelet.service); openshift/api
//! `config/v1/types_tlssecurityprofile.go`.

use crate::source::tree::{Node, NodeValue};

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::machine::Machine;
use super::ignition;

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "OpenShift KubeletConfig",
        settings: "`spec.kubeletConfig`, `spec.tlsSecurityProfile`",
        version: "",
        source: "openshift/api machineconfiguration/v1/types.go",
        otherwise: "set spec.kubeletConfig, or audit the rendered MachineConfig of the pool",
        shape: Shape::Kinds(&[("machineconfiguration.openshift.io", "KubeletConfig")]),
        read: Read::Each(kubelet_config),
    },
    Carrier {
        name: "OpenShift MachineConfig",
        settings: "`spec.config` in the format of Ignition: the config file, units and drop-ins; those of one role together",
        version: "",
        source: "openshift/machine-config-operator templates/worker/01-worker-kubelet",
        otherwise: "audit the MachineConfig with /etc/kubernetes/kubelet.conf: the rendered one of the pool",
        shape: Shape::Kinds(&[("machineconfiguration.openshift.io", "MachineConfig")]),
        read: Read::Together(machine_configs),
    },
];

const BASE: &str = "the kubelet configuration that the Machine Config Operator renders";
const ROLE: &str = "machineconfiguration.openshift.io/role";

fn kubelet_config(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut draft = Draft::of(cx, object, object.name());
    if let Some(profile) = object.at("spec.tlsSecurityProfile") {
        let kind = below(profile, "type").and_then(Node::as_str).unwrap_or_default();
        let version = match kind {
            "Old" => Some("VersionTLS10"),
            "Intermediate" => Some("VersionTLS12"),
            "Modern" => Some("VersionTLS13"),
            _ => None,
        };
        match version {
            Some(version) => {
                draft.field("tlsMinVersion", &Node::new(profile.place, NodeValue::String(version.into())));
            }
            None => {
                if let Some(version) = below(profile, "custom.minTLSVersion") {
                    draft.field("tlsMinVersion", version);
                }
            }
        }
    }
    draft.config(object.at("spec.kubeletConfig")).missing(BASE).on("openshift");
    draft.build().into_iter().collect()
}

fn machine_configs(cx: &Context<'_>, objects: &[Object<'_>]) -> Vec<(usize, ConfiguredKubelet)> {
    // The configurations of one role reach the same nodes.
    let role = |object: &Object<'_>| {
        let labels = object.at("metadata.labels").and_then(Node::as_object).unwrap_or_default();
        labels
            .iter()
            .find(|label| label.key == ROLE)
            .and_then(|label| label.value.as_str())
            .map(str::to_owned)
    };
    let mut machines: Vec<(Option<String>, usize, String, Machine)> = Vec::new();
    for object in objects {
        let Some(config) = object.at("spec.config") else { continue };
        let own = role(object);
        let known = machines.iter_mut().find(|(other, ..)| own.is_some() && *other == own);
        match known {
            Some((.., machine)) => ignition::add(cx, config, machine),
            None => {
                let mut machine = Machine::default();
                ignition::add(cx, config, &mut machine);
                machines.push((own, object.order, object.name(), machine));
            }
        }
    }
    let mut found = Vec::new();
    for (_, order, name, machine) in machines {
        for mut kubelet in machine.kubelets(cx, &name, 1) {
            kubelet.platform = "openshift";
            found.push((order, kubelet));
        }
    }
    found
}
