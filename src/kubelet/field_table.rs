//! Every field of KubeletConfiguration, and the objects around them. Update this table to add a minor version.

use super::Minors;
use super::field::{DefaultValue, Field, Kind, ObjectKind, Shape};

use DefaultValue::{Bool, Float, Int, List, Map, Str, Zero};
use Kind::{
    BoolMap, Duration, Int32, Int32List, Int64, Objects, PtrBool, PtrDuration, PtrFloat64, PtrInt32,
    PtrInt64, PtrStr, Quantity, StrList, StrListMap, StrMap, TimeOrDuration, Uint32,
};

/// The objects with fields, sorted by path.
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

const EVICTION_HARD: &[(&str, &str)] = &[
    ("imagefs.available", "15%"),
    ("imagefs.inodesFree", "5%"),
    ("memory.available", "100Mi"),
    ("nodefs.available", "10%"),
    ("nodefs.inodesFree", "5%"),
];

pub(super) const EVICTION_HARD_BEFORE_1_30: &[(&str, &str)] = &[
    ("imagefs.available", "15%"),
    ("memory.available", "100Mi"),
    ("nodefs.available", "10%"),
    ("nodefs.inodesFree", "5%"),
];

/// `/configz` omits the field if it is zero.
const OMIT: bool = true;
/// `/configz` shows the field even if it is zero.
const KEEP: bool = false;

const ALL: Minors = Minors::ALL;

const fn since(first: u8) -> Minors {
    Minors::since(first)
}

const fn seconds(count: i64) -> DefaultValue {
    millis(count * 1_000)
}

const fn millis(count: i64) -> DefaultValue {
    DefaultValue::Nanos(count * 1_000_000)
}

const fn field(
    path: &'static str,
    kind: Kind,
    omit_zero: bool,
    minors: Minors,
    default: DefaultValue,
) -> Field {
    Field { path, kind, omit_zero, minors, default }
}

/// Every field with a value, sorted by path: its type, whether `/configz` omits it if it is zero, the minor
/// versions that have it, and its default.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
    field("address", Kind::Str, OMIT, ALL, Str("0.0.0.0")),
    field("allowedUnsafeSysctls", StrList, OMIT, ALL, Zero),
    field("authentication.anonymous.enabled", PtrBool, OMIT, ALL, Bool(false)),
    field("authentication.webhook.cacheTTL", Duration, OMIT, ALL, seconds(120)),
    field("authentication.webhook.enabled", PtrBool, OMIT, ALL, Bool(true)),
    field("authentication.x509.clientCAFile", Kind::Str, OMIT, ALL, Zero),
    field("authorization.mode", Kind::Str, OMIT, ALL, Str("Webhook")),
    field("authorization.webhook.cacheAuthorizedTTL", Duration, OMIT, ALL, seconds(300)),
    field("authorization.webhook.cacheUnauthorizedTTL", Duration, OMIT, ALL, seconds(30)),
    field("cgroupDriver", Kind::Str, OMIT, ALL, Str("cgroupfs")),
    field("cgroupRoot", Kind::Str, OMIT, ALL, Zero),
    field("cgroupsPerQOS", PtrBool, OMIT, ALL, Bool(true)),
    field("clusterDNS", StrList, OMIT, ALL, Zero),
    field("clusterDomain", Kind::Str, OMIT, ALL, Zero),
    field("configMapAndSecretChangeDetectionStrategy", Kind::Str, OMIT, ALL, Str("Watch")),
    field("containerLogMaxFiles", PtrInt32, OMIT, ALL, Int(5)),
    field("containerLogMaxSize", Kind::Str, OMIT, ALL, Str("10Mi")),
    field("containerLogMaxWorkers", PtrInt32, OMIT, since(30), Int(1)),
    field("containerLogMonitorInterval", PtrDuration, OMIT, since(30), seconds(10)),
    field("containerRuntimeEndpoint", Kind::Str, KEEP, since(27), Str("unix:///run/containerd/containerd.sock")),
    field("contentType", Kind::Str, OMIT, ALL, Str("application/vnd.kubernetes.protobuf")),
    field("cpuCFSQuota", PtrBool, OMIT, ALL, Bool(true)),
    field("cpuCFSQuotaPeriod", PtrDuration, OMIT, ALL, millis(100)),
    field("cpuManagerPolicy", Kind::Str, OMIT, ALL, Str("none")),
    field("cpuManagerPolicyOptions", StrMap, OMIT, ALL, Zero),
    field("cpuManagerReconcilePeriod", Duration, OMIT, ALL, seconds(10)),
    field("crashLoopBackOff.maxContainerRestartPeriod", PtrDuration, OMIT, since(32), seconds(300)),
    field("defaultPodSysctls", StrMap, OMIT, since(37), Zero),
    field("enableContentionProfiling", Kind::Bool, OMIT, ALL, Zero),
    field("enableControllerAttachDetach", PtrBool, OMIT, ALL, Bool(true)),
    field("enableDebugFlagsHandler", PtrBool, OMIT, ALL, Bool(true)),
    field("enableDebuggingHandlers", PtrBool, OMIT, ALL, Bool(true)),
    field("enableProfilingHandler", PtrBool, OMIT, ALL, Bool(true)),
    field("enableServer", PtrBool, OMIT, ALL, Bool(true)),
    field("enableSystemLogHandler", PtrBool, OMIT, ALL, Bool(true)),
    field("enableSystemLogQuery", PtrBool, OMIT, since(27), Bool(false)),
    field("enforceNodeAllocatable", StrList, OMIT, ALL, List(&["pods"])),
    field("eventBurst", Int32, OMIT, ALL, Int(100)),
    field("eventRecordQPS", PtrInt32, OMIT, ALL, Int(50)),
    field("evictionHard", StrMap, OMIT, ALL, Map(EVICTION_HARD)),
    field("evictionMaxPodGracePeriod", Int32, OMIT, ALL, Zero),
    field("evictionMinimumReclaim", StrMap, OMIT, ALL, Zero),
    field("evictionPressureTransitionPeriod", Duration, OMIT, ALL, seconds(300)),
    field("evictionSoft", StrMap, OMIT, ALL, Zero),
    field("evictionSoftGracePeriod", StrMap, OMIT, ALL, Zero),
    field("failCgroupV1", PtrBool, OMIT, since(31), Bool(true)),
    field("failSwapOn", PtrBool, OMIT, ALL, Bool(true)),
    field("featureGates", BoolMap, OMIT, ALL, Zero),
    field("fileCheckFrequency", Duration, OMIT, ALL, seconds(20)),
    field("hairpinMode", Kind::Str, OMIT, ALL, Str("promiscuous-bridge")),
    field("healthzBindAddress", Kind::Str, OMIT, ALL, Str("127.0.0.1")),
    field("healthzPort", PtrInt32, OMIT, ALL, Int(10_248)),
    field("httpCheckFrequency", Duration, OMIT, ALL, seconds(20)),
    field("imageGCHighThresholdPercent", PtrInt32, OMIT, ALL, Int(85)),
    field("imageGCLowThresholdPercent", PtrInt32, OMIT, ALL, Int(80)),
    field("imageMaximumGCAge", Duration, OMIT, since(29), Zero),
    field("imageMinimumGCAge", Duration, OMIT, ALL, seconds(120)),
    field("imagePullCredentialsVerificationPolicy", Kind::Str, OMIT, since(33), Str("NeverVerifyPreloadedImages")),
    field("imageServiceEndpoint", Kind::Str, OMIT, since(27), Zero),
    field("iptablesDropBit", PtrInt32, OMIT, ALL, Int(15)),
    field("iptablesMasqueradeBit", PtrInt32, OMIT, ALL, Int(14)),
    field("kernelMemcgNotification", Kind::Bool, OMIT, ALL, Zero),
    field("kubeAPIBurst", Int32, OMIT, ALL, Int(100)),
    field("kubeAPIQPS", PtrInt32, OMIT, ALL, Int(50)),
    field("kubeReserved", StrMap, OMIT, ALL, Zero),
    field("kubeReservedCgroup", Kind::Str, OMIT, ALL, Zero),
    field("kubeletCgroups", Kind::Str, OMIT, ALL, Zero),
    field("localStorageCapacityIsolation", PtrBool, OMIT, ALL, Bool(true)),
    field("logging.flushFrequency", TimeOrDuration, OMIT, ALL, seconds(5)),
    field("logging.format", Kind::Str, KEEP, ALL, Str("text")),
    field("logging.options.json.infoBufferSize", Quantity, OMIT, ALL, Zero),
    field("logging.options.json.splitStream", Kind::Bool, OMIT, ALL, Zero),
    field("logging.options.text.infoBufferSize", Quantity, OMIT, since(30), Zero),
    field("logging.options.text.splitStream", Kind::Bool, OMIT, since(30), Zero),
    field("logging.verbosity", Uint32, KEEP, ALL, Zero),
    field("logging.vmodule", Objects(Shape::Vmodule), OMIT, ALL, Zero),
    field("makeIPTablesUtilChains", PtrBool, OMIT, ALL, Bool(true)),
    field("maxOpenFiles", Int64, OMIT, ALL, Int(1_000_000)),
    field("maxParallelImagePulls", PtrInt32, OMIT, since(27), Zero),
    field("maxPods", Int32, OMIT, ALL, Int(110)),
    field("memoryManagerPolicy", Kind::Str, OMIT, ALL, Str("None")),
    field("memoryReservationPolicy", Kind::Str, OMIT, since(36), Str("None")),
    field("memorySwap.swapBehavior", Kind::Str, OMIT, ALL, Zero),
    field("memoryThrottlingFactor", PtrFloat64, OMIT, ALL, Float(0.9)),
    field("mergeDefaultEvictionSettings", PtrBool, OMIT, since(33), Bool(false)),
    field("nodeLeaseDurationSeconds", Int32, OMIT, ALL, Int(40)),
    field("nodeStatusMaxImages", PtrInt32, OMIT, ALL, Int(50)),
    field("nodeStatusReportFrequency", Duration, OMIT, ALL, seconds(300)),
    field("nodeStatusUpdateFrequency", Duration, OMIT, ALL, seconds(10)),
    field("oomScoreAdj", PtrInt32, OMIT, ALL, Int(-999)),
    field("podCIDR", Kind::Str, OMIT, ALL, Zero),
    field("podLogsDir", Kind::Str, OMIT, since(30), Str("/var/log/pods")),
    field("podPidsLimit", PtrInt64, OMIT, ALL, Int(-1)),
    field("podsPerCore", Int32, OMIT, ALL, Zero),
    field("port", Int32, OMIT, ALL, Int(10_250)),
    field("preloadedImagesVerificationAllowlist", StrList, OMIT, since(33), Zero),
    field("protectKernelDefaults", Kind::Bool, OMIT, ALL, Zero),
    field("providerID", Kind::Str, OMIT, ALL, Zero),
    field("qosReserved", StrMap, OMIT, ALL, Zero),
    field("readOnlyPort", Int32, OMIT, ALL, Zero),
    field("registerNode", PtrBool, OMIT, ALL, Bool(true)),
    field("registerWithTaints", Objects(Shape::Taint), OMIT, ALL, Zero),
    field("registryBurst", Int32, OMIT, ALL, Int(10)),
    field("registryPullQPS", PtrInt32, OMIT, ALL, Int(5)),
    field("reservedMemory", Objects(Shape::ReservedMemory), OMIT, ALL, Zero),
    field("reservedSystemCPUs", Kind::Str, OMIT, ALL, Zero),
    field("resolvConf", PtrStr, OMIT, ALL, Str("/etc/resolv.conf")),
    field("rotateCertificates", Kind::Bool, OMIT, ALL, Zero),
    field("runOnce", Kind::Bool, OMIT, ALL, Zero),
    field("runtimeRequestTimeout", Duration, OMIT, ALL, seconds(120)),
    field("seccompDefault", PtrBool, OMIT, ALL, Bool(false)),
    field("serializeImagePulls", PtrBool, OMIT, ALL, Bool(true)),
    field("serverTLSBootstrap", Kind::Bool, OMIT, ALL, Zero),
    field("showHiddenMetricsForVersion", Kind::Str, OMIT, ALL, Zero),
    field("shutdownGracePeriod", Duration, OMIT, ALL, Zero),
    field("shutdownGracePeriodByPodPriority", Objects(Shape::ShutdownByPriority), OMIT, ALL, Zero),
    field("shutdownGracePeriodCriticalPods", Duration, OMIT, ALL, Zero),
    field("singleProcessOOMKill", PtrBool, OMIT, since(32), Zero),
    field("staticPodPath", Kind::Str, OMIT, ALL, Zero),
    field("staticPodURL", Kind::Str, OMIT, ALL, Zero),
    field("staticPodURLHeader", StrListMap, OMIT, ALL, Zero),
    field("streamingConnectionIdleTimeout", Duration, OMIT, ALL, seconds(14_400)),
    field("syncFrequency", Duration, OMIT, ALL, seconds(60)),
    field("systemCgroups", Kind::Str, OMIT, ALL, Zero),
    field("systemReserved", StrMap, OMIT, ALL, Zero),
    field("systemReservedCgroup", Kind::Str, OMIT, ALL, Zero),
    field("tlsCertFile", Kind::Str, OMIT, ALL, Zero),
    field("tlsCipherSuites", StrList, OMIT, ALL, Zero),
    field("tlsCurvePreferences", Int32List, OMIT, since(36), Zero),
    field("tlsMinVersion", Kind::Str, OMIT, ALL, Zero),
    field("tlsPrivateKeyFile", Kind::Str, OMIT, ALL, Zero),
    field("topologyManagerPolicy", Kind::Str, OMIT, ALL, Str("none")),
    field("topologyManagerPolicyOptions", StrMap, OMIT, since(26), Zero),
    field("topologyManagerScope", Kind::Str, OMIT, ALL, Str("container")),
    field("tracing.endpoint", PtrStr, OMIT, ALL, Zero),
    field("tracing.samplingRatePerMillion", PtrInt32, OMIT, ALL, Zero),
    field("userNamespaces.idsPerPod", PtrInt64, OMIT, since(33), Zero),
    field("volumePluginDir", Kind::Str, OMIT, ALL, Str("/usr/libexec/kubernetes/kubelet-plugins/volume/exec/")),
    field("volumeStatsAggPeriod", Duration, OMIT, ALL, seconds(60)),
];
