//! Serving certificates: facts that several controls must agree on, so that none contradicts another.

use crate::benchmark::{Platform, auto};
use crate::kubelet::Version;
use crate::kubelet::fields::id;
use crate::kubelet::gates::ROTATE_KUBELET_SERVER_CERTIFICATE;
use crate::resolve::Configuration;

use super::audited_kubelet::AuditedKubelet;

/// Whether the kubelet requests its serving certificate from the API server and renews it
/// (`pkg/kubelet/kubelet.go`: the certificate manager exists if and only if both settings are on).
pub(super) fn rotates(configuration: &Configuration, version: Version) -> bool {
    configuration.bool(id::SERVER_TLS_BOOTSTRAP)
        && configuration.is_gate_enabled(ROTATE_KUBELET_SERVER_CERTIFICATE, version)
}

/// Whether the configuration names both a certificate file and a key file.
pub(super) fn has_static_pair(configuration: &Configuration) -> bool {
    !configuration.str(id::TLS_CERT_FILE).is_empty()
        && !configuration.str(id::TLS_PRIVATE_KEY_FILE).is_empty()
}

/// Who approves the node's requests for a serving certificate, as a clause. Kubernetes itself approves none
/// (`pkg/controller/certificates/approver/sarapprove.go` handles client certificates); the platforms' own
/// approvers are AKS's kubelet-serving-csr-approver, EKS (documentation, "Certificate signing"), GKE's
/// gcp-controller-manager, Gardener's resource manager and OpenShift's cluster-machine-approver.
pub(super) fn approver(kubelet: &AuditedKubelet<'_>) -> &'static str {
    const GARDENER: &str = "worker.gardener.cloud/";
    let sign = auto::detect(kubelet.layers, kubelet.sources, None).filter(|sign| sign.is_certain);
    match sign.map(|sign| sign.platform) {
        Some(Platform::Aks) => {
            "AKS approves the requests for serving certificates, in clusters with Kubernetes RBAC from 1.27 on"
        }
        Some(Platform::Eks) => {
            "EKS approves the requests for serving certificates of nodes in the cluster's VPC"
        }
        Some(Platform::Gke) => "GKE approves the requests for serving certificates",
        Some(Platform::Openshift) => {
            "OpenShift approves the requests for serving certificates of nodes that have a Machine, and an \
             administrator those of other nodes"
        }
        _ if kubelet.sources.iter().any(|(_, source)| source.text.contains(GARDENER)) => {
            "Gardener approves the requests for serving certificates"
        }
        _ => {
            "somebody must approve the requests of signer kubernetes.io/kubelet-serving: no controller of \
             Kubernetes does it by itself"
        }
    }
}

/// What becomes of a static pair that something outside the kubelet renews, as a clause
/// (`pkg/kubelet/kubelet.go`, 1.31 to 1.36; kubernetes#133654).
pub(super) fn renewal_of_static_pair(configuration: &Configuration, version: Version) -> &'static str {
    const RELOAD: &str = "ReloadKubeletServerCertificateFile";
    if !configuration.is_gate_enabled(RELOAD, version) {
        "the kubelet reads tlsCertFile only when it starts, so restart it after each renewal"
    } else if version.at_least(36) {
        "the kubelet reloads tlsCertFile after a renewal"
    } else {
        "the kubelet reloads tlsCertFile after a renewal, but up to 1.35 clients that connect by IP address \
         get the old certificate until it restarts"
    }
}

/// Whether this is a file that the kubelet makes in its certificate directory
/// (`cmd/kubelet/app/server.go`, `InitializeTLS`).
pub(super) fn is_generated(kubelet: &AuditedKubelet<'_>, path: &str) -> bool {
    let directory = kubelet.resolved.flags.text("cert-dir").unwrap_or("/var/lib/kubelet/pki");
    let rest = path.strip_prefix(directory.trim_end_matches('/'));
    matches!(rest, Some("/kubelet.crt" | "/kubelet.key"))
}

/// Whether a pair of files is not the operator's own: the kubelet generates it in its certificate
/// directory, or AKS writes it when it bootstraps the node (AgentBaker, `kubeletserver.crt`).
pub(super) fn is_own_pair(kubelet: &AuditedKubelet<'_>, cert: &str, key: &str) -> bool {
    (is_generated(kubelet, cert)
        && cert.ends_with(".crt")
        && is_generated(kubelet, key)
        && key.ends_with(".key"))
        || (cert == "/etc/kubernetes/certs/kubeletserver.crt"
            && key == "/etc/kubernetes/certs/kubeletserver.key")
}
