//! Command-line flags of the kubelet.
//!
//! Source: the kubelet's own flag set at 1.29, 1.31, 1.34 and 1.36;
//! `cmd/kubelet/app/options/{options,globalflags}.go` at the other minors.

use super::Version;
use super::fields::FieldId;

/// How a flag reads its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// `strconv.ParseBool`; stands alone, and takes no separate word
    Bool,
    /// `strconv.ParseInt` with base prefix, 32 bits
    Int32,
    /// the same, 64 bits
    Int64,
    /// `time.ParseDuration`
    Duration,
    /// any text
    Str,
    /// an IP address, or nothing
    Ip,
    /// comma list (CSV); repeats append
    StrSlice,
    /// `key=value` list; repeats add
    StrMap,
    /// `key<value` list; repeats add
    LangleMap,
    /// one `key=value`, not split at commas; repeats add
    StrMapNoSplit,
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
    /// prints the version and exits, unless it says false
    Version,
}

impl FlagKind {
    /// Whether the flag may stand alone; it then never takes the next word (pflag `NoOptDefVal`).
    pub const fn stands_alone(self) -> bool {
        matches!(self, Self::Bool | Self::Version)
    }

    /// What to write, for messages.
    pub const fn expects(self) -> &'static str {
        match self {
            Self::Bool => "true or false (also 1, t, T, TRUE, True, 0, f, F, FALSE, False)",
            Self::Int32 => "a whole number of 32 bits",
            Self::Int64 => "a whole number",
            Self::Duration => "a duration with its unit, such as 5m or 4h0m0s",
            Self::Str => "text",
            Self::Ip => "an IP address",
            Self::StrSlice => "a comma-separated list",
            Self::StrMap | Self::StrMapNoSplit => "key=value",
            Self::LangleMap => "signal<quantity",
            Self::BoolMap => "name=true or name=false, separated by commas",
            Self::Quantity => "a quantity such as 0 or 64Ki",
            Self::Headers => "name:value, separated by commas",
            Self::Taints => "key=value:effect, separated by commas",
            Self::ReservedMemory => "numa:type=quantity, separated by semicolons",
            Self::Level => "a whole number",
            Self::Vmodule => "pattern=number, separated by commas",
            Self::Version => "true, false or raw",
        }
    }
}

/// A flag.
#[derive(Debug)]
pub struct Flag {
    /// Its name without dashes.
    pub name: &'static str,
    /// How it reads its value.
    pub kind: FlagKind,
    since: u8,
    until: u8,
    /// The field it sets.
    field: Option<FieldId>,
}

impl Flag {
    /// The field it sets in this version.
    pub fn field(&self, version: Version) -> Option<FieldId> {
        self.field.filter(|id| id.field().exists_in(version))
    }

    /// Whether this minor has the flag.
    pub const fn exists_in(&self, version: Version) -> bool {
        self.since <= version.minor() && version.minor() <= self.until
    }

    /// First and last minor, within the supported ones, that have the flag.
    pub const fn minors(&self) -> (u8, u8) {
        (self.since, self.until)
    }
}

/// The flag of this name, whatever the version.
pub fn lookup(name: &str) -> Option<&'static Flag> {
    let at = FLAGS.binary_search_by(|flag| flag.name.cmp(name)).ok()?;
    FLAGS.get(at)
}

/// The flag that sets this field.
pub fn of_field(field: FieldId) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.field == Some(field))
}

/// Names that people write and no kubelet has, with what they mean instead.
///
/// `--rotate-kubelet-server-certificate` and `--eventRecordQPS` come from benchmark texts
/// (kubelet-behaviour, "What the CIS remediations do if followed literally"); a kubelet given one
/// exits.
pub const NEVER_FLAGS: &[(&str, &str)] = &[
    ("RotateKubeletServerCertificate", "--feature-gates=RotateKubeletServerCertificate=true"),
    ("cadvisor-port", "nothing: the port is gone since 1.12"),
    ("allow-privileged", "nothing: the flag is gone since 1.15"),
    ("eventRecordQPS", "--event-qps"),
    ("rotate-kubelet-server-certificate", "--rotate-server-certificates"),
    ("server-tls-bootstrap", "--rotate-server-certificates"),
    ("tls-bootstrap", "--rotate-server-certificates"),
];

use FlagKind::{
    Bool, BoolMap, Duration, Headers, Int32, Int64, Ip, LangleMap, Level, Quantity, ReservedMemory, Str,
    StrMap, StrMapNoSplit, StrSlice, Taints, Vmodule,
};

const NO_FIELD: &str = "";

const fn f(name: &'static str, kind: FlagKind, since: u8, until: u8, field: &str) -> Flag {
    let field = if field.is_empty() { None } else { Some(FieldId::of(field)) };
    Flag { name, kind, since, until, field }
}

/// Every flag, sorted by name.
#[rustfmt::skip]
pub const FLAGS: &[Flag] = &[
    f("address", Ip, 25, 36, "address"),
    f("allowed-unsafe-sysctls", StrSlice, 25, 36, "allowedUnsafeSysctls"),
    f("anonymous-auth", Bool, 25, 36, "authentication.anonymous.enabled"),
    f("application-metrics-count-limit", Int64, 25, 36, NO_FIELD),
    f("authentication-token-webhook", Bool, 25, 36, "authentication.webhook.enabled"),
    f("authentication-token-webhook-cache-ttl", Duration, 25, 36, "authentication.webhook.cacheTTL"),
    f("authorization-mode", Str, 25, 36, "authorization.mode"),
    f("authorization-webhook-cache-authorized-ttl", Duration, 25, 36, "authorization.webhook.cacheAuthorizedTTL"),
    f("authorization-webhook-cache-unauthorized-ttl", Duration, 25, 36, "authorization.webhook.cacheUnauthorizedTTL"),
    f("azure-container-registry-config", Str, 25, 29, NO_FIELD),
    f("boot-id-file", Str, 25, 36, NO_FIELD),
    f("bootstrap-kubeconfig", Str, 25, 36, NO_FIELD),
    f("cert-dir", Str, 25, 36, NO_FIELD),
    f("cgroup-driver", Str, 25, 36, "cgroupDriver"),
    f("cgroup-root", Str, 25, 36, "cgroupRoot"),
    f("cgroups-per-qos", Bool, 25, 36, "cgroupsPerQOS"),
    f("client-ca-file", Str, 25, 36, "authentication.x509.clientCAFile"),
    f("cloud-config", Str, 25, 33, NO_FIELD),
    f("cloud-provider", Str, 25, 36, NO_FIELD),
    f("cluster-dns", StrSlice, 25, 36, "clusterDNS"),
    f("cluster-domain", Str, 25, 36, "clusterDomain"),
    f("config", Str, 25, 36, NO_FIELD),
    f("config-dir", Str, 28, 36, NO_FIELD),
    f("container-hints", Str, 25, 36, NO_FIELD),
    f("container-log-max-files", Int32, 25, 36, "containerLogMaxFiles"),
    f("container-log-max-size", Str, 25, 36, "containerLogMaxSize"),
    f("container-runtime-endpoint", Str, 25, 36, "containerRuntimeEndpoint"),
    f("containerd", Str, 25, 36, NO_FIELD),
    f("containerd-namespace", Str, 25, 36, NO_FIELD),
    f("contention-profiling", Bool, 25, 36, "enableContentionProfiling"),
    f("cpu-cfs-quota", Bool, 25, 36, "cpuCFSQuota"),
    f("cpu-cfs-quota-period", Duration, 25, 36, "cpuCFSQuotaPeriod"),
    f("cpu-manager-policy", Str, 25, 36, "cpuManagerPolicy"),
    f("cpu-manager-policy-options", StrMapNoSplit, 25, 36, "cpuManagerPolicyOptions"),
    f("cpu-manager-reconcile-period", Duration, 25, 36, "cpuManagerReconcilePeriod"),
    f("enable-controller-attach-detach", Bool, 25, 36, "enableControllerAttachDetach"),
    f("enable-debugging-handlers", Bool, 25, 36, "enableDebuggingHandlers"),
    f("enable-load-reader", Bool, 25, 36, NO_FIELD),
    f("enable-server", Bool, 25, 36, "enableServer"),
    f("enforce-node-allocatable", StrSlice, 25, 36, "enforceNodeAllocatable"),
    f("event-burst", Int32, 25, 36, "eventBurst"),
    f("event-qps", Int32, 25, 36, "eventRecordQPS"),
    f("event-storage-age-limit", Str, 25, 36, NO_FIELD),
    f("event-storage-event-limit", Str, 25, 36, NO_FIELD),
    f("eviction-hard", LangleMap, 25, 36, "evictionHard"),
    f("eviction-max-pod-grace-period", Int32, 25, 36, "evictionMaxPodGracePeriod"),
    f("eviction-minimum-reclaim", StrMap, 25, 36, "evictionMinimumReclaim"),
    f("eviction-pressure-transition-period", Duration, 25, 36, "evictionPressureTransitionPeriod"),
    f("eviction-soft", LangleMap, 25, 36, "evictionSoft"),
    f("eviction-soft-grace-period", StrMap, 25, 36, "evictionSoftGracePeriod"),
    f("exit-on-lock-contention", Bool, 25, 36, NO_FIELD),
    f("experimental-allocatable-ignore-eviction", Bool, 25, 36, NO_FIELD),
    f("experimental-mounter-path", Str, 25, 36, NO_FIELD),
    f("fail-cgroupv1", Bool, 31, 36, "failCgroupV1"),
    f("fail-swap-on", Bool, 25, 36, "failSwapOn"),
    f("feature-gates", BoolMap, 25, 36, "featureGates"),
    f("file-check-frequency", Duration, 25, 36, "fileCheckFrequency"),
    f("global-housekeeping-interval", Duration, 25, 36, NO_FIELD),
    f("hairpin-mode", Str, 25, 36, "hairpinMode"),
    f("healthz-bind-address", Ip, 25, 36, "healthzBindAddress"),
    f("healthz-port", Int32, 25, 36, "healthzPort"),
    f("hostname-override", Str, 25, 36, NO_FIELD),
    f("housekeeping-interval", Duration, 25, 36, NO_FIELD),
    f("http-check-frequency", Duration, 25, 36, "httpCheckFrequency"),
    f("image-credential-provider-bin-dir", Str, 25, 36, NO_FIELD),
    f("image-credential-provider-config", Str, 25, 36, NO_FIELD),
    f("image-gc-high-threshold", Int32, 25, 36, "imageGCHighThresholdPercent"),
    f("image-gc-low-threshold", Int32, 25, 36, "imageGCLowThresholdPercent"),
    f("image-service-endpoint", Str, 25, 36, "imageServiceEndpoint"),
    f("iptables-drop-bit", Int32, 25, 30, "iptablesDropBit"),
    f("iptables-masquerade-bit", Int32, 25, 30, "iptablesMasqueradeBit"),
    f("keep-terminated-pod-volumes", Bool, 25, 30, NO_FIELD),
    f("kernel-memcg-notification", Bool, 25, 36, "kernelMemcgNotification"),
    f("kube-api-burst", Int32, 25, 36, "kubeAPIBurst"),
    f("kube-api-content-type", Str, 25, 36, "contentType"),
    f("kube-api-qps", Int32, 25, 36, "kubeAPIQPS"),
    f("kube-reserved", StrMap, 25, 36, "kubeReserved"),
    f("kube-reserved-cgroup", Str, 25, 36, "kubeReservedCgroup"),
    f("kubeconfig", Str, 25, 36, NO_FIELD),
    f("kubelet-cgroups", Str, 25, 36, "kubeletCgroups"),
    f("local-storage-capacity-isolation", Bool, 25, 36, "localStorageCapacityIsolation"),
    f("lock-file", Str, 25, 36, NO_FIELD),
    f("log-cadvisor-usage", Bool, 25, 36, NO_FIELD),
    f("log-flush-frequency", Duration, 25, 36, "logging.flushFrequency"),
    f("log-text-info-buffer-size", Quantity, 31, 36, "logging.options.text.infoBufferSize"),
    f("log-text-split-stream", Bool, 31, 36, "logging.options.text.splitStream"),
    f("logging-format", Str, 25, 36, "logging.format"),
    f("machine-id-file", Str, 25, 36, NO_FIELD),
    f("make-iptables-util-chains", Bool, 25, 36, "makeIPTablesUtilChains"),
    f("manifest-url", Str, 25, 36, "staticPodURL"),
    f("manifest-url-header", Headers, 25, 36, "staticPodURLHeader"),
    f("master-service-namespace", Str, 25, 26, NO_FIELD),
    f("max-housekeeping-interval", Duration, 25, 36, NO_FIELD),
    f("max-open-files", Int64, 25, 36, "maxOpenFiles"),
    f("max-pods", Int32, 25, 36, "maxPods"),
    f("maximum-dead-containers", Int32, 25, 36, NO_FIELD),
    f("maximum-dead-containers-per-container", Int32, 25, 36, NO_FIELD),
    f("memory-manager-policy", Str, 25, 36, "memoryManagerPolicy"),
    f("minimum-container-ttl-duration", Duration, 25, 36, NO_FIELD),
    f("minimum-image-ttl-duration", Duration, 25, 36, "imageMinimumGCAge"),
    f("node-ip", Str, 25, 36, NO_FIELD),
    f("node-labels", StrMap, 25, 36, NO_FIELD),
    f("node-status-max-images", Int32, 25, 36, "nodeStatusMaxImages"),
    f("node-status-update-frequency", Duration, 25, 36, "nodeStatusUpdateFrequency"),
    f("oom-score-adj", Int32, 25, 36, "oomScoreAdj"),
    f("pod-cidr", Str, 25, 36, "podCIDR"),
    f("pod-infra-container-image", Str, 25, 34, NO_FIELD),
    f("pod-manifest-path", Str, 25, 36, "staticPodPath"),
    f("pod-max-pids", Int64, 25, 36, "podPidsLimit"),
    f("pods-per-core", Int32, 25, 36, "podsPerCore"),
    f("port", Int32, 25, 36, "port"),
    f("protect-kernel-defaults", Bool, 25, 36, "protectKernelDefaults"),
    f("provider-id", Str, 25, 36, "providerID"),
    f("qos-reserved", StrMap, 25, 36, "qosReserved"),
    f("read-only-port", Int32, 25, 36, "readOnlyPort"),
    f("register-node", Bool, 25, 36, "registerNode"),
    f("register-schedulable", Bool, 25, 33, NO_FIELD),
    f("register-with-taints", Taints, 25, 36, "registerWithTaints"),
    f("registry-burst", Int32, 25, 36, "registryBurst"),
    f("registry-qps", Int32, 25, 36, "registryPullQPS"),
    f("reserved-cpus", Str, 25, 36, "reservedSystemCPUs"),
    f("reserved-memory", ReservedMemory, 25, 36, "reservedMemory"),
    f("resolv-conf", Str, 25, 36, "resolvConf"),
    f("root-dir", Str, 25, 36, NO_FIELD),
    f("rotate-certificates", Bool, 25, 36, "rotateCertificates"),
    f("rotate-server-certificates", Bool, 25, 36, "serverTLSBootstrap"),
    f("runonce", Bool, 25, 36, "runOnce"),
    f("runtime-cgroups", Str, 25, 36, NO_FIELD),
    f("runtime-request-timeout", Duration, 25, 36, "runtimeRequestTimeout"),
    f("seccomp-default", Bool, 25, 36, NO_FIELD),
    f("serialize-image-pulls", Bool, 25, 36, "serializeImagePulls"),
    f("storage-driver-buffer-duration", Duration, 25, 36, NO_FIELD),
    f("storage-driver-db", Str, 25, 36, NO_FIELD),
    f("storage-driver-host", Str, 25, 36, NO_FIELD),
    f("storage-driver-password", Str, 25, 36, NO_FIELD),
    f("storage-driver-secure", Bool, 25, 36, NO_FIELD),
    f("storage-driver-table", Str, 25, 36, NO_FIELD),
    f("storage-driver-user", Str, 25, 36, NO_FIELD),
    f("streaming-connection-idle-timeout", Duration, 25, 36, "streamingConnectionIdleTimeout"),
    f("sync-frequency", Duration, 25, 36, "syncFrequency"),
    f("system-cgroups", Str, 25, 36, "systemCgroups"),
    f("system-reserved", StrMap, 25, 36, "systemReserved"),
    f("system-reserved-cgroup", Str, 25, 36, "systemReservedCgroup"),
    f("tls-cert-file", Str, 25, 36, "tlsCertFile"),
    f("tls-cipher-suites", StrSlice, 25, 36, "tlsCipherSuites"),
    f("tls-min-version", Str, 25, 36, "tlsMinVersion"),
    f("tls-private-key-file", Str, 25, 36, "tlsPrivateKeyFile"),
    f("topology-manager-policy", Str, 25, 36, "topologyManagerPolicy"),
    f("topology-manager-policy-options", StrMapNoSplit, 26, 36, "topologyManagerPolicyOptions"),
    f("topology-manager-scope", Str, 25, 36, "topologyManagerScope"),
    f("v", Level, 25, 36, "logging.verbosity"),
    f("version", FlagKind::Version, 25, 36, NO_FIELD),
    f("vmodule", Vmodule, 25, 36, "logging.vmodule"),
    f("volume-plugin-dir", Str, 25, 36, "volumePluginDir"),
    f("volume-stats-agg-period", Duration, 25, 36, "volumeStatsAggPeriod"),
];

#[cfg(test)]
mod tests {
    use super::{FLAGS, NEVER_FLAGS, lookup};

    #[test]
    fn table_is_sorted() {
        for pair in FLAGS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}", pair[1].name);
        }
    }

    #[test]
    fn flags_that_never_were_are_not_in_the_table() {
        for (name, _) in NEVER_FLAGS {
            assert!(lookup(name).is_none(), "{name}");
        }
    }
}
