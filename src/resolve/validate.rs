//! Validates a complete configuration (`ValidateKubeletConfiguration`).
//!
//! Source: `pkg/kubelet/apis/config/validation/validation.go`, 1.25 to 1.36. Rules that depend on the machine
//! (swap, cgroups, sysctls, files) are not included.

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, Kind, id};
use crate::kubelet::gates::{self, ROTATE_KUBELET_SERVER_CERTIFICATE};
use crate::source::diagnostic::{Code, Diagnostic};

use super::configuration::Configuration;
use super::load::join;
use super::value::Value;

/// Every validation error of a configuration.
pub(super) fn validate(configuration: &Configuration, version: Version) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    gate_dependencies(configuration, version, &mut errors);
    for rule in RULES.iter().filter(|rule| rule.field.field().exists_in(version)) {
        for complaint in rule.complaints(configuration, version) {
            errors.push(
                Diagnostic::error(Code::Validation, format!("{} {complaint}", rule.field.field().path))
                    .help(rule.help)
                    .at(configuration.slot(rule.field).place),
            );
        }
    }
    errors
}

/// A validation rule for a field, in the versions that have the field.
struct Rule {
    field: FieldId,
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
    /// The gate is on, unless the field is zero.
    GateIsOn(&'static str),
    /// The function returns true.
    Satisfies(fn(&Configuration, Version) -> bool),
    /// The function, which returns messages, returns none.
    NoComplaints(fn(&Configuration, Version) -> Vec<String>),
}

use Condition::{AtLeast, GateIsOn, NoComplaints, OneOf, Satisfies, Within};

impl Rule {
    /// The messages, if the rule is violated.
    fn complaints(&self, configuration: &Configuration, version: Version) -> Vec<String> {
        let value = configuration.value(self.field);
        let number = match value {
            Value::Int(number) | Value::Nanos(number) => *number,
            _ => 0,
        };
        let text = configuration.str(self.field);
        let holds = match self.condition {
            AtLeast(least) => number >= least,
            Within(least, most) => (least..=most).contains(&number),
            OneOf(texts) => texts.contains(&text),
            GateIsOn(gate) => value.is_zero() || configuration.is_gate_enabled(gate, version),
            Satisfies(holds) => holds(configuration, version),
            NoComplaints(complaints) => return complaints(configuration, version),
        };
        if holds {
            return Vec::new();
        }
        let value = match self.field.field().kind {
            Kind::Str => format!("{text:?}"),
            _ => number.to_string(),
        };
        vec![self.message.replace("{value}", &value)]
    }
}

const fn rule(field: FieldId, condition: Condition, message: &'static str, help: &'static str) -> Rule {
    Rule { field, condition, message, help }
}

const fn not_negative(field: FieldId) -> Rule {
    rule(field, AtLeast(0), "must be 0 or more, not {value}", "use 0 or more")
}

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000_000_000;

const RULES: &[Rule] = &[
    rule(
        id::SERVER_TLS_BOOTSTRAP,
        GateIsOn(ROTATE_KUBELET_SERVER_CERTIFICATE),
        "requires the feature gate RotateKubeletServerCertificate, which is off",
        "enable the gate, or remove its entry",
    ),
    // Ranges.
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
    // Ports.
    rule(id::PORT, Within(1, 65535), "must be a port from 1 to 65535, not {value}", "use 1 to 65535"),
    rule(
        id::READ_ONLY_PORT,
        Within(0, 65535),
        "must be a port from 1 to 65535 or 0, not {value}",
        "use 1 to 65535, or 0 to disable it",
    ),
    rule(
        id::HEALTHZ_PORT,
        Within(0, 65535),
        "must be a port from 1 to 65535 or 0, not {value}",
        "use 1 to 65535, or 0 to disable it",
    ),
    // Images.
    rule(id::IMAGE_GC_HIGH, Within(0, 100), "must be between 0 and 100, not {value}", "use 0 to 100"),
    rule(id::IMAGE_GC_LOW, Within(0, 100), "must be between 0 and 100, not {value}", "use 0 to 100"),
    rule(id::IMAGE_GC_LOW, NoComplaints(image_gc_low), "", "make it lower"),
    rule(id::IMAGE_MINIMUM_GC_AGE, AtLeast(0), "must not be negative", "use 0 or more"),
    rule(
        id::IMAGE_MAXIMUM_GC_AGE,
        Satisfies(|configuration, _| {
            let maximum = configuration.nanos(id::IMAGE_MAXIMUM_GC_AGE);
            maximum == 0 || (maximum > 0 && maximum > configuration.nanos(id::IMAGE_MINIMUM_GC_AGE))
        }),
        "must be longer than imageMinimumGCAge",
        "use 0s to disable it, or a longer duration",
    ),
    rule(
        id::IMAGE_MAXIMUM_GC_AGE,
        GateIsOn("ImageMaximumGCAge"),
        "requires the feature gate ImageMaximumGCAge, which is off",
        "enable the gate, or remove the field",
    ),
    rule(
        id::MAX_PARALLEL_IMAGE_PULLS,
        Satisfies(|configuration, _| match configuration.value(id::MAX_PARALLEL_IMAGE_PULLS) {
            Value::Int(pulls) => *pulls >= 1,
            _ => true,
        }),
        "must be 1 or more, not {value}",
        "use 1 or more",
    ),
    rule(
        id::MAX_PARALLEL_IMAGE_PULLS,
        Satisfies(|configuration, _| {
            configuration.int(id::MAX_PARALLEL_IMAGE_PULLS) <= 1
                || !configuration.bool(id::SERIALIZE_IMAGE_PULLS)
        }),
        "must be 1 unless serializeImagePulls is false",
        "set serializeImagePulls to false",
    ),
    // Logs.
    rule(id::CONTAINER_LOG_MAX_FILES, AtLeast(2), "must be 2 or more, not {value}", "use 2 or more"),
    rule(
        id::CONTAINER_LOG_MAX_WORKERS,
        Satisfies(|configuration, _| match configuration.value(id::CONTAINER_LOG_MAX_WORKERS) {
            Value::Int(workers) => *workers >= 1,
            _ => true,
        }),
        "must be 1 or more",
        "use 1 or more",
    ),
    rule(
        id::CONTAINER_LOG_MONITOR_INTERVAL,
        Satisfies(|configuration, _| match configuration.value(id::CONTAINER_LOG_MONITOR_INTERVAL) {
            Value::Nanos(interval) => *interval >= 3 * SECOND,
            _ => true,
        }),
        "must be 3s or more",
        "use 3s or more",
    ),
    rule(
        id::LOGGING_FORMAT,
        OneOf(&["text", "json"]),
        "must be text or json, not {value}",
        "use text or json",
    ),
    rule(
        id::POD_LOGS_DIR,
        Satisfies(|configuration, _| is_clean_path(configuration.str(id::POD_LOGS_DIR))),
        "must be a clean absolute path of ASCII characters, not {value}",
        "use a path such as /var/log/pods",
    ),
    rule(
        id::ENABLE_SYSTEM_LOG_QUERY,
        Satisfies(|configuration, _| {
            !configuration.bool(id::ENABLE_SYSTEM_LOG_QUERY)
                || configuration.bool(id::ENABLE_SYSTEM_LOG_HANDLER)
        }),
        "requires enableSystemLogHandler: true",
        "set both to true",
    ),
    rule(
        id::ENABLE_SYSTEM_LOG_QUERY,
        GateIsOn("NodeLogQuery"),
        "requires the feature gate NodeLogQuery, which is off",
        "enable the gate, or remove the field",
    ),
    // The node.
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
        id::CONTAINER_RUNTIME_ENDPOINT,
        Satisfies(|configuration, _| !configuration.str(id::CONTAINER_RUNTIME_ENDPOINT).is_empty()),
        "must not be empty",
        "set it to the socket of the container runtime",
    ),
    rule(
        id::RUN_ONCE,
        Satisfies(|configuration, version| !version.at_least(32) || !configuration.bool(id::RUN_ONCE)),
        "must not be true since Kubernetes 1.32",
        "remove it",
    ),
    rule(
        id::CPU_CFS_QUOTA_PERIOD,
        Satisfies(|configuration, version| {
            !configuration.is_gate_enabled("CustomCPUCFSQuotaPeriod", version)
                || (MILLISECOND..=SECOND).contains(&configuration.nanos(id::CPU_CFS_QUOTA_PERIOD))
        }),
        "must be between 1ms and 1s",
        "use 1ms to 1s",
    ),
    rule(
        id::CPU_CFS_QUOTA_PERIOD,
        Satisfies(|configuration, version| {
            configuration.is_gate_enabled("CustomCPUCFSQuotaPeriod", version)
                || configuration.nanos(id::CPU_CFS_QUOTA_PERIOD) == 100 * MILLISECOND
        }),
        "requires the feature gate CustomCPUCFSQuotaPeriod, which is off",
        "enable the gate, or remove the field",
    ),
    rule(
        id::SHUTDOWN_GRACE_PERIOD_CRITICAL,
        Satisfies(|configuration, _| {
            configuration.nanos(id::SHUTDOWN_GRACE_PERIOD_CRITICAL)
                <= configuration.nanos(id::SHUTDOWN_GRACE_PERIOD)
        }),
        "must not be longer than shutdownGracePeriod",
        "make it shorter than shutdownGracePeriod",
    ),
    rule(
        id::SHUTDOWN_GRACE_PERIOD,
        Satisfies(|configuration, _| is_off_or_a_second(configuration.nanos(id::SHUTDOWN_GRACE_PERIOD))),
        "must be 0 or at least 1s",
        "use 0s to disable it, or 1s or more",
    ),
    rule(
        id::SHUTDOWN_GRACE_PERIOD_CRITICAL,
        Satisfies(|configuration, _| {
            is_off_or_a_second(configuration.nanos(id::SHUTDOWN_GRACE_PERIOD_CRITICAL))
        }),
        "must be 0 or at least 1s",
        "use 0s to disable it, or 1s or more",
    ),
    // Reserved resources.
    rule(
        id::RESERVED_SYSTEM_CPUS,
        Satisfies(|configuration, _| {
            configuration.str(id::RESERVED_SYSTEM_CPUS).is_empty()
                || (configuration.str(id::SYSTEM_RESERVED_CGROUP).is_empty()
                    && configuration.str(id::KUBE_RESERVED_CGROUP).is_empty())
        }),
        "cannot be used with systemReservedCgroup or kubeReservedCgroup",
        "remove one of them",
    ),
    rule(
        id::ENFORCE_NODE_ALLOCATABLE,
        NoComplaints(allocatable),
        "",
        "use pods, system-reserved, kube-reserved or none",
    ),
    // Fields that require a gate. The defaults of the first two depend on the gate, but are applied before a
    // drop-in or a flag can disable it.
    rule(
        id::CRASH_LOOP_MAX,
        GateIsOn("KubeletCrashLoopBackOffMax"),
        "must not be set while the feature gate KubeletCrashLoopBackOffMax is off",
        "enable KubeletCrashLoopBackOffMax, or disable it in the config file itself, before defaults are applied",
    ),
    rule(
        id::IMAGE_PULL_POLICY,
        GateIsOn("KubeletEnsureSecretPulledImages"),
        "must not be set while the feature gate KubeletEnsureSecretPulledImages is off",
        "enable KubeletEnsureSecretPulledImages, or disable it in the config file itself, before defaults are applied",
    ),
    rule(
        id::MEMORY_SWAP_BEHAVIOR,
        Satisfies(is_swap_known),
        "does not allow {value}",
        "use LimitedSwap or NoSwap",
    ),
    rule(
        id::MEMORY_SWAP_BEHAVIOR,
        Satisfies(|configuration, version| {
            configuration.str(id::MEMORY_SWAP_BEHAVIOR).is_empty()
                || !is_swap_known(configuration, version)
                || configuration.is_gate_enabled("NodeSwap", version)
        }),
        "requires the feature gate NodeSwap, which is off",
        "enable the gate, or remove the field",
    ),
    rule(
        id::MEMORY_THROTTLING_FACTOR,
        Satisfies(|configuration, _| match configuration.value(id::MEMORY_THROTTLING_FACTOR) {
            Value::Float(factor) => *factor > 0.0 && *factor <= 1.0,
            _ => true,
        }),
        "must be greater than 0 and at most 1",
        "use a number greater than 0 and up to 1",
    ),
];

fn gate_dependencies(configuration: &Configuration, version: Version, errors: &mut Vec<Diagnostic>) {
    if configuration.gates().is_empty() {
        return;
    }
    let setting = |name: &str| configuration.gate(name).map(|(value, _)| value);
    for (gate, needed) in gates::broken_dependencies(version, setting) {
        let set = configuration.gate(gate).or_else(|| configuration.gate(needed));
        let place = set.map_or(configuration.slot(id::FEATURE_GATES).place, |(_, place)| place);
        errors.push(
            Diagnostic::error(
                Code::FeatureGateDependency,
                format!("the feature gate {gate} requires {needed}, which is off"),
            )
            .help(format!("enable {needed}, or disable {gate}"))
            .at(place),
        );
    }
}

fn image_gc_low(configuration: &Configuration, _: Version) -> Vec<String> {
    let (high, low) = (configuration.int(id::IMAGE_GC_HIGH), configuration.int(id::IMAGE_GC_LOW));
    if low < high {
        return Vec::new();
    }
    vec![format!("must be below imageGCHighThresholdPercent ({high}), not {low}")]
}

fn is_clean_path(path: &str) -> bool {
    path.is_ascii() && join("/", path) == path
}

fn is_off_or_a_second(nanos: i64) -> bool {
    nanos == 0 || nanos >= SECOND
}

fn is_swap_known(configuration: &Configuration, version: Version) -> bool {
    match configuration.str(id::MEMORY_SWAP_BEHAVIOR) {
        "" | "LimitedSwap" => true,
        "NoSwap" => version.at_least(30),
        "UnlimitedSwap" => !version.at_least(30),
        _ => false,
    }
}

fn allocatable(configuration: &Configuration, version: Version) -> Vec<String> {
    let keys = configuration.list(id::ENFORCE_NODE_ALLOCATABLE);
    let mut complaints = Vec::new();
    for key in keys {
        let plain = key.strip_suffix("-compressible").unwrap_or(key);
        let (cgroup, name) = match plain {
            "none" | "pods" if plain == key => {
                if key == "none" && keys.len() > 1 {
                    complaints.push("must not combine none with other values".to_owned());
                }
                continue;
            }
            "system-reserved" => (id::SYSTEM_RESERVED_CGROUP, "systemReservedCgroup"),
            "kube-reserved" => (id::KUBE_RESERVED_CGROUP, "kubeReservedCgroup"),
            _ => {
                complaints.push(format!("does not allow {key:?}"));
                continue;
            }
        };
        if configuration.str(cgroup).is_empty() {
            complaints.push(format!("with {key} requires {name}"));
        } else if plain != key && !version.at_least(32) {
            complaints.push(format!("does not allow {key:?}"));
        }
    }
    complaints
}
