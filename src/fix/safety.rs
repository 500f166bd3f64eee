//! Whether a fix may be made without anybody looking, and why not: a row for every control. In doubt
//! it is unsafe.

use crate::report::Applicability;

/// What a setting of a control may do to a node.
#[derive(Debug)]
pub struct Row {
    /// Slug of the control.
    pub control: &'static str,
    /// The setting the row is about, or one value of it; empty for all that have no row of their own.
    pub setting: &'static str,
    /// Whether the fix may be made on its own.
    pub applicability: Applicability,
    /// Why.
    pub reason: &'static str,
    /// Fields that change with it, if their values are the kubelet's own.
    pub also_changes: &'static [&'static str],
}

const fn row(control: &'static str, applicability: Applicability, reason: &'static str) -> Row {
    Row { control, setting: "", applicability, reason, also_changes: &[] }
}

use Applicability::{Safe, Unsafe};

/// The table. A row for one setting stands in front of the control's own.
pub const TABLE: &[Row] = &[
    row(
        "anonymous-auth",
        Unsafe,
        "whatever asks the kubelet without credentials, a health check or a scraper, is refused from then on",
    ),
    row(
        "authorization-mode",
        Unsafe,
        "with Webhook the API server is asked about every request: it needs a kubeconfig, and clients without rights are refused",
    ),
    row(
        "client-ca-file",
        Unsafe,
        "the kubelet exits where the file cannot be read, and the path is an example: it must be there, and hold the CA of the API server's client certificate",
    ),
    row("read-only-port", Unsafe, "scrapers and agents that still use port 10255 are cut off"),
    row(
        "streaming-connection-idle-timeout",
        Unsafe,
        "sessions of exec, attach and port-forward that stay idle longer are closed",
    ),
    row(
        "protect-kernel-defaults",
        Unsafe,
        "the kubelet exits where the node's kernel settings differ from what it wants; they must be set first",
    ),
    row(
        "make-iptables-util-chains",
        Unsafe,
        "the kubelet begins to write iptables rules, which whatever else manages them on the node may not expect",
    ),
    row(
        "hostname-override",
        Unsafe,
        "the node registers under another name: its pods, volumes and certificate belong to the old one",
    ),
    Row {
        setting: "eventRecordQPS: 0",
        ..row(
            "event-qps",
            Unsafe,
            "the edition means no limit by it, but up to 1.36 the kubelet takes 0 for 5 events a second, and drops those beyond",
        )
    },
    row("event-qps", Safe, "only the rate at which the kubelet records events changes"),
    row(
        "tls-cert-key",
        Unsafe,
        "the paths are examples: the files must be there and fit each other, or the kubelet exits or serves nothing",
    ),
    row(
        "rotate-certificates",
        Unsafe,
        "the kubelet begins to ask for client certificates: where nothing signs them it loses its access when the old one ends",
    ),
    Row {
        setting: "serverTLSBootstrap",
        also_changes: &["tlsCertFile", "tlsPrivateKeyFile"],
        ..row(
            "rotate-kubelet-server-certificate",
            Unsafe,
            "somebody must approve the requests of signer kubernetes.io/kubelet-serving: without an approver the node is left without a serving certificate",
        )
    },
    Row {
        setting: "featureGates.RotateKubeletServerCertificate",
        ..row(
            "rotate-kubelet-server-certificate",
            Safe,
            "the gate is on by default: writing it out changes nothing unless serverTLSBootstrap is on",
        )
    },
    row(
        "rotate-kubelet-server-certificate",
        Unsafe,
        "clients that trust the certificate of now may not trust the next",
    ),
    row(
        "rotate-kubelet-client-certificate-gate",
        Unsafe,
        "the gate is gone since 1.21, and a kubelet that is given an unknown gate does not start",
    ),
    row(
        "tls-cipher-suites",
        Unsafe,
        "clients that know none of the suites that are left can no longer connect",
    ),
    row("tls-min-version", Unsafe, "clients that know only older versions of TLS can no longer connect"),
    row("pod-max-pids", Unsafe, "pods with more processes than the limit can start no others"),
    row("seccomp-default", Unsafe, "containers that rely on system calls outside the runtime's profile fail"),
    row(
        "ip-address-deny",
        Unsafe,
        "an option of the systemd unit, not of the kubelet: what is not allowed is cut off",
    ),
    row("webhook-authentication", Unsafe, "tokens are reviewed by the API server: it needs a kubeconfig"),
    row("debugging-handlers", Unsafe, "logs, exec, attach, port-forward and /configz end with it"),
    row("stig-static-pod-path", Unsafe, "static pods, the control plane among them, are no longer run"),
    row("stig-dynamic-auditing", Safe, "no kubelet since 1.19 heeds the gate, and most exit over it"),
    row(
        "stig-dynamic-kubelet-config",
        Unsafe,
        "a kubelet of 1.25 that takes its configuration from a ConfigMap goes back to its file",
    ),
    row("cadvisor-port", Safe, "no kubelet since 1.12 has the flag, and each exits over it"),
    row("ocp-garbage-collection", Unsafe, "images and pods are removed at other thresholds"),
];

const UNKNOWN: Row = row("", Unsafe, "what it does outside the file is not known");

/// The row for a setting of a control that gets this value, which is as JSON.
pub fn of(control: &str, setting: &str, value: &str) -> &'static Row {
    let setting = match setting {
        "--rotate-server-certificates" => "serverTLSBootstrap",
        "--event-qps" => "eventRecordQPS",
        other => other,
    };
    let is_it = |row: &&Row| match row.setting.split_once(": ") {
        Some((name, only)) => name == setting && only == value,
        None => row.setting.is_empty() || row.setting == setting,
    };
    TABLE.iter().filter(|row| row.control == control).find(is_it).unwrap_or(&UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_has_a_row_and_a_reason() {
        for control in crate::controls::CONTROLS {
            assert!(TABLE.iter().any(|row| row.control == control.slug), "{}", control.slug);
        }
        assert!(TABLE.iter().all(|row| row.reason.len() > 20 && !row.reason.ends_with('.')));
        assert_eq!(of("nobody-knows", "x", "0").applicability, Unsafe);
        assert_eq!(
            of("rotate-kubelet-server-certificate", "serverTLSBootstrap", "true").also_changes.len(),
            2
        );
        assert_eq!(of("event-qps", "eventRecordQPS", "0").applicability, Unsafe);
        assert_eq!(of("event-qps", "eventRecordQPS", "50").applicability, Safe);
    }
}
