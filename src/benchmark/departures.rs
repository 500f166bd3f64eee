//! Where our benchmark verdict intends to differ from the rule that a row states, and why.
//!
//! The rule that a row states is the test that kube-bench ships for it (commit a73ce378), read on
//! typed values. A test applies those rules to generated inputs and compares; every difference must
//! be listed here, and every entry must be needed.

/// A difference that is intended.
#[derive(Clone, Copy, Debug)]
pub struct Departure {
    /// kube-bench's name of the edition; `*` for every edition that has the control with such a test.
    pub edition: &'static str,
    /// The control.
    pub control: &'static str,
    /// Why.
    pub reason: &'static str,
}

const fn d(edition: &'static str, control: &'static str, reason: &'static str) -> Departure {
    Departure { edition, control, reason }
}

/// Every intended difference.
pub const DEPARTURES: &[Departure] = &[
    d(
        "aks-1.8",
        "authorization-mode",
        "the row looks for --anonymous-auth, so that any command line with it passes and one with --authorization-mode alone is not seen",
    ),
    d(
        "k3s-cis-1.9",
        "streaming-connection-idle-timeout",
        "the operator noteqx does not exist, so that any value fails; noteq is meant, as in every other edition",
    ),
    d(
        "gke-1.6.0",
        "make-iptables-util-chains",
        "the second test looks for --make-iptables-utils-chains, which no kubelet has, so that the real flag with false passes",
    ),
    d(
        "*",
        "seccomp-default",
        "the row's title asks for true, its test for presence alone: false passes there",
    ),
    d(
        "*",
        "pod-max-pids",
        "the row's title asks for a limit, its test for presence alone: -1 and 0, which mean none, pass there",
    ),
    d(
        "*",
        "ip-address-deny",
        "IPAddressDeny is an option of systemd units; in a kubelet's configuration it can never be found",
    ),
    d(
        "tkgi-1.2.53",
        "tls-cipher-suites",
        "the test is met by one strong suite anywhere in the list, whatever else is in it",
    ),
    d(
        "rke2-cis-1.8",
        "rotate-certificates",
        "the first test is met by any command line without --rotate-certificates=false, so that false in the file passes",
    ),
    d(
        "rke2-cis-1.8",
        "client-ca-file",
        "the row looks for clientCAFile on the command line, where the flag is --client-ca-file",
    ),
    d(
        "rh-1.0",
        "rotate-certificates",
        "the row is content where rotateKubeletClientCertificates is absent, a name that no kubelet has, so that false passes",
    ),
    d(
        "rh-1.0",
        "authorization-mode",
        "the test tries a connection and looks for a time-out, which no configuration tells",
    ),
    d("rh-0.7", "client-ca-file", "the test reads a key of OpenShift 3's node-config that no kubelet has"),
    d("rh-1.0", "tls-cert-key", "the test looks for the API server's client pair, not for the kubelet's own"),
    d("rh-1.4", "tls-cert-key", "the test looks for the API server's client pair, not for the kubelet's own"),
    d("rh-1.8", "tls-cert-key", "the test looks for the API server's client pair, not for the kubelet's own"),
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
        "the test looks for the character 0, which 10255 has, too; the title accepts absent or 0",
    ),
    d(
        "rh-1.8",
        "read-only-port",
        "the test looks for the character 0, which 10255 has, too; the title accepts absent or 0",
    ),
];

/// The departure that covers a row.
pub fn departure(edition: &str, control: &str) -> Option<&'static Departure> {
    DEPARTURES.iter().find(|one| one.control == control && (one.edition == "*" || one.edition == edition))
}
