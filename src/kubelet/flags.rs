//! Command-line flags of the kubelet.
//!
//! Source: the kubelet's own flag set at 1.29, 1.31, 1.34 and 1.36;
//! `cmd/kubelet/app/options/{options,globalflags}.go` at the other minors.

use super::fields::FieldId;
use super::{Minors, Version};

/// The type of the value of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// `strconv.ParseBool`; needs no value, and never takes the next argument as one
    Bool,
    /// `strconv.ParseInt` with base prefix, 32 bits
    Int32,
    /// the same, 64 bits
    Int64,
    /// `time.ParseDuration`
    Duration,
    /// any string
    Str,
    /// an IP address, or an empty string
    Ip,
    /// comma list (CSV); repeats append
    StrSlice,
    /// `key=value` list; repeats add
    StrMap,
    /// `key<value` list; repeats add
    LangleMap,
    /// one `key=value`, not split at commas; repeats add
    StrMapNoSplit,
    /// `key=value` or `key` list; repeats add
    Labels,
    /// `key=bool` list; repeats add
    BoolMap,
    /// a resource quantity
    Quantity,
    /// `name:value` list, whose values are secrets
    Headers,
    /// taints
    Taints,
    /// memory reservations by NUMA node
    ReservedMemory,
    /// log level
    Level,
    /// `pattern=N` list
    Vmodule,
    /// prints the version and exits, unless it is false
    Version,
}

impl FlagKind {
    /// Whether the flag needs no value. It then never takes the next argument as one (pflag `NoOptDefVal`).
    pub const fn needs_no_value(self) -> bool {
        matches!(self, Self::Bool | Self::Version)
    }

    /// The expected value as a noun phrase, for messages.
    pub const fn expects(self) -> &'static str {
        match self {
            Self::Bool => "true or false (also 1, t, T, TRUE, True, 0, f, F, FALSE, False)",
            Self::Int32 => "an integer (int32)",
            Self::Int64 => "an integer (int64)",
            Self::Duration => "a duration with a unit, such as 5m or 4h0m0s",
            Self::Str => "a string",
            Self::Ip => "an IP address",
            Self::StrSlice => "a comma-separated list",
            Self::StrMap | Self::StrMapNoSplit => "key=value",
            Self::Labels => "a comma-separated list of key=value",
            Self::LangleMap => "signal<quantity",
            Self::BoolMap => "a comma-separated list of name=true or name=false",
            Self::Quantity => "a quantity such as 0 or 64Ki",
            Self::Headers => "a comma-separated list of name:value",
            Self::Taints => "a comma-separated list of key=value:effect",
            Self::ReservedMemory => "a semicolon-separated list of numa:type=quantity",
            Self::Level => "an integer",
            Self::Vmodule => "a comma-separated list of pattern=number",
            Self::Version => "true, false or raw",
        }
    }
}

/// A flag.
#[derive(Debug)]
pub struct Flag {
    /// Its name without dashes.
    pub name: &'static str,
    /// The type of its value.
    pub kind: FlagKind,
    /// The minor versions that have it.
    pub minors: Minors,
    /// The field it sets.
    field: Option<FieldId>,
}

impl Flag {
    /// The field it sets in this version.
    pub fn field(&self, version: Version) -> Option<FieldId> {
        self.field.filter(|id| id.field().exists_in(version))
    }

    /// Whether this version has the flag.
    pub const fn exists_in(&self, version: Version) -> bool {
        self.minors.contains(version)
    }
}

/// The flag with this name, in any version.
pub fn lookup(name: &str) -> Option<&'static Flag> {
    let at = FLAGS.binary_search_by(|flag| flag.name.cmp(name)).ok()?;
    FLAGS.get(at)
}

/// The flag that sets this field.
pub fn of_field(field: FieldId) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.field == Some(field))
}

/// Flags that people set and no supported kubelet has, each with what to do instead.
///
/// `--rotate-kubelet-server-certificate` and `--eventRecordQPS` come from the text of benchmarks. A kubelet
/// that is started with one exits.
pub const UNSUPPORTED_FLAGS: &[(&str, &str)] = &[
    ("RotateKubeletServerCertificate", "use --feature-gates=RotateKubeletServerCertificate=true"),
    ("cadvisor-port", "remove it; --cadvisor-port was removed in Kubernetes 1.12"),
    ("allow-privileged", "remove it; --allow-privileged was removed in Kubernetes 1.15"),
    ("eventRecordQPS", "use --event-qps"),
    ("rotate-kubelet-server-certificate", "use --rotate-server-certificates"),
    ("server-tls-bootstrap", "use --rotate-server-certificates"),
    ("tls-bootstrap", "use --rotate-server-certificates"),
];

use FlagKind::{
    Bool, BoolMap, Duration, Headers, Int32, Int64, Ip, Labels, LangleMap, Level, Quantity, ReservedMemory,
    Str, StrMap, StrMapNoSplit, StrSlice, Taints, Vmodule,
};

const ALL: Minors = Minors::ALL;

const fn since(first: u8) -> Minors {
    Minors::since(first)
}

const fn until(last: u8) -> Minors {
    Minors::until(last)
}

/// A flag that sets no field.
const fn flag(name: &'static str, kind: FlagKind, minors: Minors) -> Flag {
    Flag { name, kind, minors, field: None }
}

impl Flag {
    /// The same flag, setting the field at this path.
    const fn sets(self, path: &str) -> Self {
        Self { field: Some(FieldId::of(path)), ..self }
    }
}

/// Every flag, sorted by name.
#[rustfmt::skip]
pub static FLAGS: &[Flag] = &[
    flag("address", Ip, ALL).sets("address"),
    flag("allowed-unsafe-sysctls", StrSlice, ALL).sets("allowedUnsafeSysctls"),
    flag("anonymous-auth", Bool, ALL).sets("authentication.anonymous.enabled"),
    flag("application-metrics-count-limit", Int64, ALL),
    flag("authentication-token-webhook", Bool, ALL).sets("authentication.webhook.enabled"),
    flag("authentication-token-webhook-cache-ttl", Duration, ALL).sets("authentication.webhook.cacheTTL"),
    flag("authorization-mode", Str, ALL).sets("authorization.mode"),
    flag("authorization-webhook-cache-authorized-ttl", Duration, ALL).sets("authorization.webhook.cacheAuthorizedTTL"),
    flag("authorization-webhook-cache-unauthorized-ttl", Duration, ALL).sets("authorization.webhook.cacheUnauthorizedTTL"),
    flag("azure-container-registry-config", Str, until(29)),
    flag("boot-id-file", Str, ALL),
    flag("bootstrap-kubeconfig", Str, ALL),
    flag("cert-dir", Str, ALL),
    flag("cgroup-driver", Str, ALL).sets("cgroupDriver"),
    flag("cgroup-root", Str, ALL).sets("cgroupRoot"),
    flag("cgroups-per-qos", Bool, ALL).sets("cgroupsPerQOS"),
    flag("client-ca-file", Str, ALL).sets("authentication.x509.clientCAFile"),
    flag("cloud-config", Str, until(33)),
    flag("cloud-provider", Str, ALL),
    flag("cluster-dns", StrSlice, ALL).sets("clusterDNS"),
    flag("cluster-domain", Str, ALL).sets("clusterDomain"),
    flag("config", Str, ALL),
    flag("config-dir", Str, since(28)),
    flag("container-hints", Str, ALL),
    flag("container-log-max-files", Int32, ALL).sets("containerLogMaxFiles"),
    flag("container-log-max-size", Str, ALL).sets("containerLogMaxSize"),
    flag("container-runtime-endpoint", Str, ALL).sets("containerRuntimeEndpoint"),
    flag("containerd", Str, ALL),
    flag("containerd-namespace", Str, ALL),
    flag("contention-profiling", Bool, ALL).sets("enableContentionProfiling"),
    flag("cpu-cfs-quota", Bool, ALL).sets("cpuCFSQuota"),
    flag("cpu-cfs-quota-period", Duration, ALL).sets("cpuCFSQuotaPeriod"),
    flag("cpu-manager-policy", Str, ALL).sets("cpuManagerPolicy"),
    flag("cpu-manager-policy-options", StrMapNoSplit, ALL).sets("cpuManagerPolicyOptions"),
    flag("cpu-manager-reconcile-period", Duration, ALL).sets("cpuManagerReconcilePeriod"),
    flag("enable-controller-attach-detach", Bool, ALL).sets("enableControllerAttachDetach"),
    flag("enable-debugging-handlers", Bool, ALL).sets("enableDebuggingHandlers"),
    flag("enable-load-reader", Bool, ALL),
    flag("enable-server", Bool, ALL).sets("enableServer"),
    flag("enforce-node-allocatable", StrSlice, ALL).sets("enforceNodeAllocatable"),
    flag("event-burst", Int32, ALL).sets("eventBurst"),
    flag("event-qps", Int32, ALL).sets("eventRecordQPS"),
    flag("event-storage-age-limit", Str, ALL),
    flag("event-storage-event-limit", Str, ALL),
    flag("eviction-hard", LangleMap, ALL).sets("evictionHard"),
    flag("eviction-max-pod-grace-period", Int32, ALL).sets("evictionMaxPodGracePeriod"),
    flag("eviction-minimum-reclaim", StrMap, ALL).sets("evictionMinimumReclaim"),
    flag("eviction-pressure-transition-period", Duration, ALL).sets("evictionPressureTransitionPeriod"),
    flag("eviction-soft", LangleMap, ALL).sets("evictionSoft"),
    flag("eviction-soft-grace-period", StrMap, ALL).sets("evictionSoftGracePeriod"),
    flag("exit-on-lock-contention", Bool, ALL),
    flag("experimental-allocatable-ignore-eviction", Bool, ALL),
    flag("experimental-mounter-path", Str, ALL),
    flag("fail-cgroupv1", Bool, since(31)).sets("failCgroupV1"),
    flag("fail-swap-on", Bool, ALL).sets("failSwapOn"),
    flag("feature-gates", BoolMap, ALL).sets("featureGates"),
    flag("file-check-frequency", Duration, ALL).sets("fileCheckFrequency"),
    flag("global-housekeeping-interval", Duration, ALL),
    flag("hairpin-mode", Str, ALL).sets("hairpinMode"),
    flag("healthz-bind-address", Ip, ALL).sets("healthzBindAddress"),
    flag("healthz-port", Int32, ALL).sets("healthzPort"),
    flag("hostname-override", Str, ALL),
    flag("housekeeping-interval", Duration, ALL),
    flag("http-check-frequency", Duration, ALL).sets("httpCheckFrequency"),
    flag("image-credential-provider-bin-dir", Str, ALL),
    flag("image-credential-provider-config", Str, ALL),
    flag("image-gc-high-threshold", Int32, ALL).sets("imageGCHighThresholdPercent"),
    flag("image-gc-low-threshold", Int32, ALL).sets("imageGCLowThresholdPercent"),
    flag("image-service-endpoint", Str, ALL).sets("imageServiceEndpoint"),
    flag("iptables-drop-bit", Int32, until(30)).sets("iptablesDropBit"),
    flag("iptables-masquerade-bit", Int32, until(30)).sets("iptablesMasqueradeBit"),
    flag("keep-terminated-pod-volumes", Bool, until(30)),
    flag("kernel-memcg-notification", Bool, ALL).sets("kernelMemcgNotification"),
    flag("kube-api-burst", Int32, ALL).sets("kubeAPIBurst"),
    flag("kube-api-content-type", Str, ALL).sets("contentType"),
    flag("kube-api-qps", Int32, ALL).sets("kubeAPIQPS"),
    flag("kube-reserved", StrMap, ALL).sets("kubeReserved"),
    flag("kube-reserved-cgroup", Str, ALL).sets("kubeReservedCgroup"),
    flag("kubeconfig", Str, ALL),
    flag("kubelet-cgroups", Str, ALL).sets("kubeletCgroups"),
    flag("local-storage-capacity-isolation", Bool, ALL).sets("localStorageCapacityIsolation"),
    flag("lock-file", Str, ALL),
    flag("log-cadvisor-usage", Bool, ALL),
    flag("log-flush-frequency", Duration, ALL).sets("logging.flushFrequency"),
    flag("log-json-info-buffer-size", Quantity, ALL).sets("logging.options.json.infoBufferSize"),
    flag("log-json-split-stream", Bool, ALL).sets("logging.options.json.splitStream"),
    flag("log-text-info-buffer-size", Quantity, since(30)).sets("logging.options.text.infoBufferSize"),
    flag("log-text-split-stream", Bool, since(30)).sets("logging.options.text.splitStream"),
    flag("logging-format", Str, ALL).sets("logging.format"),
    flag("machine-id-file", Str, ALL),
    flag("make-iptables-util-chains", Bool, ALL).sets("makeIPTablesUtilChains"),
    flag("manifest-url", Str, ALL).sets("staticPodURL"),
    flag("manifest-url-header", Headers, ALL).sets("staticPodURLHeader"),
    flag("master-service-namespace", Str, until(26)),
    flag("max-open-files", Int64, ALL).sets("maxOpenFiles"),
    flag("max-pods", Int32, ALL).sets("maxPods"),
    flag("maximum-dead-containers", Int32, ALL),
    flag("maximum-dead-containers-per-container", Int32, ALL),
    flag("memory-manager-policy", Str, ALL).sets("memoryManagerPolicy"),
    flag("minimum-container-ttl-duration", Duration, ALL),
    flag("minimum-image-ttl-duration", Duration, ALL).sets("imageMinimumGCAge"),
    flag("node-ip", Str, ALL),
    flag("node-labels", Labels, ALL),
    flag("node-status-max-images", Int32, ALL).sets("nodeStatusMaxImages"),
    flag("node-status-update-frequency", Duration, ALL).sets("nodeStatusUpdateFrequency"),
    flag("oom-score-adj", Int32, ALL).sets("oomScoreAdj"),
    flag("pod-cidr", Str, ALL).sets("podCIDR"),
    flag("pod-infra-container-image", Str, until(34)),
    flag("pod-manifest-path", Str, ALL).sets("staticPodPath"),
    flag("pod-max-pids", Int64, ALL).sets("podPidsLimit"),
    flag("pods-per-core", Int32, ALL).sets("podsPerCore"),
    flag("port", Int32, ALL).sets("port"),
    flag("protect-kernel-defaults", Bool, ALL).sets("protectKernelDefaults"),
    flag("provider-id", Str, ALL).sets("providerID"),
    flag("qos-reserved", StrMap, ALL).sets("qosReserved"),
    flag("read-only-port", Int32, ALL).sets("readOnlyPort"),
    flag("register-node", Bool, ALL).sets("registerNode"),
    flag("register-schedulable", Bool, until(33)),
    flag("register-with-taints", Taints, ALL).sets("registerWithTaints"),
    flag("registry-burst", Int32, ALL).sets("registryBurst"),
    flag("registry-qps", Int32, ALL).sets("registryPullQPS"),
    flag("reserved-cpus", Str, ALL).sets("reservedSystemCPUs"),
    flag("reserved-memory", ReservedMemory, ALL).sets("reservedMemory"),
    flag("resolv-conf", Str, ALL).sets("resolvConf"),
    flag("root-dir", Str, ALL),
    flag("rotate-certificates", Bool, ALL).sets("rotateCertificates"),
    flag("rotate-server-certificates", Bool, ALL).sets("serverTLSBootstrap"),
    flag("runonce", Bool, ALL).sets("runOnce"),
    flag("runtime-cgroups", Str, ALL),
    flag("runtime-request-timeout", Duration, ALL).sets("runtimeRequestTimeout"),
    flag("seccomp-default", Bool, ALL),
    flag("serialize-image-pulls", Bool, ALL).sets("serializeImagePulls"),
    flag("storage-driver-buffer-duration", Duration, ALL),
    flag("storage-driver-db", Str, ALL),
    flag("storage-driver-host", Str, ALL),
    flag("storage-driver-password", Str, ALL),
    flag("storage-driver-secure", Bool, ALL),
    flag("storage-driver-table", Str, ALL),
    flag("storage-driver-user", Str, ALL),
    flag("streaming-connection-idle-timeout", Duration, ALL).sets("streamingConnectionIdleTimeout"),
    flag("sync-frequency", Duration, ALL).sets("syncFrequency"),
    flag("system-cgroups", Str, ALL).sets("systemCgroups"),
    flag("system-reserved", StrMap, ALL).sets("systemReserved"),
    flag("system-reserved-cgroup", Str, ALL).sets("systemReservedCgroup"),
    flag("tls-cert-file", Str, ALL).sets("tlsCertFile"),
    flag("tls-cipher-suites", StrSlice, ALL).sets("tlsCipherSuites"),
    flag("tls-min-version", Str, ALL).sets("tlsMinVersion"),
    flag("tls-private-key-file", Str, ALL).sets("tlsPrivateKeyFile"),
    flag("topology-manager-policy", Str, ALL).sets("topologyManagerPolicy"),
    flag("topology-manager-policy-options", StrMap, since(26)).sets("topologyManagerPolicyOptions"),
    flag("topology-manager-scope", Str, ALL).sets("topologyManagerScope"),
    flag("v", Level, ALL).sets("logging.verbosity"),
    flag("version", FlagKind::Version, ALL),
    flag("vmodule", Vmodule, ALL).sets("logging.vmodule"),
    flag("volume-plugin-dir", Str, ALL).sets("volumePluginDir"),
    flag("volume-stats-agg-period", Duration, ALL).sets("volumeStatsAggPeriod"),
];

#[cfg(test)]
mod tests {
    use super::{FLAGS, UNSUPPORTED_FLAGS, lookup};

    #[test]
    fn table_is_sorted() {
        for pair in FLAGS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}", pair[1].name);
        }
    }

    #[test]
    fn flags_that_never_were_are_not_in_the_table() {
        for (name, _) in UNSUPPORTED_FLAGS {
            assert!(lookup(name).is_none(), "{name}");
        }
    }
}
