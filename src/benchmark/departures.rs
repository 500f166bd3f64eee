//! Where our benchmark verdict intentionally differs from the published rule of a row, and why.
//!
//! The published rule is the test of kube-bench (commit a73ce378) or rancher/security-scan (commit 38bebe71), applied to typed values. A test applies these rules
//! to generated inputs and compares the results: every difference has to be listed here, and every entry has to
//! be needed.

/// An intentional difference.
#[derive(Clone, Copy, Debug)]
pub struct Departure {
    /// The source's name for the edition; `*` for every edition with such a test for the control.
    pub edition: &'static str,
    /// The control.
    pub control: &'static str,
    /// The reason.
    pub reason: &'static str,
}

const fn d(edition: &'static str, control: &'static str, reason: &'static str) -> Departure {
    Departure { edition, control, reason }
}

/// Every intentional difference.
pub const DEPARTURES: &[Departure] = &[
    d(
        "aks-1.8",
        "authorization-mode",
        "the test looks for --anonymous-auth: any command line with that flag passes, and --authorization-mode alone is not found",
    ),
    d(
        "k3s-cis-1.9",
        "streaming-connection-idle-timeout",
        "the operator noteqx does not exist, so every value fails; every other edition uses noteq",
    ),
    d(
        "k3s-cis-1.11",
        "read-only-port",
        "the title accepts a port that is not set, but the test requires one",
    ),
    d(
        "k3s-cis-1.12",
        "read-only-port",
        "the title accepts a port that is not set, but the test requires one",
    ),
    d(
        "gke-1.6.0",
        "make-iptables-util-chains",
        "the second test looks for --make-iptables-utils-chains, a flag that does not exist, so the real flag set to false passes",
    ),
    d(
        "*",
        "seccomp-default",
        "the title requires true, but the test only checks that the setting is present, so false passes",
    ),
    d(
        "*",
        "pod-max-pids",
        "the title requires a limit, but the test only checks that the setting is present, so -1 and 0 (no limit) pass",
    ),
    d(
        "*",
        "ip-address-deny",
        "IPAddressDeny is an option of systemd units and cannot be set in a kubelet configuration",
    ),
    d(
        "tkgi-1.2.53",
        "tls-cipher-suites",
        "the test passes if the list contains any strong suite, even next to weak ones",
    ),
    d(
        "rke2-cis-1.8",
        "rotate-certificates",
        "the first test passes for any command line without --rotate-certificates=false, so false in the config file passes",
    ),
    d(
        "rke2-cis-1.8",
        "client-ca-file",
        "the test looks for clientCAFile on the command line, but the flag is --client-ca-file",
    ),
    d(
        "rh-1.0",
        "rotate-certificates",
        "the test passes if rotateKubeletClientCertificates is absent, a name that does not exist, so false passes",
    ),
    d(
        "rh-1.0",
        "authorization-mode",
        "the test opens a connection and expects a timeout, which a configuration cannot show",
    ),
    d(
        "rh-0.7",
        "client-ca-file",
        "the test reads a key of OpenShift 3's node-config.yaml, which the kubelet does not have",
    ),
    d(
        "rh-1.0",
        "tls-cert-key",
        "the test checks the API server's client certificate, not the kubelet's serving certificate",
    ),
    d(
        "rh-1.4",
        "tls-cert-key",
        "the test checks the API server's client certificate, not the kubelet's serving certificate",
    ),
    d(
        "rh-1.8",
        "tls-cert-key",
        "the test checks the API server's client certificate, not the kubelet's serving certificate",
    ),
    d(
        "rh-1.4",
        "event-qps",
        "the test reads kubeAPIQPS, which limits other requests; the control is about eventRecordQPS",
    ),
    d(
        "rh-1.8",
        "event-qps",
        "the test reads kubeAPIQPS, which limits other requests; the control is about eventRecordQPS",
    ),
    d(
        "rh-1.4",
        "read-only-port",
        "the test looks for the character 0, which 10255 also contains; the title accepts 0 or not set",
    ),
    d(
        "rh-1.8",
        "read-only-port",
        "the test looks for the character 0, which 10255 also contains; the title accepts 0 or not set",
    ),
];

/// Returns the departure for a row.
pub fn departure(edition: &str, control: &str) -> Option<&'static Departure> {
    DEPARTURES.iter().find(|one| one.control == control && (one.edition == "*" || one.edition == edition))
}
