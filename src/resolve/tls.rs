//! TLS and authorization, the last steps that can stop a kubelet before its server starts.

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::source::Place;
use crate::source::diagnostic::{Code, Diagnostic};

use super::configuration::Configuration;
use super::value::Value;

/// A cipher suite that the kubelet accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CipherSuite {
    /// Its name.
    pub name: &'static str,
    /// Whether it has forward secrecy (ECDHE or TLS 1.3).
    pub forward_secret: bool,
    /// Whether Go lists it as insecure, or it has no authenticated encryption.
    pub weak: bool,
}

const fn strong(name: &'static str) -> CipherSuite {
    CipherSuite { name, forward_secret: true, weak: false }
}
const fn cbc(name: &'static str) -> CipherSuite {
    CipherSuite { name, forward_secret: true, weak: true }
}
const fn rsa(name: &'static str) -> CipherSuite {
    CipherSuite { name, forward_secret: false, weak: false }
}
const fn rsa_weak(name: &'static str) -> CipherSuite {
    CipherSuite { name, forward_secret: false, weak: true }
}

/// Every suite that `--tls-cipher-suites` accepts: Go's `tls.CipherSuites` and `InsecureCipherSuites`, and the
/// two old CHACHA20 names (component-base `cli/flag/ciphersuites_flag.go`).
pub const CIPHER_SUITES: &[CipherSuite] = &[
    strong("TLS_AES_128_GCM_SHA256"),
    strong("TLS_AES_256_GCM_SHA384"),
    strong("TLS_CHACHA20_POLY1305_SHA256"),
    strong("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    strong("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    strong("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"),
    strong("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    strong("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    strong("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    strong("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305"),
    strong("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    cbc("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
    cbc("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
    cbc("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
    cbc("TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"),
    cbc("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    cbc("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    cbc("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    cbc("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    cbc("TLS_ECDHE_RSA_WITH_RC4_128_SHA"),
    rsa("TLS_RSA_WITH_AES_128_GCM_SHA256"),
    rsa("TLS_RSA_WITH_AES_256_GCM_SHA384"),
    rsa_weak("TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
    rsa_weak("TLS_RSA_WITH_AES_128_CBC_SHA"),
    rsa_weak("TLS_RSA_WITH_AES_128_CBC_SHA256"),
    rsa_weak("TLS_RSA_WITH_AES_256_CBC_SHA"),
    rsa_weak("TLS_RSA_WITH_RC4_128_SHA"),
];

/// The suite with this name (case-sensitive).
pub fn cipher_suite(name: &str) -> Option<CipherSuite> {
    CIPHER_SUITES.iter().find(|suite| suite.name == name).copied()
}

/// Sets the paths of the self-signed certificate and key that the kubelet generates if neither file is set and
/// certificates do not come from the API server. They are part of the configuration, so `/configz` shows them
/// (`pkg/kubelet/...`, `InitializeTLS`).
pub(super) fn generate_pair(configuration: &mut Configuration, cert_dir: &str) {
    if !configuration.bool(id::SERVER_TLS_BOOTSTRAP)
        && configuration.str(id::TLS_CERT_FILE).is_empty()
        && configuration.str(id::TLS_PRIVATE_KEY_FILE).is_empty()
    {
        let directory = cert_dir.trim_end_matches('/');
        configuration.set(
            id::TLS_CERT_FILE,
            Value::Str(format!("{directory}/kubelet.crt")),
            Place::GENERATED,
        );
        configuration.set(
            id::TLS_PRIVATE_KEY_FILE,
            Value::Str(format!("{directory}/kubelet.key")),
            Place::GENERATED,
        );
    }
}

/// The errors of `InitializeTLS`.
pub(super) fn check(configuration: &Configuration) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for name in configuration.list(id::TLS_CIPHER_SUITES) {
        if cipher_suite(name).is_none() {
            let help = match CIPHER_SUITES.iter().find(|suite| suite.name.eq_ignore_ascii_case(name.trim())) {
                Some(suite) => format!("use {}, in upper case and without spaces", suite.name),
                None => {
                    "use a name from Go's crypto/tls, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".into()
                }
            };
            let mut error = unknown(Code::Tls, "cipher suite", name, configuration, id::TLS_CIPHER_SUITES);
            error.help = help;
            errors.push(error);
        }
    }
    let name = configuration.str(id::TLS_MIN_VERSION);
    if !matches!(name, "" | "VersionTLS10" | "VersionTLS11" | "VersionTLS12" | "VersionTLS13") {
        let error = unknown(Code::Tls, "TLS version", name, configuration, id::TLS_MIN_VERSION);
        errors.push(error.help("use VersionTLS12 or VersionTLS13"));
    }
    errors
}

/// The errors of `BuildAuth`, assuming that a client for the API server can be created. An empty mode, which
/// only a drop-in up to 1.31 or a flag can cause, is accepted: verified by running the kubelet's own code.
pub(super) fn check_authorization(configuration: &Configuration) -> Vec<Diagnostic> {
    let field = id::AUTHORIZATION_MODE;
    match configuration.str(field) {
        "AlwaysAllow" | "Webhook" | "" => Vec::new(),
        mode => vec![
            unknown(Code::Authorization, "authorization mode", mode, configuration, field)
                .help("use Webhook; the mode is a single case-sensitive value, not a list"),
        ],
    }
}

fn unknown(code: Code, what: &str, name: &str, configuration: &Configuration, field: FieldId) -> Diagnostic {
    Diagnostic::error(code, format!("unknown {what} {name:?}: the kubelet does not start"))
        .at(configuration.slot(field).place)
}

/// The error of the server when it starts: up to 1.35 it reads both files itself, so one alone is fatal
/// (`pkg/kubelet/server/server.go`, `ListenAndServeTLS`; 1.36 goes through `GetCertificate`).
pub(super) fn check_listen(configuration: &Configuration, version: Version) -> Option<Diagnostic> {
    if version.at_least(36) || !configuration.bool(id::ENABLE_SERVER) {
        return None;
    }
    let cert = configuration.slot(id::TLS_CERT_FILE);
    let key = configuration.slot(id::TLS_PRIVATE_KEY_FILE);
    let (has_cert, has_key) = (
        !configuration.str(id::TLS_CERT_FILE).is_empty(),
        !configuration.str(id::TLS_PRIVATE_KEY_FILE).is_empty(),
    );
    if has_cert == has_key {
        return None;
    }
    let (there, missing, place) = if has_cert {
        ("tlsCertFile", "tlsPrivateKeyFile", cert.place)
    } else {
        ("tlsPrivateKeyFile", "tlsCertFile", key.place)
    };
    Some(
        Diagnostic::error(
            Code::Listen,
            format!("{there} is set without {missing}; up to 1.35 the kubelet exits when its server starts"),
        )
        .help("set both, or neither")
        .at(place),
    )
}
