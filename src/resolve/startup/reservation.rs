//! Resources that are kept from pods.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::kubelet::cpu_set::CpuSet;
use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::quantity::Quantity;

use super::eviction;
use super::start::Start;
use super::values::{fraction, text_of};

/// Units of 10^-9 in one.
pub(super) const NANOS: i128 = 1_000_000_000;

/// `getReservedCPUs`, `parseResourceList`, `ParseThresholdConfig` for hard thresholds and `ParseQOSReserved`.
pub(super) fn resources(start: &mut Start<'_>) {
    let cpus = start.configuration.str(id::RESERVED_SYSTEM_CPUS);
    if let (Some(machine), Some(set)) = (start.surroundings.machine, CpuSet::parse(cpus))
        && !machine.has(&set)
    {
        let complaint = format!("must be CPUs of the node, which has {}", machine.cpus);
        start.refuse(id::RESERVED_SYSTEM_CPUS, &complaint, "reserve CPUs that the node has");
    }
    for field in [id::KUBE_RESERVED, id::SYSTEM_RESERVED] {
        resource_list(start, field);
    }
    if start.surroundings.flags.bool("experimental-allocatable-ignore-eviction") != Some(true) {
        eviction::hard(start);
    }
    for entry in start.configuration.map(id::QOS_RESERVED) {
        let value = text_of(&entry.value);
        if entry.key != "memory" {
            let complaint = format!("does not allow {:?}", entry.key);
            start.refuse(id::QOS_RESERVED, &complaint, "use memory, such as memory: 50%");
        } else if percentage(value).is_none() {
            let complaint = format!("must be a percentage, not {value:?}");
            start.refuse(id::QOS_RESERVED, &complaint, "use a percentage such as 50%");
        }
    }
}

/// A whole number from 0 to 100 and a percent sign (`parsePercentage` in `pkg/kubelet/cm/container_manager.go`).
fn percentage(text: &str) -> Option<i64> {
    let number: i64 = text.strip_suffix('%')?.parse().ok()?;
    (0..=100).contains(&number).then_some(number)
}

fn resource_list(start: &mut Start<'_>, field: FieldId) {
    for entry in start.configuration.map(field) {
        let text = text_of(&entry.value);
        // With reserved CPUs, the entry is removed or replaced before it is read.
        if entry.key == "cpu" && !start.configuration.str(id::RESERVED_SYSTEM_CPUS).is_empty() {
            continue;
        }
        if !matches!(&*entry.key, "cpu" | "memory" | "ephemeral-storage" | "pid") {
            let complaint = format!("does not allow {:?}", entry.key);
            start.refuse(field, &complaint, "use cpu, memory, ephemeral-storage or pid");
            continue;
        }
        match Quantity::parse(text).map(|quantity| quantity.sign()) {
            None => {
                let complaint = format!("must have a quantity for {}, not {text:?}", entry.key);
                start.refuse(field, &complaint, "use a quantity such as 500m or 1Gi");
            }
            Some(Ordering::Less) => {
                let complaint = format!("must not have a negative quantity for {}", entry.key);
                start.refuse(field, &complaint, "use a quantity of 0 or more");
            }
            Some(_) => {}
        }
    }
}

/// What is kept from pods by resource, in units of 10^-9, without zeros (`GetNodeAllocatableReservation`).
/// `None` if that depends on a node which is not known.
pub(super) fn reserved(start: &Start<'_>, resource: &str) -> Option<i128> {
    let configuration = start.configuration;
    let reserved_cpus =
        CpuSet::parse(configuration.str(id::RESERVED_SYSTEM_CPUS)).filter(|set| !set.is_empty());
    if let (Some(cpus), "cpu") = (reserved_cpus, resource) {
        return Some(i128::from(cpus.len()).saturating_mul(NANOS));
    }
    let mut sum: i128 = 0;
    for field in [id::SYSTEM_RESERVED, id::KUBE_RESERVED] {
        let entry = configuration.map(field).iter().find(|entry| entry.key == resource);
        let quantity = entry.and_then(|entry| Quantity::parse(text_of(&entry.value)));
        let nanos = quantity.map_or(0, |quantity| quantity.nanos());
        sum = sum.saturating_add(if resource == "cpu" { start.rounded_cpu(nanos) } else { nanos });
    }
    if resource == "memory"
        && start.surroundings.flags.bool("experimental-allocatable-ignore-eviction") != Some(true)
    {
        sum = sum.saturating_add(hard_eviction(start)?);
    }
    Some(sum)
}

impl Start<'_> {
    /// From 1.37 on, a reservation of CPU is rounded to a thousandth.
    fn rounded_cpu(&self, nanos: i128) -> i128 {
        if !self.at_least(37) {
            return nanos;
        }
        let micros = nanos.saturating_add(999) / 1_000;
        micros.saturating_add(500) / 1_000 * 1_000_000
    }
}

/// The memory of the hard eviction threshold (`hardEvictionReservation`).
fn hard_eviction(start: &Start<'_>) -> Option<i128> {
    let map = start.configuration.map(id::EVICTION_HARD);
    let Some(entry) = map.iter().find(|entry| entry.key == "memory.available") else { return Some(0) };
    let text = text_of(&entry.value);
    if !text.ends_with('%') {
        return Some(Quantity::parse(text).map_or(0, |quantity| quantity.nanos()));
    }
    if matches!(text, "0%" | "100%") {
        return Some(0);
    }
    let machine = start.surroundings.machine?;
    // Kubernetes computes with these types.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "as Kubernetes does")]
    let bytes = (machine.memory as f64 * f64::from(fraction(text)?)) as i64;
    Some(i128::from(bytes).saturating_mul(NANOS))
}

/// `validateNodeAllocatable`
pub(super) fn allocatable(start: &mut Start<'_>) {
    let Some(machine) = start.surroundings.machine else { return };
    for (resource, capacity) in [("cpu", machine.cpus), ("memory", machine.memory)] {
        let reserved = reserved(start, resource).unwrap_or(0);
        if reserved > i128::from(capacity).saturating_mul(NANOS) {
            start.refuse(
                id::SYSTEM_RESERVED,
                &format!("and kubeReserved reserve more {resource} than the node has"),
                "reserve less",
            );
        }
    }
}

/// The sum of `reservedMemory` by resource, in units of 10^-9.
pub(super) fn reserved_memory(start: &Start<'_>) -> BTreeMap<String, i128> {
    let mut sums = BTreeMap::new();
    for reservation in start.configuration.items(id::RESERVED_MEMORY) {
        let limits = reservation.get("limits").and_then(serde_json::Value::as_object);
        for (resource, quantity) in limits.into_iter().flatten() {
            let nanos = quantity.as_str().and_then(Quantity::parse).map_or(0, |quantity| quantity.nanos());
            let sum: &mut i128 = sums.entry(resource.clone()).or_default();
            *sum = sum.saturating_add(nanos);
        }
    }
    sums
}
