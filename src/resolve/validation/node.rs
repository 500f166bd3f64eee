//! Taints, reserved CPUs and memory, and the sysctls of pods.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::kubelet::cpu_set::CpuSet;
use crate::kubelet::fields::id;
use crate::kubelet::quantity::Quantity;
use crate::kubelet::{label, sysctl};

use super::super::value::Value;
use super::check::Check;

/// `CheckTaintValidation` (`pkg/util/taints/taints.go`).
pub(super) fn taints(check: &mut Check<'_>) {
    let text =
        |taint: &Json, name: &str| taint.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    for taint in check.configuration.items(id::REGISTER_WITH_TAINTS) {
        let (key, value, effect) = (text(taint, "key"), text(taint, "value"), text(taint, "effect"));
        if !label::is_qualified_name(&key) || !label::is_value(&value) {
            check.refuse(
                id::REGISTER_WITH_TAINTS,
                &format!("has the invalid taint {key}={value}"),
                "use a key such as example.com/role, and a value of letters, digits, -, _ and .",
            );
        }
        if !effect.is_empty() && !label::is_taint_effect(&effect) {
            check.refuse(
                id::REGISTER_WITH_TAINTS,
                &format!("has the unknown effect {effect:?}"),
                "use NoSchedule, PreferNoSchedule or NoExecute",
            );
        }
        if taint.get("timeAdded").is_some() {
            check.refuse(id::REGISTER_WITH_TAINTS, "must not have timeAdded", "remove timeAdded");
        }
    }
}

pub(super) fn reserved_cpus(check: &mut Check<'_>) {
    const FIELD: crate::kubelet::fields::FieldId = id::RESERVED_SYSTEM_CPUS;
    let configuration = check.configuration;
    let cpus = configuration.str(FIELD);
    if cpus.is_empty() {
        return;
    }
    let has_cgroup = [id::SYSTEM_RESERVED_CGROUP, id::KUBE_RESERVED_CGROUP]
        .iter()
        .any(|f| !configuration.str(*f).is_empty());
    check.require(
        !has_cgroup,
        FIELD,
        "cannot be used with systemReservedCgroup or kubeReservedCgroup",
        "remove one of them",
    );
    check.require(
        CpuSet::parse(cpus).is_some(),
        FIELD,
        &format!("must be a list of CPUs, not {cpus:?}"),
        "use numbers and ranges such as 0-1,4",
    );
}

/// `validateReservedMemoryConfiguration` (`validation_reserved_memory.go`).
pub(super) fn reserved_memory(check: &mut Check<'_>) {
    const FIELD: crate::kubelet::fields::FieldId = id::RESERVED_MEMORY;
    let mut seen = BTreeSet::new();
    for reservation in check.configuration.items(FIELD) {
        let node = reservation.get("numaNode").and_then(Json::as_i64).unwrap_or(0);
        for (resource, quantity) in reservation.get("limits").and_then(Json::as_object).into_iter().flatten()
        {
            let is_memory = resource == "memory" || resource.starts_with("hugepages-");
            check.require(
                is_memory,
                FIELD,
                &format!("does not allow the resource {resource:?}"),
                "use memory or hugepages-SIZE",
            );
            let quantity = quantity.as_str().and_then(Quantity::parse);
            check.require(
                quantity.is_none_or(|quantity| quantity.sign() != Ordering::Equal),
                FIELD,
                &format!("must not reserve 0 of {resource}"),
                "use a quantity greater than 0",
            );
            check.require(
                seen.insert((node, resource.clone())),
                FIELD,
                &format!("has {resource} of NUMA node {node} more than once"),
                "remove all but one",
            );
        }
    }
}

/// From 1.37 on.
pub(super) fn pod_sysctls(check: &mut Check<'_>) {
    const FIELD: crate::kubelet::fields::FieldId = id::DEFAULT_POD_SYSCTLS;
    let Value::Map(map) = check.configuration.value(FIELD) else { return };
    if map.is_empty() {
        return;
    }
    if !check.is_on("DefaultPodSysctls") {
        check.refuse_without_gate(FIELD, "DefaultPodSysctls");
        return;
    }
    let mut seen = BTreeSet::new();
    for entry in map.entries() {
        let name = entry.key.as_str();
        if !sysctl::is_name(name) {
            check.refuse(
                FIELD,
                &format!("has the invalid name {name:?}"),
                "use a name such as net.core.somaxconn",
            );
            continue;
        }
        check.require(
            sysctl::is_namespaced(name, check.version),
            FIELD,
            &format!("must not contain {name}, which is not known to be namespaced"),
            "use sysctls of net, fs.mqueue or kernel IPC",
        );
        check.require(
            seen.insert(sysctl::normalize(name)),
            FIELD,
            &format!("contains {name} more than once"),
            "remove all but one",
        );
    }
}
