//! Serving certificates: facts that several controls must agree on, so that none contradicts another.

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
