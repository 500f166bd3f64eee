//! `ValidateKubeletConfiguration`: what stops a kubelet after its configuration is complete.
//!
//! Source: `pkg/kubelet/apis/config/validation/validation.go`, 1.25 to 1.36. Rules that depend on
//! the machine (swap, cgroups, sysctls, files) are not here.

use crate::list::{ToList, join};
use crate::quoted::quoted;
use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic};
use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::gates::{self, ROTATE_KUBELET_SERVER_CERTIFICATE};

use super::value::{Configuration, Value};

/// Everything validation refuses.
pub(super) fn validate(configuration: &Configuration, version: Version) -> Vec<Diagnostic> {
    let mut rules = Rules { configuration, version, errors: Vec::new() };
    rules.gate_dependencies();
    rules.serving_certificate();
    rules.ranges();
    rules.ports();
    rules.images();
    rules.logs();
    rules.node();
    rules.gated_fields();
    rules.errors
}

struct Rules<'c> {
    configuration: &'c Configuration,
    version: Version,
    errors: Vec<Diagnostic>,
}

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000_000_000;

impl Rules<'_> {
    fn refuse<'m>(
        &mut self,
        field: FieldId,
        message: impl Into<Cow<'m, str>>,
        help: impl Into<Cow<'m, str>>,
    ) {
        self.push(field, &message.into(), help.into());
    }

    #[inline(never)]
    fn push(&mut self, field: FieldId, message: &str, help: Cow<'_, str>) {
        let place = self.configuration.slot(field).place;
        self.errors.push(
            Diagnostic::error(Code::Validation, format!("{}: {}", field.field().path, message))
                .help(help)
                .at(place),
        );
    }

    fn gate(&self, name: &str) -> bool {
        self.configuration.is_gate_enabled(name, self.version)
    }

    fn has(&self, field: FieldId) -> bool {
        field.field().exists_in(self.version) && !self.configuration.value(field).is_absent()
    }

    fn serving_certificate(&mut self) {
        if self.configuration.bool(id::SERVER_TLS_BOOTSTRAP) && !self.gate(ROTATE_KUBELET_SERVER_CERTIFICATE)
        {
            self.refuse(
                id::SERVER_TLS_BOOTSTRAP,
                "true needs the feature gate RotateKubeletServerCertificate, which is off",
                "turn the gate on, or remove its entry",
            );
        }
    }

    fn gate_dependencies(&mut self) {
        if self.configuration.gates().is_empty() {
            return;
        }
        let setting = |name: &str| self.configuration.gate(name).map(|(value, _)| value);
        let broken: Vec<_> = gates::broken_dependencies(self.version, &setting).to_list();
        for (gate, needed) in broken {
            let entry = self.configuration.gate(gate).or_else(|| self.configuration.gate(needed));
            let place = entry.map_or(self.configuration.slot(id::FEATURE_GATES).place, |(_, place)| place);
            self.errors.push(
                Diagnostic::error(
                    Code::FeatureGateDependency,
                    format!("the feature gate {gate} is on and needs {needed}, which is off"),
                )
                .help(format!("turn {needed} on, or {gate} off"))
                .at(place),
            );
        }
    }

    fn ranges(&mut self) {
        for field in [
            id::EVENT_RECORD_QPS,
            id::EVENT_BURST,
            id::KUBE_API_QPS,
            id::KUBE_API_BURST,
            id::REGISTRY_PULL_QPS,
            id::REGISTRY_BURST,
            id::MAX_PODS,
            id::MAX_OPEN_FILES,
            id::PODS_PER_CORE,
        ] {
            let value = self.configuration.int(field);
            if value < 0 {
                self.refuse(field, format!("{value} is negative"), "use 0 or more");
            }
        }
        let lease = self.configuration.int(id::NODE_LEASE_DURATION);
        if lease <= 0 {
            self.refuse(id::NODE_LEASE_DURATION, format!("{lease} is not above 0"), "use a number above 0");
        }
        let score = self.configuration.int(id::OOM_SCORE_ADJ);
        if !(-1000..=1000).contains(&score) {
            self.refuse(id::OOM_SCORE_ADJ, format!("{score} is outside -1000 to 1000"), "use -1000 to 1000");
        }
        let images = self.configuration.int(id::NODE_STATUS_MAX_IMAGES);
        if images < -1 {
            self.refuse(id::NODE_STATUS_MAX_IMAGES, format!("{images} is below -1"), "use -1 or more");
        }
    }

    fn ports(&mut self) {
        for (field, zero_is_off) in [(id::PORT, false), (id::READ_ONLY_PORT, true), (id::HEALTHZ_PORT, true)]
        {
            let port = self.configuration.int(field);
            let is_port = (1..=65535).contains(&port) || (zero_is_off && port == 0);
            if !is_port {
                let range = if zero_is_off { "use 1 to 65535, or 0 for off" } else { "use 1 to 65535" };
                self.refuse(field, format!("{port} is not a port"), range);
            }
        }
    }

    fn images(&mut self) {
        let (high, low) =
            (self.configuration.int(id::IMAGE_GC_HIGH), self.configuration.int(id::IMAGE_GC_LOW));
        for (field, value) in [(id::IMAGE_GC_HIGH, high), (id::IMAGE_GC_LOW, low)] {
            if !(0..=100).contains(&value) {
                self.refuse(field, format!("{value} is not a percentage"), "use 0 to 100");
            }
        }
        if low >= high {
            self.refuse(
                id::IMAGE_GC_LOW,
                format!("{low} is not below imageGCHighThresholdPercent, {high}"),
                "make it lower",
            );
        }
        if self.configuration.nanos(id::IMAGE_MINIMUM_GC_AGE) < 0 {
            self.refuse(id::IMAGE_MINIMUM_GC_AGE, "it is negative", "use 0 or more");
        }
        let (maximum, minimum) = (
            self.configuration.nanos(id::IMAGE_MAXIMUM_GC_AGE),
            self.configuration.nanos(id::IMAGE_MINIMUM_GC_AGE),
        );
        if id::IMAGE_MAXIMUM_GC_AGE.field().exists_in(self.version) && maximum != 0 {
            if maximum < 0 || maximum <= minimum {
                self.refuse(
                    id::IMAGE_MAXIMUM_GC_AGE,
                    "it is not above imageMinimumGCAge",
                    "use 0s for off, or more",
                );
            }
            if !self.gate("ImageMaximumGCAge") {
                self.refuse(
                    id::IMAGE_MAXIMUM_GC_AGE,
                    "it needs the feature gate ImageMaximumGCAge, which is off",
                    "turn the gate on, or remove the field",
                );
            }
        }
        if self.has(id::MAX_PARALLEL_IMAGE_PULLS) {
            let pulls = self.configuration.int(id::MAX_PARALLEL_IMAGE_PULLS);
            if pulls < 1 {
                self.refuse(id::MAX_PARALLEL_IMAGE_PULLS, format!("{pulls} is below 1"), "use 1 or more");
            } else if pulls > 1 && self.configuration.bool(id::SERIALIZE_IMAGE_PULLS) {
                self.refuse(
                    id::MAX_PARALLEL_IMAGE_PULLS,
                    "above 1 it needs serializeImagePulls: false",
                    "set serializeImagePulls to false",
                );
            }
        }
    }

    fn logs(&mut self) {
        let files = self.configuration.int(id::CONTAINER_LOG_MAX_FILES);
        if files <= 1 {
            self.refuse(id::CONTAINER_LOG_MAX_FILES, format!("{files} is not above 1"), "use 2 or more");
        }
        if self.has(id::CONTAINER_LOG_MAX_WORKERS)
            && self.configuration.int(id::CONTAINER_LOG_MAX_WORKERS) < 1
        {
            self.refuse(id::CONTAINER_LOG_MAX_WORKERS, "it is below 1", "use 1 or more");
        }
        if self.has(id::CONTAINER_LOG_MONITOR_INTERVAL)
            && self.configuration.nanos(id::CONTAINER_LOG_MONITOR_INTERVAL) < 3_000 * MILLISECOND
        {
            self.refuse(id::CONTAINER_LOG_MONITOR_INTERVAL, "it is below 3s", "use 3s or more");
        }
        let format = self.configuration.str(id::LOGGING_FORMAT);
        if !matches!(format, "text" | "json") {
            self.refuse(
                id::LOGGING_FORMAT,
                format!("{} is not a log format", quoted(format)),
                "use text or json",
            );
        }
        if id::POD_LOGS_DIR.field().exists_in(self.version) {
            let directory = self.configuration.str(id::POD_LOGS_DIR);
            let clean = !directory.split('/').skip(1).any(|part| matches!(part, "." | ".." | ""));
            if !directory.starts_with('/') || !directory.is_ascii() || (!clean && directory != "/") {
                self.refuse(
                    id::POD_LOGS_DIR,
                    format!("{} is not a clean absolute path of ASCII characters", quoted(directory)),
                    "write it like /var/log/pods",
                );
            }
        }
        if self.configuration.bool(id::ENABLE_SYSTEM_LOG_QUERY) {
            if !self.configuration.bool(id::ENABLE_SYSTEM_LOG_HANDLER) {
                self.refuse(
                    id::ENABLE_SYSTEM_LOG_QUERY,
                    "true needs enableSystemLogHandler: true",
                    "set both",
                );
            }
            if !self.gate("NodeLogQuery") {
                self.refuse(
                    id::ENABLE_SYSTEM_LOG_QUERY,
                    "true needs the feature gate NodeLogQuery, which is off",
                    "turn the gate on, or remove the field",
                );
            }
        }
    }

    fn node(&mut self) {
        let choice = |rules: &mut Self, field: FieldId, choices: &[&str]| {
            let value = rules.configuration.str(field).to_owned();
            if !choices.contains(&value.as_str()) {
                rules.refuse(
                    field,
                    format!("{} is not one of its values", quoted(&value)),
                    format!("use one of {}", join(choices, ", ")),
                );
            }
        };
        choice(self, id::TOPOLOGY_MANAGER_POLICY, &["none", "best-effort", "restricted", "single-numa-node"]);
        choice(self, id::TOPOLOGY_MANAGER_SCOPE, &["container", "pod"]);
        if id::CONTAINER_RUNTIME_ENDPOINT.field().exists_in(self.version)
            && self.configuration.str(id::CONTAINER_RUNTIME_ENDPOINT).is_empty()
        {
            self.refuse(id::CONTAINER_RUNTIME_ENDPOINT, "it is empty", "name the runtime's socket");
        }
        if self.version.at_least(32) && self.configuration.bool(id::RUN_ONCE) {
            self.refuse(id::RUN_ONCE, "true is refused since 1.32", "remove it");
        }
        let period = self.configuration.nanos(id::CPU_CFS_QUOTA_PERIOD);
        if self.gate("CustomCPUCFSQuotaPeriod") {
            if !(MILLISECOND..=SECOND).contains(&period) {
                self.refuse(id::CPU_CFS_QUOTA_PERIOD, "it is outside 1ms to 1s", "use 1ms to 1s");
            }
        } else if period != 100 * MILLISECOND {
            self.refuse(
                id::CPU_CFS_QUOTA_PERIOD,
                "it needs the feature gate CustomCPUCFSQuotaPeriod, which is off",
                "turn the gate on, or remove the field",
            );
        }
        let (whole, critical) = (
            self.configuration.nanos(id::SHUTDOWN_GRACE_PERIOD),
            self.configuration.nanos(id::SHUTDOWN_GRACE_PERIOD_CRITICAL),
        );
        if critical > whole {
            self.refuse(
                id::SHUTDOWN_GRACE_PERIOD_CRITICAL,
                "it is longer than shutdownGracePeriod",
                "make it shorter than shutdownGracePeriod",
            );
        }
        for (field, value) in
            [(id::SHUTDOWN_GRACE_PERIOD, whole), (id::SHUTDOWN_GRACE_PERIOD_CRITICAL, critical)]
        {
            if value < 0 || (value > 0 && value < SECOND) {
                self.refuse(field, "it is neither 0 nor at least 1s", "use 0s for off, or 1s or more");
            }
        }
        self.allocatable();
    }

    fn allocatable(&mut self) {
        let cpus = self.configuration.str(id::RESERVED_SYSTEM_CPUS);
        let has_cgroup = [id::SYSTEM_RESERVED_CGROUP, id::KUBE_RESERVED_CGROUP]
            .iter()
            .any(|field| !self.configuration.str(*field).is_empty());
        if !cpus.is_empty() && has_cgroup {
            self.refuse(
                id::RESERVED_SYSTEM_CPUS,
                "it cannot be used with systemReservedCgroup or kubeReservedCgroup",
                "remove one of them",
            );
        }
        let keys = self.configuration.list(id::ENFORCE_NODE_ALLOCATABLE);
        let mut complaints = Vec::new();
        for key in keys {
            match key.as_str() {
                "none" if keys.len() > 1 => complaints.push("none stands beside other values".to_owned()),
                "none" | "pods" => {}
                "system-reserved" | "system-reserved-compressible"
                    if self.configuration.str(id::SYSTEM_RESERVED_CGROUP).is_empty() =>
                {
                    complaints.push(format!("{key} needs systemReservedCgroup"));
                }
                "kube-reserved" | "kube-reserved-compressible"
                    if self.configuration.str(id::KUBE_RESERVED_CGROUP).is_empty() =>
                {
                    complaints.push(format!("{key} needs kubeReservedCgroup"));
                }
                "system-reserved" | "kube-reserved" => {}
                "system-reserved-compressible" | "kube-reserved-compressible"
                    if self.version.at_least(32) => {}
                other => complaints.push(format!("{} is not one of its values", quoted(other))),
            }
        }
        for complaint in complaints {
            self.refuse(
                id::ENFORCE_NODE_ALLOCATABLE,
                complaint,
                "use pods, system-reserved, kube-reserved or none",
            );
        }
    }

    /// Fields that may be set only while their gate is on. Their defaults depend on the gate, but
    /// are filled in before a drop-in or a flag can turn it off.
    fn gated_fields(&mut self) {
        for (field, gate) in [
            (id::CRASH_LOOP_MAX, "KubeletCrashLoopBackOffMax"),
            (id::IMAGE_PULL_POLICY, "KubeletEnsureSecretPulledImages"),
        ] {
            if self.has(field) && !self.configuration.value(field).is_zero() && !self.gate(gate) {
                self.refuse(
                    field,
                    format!("it is set while the feature gate {gate} is off"),
                    format!("turn {gate} on, or turn it off in the config file itself, before defaults are filled in"),
                );
            }
        }
        let swap = self.configuration.str(id::MEMORY_SWAP_BEHAVIOR);
        if !swap.is_empty() {
            let known = matches!(swap, "LimitedSwap")
                || (swap == "NoSwap" && self.version.at_least(30))
                || (swap == "UnlimitedSwap" && !self.version.at_least(30));
            if !known {
                self.refuse(
                    id::MEMORY_SWAP_BEHAVIOR,
                    format!("{} is not one of its values", quoted(swap)),
                    "use LimitedSwap or NoSwap",
                );
            } else if !self.gate("NodeSwap") {
                self.refuse(
                    id::MEMORY_SWAP_BEHAVIOR,
                    "it needs the feature gate NodeSwap, which is off",
                    "turn the gate on, or remove the field",
                );
            }
        }
        if let Value::Float(factor) = self.configuration.value(id::MEMORY_THROTTLING_FACTOR)
            && !(*factor > 0.0 && *factor <= 1.0)
        {
            self.refuse(
                id::MEMORY_THROTTLING_FACTOR,
                "it is outside 0 to 1",
                "use a number above 0 and up to 1",
            );
        }
    }
}
