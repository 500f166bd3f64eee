//! What `enforceNodeAllocatable` may hold.

use crate::kubelet::fields::id;

use super::check::Check;

const HELP: &str = "use pods, system-reserved, kube-reserved or none";

pub(super) fn enforcement(check: &mut Check<'_>) {
    const FIELD: crate::kubelet::fields::FieldId = id::ENFORCE_NODE_ALLOCATABLE;
    let keys = check.configuration.list(FIELD);
    let has_cgroups = check.configuration.bool(id::CGROUPS_PER_QOS);
    if !check.version.at_least(31) && !has_cgroups && !keys.is_empty() {
        check.refuse(
            FIELD,
            "requires cgroupsPerQOS: true",
            "enable cgroupsPerQOS, or set it to an empty list",
        );
    }
    if check.version.at_least(32) {
        exclusive_pairs(check, keys);
    }
    for (at, key) in keys.iter().enumerate() {
        if check.version.at_least(31) && keys.iter().take(at).any(|earlier| earlier == key) {
            check.refuse(FIELD, &format!("contains {key:?} more than once"), "remove all but one");
            continue;
        }
        let needs_cgroups = entry(check, keys, key);
        if check.version.at_least(31) && needs_cgroups && !has_cgroups {
            check.refuse(
                FIELD,
                &format!("with {key} requires cgroupsPerQOS: true"),
                "enable cgroupsPerQOS, or remove the entry",
            );
        }
    }
}

/// From 1.32 on: a reservation is either enforced, or only its compressible resources.
fn exclusive_pairs(check: &mut Check<'_>, keys: &[String]) {
    let has = |key: &str| keys.iter().any(|other| other == key);
    for key in ["system-reserved", "kube-reserved"] {
        let compressible = format!("{key}-compressible");
        if has(key) && has(&compressible) {
            let complaint = format!("must not contain both {key} and {compressible}");
            check.refuse(id::ENFORCE_NODE_ALLOCATABLE, &complaint, "remove one of them");
        }
    }
}

/// Checks one entry; returns whether it needs cgroups.
fn entry(check: &mut Check<'_>, keys: &[String], key: &str) -> bool {
    const FIELD: crate::kubelet::fields::FieldId = id::ENFORCE_NODE_ALLOCATABLE;
    let plain = key.strip_suffix("-compressible").filter(|_| check.version.at_least(32)).unwrap_or(key);
    let (cgroup, name) = match plain {
        "pods" if plain == key => return true,
        "none" if plain == key => {
            check.require(keys.len() <= 1, FIELD, "must not combine none with other values", HELP);
            return false;
        }
        "system-reserved" => (id::SYSTEM_RESERVED_CGROUP, "systemReservedCgroup"),
        "kube-reserved" => (id::KUBE_RESERVED_CGROUP, "kubeReservedCgroup"),
        _ => {
            check.refuse(FIELD, &format!("does not allow {key:?}"), HELP);
            return false;
        }
    };
    let has_cgroup = !check.configuration.str(cgroup).is_empty();
    check.require(has_cgroup, FIELD, &format!("with {key} requires {name}"), &format!("set {name}"));
    true
}
