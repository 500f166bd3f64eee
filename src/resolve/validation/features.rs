//! Fields that need a feature gate.

use crate::kubelet::fields::id;
use crate::kubelet::gates::ROTATE_KUBELET_SERVER_CERTIFICATE;
use crate::kubelet::url;
use crate::source::diagnostic::{Code, Diagnostic};

use super::super::value::Value;
use super::check::Check;

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000_000_000;

/// Fields that need a gate, or whose rules depend on one.
pub(super) fn gated(check: &mut Check<'_>) {
    if check.configuration.bool(id::SERVER_TLS_BOOTSTRAP) && !check.is_on(ROTATE_KUBELET_SERVER_CERTIFICATE) {
        check.refuse(
            id::SERVER_TLS_BOOTSTRAP,
            "requires the feature gate RotateKubeletServerCertificate, which is off",
            "enable the gate, or remove its entry",
        );
    }
    cpu_quota_period(check);
    topology_manager(check);
    memory_swap(check);
    crash_loop(check);
    system_log_query(check);
    tracing(check);
    dynamic_config(check);
    memory_qos(check);
}

/// Up to 1.25 a microsecond is enough.
fn cpu_quota_period(check: &mut Check<'_>) {
    let period = check.configuration.nanos(id::CPU_CFS_QUOTA_PERIOD);
    let least = if check.version.at_least(26) { MILLISECOND } else { 1_000 };
    if !check.is_on("CustomCPUCFSQuotaPeriod") {
        if period != 100 * MILLISECOND {
            check.refuse_without_gate(id::CPU_CFS_QUOTA_PERIOD, "CustomCPUCFSQuotaPeriod");
        }
    } else if !(least..=SECOND).contains(&period) {
        check.refuse(id::CPU_CFS_QUOTA_PERIOD, "must be between 1ms and 1s", "use 1ms to 1s");
    }
}

/// Up to 1.26 the topology manager has a gate.
fn topology_manager(check: &mut Check<'_>) {
    if check.version.at_least(27) || check.is_on("TopologyManager") {
        return;
    }
    for (field, default) in [(id::TOPOLOGY_MANAGER_POLICY, "none"), (id::TOPOLOGY_MANAGER_SCOPE, "container")]
    {
        if check.configuration.str(field) != default {
            check.refuse_without_gate(field, "TopologyManager");
        }
    }
}

fn memory_swap(check: &mut Check<'_>) {
    let behavior = check.configuration.str(id::MEMORY_SWAP_BEHAVIOR);
    let other = if check.version.at_least(30) { "NoSwap" } else { "UnlimitedSwap" };
    if behavior.is_empty() {
        return;
    }
    if !check.is_on("NodeSwap") {
        check.refuse_without_gate(id::MEMORY_SWAP_BEHAVIOR, "NodeSwap");
    } else if behavior != "LimitedSwap" && behavior != other {
        let complaint = format!("must be LimitedSwap or {other}, not {behavior:?}");
        check.refuse(id::MEMORY_SWAP_BEHAVIOR, &complaint, &format!("use LimitedSwap or {other}"));
    }
}

/// The default depends on the gate, but is applied before a drop-in or a flag can change the gate.
fn crash_loop(check: &mut Check<'_>) {
    const FIELD: crate::kubelet::fields::FieldId = id::CRASH_LOOP_MAX;
    if !check.has(FIELD) {
        return;
    }
    let is_on = check.is_on("KubeletCrashLoopBackOffMax");
    match check.configuration.value(FIELD) {
        Value::Absent if is_on => check.refuse(
            FIELD,
            "must be set while the feature gate KubeletCrashLoopBackOffMax is on",
            "set it to a duration from 1s to 5m",
        ),
        Value::Nanos(period) if is_on => {
            let is_inside = (1_000..=300_000).contains(&(period / MILLISECOND));
            check.require(is_inside, FIELD, "must be between 1s and 5m", "use 1s to 5m");
        }
        Value::Nanos(_) => check.refuse(
            FIELD,
            "must not be set while the feature gate KubeletCrashLoopBackOffMax is off",
            "enable KubeletCrashLoopBackOffMax, or disable it in the config file itself, before defaults are applied",
        ),
        _ => {}
    }
}

fn system_log_query(check: &mut Check<'_>) {
    if !check.configuration.bool(id::ENABLE_SYSTEM_LOG_QUERY) {
        return;
    }
    if !check.is_on("NodeLogQuery") {
        check.refuse_without_gate(id::ENABLE_SYSTEM_LOG_QUERY, "NodeLogQuery");
    }
    let has_handler = check.configuration.bool(id::ENABLE_SYSTEM_LOG_HANDLER);
    check.require(
        has_handler,
        id::ENABLE_SYSTEM_LOG_QUERY,
        "requires enableSystemLogHandler: true",
        "set both to true",
    );
}

/// In 1.25 a gate is locked by the kubelet itself (`cmd/kubelet/app/server.go`).
fn dynamic_config(check: &mut Check<'_>) {
    if !check.version.at_least(26) && check.is_on("DynamicKubeletConfig") {
        check.refuse(id::FEATURE_GATES, "cannot enable DynamicKubeletConfig", "remove the gate");
    }
}

/// `ValidateTracingConfiguration` (component-base `tracing/api/v1/config.go`). Up to 1.33 tracing has a gate.
fn tracing(check: &mut Check<'_>) {
    let Some(place) = check.configuration.tracing else { return };
    if !check.version.at_least(34) && !check.is_on("KubeletTracing") {
        check.errors.push(
            Diagnostic::error(
                Code::Validation,
                "tracing requires the feature gate KubeletTracing, which is off; the kubelet exits",
            )
            .help("enable the gate, or remove the object")
            .at(place),
        );
        return;
    }
    let rate = check.configuration.int(id::TRACING_SAMPLING_RATE);
    check.require(
        (0..=1_000_000).contains(&rate),
        id::TRACING_SAMPLING_RATE,
        &format!("must be between 0 and 1000000, not {rate}"),
        "use 0 to 1000000",
    );
    if let Value::Str(endpoint) = check.configuration.value(id::TRACING_ENDPOINT) {
        let full = if endpoint.contains("//") { endpoint.clone() } else { format!("dns://{endpoint}") };
        let is_known = url::scheme(&full).is_some_and(|s| matches!(&*s, "dns" | "unix" | "unix-abstract"));
        check.require(
            is_known,
            id::TRACING_ENDPOINT,
            &format!(
                "must be host:port or a URL with the scheme dns, unix or unix-abstract, not {endpoint:?}"
            ),
            "use an address such as localhost:4317",
        );
    }
}

/// Up to 1.36 the throttling factor has a default and is required with the gate. From 1.37 on it needs the gate,
/// unless it is the former default.
fn memory_qos(check: &mut Check<'_>) {
    let is_on = check.is_on("MemoryQoS");
    let factor = match check.configuration.value(id::MEMORY_THROTTLING_FACTOR) {
        Value::Float(factor) => Some(*factor),
        Value::Int(0) => Some(0.0),
        _ => None,
    };
    match factor {
        None if is_on && !check.version.at_least(37) => check.refuse(
            id::MEMORY_THROTTLING_FACTOR,
            "must be set while the feature gate MemoryQoS is on",
            "use a number greater than 0 and up to 1",
        ),
        #[expect(clippy::float_cmp, reason = "Kubernetes compares with this number")]
        Some(factor) if !is_on && check.version.at_least(37) && factor != 0.9 => {
            check.refuse_without_gate(id::MEMORY_THROTTLING_FACTOR, "MemoryQoS");
        }
        _ => {}
    }
    if let Some(factor) = factor {
        check.require(
            factor > 0.0 && factor <= 1.0,
            id::MEMORY_THROTTLING_FACTOR,
            "must be greater than 0 and at most 1",
            "use a number greater than 0 and up to 1",
        );
    }
    if !check.has(id::MEMORY_RESERVATION_POLICY) {
        return;
    }
    match check.configuration.str(id::MEMORY_RESERVATION_POLICY) {
        "TieredReservation" if !is_on => {
            check.refuse_without_gate(id::MEMORY_RESERVATION_POLICY, "MemoryQoS")
        }
        "None" | "TieredReservation" => {}
        other => check.refuse(
            id::MEMORY_RESERVATION_POLICY,
            &format!("must be None or TieredReservation, not {other:?}"),
            "use None or TieredReservation",
        ),
    }
}
