//! What platforms are documented to set for a kubelet, as a layer below what an object says.

use crate::command_line::{Argument, CommandLine, Extent};
use crate::kubelet::fields::FieldId;
use crate::kubelet::flags;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::tree::{Document, Format, Node, NodeValue};
use crate::source::{Limits, MissingLayer, Place, UnknownValue, document, merge_patch};

use super::arguments::value_of_flag;
use super::kubelet::{CONFIG, ConfiguredKubelet};

/// The settings of a platform.
pub(super) struct PlatformSettings {
    /// Who makes them, in messages.
    pub(super) name: &'static str,
    /// Where they are documented.
    pub(super) source: &'static str,
    /// The configuration below that of the object, as YAML.
    pub(super) config: &'static str,
    /// The configuration that the platform enforces, as YAML; may be empty.
    pub(super) forced: &'static str,
    /// The arguments before those of the object.
    pub(super) arguments: &'static [&'static str],
    /// Fields that the platform sets to something that depends on the node or on a release.
    pub(super) open: &'static [&'static str],
}

const NONE: PlatformSettings =
    PlatformSettings { name: "", source: "", config: "", forced: "", arguments: &[], open: &[] };

pub(super) const KUBEADM: PlatformSettings = PlatformSettings {
    name: "kubeadm",
    source: "kubernetes/kubernetes cmd/kubeadm/app/componentconfigs/kubelet.go",
    config: "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
staticPodPath: /etc/kubernetes/manifests
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization: {mode: Webhook}
healthzBindAddress: 127.0.0.1
healthzPort: 10248
cgroupDriver: systemd
",
    forced: "rotateCertificates: true\n",
    arguments: &["--kubeconfig=/etc/kubernetes/kubelet.conf"],
    ..NONE
};

pub(super) const KIND: PlatformSettings = PlatformSettings {
    name: "kind",
    source: "kubernetes-sigs/kind pkg/cluster/internal/kubeadm/config.go, over the settings of kubeadm",
    config: "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
staticPodPath: /etc/kubernetes/manifests
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization: {mode: Webhook}
healthzBindAddress: 127.0.0.1
healthzPort: 10248
cgroupDriver: systemd
cgroupRoot: /kubelet
failSwapOn: false
imageGCHighThresholdPercent: 100
evictionHard: {nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0%}
",
    forced: "rotateCertificates: true\n",
    arguments: &["--kubeconfig=/etc/kubernetes/kubelet.conf"],
    ..NONE
};

pub(super) const TALOS: PlatformSettings = PlatformSettings {
    name: "Talos",
    source: "siderolabs/talos internal/app/machined/pkg/controllers/k8s/kubelet_spec.go",
    config: "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
staticPodPath: /etc/kubernetes/manifests
address: 0.0.0.0
port: 10250
oomScoreAdj: -450
rotateCertificates: true
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization: {mode: Webhook}
clusterDomain: cluster.local
serializeImagePulls: false
failSwapOn: false
cgroupRoot: /
systemCgroups: /system
kubeletCgroups: /podruntime/kubelet
logging: {format: json}
tlsMinVersion: VersionTLS13
streamingConnectionIdleTimeout: 5m
",
    arguments: &["--kubeconfig=/etc/kubernetes/kubeconfig-kubelet", "--cert-dir=/var/lib/kubelet/pki"],
    ..NONE
};

/// K3s and RKE2 make these settings by flags up to 1.31 and by drop-ins later; an argument beats either.
const RANCHER: PlatformSettings = PlatformSettings {
    name: "K3s and RKE2",
    source: "k3s-io/k3s pkg/daemons/agent/agent.go, agent_linux.go",
    config: "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
authorization: {mode: Webhook}
healthzBindAddress: 127.0.0.1
readOnlyPort: 0
clusterDomain: cluster.local
failSwapOn: false
serializeImagePulls: false
evictionHard: {imagefs.available: 5%, nodefs.available: 5%}
evictionMinimumReclaim: {imagefs.available: 10%, nodefs.available: 10%}
",
    ..NONE
};

pub(super) const K3S: PlatformSettings = PlatformSettings {
    name: "K3s",
    arguments: &[
        "--kubeconfig=/var/lib/rancher/k3s/agent/kubelet.kubeconfig",
        "--client-ca-file=/var/lib/rancher/k3s/agent/client-ca.crt",
        "--tls-cert-file=/var/lib/rancher/k3s/agent/serving-kubelet.crt",
        "--tls-private-key-file=/var/lib/rancher/k3s/agent/serving-kubelet.key",
    ],
    ..RANCHER
};

pub(super) const RKE2: PlatformSettings = PlatformSettings {
    name: "RKE2",
    arguments: &[
        "--kubeconfig=/var/lib/rancher/rke2/agent/kubelet.kubeconfig",
        "--client-ca-file=/var/lib/rancher/rke2/agent/client-ca.crt",
        "--tls-cert-file=/var/lib/rancher/rke2/agent/serving-kubelet.crt",
        "--tls-private-key-file=/var/lib/rancher/rke2/agent/serving-kubelet.key",
    ],
    ..RANCHER
};

pub(super) const EKS: PlatformSettings = PlatformSettings {
    name: "the EKS AMI",
    source: "awslabs/amazon-eks-ami nodeadm/internal/kubelet/config.go",
    config: "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true, cacheTTL: 2m0s}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization:
  mode: Webhook
  webhook: {cacheAuthorizedTTL: 5m0s, cacheUnauthorizedTTL: 30s}
cgroupDriver: systemd
cgroupRoot: /
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%}
featureGates: {RotateKubeletServerCertificate: true}
hairpinMode: hairpin-veth
protectKernelDefaults: true
readOnlyPort: 0
logging: {verbosity: 2}
serializeImagePulls: false
serverTLSBootstrap: true
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
- TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
- TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
- TLS_RSA_WITH_AES_128_GCM_SHA256
- TLS_RSA_WITH_AES_256_GCM_SHA384
",
    arguments: &["--kubeconfig=/var/lib/kubelet/kubeconfig"],
    open: &["maxPods", "kubeReserved", "clusterDNS"],
    ..NONE
};

pub(super) const BOTTLEROCKET: PlatformSettings = PlatformSettings {
    name: "Bottlerocket",
    source: "bottlerocket-os/bottlerocket-core-kit packages/kubernetes-1.31/kubelet-config",
    config: "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true, cacheTTL: 2m0s}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization:
  mode: Webhook
  webhook: {cacheAuthorizedTTL: 5m0s, cacheUnauthorizedTTL: 30s}
",
    forced: "\
resolvConf: /run/netdog/resolv.conf
hairpinMode: hairpin-veth
readOnlyPort: 0
cgroupDriver: systemd
cgroupRoot: /
runtimeRequestTimeout: 15m
protectKernelDefaults: true
serializeImagePulls: false
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
- TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
volumePluginDir: /var/lib/kubelet/plugins/volume/exec
failSwapOn: false
enableDebuggingHandlers: false
",
    arguments: &["--kubeconfig=/etc/kubernetes/kubelet/kubeconfig"],
    open: &["serverTLSBootstrap", "podPidsLimit", "maxPods", "kubeReserved", "clusterDNS"],
};

pub(super) const AKS: PlatformSettings = PlatformSettings {
    name: "AKS",
    source: "Azure/AgentBaker pkg/agent/utils.go and its node configurations",
    config: "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
staticPodPath: /etc/kubernetes/manifests
address: 0.0.0.0
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: /etc/kubernetes/certs/ca.crt}
authorization: {mode: Webhook}
clusterDomain: cluster.local
clusterDNS: [10.0.0.10]
eventRecordQPS: 0
rotateCertificates: true
protectKernelDefaults: true
enforceNodeAllocatable: [pods]
readOnlyPort: 0
streamingConnectionIdleTimeout: 4h
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
- TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
- TLS_RSA_WITH_AES_256_GCM_SHA384
- TLS_RSA_WITH_AES_128_GCM_SHA256
",
    arguments: &["--kubeconfig=/var/lib/kubelet/kubeconfig"],
    open: &[
        "serverTLSBootstrap",
        "tlsCertFile",
        "tlsPrivateKeyFile",
        "maxPods",
        "kubeReserved",
        "evictionHard",
    ],
    ..NONE
};

/// Why a setting of the platform is open.
const DEPENDS: &str = "the platform sets it, depending on the node or the release";

/// Lays the settings of a platform below those of a kubelet.
pub(super) fn lay_below(platform: &PlatformSettings, kubelet: &mut ConfiguredKubelet) {
    if let Some(base) = read(platform.config) {
        match &mut kubelet.config {
            Some(Ok(document)) => underlay(&mut document.root, &base),
            Some(Err(_)) => {}
            config @ None => {
                *config = Some(Ok(Document { root: base, format: Format::Yaml, duplicates: Vec::new() }));
            }
        }
    }
    if let (Some(Ok(document)), Some(forced)) = (&mut kubelet.config, read(platform.forced)) {
        merge_patch::patch(&mut document.root, forced.as_object().unwrap_or_default());
    }
    let own =
        kubelet.command_line.get_or_insert_with(|| CommandLine::of_arguments(Vec::new(), Extent::Additions));
    for path in platform.open {
        let is_open =
            |missing: &MissingLayer| matches!(missing, MissingLayer::Value(value) if value.path == *path);
        let is_known_open = kubelet.missing.iter().any(is_open);
        if !is_known_open && !is_set(kubelet.config.as_ref(), &own.arguments, path) {
            let value = UnknownValue { path: (*path).to_owned(), why: DEPENDS, place: None };
            kubelet.missing.push(MissingLayer::Value(value));
        }
    }
    let given = platform.arguments.iter();
    let mut arguments: Vec<Argument> =
        given.map(|text| Argument { text: (*text).to_owned(), place: Place::PLATFORM }).collect();
    if let Some(gap) = &mut own.gap {
        *gap = gap.saturating_add(arguments.len());
    }
    arguments.append(&mut own.arguments);
    own.arguments = arguments;
    kubelet.notes.push(
        Diagnostic::note(
            Code::PlatformSettings,
            format!("settings that {} is documented to make are included as layer `platform`", platform.name),
        )
        .help(format!(
            "their source is {}; audit /configz of a node to see what it runs with",
            platform.source
        )),
    );
}

fn is_set(
    config: Option<&Result<Document<'static>, crate::source::ReadError>>,
    arguments: &[Argument],
    path: &str,
) -> bool {
    let in_config = config.and_then(|document| document.as_ref().ok()).is_some_and(|document| {
        path.split('.').try_fold(&document.root, |node, key| node.get(key)).is_some()
    });
    let flag = FieldId::find(path).and_then(flags::of_field);
    in_config || flag.is_some_and(|flag| value_of_flag(arguments.iter(), flag.name).is_some())
}

/// Settings as a tree whose values all have the place of the platform.
fn read(text: &str) -> Option<Node<'static>> {
    if text.is_empty() {
        return None;
    }
    let mut root = document::read(text, CONFIG, &Limits::default()).ok()?.root.to_static();
    place(&mut root);
    Some(root)
}

fn place(node: &mut Node<'_>) {
    node.place = Place::PLATFORM;
    match &mut node.value {
        NodeValue::Array(items) => items.iter_mut().for_each(place),
        NodeValue::Object(members) => {
            for member in members {
                member.key_place = Place::PLATFORM;
                place(&mut member.value);
            }
        }
        _ => {}
    }
}

/// Adds the members of `base` that `node` does not have, at every level.
fn underlay(node: &mut Node<'static>, base: &Node<'static>) {
    let (NodeValue::Object(members), NodeValue::Object(below)) = (&mut node.value, &base.value) else {
        return;
    };
    for member in below {
        match members.iter_mut().rfind(|other| other.key == member.key) {
            Some(other) => underlay(&mut other.value, &member.value),
            None => members.push(member.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AKS, BOTTLEROCKET, EKS, K3S, KIND, KUBEADM, RKE2, TALOS, lay_below, read};
    use crate::audit_value;
    use crate::kubelet::fields::FieldId;
    use crate::objects::ConfiguredKubelet;

    #[test]
    fn every_platform_sets_fields_that_exist_and_values_that_a_kubelet_accepts() {
        for platform in [&KUBEADM, &KIND, &TALOS, &K3S, &RKE2, &EKS, &BOTTLEROCKET, &AKS] {
            assert!(!platform.source.is_empty());
            for path in platform.open {
                let is_field = FieldId::find(path).is_some();
                assert!(is_field || FieldId::iter().any(|id| id.field().path.starts_with(path)), "{path}");
            }
            let mut kubelet = ConfiguredKubelet::default();
            lay_below(platform, &mut kubelet);
            assert!(kubelet.config.is_some_and(|config| config.is_ok()));
            for text in [platform.config, platform.forced].into_iter().filter(|text| !text.is_empty()) {
                assert!(read(text).is_some(), "{}", platform.name);
                let meta = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
                let text =
                    if text.starts_with("apiVersion") { text.to_owned() } else { format!("{meta}{text}") };
                let report = audit_value(text.into()).unwrap();
                let kubelet = report.targets[0].kubelet.as_ref().unwrap();
                assert_eq!(kubelet.starts, Some(true), "{}: {:?}", platform.name, kubelet.errors);
                assert!(!kubelet.lenient, "{}: {:?}", platform.name, kubelet.warnings);
            }
        }
    }
}
