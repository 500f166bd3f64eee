//! Serving certificates: what several controls must see alike, so that none contradicts another.

use crate::effective::Configuration;
use crate::kubelet::Version;
use crate::kubelet::fields::id;
use crate::kubelet::gates::ROTATE_KUBELET_SERVER_CERTIFICATE;

use super::subject::Subject;

impl Subject<'_> {
    /// Whether the command line is known and names no API server to get certificates from.
    pub(super) fn has_no_api_server(&self) -> bool {
        let flags = &self.resolved.flags;
        self.layers.has_words
            && self.layers.words_complete
            && !flags.given.is_empty()
            && flags.text("kubeconfig").is_none()
    }
}

/// Whether the kubelet asks the API server for its serving certificate and renews it
/// (`pkg/kubelet/kubelet.go`: the certificate manager is made if and only if both are on).
pub(super) fn rotates(configuration: &Configuration, version: Version) -> bool {
    configuration.bool(id::SERVER_TLS_BOOTSTRAP)
        && configuration.is_gate_enabled(ROTATE_KUBELET_SERVER_CERTIFICATE, version)
}

/// Whether both files are named.
pub(super) fn has_static_pair(configuration: &Configuration) -> bool {
    !configuration.str(id::TLS_CERT_FILE).is_empty()
        && !configuration.str(id::TLS_PRIVATE_KEY_FILE).is_empty()
}

/// Whether this is a file that the kubelet makes in its certificate directory
/// (`cmd/kubelet/app/server.go`, `InitializeTLS`).
pub(super) fn is_generated(subject: &Subject<'_>, path: &str) -> bool {
    let directory = subject.resolved.flags.text("cert-dir").unwrap_or("/var/lib/kubelet/pki");
    let rest = path.strip_prefix(directory.trim_end_matches('/'));
    matches!(rest, Some("/kubelet.crt" | "/kubelet.key"))
}

/// Pairs that are not an operator's: what the kubelet generates in its certificate directory, and
/// what AKS writes at node bootstrap (AgentBaker, `kubeletserver.crt`).
pub(super) fn is_own_pair(subject: &Subject<'_>, cert: &str, key: &str) -> bool {
    (is_generated(subject, cert)
        && cert.ends_with(".crt")
        && is_generated(subject, key)
        && key.ends_with(".key"))
        || (cert == "/etc/kubernetes/certs/kubeletserver.crt"
            && key == "/etc/kubernetes/certs/kubeletserver.key")
}
