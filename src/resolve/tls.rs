//! TLS and authorization: `InitializeTLS`, `BuildAuth` and the certificate of the server.

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::source::Place;
use crate::source::diagnostic::{Code, Diagnostic};

use super::configuration::Configuration;
use super::load::join;
use super::parse_flags::Flags;
use super::startup::Surroundings;
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
/// (`cmd/kubelet/app/server.go`, `InitializeTLS`).
pub(super) fn generate_pair(configuration: &mut Configuration, flags: &Flags) {
    let cert_dir = match flags.last("cert-dir").map(|given| &given.value) {
        Some(Value::Str(directory)) => directory.as_str(),
        _ => "/var/lib/kubelet/pki",
    };
    if !configuration.bool(id::SERVER_TLS_BOOTSTRAP)
        && configuration.str(id::TLS_CERT_FILE).is_empty()
        && configuration.str(id::TLS_PRIVATE_KEY_FILE).is_empty()
    {
        for (field, name) in [(id::TLS_CERT_FILE, "kubelet.crt"), (id::TLS_PRIVATE_KEY_FILE, "kubelet.key")] {
            let path =
                if cert_dir.starts_with('/') { join(cert_dir, name) } else { relative(cert_dir, name) };
            configuration.set(field, Value::Str(path), Place::GENERATED);
        }
    }
}

/// Joins a relative directory and a name as Go's `filepath.Join` does.
fn relative(directory: &str, name: &str) -> String {
    let joined = join("/", &format!("{directory}/{name}"));
    joined.trim_start_matches('/').to_owned()
}

/// The errors of `InitializeTLS`.
pub(super) fn check(configuration: &Configuration, surroundings: Surroundings<'_>) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    if !surroundings.version.at_least(36) {
        errors.extend(relative_client_ca(configuration, Code::Tls));
    }
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
    errors.extend(curve_preferences(configuration));
    errors
}

/// From 1.36 on: numbers of curves that Go knows, each once (component-base `cli/flag/tls_curves_flag.go`).
fn curve_preferences(configuration: &Configuration) -> Option<Diagnostic> {
    const CURVES: [i64; 7] = [23, 24, 25, 29, 4587, 4588, 4589];
    const FIELD: FieldId = id::TLS_CURVE_PREFERENCES;
    let mut seen = Vec::new();
    for curve in configuration.items(FIELD).iter().filter_map(serde_json::Value::as_i64) {
        if !CURVES.contains(&curve) || seen.contains(&curve) {
            let what = if seen.contains(&curve) { "repeated TLS curve" } else { "TLS curve" };
            let error = unknown(Code::Tls, what, &curve.to_string(), configuration, FIELD);
            return Some(error.help("use each of 23, 24, 25, 29, 4587, 4588 and 4589 at most once"));
        }
        seen.push(curve);
    }
    None
}

/// The errors of `BuildAuth`, assuming that a client for the API server can be created if `--kubeconfig` is set.
pub(super) fn check_authorization(
    configuration: &Configuration,
    surroundings: Surroundings<'_>,
) -> Vec<Diagnostic> {
    let mut errors: Vec<_> = relative_client_ca(configuration, Code::Authorization).into_iter().collect();
    let is_standalone = surroundings.is_standalone();
    if is_standalone && configuration.bool(id::WEBHOOK_ENABLED) {
        errors.push(needs_client("webhook authentication", configuration, id::WEBHOOK_ENABLED));
    }
    let field = id::AUTHORIZATION_MODE;
    match configuration.str(field) {
        "Webhook" if is_standalone => {
            errors.push(needs_client("webhook authorization", configuration, field))
        }
        "AlwaysAllow" | "Webhook" => {}
        mode => errors.push(
            unknown(Code::Authorization, "authorization mode", mode, configuration, field)
                .help("use Webhook; the mode is a single case-sensitive value, not a list"),
        ),
    }
    errors
}

fn needs_client(what: &str, configuration: &Configuration, field: FieldId) -> Diagnostic {
    let message = format!("{what} requires --kubeconfig, which is not set: the kubelet does not start");
    Diagnostic::error(Code::Authorization, message)
        .help("set --kubeconfig")
        .at(configuration.slot(field).place)
}

/// A client CA file that is not below the root: the kubelet looks for it in its working directory. Only paths in
/// the config file are made absolute.
fn relative_client_ca(configuration: &Configuration, code: Code) -> Option<Diagnostic> {
    let path = configuration.str(id::CLIENT_CA_FILE);
    is_relative(path).then(|| {
        Diagnostic::error(
            code,
            format!("the client CA file {path:?} is looked up in the working directory: the kubelet does not start"),
        )
        .help("use an absolute path")
        .at(configuration.slot(id::CLIENT_CA_FILE).place)
    })
}

fn is_relative(path: &str) -> bool {
    !path.is_empty() && !path.starts_with('/')
}

fn unknown(code: Code, what: &str, name: &str, configuration: &Configuration, field: FieldId) -> Diagnostic {
    Diagnostic::error(code, format!("unknown {what} {name:?}: the kubelet does not start"))
        .at(configuration.slot(field).place)
}

/// The error of the server when it starts (`pkg/kubelet/server/server.go`, `ListenAndServeKubeletServer`).
pub(super) fn check_listen(configuration: &Configuration, version: Version) -> Option<Diagnostic> {
    if !configuration.bool(id::ENABLE_SERVER) {
        return None;
    }
    let of_files = if version.at_least(36) { None } else { unreadable_pair(configuration) };
    of_files.or_else(|| missing_http2_suite(configuration))
}

/// Up to 1.35 the server reads both files itself, so one alone is fatal (1.36 goes through `GetCertificate`).
fn unreadable_pair(configuration: &Configuration) -> Option<Diagnostic> {
    let [cert, key] = [id::TLS_CERT_FILE, id::TLS_PRIVATE_KEY_FILE].map(|field| configuration.slot(field));
    let [cert_file, key_file] = [id::TLS_CERT_FILE, id::TLS_PRIVATE_KEY_FILE].map(|f| configuration.str(f));
    let (message, place) = match (cert_file.is_empty(), key_file.is_empty()) {
        (false, true) => ("tlsCertFile is set without tlsPrivateKeyFile", cert.place),
        (true, false) => ("tlsPrivateKeyFile is set without tlsCertFile", key.place),
        // The kubelet writes the pair that it generates where it reads it.
        _ if cert.place == Place::GENERATED => return None,
        _ if is_relative(cert_file) => ("tlsCertFile is looked up in the working directory", cert.place),
        _ if is_relative(key_file) => ("tlsPrivateKeyFile is looked up in the working directory", key.place),
        _ => return None,
    };
    Some(
        Diagnostic::error(
            Code::Listen,
            format!("{message}; up to 1.35 the kubelet exits when its server starts"),
        )
        .help("set both to absolute paths, or neither")
        .at(place),
    )
}

/// HTTP/2 needs one of two suites below TLS 1.3 (Go's `net/http`, `ConfigureServer`).
fn missing_http2_suite(configuration: &Configuration) -> Option<Diagnostic> {
    const REQUIRED: [&str; 2] =
        ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"];
    let suites = configuration.list(id::TLS_CIPHER_SUITES);
    let has_required = suites.iter().any(|suite| REQUIRED.contains(&suite.as_str()));
    let is_configurable = configuration.str(id::TLS_MIN_VERSION) != "VersionTLS13";
    (!suites.is_empty() && !has_required && is_configurable).then(|| {
        Diagnostic::error(
            Code::Listen,
            "tlsCipherSuites has no suite that HTTP/2 requires; the kubelet exits when its server starts",
        )
        .help(format!("add {} or {}", REQUIRED[0], REQUIRED[1]))
        .at(configuration.slot(id::TLS_CIPHER_SUITES).place)
    })
}
