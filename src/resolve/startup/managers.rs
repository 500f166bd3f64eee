//! The managers of topology, CPUs and memory (`NewContainerManager`).

use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::quantity::Quantity;
use crate::kubelet::{Minors, Version};

use super::super::flag_value::parse_bool;
use super::super::value::MapEntry;
use super::reservation::{NANOS, reserved, reserved_memory};
use super::start::Start;
use super::values::text_of;

/// The maturity of an option, in a range of versions. Options that are not stable need a gate.
struct PolicyOption {
    name: &'static str,
    alpha: Minors,
    beta: Minors,
    stable: Minors,
}

const NEVER: Minors = Minors { first: u8::MAX, last: 0 };

const fn minors(first: u8, last: u8) -> Minors {
    Minors { first, last }
}

const fn since(first: u8) -> Minors {
    Minors { first, last: u8::MAX }
}

/// `pkg/kubelet/cm/cpumanager/policy_options.go`
const CPU_OPTIONS: &[PolicyOption] = &[
    PolicyOption { name: "full-pcpus-only", alpha: NEVER, beta: minors(25, 32), stable: since(33) },
    PolicyOption {
        name: "distribute-cpus-across-numa",
        alpha: minors(25, 32),
        beta: since(33),
        stable: NEVER,
    },
    PolicyOption { name: "align-by-socket", alpha: since(25), beta: NEVER, stable: NEVER },
    PolicyOption { name: "distribute-cpus-across-cores", alpha: since(31), beta: NEVER, stable: NEVER },
    PolicyOption {
        name: "strict-cpu-reservation",
        alpha: minors(32, 32),
        beta: minors(33, 34),
        stable: since(35),
    },
    PolicyOption {
        name: "prefer-align-cpus-by-uncorecache",
        alpha: minors(32, 33),
        beta: minors(34, 35),
        stable: since(36),
    },
];

/// `pkg/kubelet/cm/topologymanager/policy_options.go`
const TOPOLOGY_OPTIONS: &[PolicyOption] = &[
    PolicyOption {
        name: "prefer-closest-numa-nodes",
        alpha: minors(26, 27),
        beta: minors(28, 31),
        stable: since(32),
    },
    PolicyOption { name: "max-allowable-numa-nodes", alpha: NEVER, beta: minors(31, 34), stable: since(35) },
];

/// The problem with an option, if it cannot be used (`CheckPolicyOptionAvailable`).
fn unavailable(start: &Start<'_>, options: &[PolicyOption], name: &str, gates: &str) -> Option<String> {
    let version: Version = start.surroundings.version;
    let Some(option) = options.iter().find(|option| option.name == name) else {
        return Some(format!("has the unknown option {name:?}"));
    };
    let stage = if option.stable.contains(version) {
        return None;
    } else if option.beta.contains(version) {
        "Beta"
    } else if option.alpha.contains(version) {
        "Alpha"
    } else {
        return Some(format!("has the option {name:?}, which Kubernetes {version} does not have"));
    };
    let gate = format!("{gates}{stage}Options");
    (!start.is_on(&gate)).then(|| format!("with {name} requires the feature gate {gate}, which is off"))
}

/// Options that are set while their gate is off; even an empty map is refused.
fn refuse_without_gate(start: &mut Start<'_>, field: FieldId, gate: &str) -> bool {
    let is_set = !start.configuration.value(field).is_absent();
    let is_refused = is_set && !start.is_on(gate);
    if is_refused {
        let complaint = format!("requires the feature gate {gate}, which is off");
        start.refuse(field, &complaint, "enable the gate, or remove the field");
    }
    is_refused
}

pub(super) fn topology(start: &mut Start<'_>) {
    const FIELD: FieldId = id::TOPOLOGY_MANAGER_POLICY_OPTIONS;
    let has_gate = start.at_least(27) || start.is_on("TopologyManager");
    if !start.at_least(26) || !has_gate || refuse_without_gate(start, FIELD, "TopologyManagerPolicyOptions") {
        return;
    }
    // Up to 1.27 the options are read even if the policy is none.
    if start.configuration.str(id::TOPOLOGY_MANAGER_POLICY) == "none" && start.at_least(28) {
        return;
    }
    for MapEntry { key, value, .. } in start.configuration.map(FIELD) {
        let text = text_of(value);
        let is_valid = match key.as_str() {
            "max-allowable-numa-nodes" => text.parse::<i64>().is_ok_and(|nodes| nodes >= 8),
            _ => parse_bool(text).is_some(),
        };
        let lacks_distances = start.surroundings.machine.is_some_and(|machine| !machine.has_numa_distances);
        if key == "prefer-closest-numa-nodes" && parse_bool(text) == Some(true) && lacks_distances {
            start.refuse(
                FIELD,
                "requires the distances between NUMA nodes",
                "remove prefer-closest-numa-nodes",
            );
        } else if let Some(problem) = unavailable(start, TOPOLOGY_OPTIONS, key, "TopologyManagerPolicy") {
            start.refuse(FIELD, &problem, "remove the option, or enable its gate");
        } else if !is_valid {
            let complaint = format!("has the invalid value {text:?} for {key}");
            start.refuse(FIELD, &complaint, "use true or false; for max-allowable-numa-nodes 8 or more");
        }
    }
}

pub(super) fn cpu(start: &mut Start<'_>) {
    const FIELD: FieldId = id::CPU_MANAGER_POLICY_OPTIONS;
    if !start.at_least(26) && !start.is_on("CPUManager") {
        return;
    }
    if !start.at_least(33) && refuse_without_gate(start, FIELD, "CPUManagerPolicyOptions") {
        return;
    }
    match start.configuration.str(id::CPU_MANAGER_POLICY) {
        "none" if start.configuration.map(FIELD).is_empty() => {}
        "none" => {
            start.refuse(FIELD, "requires cpuManagerPolicy: static", "set the policy, or remove the options")
        }
        "static" => static_cpu_policy(start),
        other => {
            let complaint = format!("does not allow {other:?}");
            start.refuse(id::CPU_MANAGER_POLICY, &complaint, "use none or static");
        }
    }
}

fn static_cpu_policy(start: &mut Start<'_>) {
    const FIELD: FieldId = id::CPU_MANAGER_POLICY;
    let reserved = reserved(start, "cpu").unwrap_or(0);
    if reserved == 0 {
        start.refuse(
            FIELD,
            "static requires a reservation of CPU",
            "set reservedSystemCPUs, or cpu in kubeReserved or systemReserved",
        );
    } else if let Some(machine) = start.surroundings.machine
        && reserved > i128::from(machine.cpus).saturating_mul(NANOS)
    {
        start.refuse(FIELD, "static requires that the node has the reserved CPUs", "reserve fewer CPUs");
    }
    static_cpu_options(start);
}

fn static_cpu_options(start: &mut Start<'_>) {
    const FIELD: FieldId = id::CPU_MANAGER_POLICY_OPTIONS;
    let mut on = Vec::new();
    for MapEntry { key, value, .. } in start.configuration.map(FIELD) {
        let text = text_of(value);
        match (unavailable(start, CPU_OPTIONS, key, "CPUManagerPolicy"), parse_bool(text)) {
            (Some(problem), _) => start.refuse(FIELD, &problem, "remove the option, or enable its gate"),
            (None, Some(true)) => on.push(key.as_str()),
            (None, Some(false)) => {}
            (None, None) => {
                start.refuse(
                    FIELD,
                    &format!("has the invalid value {text:?} for {key}"),
                    "use true or false",
                );
            }
        }
    }
    const EXCLUSIVE: [(&str, &str); 4] = [
        ("full-pcpus-only", "distribute-cpus-across-cores"),
        ("distribute-cpus-across-numa", "distribute-cpus-across-cores"),
        ("prefer-align-cpus-by-uncorecache", "distribute-cpus-across-cores"),
        ("prefer-align-cpus-by-uncorecache", "distribute-cpus-across-numa"),
    ];
    for (one, other) in EXCLUSIVE {
        if on.contains(&one) && on.contains(&other) {
            start.refuse(FIELD, &format!("cannot combine {one} and {other}"), "remove one of them");
        }
    }
    let is_single = start.configuration.str(id::TOPOLOGY_MANAGER_POLICY) == "single-numa-node";
    if on.contains(&"align-by-socket") && is_single {
        start.refuse(
            FIELD,
            "cannot combine align-by-socket with topologyManagerPolicy: single-numa-node",
            "remove one of them",
        );
    }
}

pub(super) fn memory(start: &mut Start<'_>) {
    const FIELD: FieldId = id::MEMORY_MANAGER_POLICY;
    if start.at_least(32) || start.is_on("MemoryManager") {
        match start.configuration.str(FIELD) {
            "None" => {}
            "Static" => static_memory_policy(start),
            other => {
                let complaint = format!("does not allow {other:?}");
                start.refuse(FIELD, &complaint, "use None or Static, with a capital letter");
            }
        }
    }
}

/// What `reservedMemory` reserves must be what the other reservations add up to.
fn static_memory_policy(start: &mut Start<'_>) {
    const FIELD: FieldId = id::RESERVED_MEMORY;
    if let Some(machine) = start.surroundings.machine {
        let numbers = start
            .configuration
            .items(FIELD)
            .iter()
            .map(|item| item.get("numaNode").and_then(serde_json::Value::as_i64).unwrap_or(0));
        if let Some(number) = numbers.into_iter().find(|number| !(0..machine.numa_nodes).contains(number)) {
            let complaint = format!("names the NUMA node {number}, which the node does not have");
            start.refuse(FIELD, &complaint, "use NUMA nodes that the node has");
            return;
        }
    }
    let mut sums = reserved_memory(start);
    let Some(expected) = reserved(start, "memory") else { return };
    let memory = sums.remove("memory").unwrap_or(0);
    if memory != expected {
        start.refuse(
            FIELD,
            "must reserve as much memory as systemReserved, kubeReserved and the hard eviction threshold together",
            "make the sums equal",
        );
    } else if memory == 0 {
        start.refuse(FIELD, "must reserve memory with memoryManagerPolicy: Static", "reserve memory");
    }
    if let Some((resource, _)) = sums.iter().find(|(_, sum)| **sum != 0) {
        let complaint = format!("must not reserve {resource}, which no other reservation has");
        start.refuse(FIELD, &complaint, "remove it");
    }
    let is_whole = |value: &serde_json::Value| {
        value.as_str().and_then(Quantity::parse).is_none_or(|quantity| quantity.as_i64().is_some())
    };
    let limits = start.configuration.items(FIELD).iter().filter_map(|item| item.get("limits"));
    let mut quantities = limits.filter_map(serde_json::Value::as_object).flatten();
    if quantities.any(|(_, quantity)| !is_whole(quantity)) {
        start.refuse(FIELD, "must have whole numbers of bytes", "use quantities such as 1Gi");
    }
}

#[cfg(test)]
mod tests {
    use super::{CPU_OPTIONS, TOPOLOGY_OPTIONS};
    use crate::kubelet::Version;

    #[test]
    fn no_option_has_two_stages_in_one_version() {
        for option in CPU_OPTIONS.iter().chain(TOPOLOGY_OPTIONS) {
            for version in Version::oldest_first() {
                let stages = [option.alpha, option.beta, option.stable];
                assert!(
                    stages.iter().filter(|s| s.contains(version)).count() <= 1,
                    "{} {version}",
                    option.name
                );
            }
        }
    }
}
