//! Settings of the node itself.

use std::net::IpAddr;

use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::quantity::Quantity;
use crate::kubelet::{sysctl, url};

use super::super::value::Value;
use super::start::Start;

pub(super) fn lock_file(start: &mut Start<'_>) {
    let flags = start.surroundings.flags;
    if flags.bool("exit-on-lock-contention") == Some(true) && flags.text("lock-file").is_none() {
        start.refuse_flag("exit-on-lock-contention", "requires --lock-file", "set --lock-file");
    }
}

/// Cloud providers inside of the kubelet, each up to a last version (`pkg/cloudprovider/providers`). From 1.31 on
/// there is none.
const IN_TREE: [(&str, u8); 5] =
    [("aws", 26), ("azure", 29), ("gce", 30), ("openstack", 25), ("vsphere", 29)];

pub(super) fn cloud_provider(start: &mut Start<'_>) {
    let Some(name) = start.surroundings.flags.text("cloud-provider") else { return };
    let minor = start.surroundings.version.minor();
    let is_in_tree = IN_TREE.iter().any(|(known, last)| *known == name && minor <= *last);
    if name != "external" && (!is_in_tree || start.is_on("DisableCloudProviders")) {
        let complaint = format!("must be external, not {name:?}");
        start.refuse_flag("cloud-provider", &complaint, "use external, and run a cloud controller manager");
    }
}

/// Up to 1.30 an endpoint without an address is refused when it is dialled (`newTracerProvider`).
pub(super) fn tracing(start: &mut Start<'_>) {
    let Value::Str(endpoint) = start.configuration.value(id::TRACING_ENDPOINT) else { return };
    // `dns://a` names the server to ask, and nothing to ask for.
    let address = match endpoint.strip_prefix("dns:") {
        Some(rest) => {
            rest.strip_prefix("//").map_or(rest, |rest| rest.split_once('/').map_or("", |(_, it)| it))
        }
        None => endpoint,
    };
    if address.is_empty() && !start.surroundings.version.at_least(31) {
        start.refuse(id::TRACING_ENDPOINT, "must name an address", "use an address such as localhost:4317");
    }
}

pub(super) fn host_name(start: &mut Start<'_>) {
    let name = start.surroundings.flags.text("hostname-override");
    if name.is_some_and(|name| name.trim().is_empty()) {
        start.refuse_flag("hostname-override", "must not be blank", "use the name of the node");
    }
}

/// The client for the API server needs a burst if its rate is limited (`clientset.NewForConfig`).
pub(super) fn api_client(start: &mut Start<'_>) {
    let (qps, burst) =
        (start.configuration.int(id::KUBE_API_QPS), start.configuration.int(id::KUBE_API_BURST));
    if !start.surroundings.is_standalone() && qps > 0 && burst <= 0 {
        start.refuse(id::KUBE_API_BURST, "must be greater than 0 if kubeAPIQPS is", "use 1 or more");
    }
}

/// Up to 1.26 the endpoints are flags alone.
pub(super) fn runtime_endpoints(start: &mut Start<'_>) {
    if start.at_least(27) {
        for field in [id::CONTAINER_RUNTIME_ENDPOINT, id::IMAGE_SERVICE_ENDPOINT] {
            let endpoint = start.configuration.str(field);
            if !is_unix_endpoint(endpoint) {
                let complaint = format!("must be the path of a Unix socket, not {endpoint:?}");
                start.refuse(field, &complaint, "use a path such as unix:///run/containerd/containerd.sock");
            }
        }
        return;
    }
    for flag in ["container-runtime-endpoint", "image-service-endpoint"] {
        let endpoint = start.surroundings.flags.text(flag).unwrap_or("");
        if !is_unix_endpoint(endpoint) {
            let complaint = format!("must be the path of a Unix socket, not {endpoint:?}");
            start.refuse_flag(flag, &complaint, "use a path such as unix:///run/containerd/containerd.sock");
        }
    }
}

/// Whether the kubelet can connect to an endpoint: a URL with the scheme unix, or a path (`GetAddressAndDialer`). An
/// empty one is the other endpoint.
fn is_unix_endpoint(endpoint: &str) -> bool {
    match url::scheme(endpoint).as_deref() {
        Some("unix") => true,
        Some("") | None => url::scheme(&format!("unix://{endpoint}")).is_some(),
        Some(_) => false,
    }
}

/// `ParseNodeIPArgument` (component-helpers `node/util/ips.go`)
pub(super) fn node_ips(start: &mut Start<'_>) {
    let Some(text) = start.surroundings.flags.text("node-ip") else { return };
    let ips: Vec<IpAddr> = text.split(',').filter_map(|ip| sloppy_ip(ip.trim())).collect();
    let provider = start.surroundings.flags.text("cloud-provider");
    let allows_two = match provider {
        None => true,
        Some("external") if start.at_least(30) => true,
        Some("external") => start.at_least(27) && start.is_on("CloudDualStackNodeIPs"),
        Some(_) => false,
    };
    let complaint = match ips.as_slice() {
        [] | [_] => return,
        [one, other] if one.is_ipv6() == other.is_ipv6() => "must be one IP address, or one of each family",
        [_, _] if !allows_two => "must be one IP address with this cloud provider",
        [one, other] if one.is_unspecified() || other.is_unspecified() => {
            "must not contain 0.0.0.0 or :: if there are two IP addresses"
        }
        [_, _] => return,
        _ => "must be one IP address, or one of each family",
    };
    start.refuse_flag("node-ip", complaint, "use one IP address, or an IPv4 and an IPv6 address");
}

/// An IP address, of which the numbers may have leading zeros (`ParseIPSloppy`). An IPv4 address in IPv6 notation
/// is an IPv4 address.
fn sloppy_ip(text: &str) -> Option<IpAddr> {
    let without_zeros = |part: &str| {
        let stripped = part.trim_start_matches('0');
        if stripped.is_empty() && !part.is_empty() { "0".to_owned() } else { stripped.to_owned() }
    };
    let plain = if text.contains(':') {
        text.to_owned()
    } else {
        text.split('.').map(without_zeros).collect::<Vec<_>>().join(".")
    };
    plain.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

/// Up to 1.26 the field needs a gate.
pub(super) fn seccomp_default(start: &mut Start<'_>) {
    let has_gate = start.at_least(27) || start.is_on("SeccompDefault");
    if start.configuration.bool(id::SECCOMP_DEFAULT) && !has_gate {
        start.refuse(
            id::SECCOMP_DEFAULT,
            "requires the feature gate SeccompDefault, which is off",
            "enable the gate, or remove the field",
        );
    }
}

pub(super) fn directories_and_periods(start: &mut Start<'_>) {
    let flags = start.surroundings.flags;
    if flags.last("root-dir").is_some() && flags.text("root-dir").is_none() {
        start.refuse_flag("root-dir", "must not be empty", "use a path such as /var/lib/kubelet");
    }
    if start.configuration.nanos(id::SYNC_FREQUENCY) <= 0 {
        start.refuse(id::SYNC_FREQUENCY, "must be greater than 0", "use a duration such as 1m");
    }
}

/// Up to 1.27 the kubelet sets up iptables itself.
pub(super) fn iptables_bits(start: &mut Start<'_>) {
    let (drop, masquerade) = (id::IPTABLES_DROP_BIT, id::IPTABLES_MASQUERADE_BIT);
    if !start.at_least(28)
        && start.configuration.bool(id::MAKE_IPTABLES_UTIL_CHAINS)
        && start.configuration.int(drop) == start.configuration.int(masquerade)
    {
        start.refuse(drop, "must differ from iptablesMasqueradeBit", "use another bit");
    }
}

/// Without a client for the API server, the strategy is not read.
pub(super) fn change_detection(start: &mut Start<'_>) {
    const FIELD: FieldId = id::CHANGE_DETECTION;
    let strategy = start.configuration.str(FIELD);
    if !start.surroundings.is_standalone() && !matches!(strategy, "Get" | "Cache" | "Watch") {
        let complaint = format!("does not allow {strategy:?}");
        start.refuse(FIELD, &complaint, "use Watch, Cache or Get");
    }
}

/// `NewContainerLogManager`
pub(super) fn container_logs(start: &mut Start<'_>) {
    let files = start.configuration.int(id::CONTAINER_LOG_MAX_FILES);
    if files <= 1 {
        start.refuse(
            id::CONTAINER_LOG_MAX_FILES,
            &format!("must be 2 or more, not {files}"),
            "use 2 or more",
        );
    }
    let size = start.configuration.str(id::CONTAINER_LOG_MAX_SIZE);
    if Quantity::parse(size).and_then(|quantity| quantity.as_i64()).is_none() {
        let complaint = format!("must be a quantity of whole bytes, not {size:?}");
        start.refuse(id::CONTAINER_LOG_MAX_SIZE, &complaint, "use a quantity such as 10Mi");
    }
}

pub(super) fn credential_providers(start: &mut Start<'_>) {
    const FLAGS: [&str; 2] = ["image-credential-provider-config", "image-credential-provider-bin-dir"];
    let [config, directory] = FLAGS.map(|flag| start.surroundings.flags.text(flag).is_some());
    if config != directory {
        let [given, missing] = if config { FLAGS } else { [FLAGS[1], FLAGS[0]] };
        start.refuse_flag(given, &format!("requires --{missing}"), "set both flags");
    }
}

/// `NewContainerGC`
pub(super) fn container_garbage_collection(start: &mut Start<'_>) {
    const FLAG: &str = "minimum-container-ttl-duration";
    if let Some(given) = start.surroundings.flags.last(FLAG)
        && matches!(given.value, Value::Nanos(age) if age < 0)
    {
        start.refuse_flag(FLAG, "must not be negative", "use 0s or more");
    }
}

/// `NewAllowlist` (`pkg/kubelet/sysctl/allowlist.go`)
pub(super) fn sysctls(start: &mut Start<'_>) {
    const FIELD: FieldId = id::ALLOWED_UNSAFE_SYSCTLS;
    let version = start.surroundings.version;
    for name in start.configuration.list(FIELD) {
        if !sysctl::is_pattern(name) {
            let complaint = format!("has the invalid name {name:?}");
            start.refuse(
                FIELD,
                &complaint,
                "use names such as net.core.somaxconn, or patterns such as net.*",
            );
        } else if !sysctl::is_namespaced(name, version) {
            let complaint = format!("must not contain {name}, which is not known to be namespaced");
            start.refuse(FIELD, &complaint, "use sysctls of net, fs.mqueue or kernel IPC");
        }
    }
}
