//! Fields of KubeletConfiguration (`kubelet.config.k8s.io/v1beta1`).
//!
//! Source: `staging/src/k8s.io/kubelet/config/v1beta1/types.go` at the last patch of each minor from
//! 1.25 to 1.36; defaults: `pkg/kubelet/apis/config/v1beta1/defaults.go`, checked against what the
//! kubelet's own code printed at 1.29, 1.31, 1.34 and 1.36.

use super::Version;
use super::gates::is_enabled;

/// What a field takes. `Ptr` kinds tell absent from zero; of the others zero means absent.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `bool`
    Bool,
    /// `*bool`
    PtrBool,
    /// `int32`
    Int32,
    /// `*int32`
    PtrInt32,
    /// `int64`
    Int64,
    /// `*int64`
    PtrInt64,
    /// `uint32`
    Uint32,
    /// `string`
    Str,
    /// `*string`
    PtrStr,
    /// `metav1.Duration`: text alone; `null` is refused
    Duration,
    /// `*metav1.Duration`
    PtrDuration,
    /// component-base `TimeOrMetaDuration`: duration text, or a number of nanoseconds
    TimeOrDuration,
    /// `[]string`
    StrList,
    /// `[]int32`
    Int32List,
    /// `map[string]string`
    StrMap,
    /// `map[string]bool`
    BoolMap,
    /// `map[string][]string`
    StrListMap,
    /// `*float64`
    PtrFloat64,
    /// `resource.QuantityValue`
    Quantity,
    /// A list of objects of this shape.
    Objects(Shape),
}

/// What the objects of a list are.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `MemoryReservation`
    ReservedMemory,
    /// `ShutdownGracePeriodByPodPriority`
    ShutdownByPriority,
    /// `v1.Taint`
    Taint,
    /// component-base `VModuleItem`
    Vmodule,
}

impl Shape {
    /// The members that such an object has; any other is unknown.
    pub const fn members(self) -> &'static [(&'static str, Item)] {
        match self {
            Self::ReservedMemory => &[("numaNode", Item::Plain(Kind::Int32)), ("limits", Item::Resources)],
            Self::ShutdownByPriority => &[
                ("priority", Item::Plain(Kind::Int32)),
                ("shutdownGracePeriodSeconds", Item::Plain(Kind::Int64)),
            ],
            Self::Taint => &[
                ("key", Item::Plain(Kind::Str)),
                ("value", Item::Plain(Kind::Str)),
                ("effect", Item::Plain(Kind::Str)),
                ("timeAdded", Item::Time),
            ],
            Self::Vmodule => {
                &[("filePattern", Item::Plain(Kind::Str)), ("verbosity", Item::Plain(Kind::Uint32))]
            }
        }
    }
}

/// What a member of a listed object takes.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// A plain kind.
    Plain(Kind),
    /// `v1.ResourceList`: quantities by name.
    Resources,
    /// `*metav1.Time`
    Time,
}

impl Kind {
    /// Whether absent differs from zero (a Go pointer).
    pub const fn is_pointer(self) -> bool {
        matches!(
            self,
            Self::PtrBool
                | Self::PtrInt32
                | Self::PtrInt64
                | Self::PtrStr
                | Self::PtrDuration
                | Self::PtrFloat64
        )
    }

    /// Whether the value is a length of time.
    pub const fn is_duration(self) -> bool {
        matches!(self, Self::Duration | Self::PtrDuration | Self::TimeOrDuration)
    }

    /// What to write, for messages.
    pub const fn expects(self) -> &'static str {
        match self {
            Self::Bool | Self::PtrBool => "true or false, without quotes",
            Self::Int32 | Self::PtrInt32 => "a whole number of 32 bits, without quotes",
            Self::Int64 | Self::PtrInt64 => "a whole number, without quotes",
            Self::Uint32 => "a whole number from 0 to 4294967295, without quotes",
            Self::Str | Self::PtrStr => "text",
            Self::Duration | Self::PtrDuration => "a duration as text, such as 4h0m0s",
            Self::TimeOrDuration => "a duration as text, or a number of nanoseconds",
            Self::StrList => "a list of texts",
            Self::Int32List => "a list of whole numbers",
            Self::StrMap => "an object whose values are texts",
            Self::BoolMap => "an object whose values are true or false",
            Self::StrListMap => "an object whose values are lists of texts",
            Self::PtrFloat64 => "a number",
            Self::Quantity => "a quantity such as 0 or 64Ki",
            Self::Objects(_) => "a list of objects",
        }
    }
}

/// A value a field has by default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// Nothing: the zero value, or absent for a pointer.
    Zero,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i32),
    /// A number, in tenths.
    Tenths(i32),
    /// A duration in milliseconds.
    Millis(i32),
    /// Text.
    Str(&'static str),
    /// Texts.
    List(&'static [&'static str]),
    /// Texts by key, sorted.
    Map(&'static [(&'static str, &'static str)]),
}

/// A field that holds a value; the objects around it are told by its path.
#[derive(Debug)]
pub struct Field {
    /// Path in v1beta1, `authentication.anonymous.enabled`.
    pub path: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// False where `/configz` shows it even when it is zero.
    pub omit_zero: bool,
    /// First and last minor that have it.
    since: u8,
    until: u8,
    default: DefaultValue,
}

/// The number of a field: its place in [`FIELDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(u8);

impl FieldId {
    /// The field.
    #[expect(
        clippy::indexing_slicing,
        reason = "ids are made by `of`, `find` and `iter` alone, which stay within the table"
    )]
    pub fn field(self) -> &'static Field {
        &FIELDS[usize::from(self.0)]
    }

    /// The field at `path`, compared exactly.
    pub fn find(path: &str) -> Option<Self> {
        let at = FIELDS.binary_search_by(|field| field.path.cmp(path)).ok()?;
        u8::try_from(at).ok().map(Self)
    }

    /// Every field, by path.
    pub fn iter() -> impl Iterator<Item = Self> {
        (0..FIELDS.len()).filter_map(|at| u8::try_from(at).ok().map(Self))
    }

    /// Index into tables that run beside [`FIELDS`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    #[expect(clippy::indexing_slicing, clippy::panic, reason = "evaluated while compiling")]
    pub(super) const fn of(path: &str) -> Self {
        let mut at = 0;
        while at < FIELDS.len() {
            let (a, b) = (FIELDS[at].path.as_bytes(), path.as_bytes());
            let mut same = a.len() == b.len();
            let mut i = 0;
            while same && i < a.len() {
                same = a[i] == b[i];
                i += 1;
            }
            if same {
                return Self(at as u8);
            }
            at += 1;
        }
        panic!("no such field");
    }
}

macro_rules! ids {
    ($($name:ident = $path:literal,)+) => {
        /// Numbers of the fields that the code names.
        #[expect(missing_docs, reason = "each is the field of that path")]
        pub mod id {
            use super::FieldId;
            $(pub const $name: FieldId = FieldId::of($path);)+
        }
    };
}

ids! {
    ANONYMOUS_ENABLED = "authentication.anonymous.enabled",
    WEBHOOK_ENABLED = "authentication.webhook.enabled",
    CLIENT_CA_FILE = "authentication.x509.clientCAFile",
    AUTHORIZATION_MODE = "authorization.mode",
    CONTAINER_LOG_MAX_FILES = "containerLogMaxFiles",
    CONTAINER_LOG_MAX_WORKERS = "containerLogMaxWorkers",
    CONTAINER_LOG_MONITOR_INTERVAL = "containerLogMonitorInterval",
    CONTAINER_RUNTIME_ENDPOINT = "containerRuntimeEndpoint",
    CPU_CFS_QUOTA_PERIOD = "cpuCFSQuotaPeriod",
    CRASH_LOOP_MAX = "crashLoopBackOff.maxContainerRestartPeriod",
    ENABLE_DEBUGGING_HANDLERS = "enableDebuggingHandlers",
    ENABLE_SERVER = "enableServer",
    ENABLE_SYSTEM_LOG_HANDLER = "enableSystemLogHandler",
    ENABLE_SYSTEM_LOG_QUERY = "enableSystemLogQuery",
    ENFORCE_NODE_ALLOCATABLE = "enforceNodeAllocatable",
    EVENT_BURST = "eventBurst",
    EVENT_RECORD_QPS = "eventRecordQPS",
    EVICTION_HARD = "evictionHard",
    FAIL_CGROUP_V1 = "failCgroupV1",
    FEATURE_GATES = "featureGates",
    HEALTHZ_PORT = "healthzPort",
    IMAGE_GC_HIGH = "imageGCHighThresholdPercent",
    IMAGE_GC_LOW = "imageGCLowThresholdPercent",
    IMAGE_MAXIMUM_GC_AGE = "imageMaximumGCAge",
    IMAGE_MINIMUM_GC_AGE = "imageMinimumGCAge",
    IMAGE_PULL_POLICY = "imagePullCredentialsVerificationPolicy",
    KUBE_API_BURST = "kubeAPIBurst",
    KUBE_API_QPS = "kubeAPIQPS",
    KUBE_RESERVED_CGROUP = "kubeReservedCgroup",
    LOGGING_FORMAT = "logging.format",
    MAKE_IPTABLES_UTIL_CHAINS = "makeIPTablesUtilChains",
    MAX_OPEN_FILES = "maxOpenFiles",
    MAX_PARALLEL_IMAGE_PULLS = "maxParallelImagePulls",
    MAX_PODS = "maxPods",
    MEMORY_SWAP_BEHAVIOR = "memorySwap.swapBehavior",
    MEMORY_THROTTLING_FACTOR = "memoryThrottlingFactor",
    NODE_LEASE_DURATION = "nodeLeaseDurationSeconds",
    NODE_STATUS_MAX_IMAGES = "nodeStatusMaxImages",
    OOM_SCORE_ADJ = "oomScoreAdj",
    POD_LOGS_DIR = "podLogsDir",
    POD_PIDS_LIMIT = "podPidsLimit",
    PODS_PER_CORE = "podsPerCore",
    PORT = "port",
    PROTECT_KERNEL_DEFAULTS = "protectKernelDefaults",
    READ_ONLY_PORT = "readOnlyPort",
    REGISTRY_BURST = "registryBurst",
    REGISTRY_PULL_QPS = "registryPullQPS",
    RESERVED_SYSTEM_CPUS = "reservedSystemCPUs",
    RESOLV_CONF = "resolvConf",
    ROTATE_CERTIFICATES = "rotateCertificates",
    RUN_ONCE = "runOnce",
    SECCOMP_DEFAULT = "seccompDefault",
    SERIALIZE_IMAGE_PULLS = "serializeImagePulls",
    SERVER_TLS_BOOTSTRAP = "serverTLSBootstrap",
    SHUTDOWN_BY_PRIORITY = "shutdownGracePeriodByPodPriority",
    SHUTDOWN_GRACE_PERIOD = "shutdownGracePeriod",
    SHUTDOWN_GRACE_PERIOD_CRITICAL = "shutdownGracePeriodCriticalPods",
    STATIC_POD_PATH = "staticPodPath",
    STATIC_POD_URL_HEADER = "staticPodURLHeader",
    STREAMING_IDLE_TIMEOUT = "streamingConnectionIdleTimeout",
    SYSTEM_RESERVED_CGROUP = "systemReservedCgroup",
    TLS_CERT_FILE = "tlsCertFile",
    TLS_CIPHER_SUITES = "tlsCipherSuites",
    TLS_MIN_VERSION = "tlsMinVersion",
    TLS_PRIVATE_KEY_FILE = "tlsPrivateKeyFile",
    TOPOLOGY_MANAGER_POLICY = "topologyManagerPolicy",
    TOPOLOGY_MANAGER_SCOPE = "topologyManagerScope",
    VOLUME_PLUGIN_DIR = "volumePluginDir",
}

impl Field {
    /// Whether this minor has the field.
    pub const fn exists_in(&self, version: Version) -> bool {
        self.since <= version.minor() && version.minor() <= self.until
    }

    /// First and last minor that have the field.
    pub const fn minors(&self) -> (u8, u8) {
        (self.since, self.until)
    }
}

impl FieldId {
    /// What the field has where it is not written, with a `--config` file and these gates in force.
    pub fn default(self, version: Version, gate: &dyn Fn(&str) -> Option<bool>) -> DefaultValue {
        let minor = version.minor();
        match self {
            id::EVENT_RECORD_QPS | id::KUBE_API_QPS if minor <= 26 => DefaultValue::Int(5),
            id::EVENT_BURST | id::KUBE_API_BURST if minor <= 26 => DefaultValue::Int(10),
            id::FAIL_CGROUP_V1 => DefaultValue::Bool(minor >= 35),
            id::MEMORY_THROTTLING_FACTOR if minor <= 26 => DefaultValue::Tenths(8),
            id::EVICTION_HARD if minor <= 29 => DefaultValue::Map(EVICTION_HARD_BEFORE_1_30),
            id::CRASH_LOOP_MAX if !is_enabled("KubeletCrashLoopBackOffMax", version, gate) => {
                DefaultValue::Zero
            }
            id::IMAGE_PULL_POLICY if !is_enabled("KubeletEnsureSecretPulledImages", version, gate) => {
                DefaultValue::Zero
            }
            _ => self.field().default,
        }
    }
}

/// What an object in the configuration is: plain, or behind a pointer (then absent differs from empty).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A struct: always there.
    Plain,
    /// A pointer to a struct.
    Pointer,
}

/// The objects that hold fields, by path.
pub const OBJECTS: &[(&str, ObjectKind)] = &[
    ("authentication", ObjectKind::Plain),
    ("authentication.anonymous", ObjectKind::Plain),
    ("authentication.webhook", ObjectKind::Plain),
    ("authentication.x509", ObjectKind::Plain),
    ("authorization", ObjectKind::Plain),
    ("authorization.webhook", ObjectKind::Plain),
    ("crashLoopBackOff", ObjectKind::Plain),
    ("logging", ObjectKind::Plain),
    ("logging.options", ObjectKind::Plain),
    ("logging.options.json", ObjectKind::Plain),
    ("logging.options.text", ObjectKind::Plain),
    ("memorySwap", ObjectKind::Plain),
    ("tracing", ObjectKind::Pointer),
    ("userNamespaces", ObjectKind::Pointer),
];

const EVICTION_HARD_BEFORE_1_30: &[(&str, &str)] = &[
    ("imagefs.available", "15%"),
    ("memory.available", "100Mi"),
    ("nodefs.available", "10%"),
    ("nodefs.inodesFree", "5%"),
];

use DefaultValue::{Bool, Int, List, Map, Millis, Str, Tenths, Zero};
use Kind::{
    BoolMap, Duration, Int32, Int32List, Int64, Objects, PtrBool, PtrDuration, PtrFloat64, PtrInt32,
    PtrInt64, PtrStr, Quantity, StrList, StrListMap, StrMap, TimeOrDuration, Uint32,
};

const OMIT: bool = true;
const KEEP: bool = false;

const fn f(
    path: &'static str,
    kind: Kind,
    omit_zero: bool,
    since: u8,
    until: u8,
    default: DefaultValue,
) -> Field {
    Field { path, kind, omit_zero, since, until, default }
}

/// Every field that holds a value, sorted by path.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
    f("address", Kind::Str, OMIT, 25, 36, Str("0.0.0.0")),
    f("allowedUnsafeSysctls", StrList, OMIT, 25, 36, Zero),
    f("authentication.anonymous.enabled", PtrBool, OMIT, 25, 36, Bool(false)),
    f("authentication.webhook.cacheTTL", Duration, OMIT, 25, 36, Millis(120_000)),
    f("authentication.webhook.enabled", PtrBool, OMIT, 25, 36, Bool(true)),
    f("authentication.x509.clientCAFile", Kind::Str, OMIT, 25, 36, Zero),
    f("authorization.mode", Kind::Str, OMIT, 25, 36, Str("Webhook")),
    f("authorization.webhook.cacheAuthorizedTTL", Duration, OMIT, 25, 36, Millis(300_000)),
    f("authorization.webhook.cacheUnauthorizedTTL", Duration, OMIT, 25, 36, Millis(30_000)),
    f("cgroupDriver", Kind::Str, OMIT, 25, 36, Str("cgroupfs")),
    f("cgroupRoot", Kind::Str, OMIT, 25, 36, Zero),
    f("cgroupsPerQOS", PtrBool, OMIT, 25, 36, Bool(true)),
    f("clusterDNS", StrList, OMIT, 25, 36, Zero),
    f("clusterDomain", Kind::Str, OMIT, 25, 36, Zero),
    f("configMapAndSecretChangeDetectionStrategy", Kind::Str, OMIT, 25, 36, Str("Watch")),
    f("containerLogMaxFiles", PtrInt32, OMIT, 25, 36, Int(5)),
    f("containerLogMaxSize", Kind::Str, OMIT, 25, 36, Str("10Mi")),
    f("containerLogMaxWorkers", PtrInt32, OMIT, 30, 36, Int(1)),
    f("containerLogMonitorInterval", PtrDuration, OMIT, 30, 36, Millis(10_000)),
    f("containerRuntimeEndpoint", Kind::Str, KEEP, 27, 36, Str("unix:///run/containerd/containerd.sock")),
    f("contentType", Kind::Str, OMIT, 25, 36, Str("application/vnd.kubernetes.protobuf")),
    f("cpuCFSQuota", PtrBool, OMIT, 25, 36, Bool(true)),
    f("cpuCFSQuotaPeriod", PtrDuration, OMIT, 25, 36, Millis(100)),
    f("cpuManagerPolicy", Kind::Str, OMIT, 25, 36, Str("none")),
    f("cpuManagerPolicyOptions", StrMap, OMIT, 25, 36, Zero),
    f("cpuManagerReconcilePeriod", Duration, OMIT, 25, 36, Millis(10_000)),
    f("crashLoopBackOff.maxContainerRestartPeriod", PtrDuration, OMIT, 32, 36, Millis(300_000)),
    f("enableContentionProfiling", Kind::Bool, OMIT, 25, 36, Zero),
    f("enableControllerAttachDetach", PtrBool, OMIT, 25, 36, Bool(true)),
    f("enableDebugFlagsHandler", PtrBool, OMIT, 25, 36, Bool(true)),
    f("enableDebuggingHandlers", PtrBool, OMIT, 25, 36, Bool(true)),
    f("enableProfilingHandler", PtrBool, OMIT, 25, 36, Bool(true)),
    f("enableServer", PtrBool, OMIT, 25, 36, Bool(true)),
    f("enableSystemLogHandler", PtrBool, OMIT, 25, 36, Bool(true)),
    f("enableSystemLogQuery", PtrBool, OMIT, 27, 36, Bool(false)),
    f("enforceNodeAllocatable", StrList, OMIT, 25, 36, List(&["pods"])),
    f("eventBurst", Int32, OMIT, 25, 36, Int(100)),
    f("eventRecordQPS", PtrInt32, OMIT, 25, 36, Int(50)),
    f("evictionHard", StrMap, OMIT, 25, 36, Map(&[("imagefs.available", "15%"), ("imagefs.inodesFree", "5%"), ("memory.available", "100Mi"), ("nodefs.available", "10%"), ("nodefs.inodesFree", "5%")])),
    f("evictionMaxPodGracePeriod", Int32, OMIT, 25, 36, Zero),
    f("evictionMinimumReclaim", StrMap, OMIT, 25, 36, Zero),
    f("evictionPressureTransitionPeriod", Duration, OMIT, 25, 36, Millis(300_000)),
    f("evictionSoft", StrMap, OMIT, 25, 36, Zero),
    f("evictionSoftGracePeriod", StrMap, OMIT, 25, 36, Zero),
    f("failCgroupV1", PtrBool, OMIT, 31, 36, Bool(true)),
    f("failSwapOn", PtrBool, OMIT, 25, 36, Bool(true)),
    f("featureGates", BoolMap, OMIT, 25, 36, Zero),
    f("fileCheckFrequency", Duration, OMIT, 25, 36, Millis(20_000)),
    f("hairpinMode", Kind::Str, OMIT, 25, 36, Str("promiscuous-bridge")),
    f("healthzBindAddress", Kind::Str, OMIT, 25, 36, Str("127.0.0.1")),
    f("healthzPort", PtrInt32, OMIT, 25, 36, Int(10_248)),
    f("httpCheckFrequency", Duration, OMIT, 25, 36, Millis(20_000)),
    f("imageGCHighThresholdPercent", PtrInt32, OMIT, 25, 36, Int(85)),
    f("imageGCLowThresholdPercent", PtrInt32, OMIT, 25, 36, Int(80)),
    f("imageMaximumGCAge", Duration, OMIT, 29, 36, Zero),
    f("imageMinimumGCAge", Duration, OMIT, 25, 36, Millis(120_000)),
    f("imagePullCredentialsVerificationPolicy", Kind::Str, OMIT, 33, 36, Str("NeverVerifyPreloadedImages")),
    f("imageServiceEndpoint", Kind::Str, OMIT, 27, 36, Zero),
    f("iptablesDropBit", PtrInt32, OMIT, 25, 36, Int(15)),
    f("iptablesMasqueradeBit", PtrInt32, OMIT, 25, 36, Int(14)),
    f("kernelMemcgNotification", Kind::Bool, OMIT, 25, 36, Zero),
    f("kubeAPIBurst", Int32, OMIT, 25, 36, Int(100)),
    f("kubeAPIQPS", PtrInt32, OMIT, 25, 36, Int(50)),
    f("kubeReserved", StrMap, OMIT, 25, 36, Zero),
    f("kubeReservedCgroup", Kind::Str, OMIT, 25, 36, Zero),
    f("kubeletCgroups", Kind::Str, OMIT, 25, 36, Zero),
    f("localStorageCapacityIsolation", PtrBool, OMIT, 25, 36, Bool(true)),
    f("logging.flushFrequency", TimeOrDuration, OMIT, 25, 36, Millis(5_000)),
    f("logging.format", Kind::Str, KEEP, 25, 36, Str("text")),
    f("logging.options.json.infoBufferSize", Quantity, OMIT, 25, 36, Zero),
    f("logging.options.json.splitStream", Kind::Bool, OMIT, 25, 36, Zero),
    f("logging.options.text.infoBufferSize", Quantity, OMIT, 31, 36, Zero),
    f("logging.options.text.splitStream", Kind::Bool, OMIT, 31, 36, Zero),
    f("logging.verbosity", Uint32, KEEP, 25, 36, Zero),
    f("logging.vmodule", Objects(Shape::Vmodule), OMIT, 25, 36, Zero),
    f("makeIPTablesUtilChains", PtrBool, OMIT, 25, 36, Bool(true)),
    f("maxOpenFiles", Int64, OMIT, 25, 36, Int(1_000_000)),
    f("maxParallelImagePulls", PtrInt32, OMIT, 27, 36, Zero),
    f("maxPods", Int32, OMIT, 25, 36, Int(110)),
    f("memoryManagerPolicy", Kind::Str, OMIT, 25, 36, Str("None")),
    f("memoryReservationPolicy", Kind::Str, OMIT, 36, 36, Str("None")),
    f("memorySwap.swapBehavior", Kind::Str, OMIT, 25, 36, Zero),
    f("memoryThrottlingFactor", PtrFloat64, OMIT, 25, 36, Tenths(9)),
    f("mergeDefaultEvictionSettings", PtrBool, OMIT, 33, 36, Bool(false)),
    f("nodeLeaseDurationSeconds", Int32, OMIT, 25, 36, Int(40)),
    f("nodeStatusMaxImages", PtrInt32, OMIT, 25, 36, Int(50)),
    f("nodeStatusReportFrequency", Duration, OMIT, 25, 36, Millis(300_000)),
    f("nodeStatusUpdateFrequency", Duration, OMIT, 25, 36, Millis(10_000)),
    f("oomScoreAdj", PtrInt32, OMIT, 25, 36, Int(-999)),
    f("podCIDR", Kind::Str, OMIT, 25, 36, Zero),
    f("podLogsDir", Kind::Str, OMIT, 30, 36, Str("/var/log/pods")),
    f("podPidsLimit", PtrInt64, OMIT, 25, 36, Int(-1)),
    f("podsPerCore", Int32, OMIT, 25, 36, Zero),
    f("port", Int32, OMIT, 25, 36, Int(10_250)),
    f("preloadedImagesVerificationAllowlist", StrList, OMIT, 33, 36, Zero),
    f("protectKernelDefaults", Kind::Bool, OMIT, 25, 36, Zero),
    f("providerID", Kind::Str, OMIT, 25, 36, Zero),
    f("qosReserved", StrMap, OMIT, 25, 36, Zero),
    f("readOnlyPort", Int32, OMIT, 25, 36, Zero),
    f("registerNode", PtrBool, OMIT, 25, 36, Bool(true)),
    f("registerWithTaints", Objects(Shape::Taint), OMIT, 25, 36, Zero),
    f("registryBurst", Int32, OMIT, 25, 36, Int(10)),
    f("registryPullQPS", PtrInt32, OMIT, 25, 36, Int(5)),
    f("reservedMemory", Objects(Shape::ReservedMemory), OMIT, 25, 36, Zero),
    f("reservedSystemCPUs", Kind::Str, OMIT, 25, 36, Zero),
    f("resolvConf", PtrStr, OMIT, 25, 36, Str("/etc/resolv.conf")),
    f("rotateCertificates", Kind::Bool, OMIT, 25, 36, Zero),
    f("runOnce", Kind::Bool, OMIT, 25, 36, Zero),
    f("runtimeRequestTimeout", Duration, OMIT, 25, 36, Millis(120_000)),
    f("seccompDefault", PtrBool, OMIT, 25, 36, Bool(false)),
    f("serializeImagePulls", PtrBool, OMIT, 25, 36, Bool(true)),
    f("serverTLSBootstrap", Kind::Bool, OMIT, 25, 36, Zero),
    f("showHiddenMetricsForVersion", Kind::Str, OMIT, 25, 36, Zero),
    f("shutdownGracePeriod", Duration, OMIT, 25, 36, Zero),
    f("shutdownGracePeriodByPodPriority", Objects(Shape::ShutdownByPriority), OMIT, 25, 36, Zero),
    f("shutdownGracePeriodCriticalPods", Duration, OMIT, 25, 36, Zero),
    f("singleProcessOOMKill", PtrBool, OMIT, 32, 36, Zero),
    f("staticPodPath", Kind::Str, OMIT, 25, 36, Zero),
    f("staticPodURL", Kind::Str, OMIT, 25, 36, Zero),
    f("staticPodURLHeader", StrListMap, OMIT, 25, 36, Zero),
    f("streamingConnectionIdleTimeout", Duration, OMIT, 25, 36, Millis(14_400_000)),
    f("syncFrequency", Duration, OMIT, 25, 36, Millis(60_000)),
    f("systemCgroups", Kind::Str, OMIT, 25, 36, Zero),
    f("systemReserved", StrMap, OMIT, 25, 36, Zero),
    f("systemReservedCgroup", Kind::Str, OMIT, 25, 36, Zero),
    f("tlsCertFile", Kind::Str, OMIT, 25, 36, Zero),
    f("tlsCipherSuites", StrList, OMIT, 25, 36, Zero),
    f("tlsCurvePreferences", Int32List, OMIT, 36, 36, Zero),
    f("tlsMinVersion", Kind::Str, OMIT, 25, 36, Zero),
    f("tlsPrivateKeyFile", Kind::Str, OMIT, 25, 36, Zero),
    f("topologyManagerPolicy", Kind::Str, OMIT, 25, 36, Str("none")),
    f("topologyManagerPolicyOptions", StrMap, OMIT, 26, 36, Zero),
    f("topologyManagerScope", Kind::Str, OMIT, 25, 36, Str("container")),
    f("tracing.endpoint", PtrStr, OMIT, 25, 36, Zero),
    f("tracing.samplingRatePerMillion", PtrInt32, OMIT, 25, 36, Zero),
    f("userNamespaces.idsPerPod", PtrInt64, OMIT, 33, 36, Zero),
    f("volumePluginDir", Kind::Str, OMIT, 25, 36, Str("/usr/libexec/kubernetes/kubelet-plugins/volume/exec/")),
    f("volumeStatsAggPeriod", Duration, OMIT, 25, 36, Millis(60_000)),
];

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
