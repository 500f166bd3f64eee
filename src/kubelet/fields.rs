//! Fields of KubeletConfiguration (`kubelet.config.k8s.io/v1beta1`).
//!
//! Source: `staging/src/k8s.io/kubelet/config/v1beta1/types.go` and `pkg/kubelet/apis/config/v1beta1/defaults.go`, as the
//! kubelet's own code shows them (docs/oracle.md).

use super::Version;
pub use super::field::{DefaultValue, Field, Item, Kind, ObjectKind, Shape};
pub use super::field_table::FIELDS;
pub use super::objects::OBJECTS;

/// The index of a field in [`FIELDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(usize);

impl FieldId {
    /// The field.
    #[expect(
        clippy::indexing_slicing,
        reason = "ids are made by `of`, `find` and `iter` alone, which stay within the table"
    )]
    pub fn field(self) -> &'static Field {
        &FIELDS[self.0]
    }

    /// The field with exactly this path.
    pub fn find(path: &str) -> Option<Self> {
        FIELDS.binary_search_by(|field| field.path.cmp(path)).ok().map(Self)
    }

    /// Every field, by path.
    pub fn iter() -> impl Iterator<Item = Self> {
        (0..FIELDS.len()).map(Self)
    }

    /// The index into lists that run parallel to [`FIELDS`].
    pub const fn index(self) -> usize {
        self.0
    }

    /// The field at a path that is known at compile time.
    #[expect(clippy::indexing_slicing, clippy::panic, reason = "evaluated at compile time")]
    pub(super) const fn of(path: &str) -> Self {
        let mut at = 0;
        while at < FIELDS.len() {
            if is_same(FIELDS[at].path, path) {
                return Self(at);
            }
            at += 1;
        }
        panic!("no such field");
    }
}

/// Whether two strings are equal; `==` is not available at compile time.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

macro_rules! ids {
    ($($name:ident = $path:literal,)+) => {
        /// The fields that the code refers to.
        #[expect(missing_docs, reason = "each is the field of that path")]
        pub mod id {
            use super::FieldId;
            $(pub const $name: FieldId = FieldId::of($path);)+
        }
    };
}

ids! {
    ALLOWED_UNSAFE_SYSCTLS = "allowedUnsafeSysctls",
    ANONYMOUS_ENABLED = "authentication.anonymous.enabled",
    AUTHORIZATION_MODE = "authorization.mode",
    CGROUPS_PER_QOS = "cgroupsPerQOS",
    CGROUP_ROOT = "cgroupRoot",
    CHANGE_DETECTION = "configMapAndSecretChangeDetectionStrategy",
    CLIENT_CA_FILE = "authentication.x509.clientCAFile",
    CONTAINER_LOG_MAX_FILES = "containerLogMaxFiles",
    CONTAINER_LOG_MAX_SIZE = "containerLogMaxSize",
    CONTAINER_LOG_MAX_WORKERS = "containerLogMaxWorkers",
    CONTAINER_LOG_MONITOR_INTERVAL = "containerLogMonitorInterval",
    CONTAINER_RUNTIME_ENDPOINT = "containerRuntimeEndpoint",
    CPU_CFS_QUOTA_PERIOD = "cpuCFSQuotaPeriod",
    CPU_MANAGER_POLICY = "cpuManagerPolicy",
    CPU_MANAGER_POLICY_OPTIONS = "cpuManagerPolicyOptions",
    CRASH_LOOP_MAX = "crashLoopBackOff.maxContainerRestartPeriod",
    DEFAULT_POD_SYSCTLS = "defaultPodSysctls",
    ENABLE_DEBUGGING_HANDLERS = "enableDebuggingHandlers",
    ENABLE_SERVER = "enableServer",
    ENABLE_SYSTEM_LOG_HANDLER = "enableSystemLogHandler",
    ENABLE_SYSTEM_LOG_QUERY = "enableSystemLogQuery",
    ENFORCE_NODE_ALLOCATABLE = "enforceNodeAllocatable",
    EVENT_BURST = "eventBurst",
    EVENT_RECORD_QPS = "eventRecordQPS",
    EVICTION_HARD = "evictionHard",
    EVICTION_MINIMUM_RECLAIM = "evictionMinimumReclaim",
    EVICTION_SOFT = "evictionSoft",
    EVICTION_SOFT_GRACE_PERIOD = "evictionSoftGracePeriod",
    FAIL_CGROUP_V1 = "failCgroupV1",
    FEATURE_GATES = "featureGates",
    HAIRPIN_MODE = "hairpinMode",
    HEALTHZ_PORT = "healthzPort",
    IDS_PER_POD = "userNamespaces.idsPerPod",
    IMAGE_GC_HIGH = "imageGCHighThresholdPercent",
    IMAGE_GC_LOW = "imageGCLowThresholdPercent",
    IMAGE_MAXIMUM_GC_AGE = "imageMaximumGCAge",
    IMAGE_MINIMUM_GC_AGE = "imageMinimumGCAge",
    IMAGE_PULL_POLICY = "imagePullCredentialsVerificationPolicy",
    IMAGE_SERVICE_ENDPOINT = "imageServiceEndpoint",
    IPTABLES_DROP_BIT = "iptablesDropBit",
    IPTABLES_MASQUERADE_BIT = "iptablesMasqueradeBit",
    KUBE_API_BURST = "kubeAPIBurst",
    KUBE_API_QPS = "kubeAPIQPS",
    KUBE_RESERVED = "kubeReserved",
    KUBE_RESERVED_CGROUP = "kubeReservedCgroup",
    LOGGING_FLUSH_FREQUENCY = "logging.flushFrequency",
    LOGGING_FORMAT = "logging.format",
    LOGGING_JSON_BUFFER_SIZE = "logging.options.json.infoBufferSize",
    LOGGING_JSON_SPLIT_STREAM = "logging.options.json.splitStream",
    LOGGING_TEXT_BUFFER_SIZE = "logging.options.text.infoBufferSize",
    LOGGING_TEXT_SPLIT_STREAM = "logging.options.text.splitStream",
    LOGGING_VERBOSITY = "logging.verbosity",
    LOGGING_VMODULE = "logging.vmodule",
    MAKE_IPTABLES_UTIL_CHAINS = "makeIPTablesUtilChains",
    MAX_OPEN_FILES = "maxOpenFiles",
    MAX_PARALLEL_IMAGE_PULLS = "maxParallelImagePulls",
    MAX_PODS = "maxPods",
    MEMORY_MANAGER_POLICY = "memoryManagerPolicy",
    MEMORY_RESERVATION_POLICY = "memoryReservationPolicy",
    MEMORY_SWAP_BEHAVIOR = "memorySwap.swapBehavior",
    MEMORY_THROTTLING_FACTOR = "memoryThrottlingFactor",
    MERGE_DEFAULT_EVICTION = "mergeDefaultEvictionSettings",
    NODE_LEASE_DURATION = "nodeLeaseDurationSeconds",
    NODE_STATUS_MAX_IMAGES = "nodeStatusMaxImages",
    NODE_STATUS_REPORT_FREQUENCY = "nodeStatusReportFrequency",
    NODE_STATUS_UPDATE_FREQUENCY = "nodeStatusUpdateFrequency",
    OOM_SCORE_ADJ = "oomScoreAdj",
    PODS_PER_CORE = "podsPerCore",
    POD_LOGS_DIR = "podLogsDir",
    POD_PIDS_LIMIT = "podPidsLimit",
    PORT = "port",
    PRELOADED_IMAGES_ALLOWLIST = "preloadedImagesVerificationAllowlist",
    PROTECT_KERNEL_DEFAULTS = "protectKernelDefaults",
    QOS_RESERVED = "qosReserved",
    READ_ONLY_PORT = "readOnlyPort",
    REGISTER_WITH_TAINTS = "registerWithTaints",
    REGISTRY_BURST = "registryBurst",
    REGISTRY_PULL_QPS = "registryPullQPS",
    RESERVED_MEMORY = "reservedMemory",
    RESERVED_SYSTEM_CPUS = "reservedSystemCPUs",
    RESOLV_CONF = "resolvConf",
    ROTATE_CERTIFICATES = "rotateCertificates",
    RUN_ONCE = "runOnce",
    SECCOMP_DEFAULT = "seccompDefault",
    SERIALIZE_IMAGE_PULLS = "serializeImagePulls",
    SERVER_TLS_BOOTSTRAP = "serverTLSBootstrap",
    SHOW_HIDDEN_METRICS = "showHiddenMetricsForVersion",
    SHUTDOWN_BY_PRIORITY = "shutdownGracePeriodByPodPriority",
    SHUTDOWN_GRACE_PERIOD = "shutdownGracePeriod",
    SHUTDOWN_GRACE_PERIOD_CRITICAL = "shutdownGracePeriodCriticalPods",
    SINGLE_PROCESS_OOM_KILL = "singleProcessOOMKill",
    STATIC_POD_PATH = "staticPodPath",
    STATIC_POD_URL_HEADER = "staticPodURLHeader",
    STREAMING_IDLE_TIMEOUT = "streamingConnectionIdleTimeout",
    SYNC_FREQUENCY = "syncFrequency",
    SYSTEM_CGROUPS = "systemCgroups",
    SYSTEM_RESERVED = "systemReserved",
    SYSTEM_RESERVED_CGROUP = "systemReservedCgroup",
    TLS_CERT_FILE = "tlsCertFile",
    TLS_CIPHER_SUITES = "tlsCipherSuites",
    TLS_CURVE_PREFERENCES = "tlsCurvePreferences",
    TLS_MIN_VERSION = "tlsMinVersion",
    TLS_PRIVATE_KEY_FILE = "tlsPrivateKeyFile",
    TOPOLOGY_MANAGER_POLICY = "topologyManagerPolicy",
    TOPOLOGY_MANAGER_POLICY_OPTIONS = "topologyManagerPolicyOptions",
    TOPOLOGY_MANAGER_SCOPE = "topologyManagerScope",
    TRACING_ENDPOINT = "tracing.endpoint",
    TRACING_SAMPLING_RATE = "tracing.samplingRatePerMillion",
    VOLUME_PLUGIN_DIR = "volumePluginDir",
    WEBHOOK_ENABLED = "authentication.webhook.enabled",
}

impl FieldId {
    /// The default of the field with a `--config` file, and with feature gates that are on or off.
    pub fn default(self, version: Version, is_on: impl Fn(&str) -> bool) -> DefaultValue {
        let gate = match self {
            id::CRASH_LOOP_MAX => "KubeletCrashLoopBackOffMax",
            id::IMAGE_PULL_POLICY => "KubeletEnsureSecretPulledImages",
            _ => return self.field().default_in(version),
        };
        // The table has the default with the gates of each version.
        if is_on(gate) { self.field().default } else { DefaultValue::Zero }
    }
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, FieldId, OBJECTS, id};

    #[test]
    fn table_is_sorted_and_every_parent_is_listed() {
        for pair in FIELDS.windows(2) {
            assert!(pair[0].path < pair[1].path, "{}", pair[1].path);
        }
        for field in FIELDS {
            if let Some((parent, _)) = field.path.rsplit_once('.') {
                assert!(OBJECTS.iter().any(|(path, _)| *path == parent), "{parent}");
            }
        }
    }

    #[test]
    fn ids_name_their_fields() {
        assert_eq!(id::SERVER_TLS_BOOTSTRAP.field().path, "serverTLSBootstrap");
        assert_eq!(FieldId::find("serverTLSBootstrap"), Some(id::SERVER_TLS_BOOTSTRAP));
        assert_eq!(FieldId::find("ServerTLSBootstrap"), None);
        assert_eq!(FieldId::iter().count(), FIELDS.len());
    }
}
