//! Rules about one field.

use crate::kubelet::Minors;
use crate::kubelet::fields::{FieldId, Kind, id};

use super::super::load::join;
use super::super::value::Value;
use super::check::Check;

/// Checks every rule of this version.
pub(super) fn simple(check: &mut Check<'_>) {
    for rule in RULES {
        if rule.minors.contains(check.version) && check.has(rule.field) && !rule.holds(check) {
            check.refuse(rule.field, &rule.complaint(check), rule.help);
        }
    }
}

/// A validation rule for a field, in the versions that have the field.
struct Rule {
    field: FieldId,
    minors: Minors,
    condition: Condition,
    /// The message after the path of the field; `{value}` is replaced by the value.
    message: &'static str,
    help: &'static str,
}

/// A condition on a field. An absent number is 0, and an absent string is empty.
enum Condition {
    /// The number or duration is at least this.
    AtLeast(i64),
    /// The number is in this range, bounds included.
    Within(i64, i64),
    /// The string is one of these.
    OneOf(&'static [&'static str]),
    /// The function returns true.
    Satisfies(fn(&Check<'_>) -> bool),
}

use Condition::{AtLeast, OneOf, Satisfies, Within};

impl Rule {
    fn number(&self, check: &Check<'_>) -> i64 {
        match check.configuration.value(self.field) {
            Value::Int(number) | Value::Nanos(number) => *number,
            _ => 0,
        }
    }

    fn holds(&self, check: &Check<'_>) -> bool {
        match self.condition {
            AtLeast(least) => self.number(check) >= least,
            Within(least, most) => (least..=most).contains(&self.number(check)),
            OneOf(texts) => texts.contains(&check.configuration.str(self.field)),
            Satisfies(holds) => holds(check),
        }
    }

    fn complaint(&self, check: &Check<'_>) -> String {
        let value = match self.field.field().kind {
            Kind::Str => format!("{:?}", check.configuration.str(self.field)),
            _ => self.number(check).to_string(),
        };
        self.message.replace("{value}", &value)
    }

    /// The same rule, in these versions only.
    const fn only(self, minors: Minors) -> Self {
        Self { minors, ..self }
    }
}

const fn rule(field: FieldId, condition: Condition, message: &'static str, help: &'static str) -> Rule {
    Rule { field, minors: Minors::ALL, condition, message, help }
}

const fn not_negative(field: FieldId) -> Rule {
    rule(field, AtLeast(0), "must be 0 or more, not {value}", "use 0 or more")
}

const fn percentage(field: FieldId) -> Rule {
    rule(field, Within(0, 100), "must be between 0 and 100, not {value}", "use 0 to 100")
}

const fn bit(field: FieldId) -> Rule {
    rule(field, Within(0, 31), "must be between 0 and 31, not {value}", "use 0 to 31")
}

const fn optional_port(field: FieldId) -> Rule {
    rule(
        field,
        Within(0, 65535),
        "must be a port from 1 to 65535 or 0, not {value}",
        "use 1 to 65535, or 0 to disable it",
    )
}

const SECOND: i64 = 1_000_000_000;

const RULES: &[Rule] = &[
    not_negative(id::EVENT_RECORD_QPS),
    not_negative(id::EVENT_BURST),
    not_negative(id::KUBE_API_QPS),
    not_negative(id::KUBE_API_BURST),
    not_negative(id::REGISTRY_PULL_QPS),
    not_negative(id::REGISTRY_BURST),
    not_negative(id::MAX_PODS),
    not_negative(id::MAX_OPEN_FILES),
    not_negative(id::PODS_PER_CORE),
    rule(id::NODE_LEASE_DURATION, AtLeast(1), "must be greater than 0, not {value}", "use 1 or more"),
    rule(
        id::OOM_SCORE_ADJ,
        Within(-1000, 1000),
        "must be between -1000 and 1000, not {value}",
        "use -1000 to 1000",
    ),
    rule(id::NODE_STATUS_MAX_IMAGES, AtLeast(-1), "must be -1 or more, not {value}", "use -1 or more"),
    rule(id::PORT, Within(1, 65535), "must be a port from 1 to 65535, not {value}", "use 1 to 65535"),
    optional_port(id::READ_ONLY_PORT),
    optional_port(id::HEALTHZ_PORT),
    bit(id::IPTABLES_DROP_BIT),
    bit(id::IPTABLES_MASQUERADE_BIT),
    percentage(id::IMAGE_GC_HIGH),
    percentage(id::IMAGE_GC_LOW),
    rule(id::IMAGE_MINIMUM_GC_AGE, AtLeast(0), "must not be negative", "use 0 or more")
        .only(Minors::since(36)),
    // Up to 1.32 the log manager refuses it, later in the start.
    rule(id::CONTAINER_LOG_MAX_FILES, AtLeast(2), "must be 2 or more, not {value}", "use 2 or more")
        .only(Minors::since(33)),
    rule(id::CONTAINER_LOG_MAX_WORKERS, AtLeast(1), "must be 1 or more, not {value}", "use 1 or more"),
    rule(id::CONTAINER_LOG_MONITOR_INTERVAL, AtLeast(3 * SECOND), "must be 3s or more", "use 3s or more"),
    rule(
        id::POD_LOGS_DIR,
        Satisfies(|check| is_clean_path(check.configuration.str(id::POD_LOGS_DIR))),
        "must be a clean absolute path of ASCII characters, not {value}",
        "use a path such as /var/log/pods",
    ),
    rule(
        id::TOPOLOGY_MANAGER_POLICY,
        OneOf(&["none", "best-effort", "restricted", "single-numa-node"]),
        "does not allow {value}",
        "use none, best-effort, restricted or single-numa-node",
    ),
    rule(
        id::TOPOLOGY_MANAGER_SCOPE,
        OneOf(&["container", "pod"]),
        "does not allow {value}",
        "use container or pod",
    ),
    rule(
        id::HAIRPIN_MODE,
        OneOf(&["none", "hairpin-veth", "promiscuous-bridge"]),
        "does not allow {value}",
        "use none, hairpin-veth or promiscuous-bridge",
    ),
    rule(
        id::CONTAINER_RUNTIME_ENDPOINT,
        Satisfies(|check| !check.configuration.str(id::CONTAINER_RUNTIME_ENDPOINT).is_empty()),
        "must not be empty",
        "set it to the socket of the container runtime",
    ),
    rule(
        id::RUN_ONCE,
        Satisfies(|check| !check.configuration.bool(id::RUN_ONCE)),
        "must be false, because the kubelet no longer has this mode",
        "remove it",
    )
    .only(Minors::since(32)),
    rule(
        id::SYSTEM_CGROUPS,
        Satisfies(|check| {
            check.configuration.str(id::SYSTEM_CGROUPS).is_empty()
                || !check.configuration.str(id::CGROUP_ROOT).is_empty()
        }),
        "requires cgroupRoot",
        "set cgroupRoot, such as /",
    ),
    rule(
        id::SHOW_HIDDEN_METRICS,
        Satisfies(|check| {
            let shown = check.configuration.str(id::SHOW_HIDDEN_METRICS);
            shown.is_empty() || shown == format!("1.{}", check.version.minor().saturating_sub(1))
        }),
        "must be the minor version before this one, not {value}",
        "use the previous minor version, such as 1.33 for Kubernetes 1.34",
    ),
    rule(
        id::IDS_PER_POD,
        Satisfies(|check| match check.configuration.value(id::IDS_PER_POD) {
            Value::Int(ids) => *ids >= 65_536 && ids % 65_536 == 0 && *ids <= i64::from(u32::MAX),
            _ => true,
        }),
        "must be a multiple of 65536 up to 4294967295, not {value}",
        "use 65536",
    )
    .only(Minors::since(33)),
];

fn is_clean_path(path: &str) -> bool {
    path.is_ascii() && join("/", path) == path
}
