//! Every control with cases that pass, fail and sit on an edge: `benchmark/effective` at 1.34.

use serde_json::json;

use super::{HEAD, audit};
use crate::controls::CONTROLS;

/// Where the settings of a case stand.
#[derive(Debug)]
enum Input {
    /// In the config file, after its head.
    File(&'static str),
    /// On a command line without a config file.
    Flags(&'static str),
    /// In a `/configz` dump, as members of the inner object.
    Dump(&'static str),
}

use Input::{Dump, File, Flags};

fn answer(edition: &str, control: &str, input: &Input) -> String {
    let config = match input {
        File(body) => Some(format!("{HEAD}{body}")),
        Flags(_) => None,
        Dump(fields) => Some(format!("{{\"kubeletconfig\":{{{fields}}}}}")),
    };
    let args = match input {
        Flags(flags) => Some(format!("kubelet --kubeconfig=/k {flags}")),
        _ => None,
    };
    let request = json!({
        "config": config, "args": args, "kubeletVersion": "1.34",
        "benchmark": edition, "controls": [control],
    });
    let target = audit(request);
    assert!(!target.findings.is_empty(), "{control}: {:?}", target.errors);
    let finding = &target.findings[0];
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    format!(
        "{}/{}",
        word(serde_json::to_value(finding.benchmark.verdict).unwrap()),
        word(serde_json::to_value(finding.effective.verdict).unwrap())
    )
}

/// Edition, control, input, answer.
#[rustfmt::skip]
const CASES: &[(&str, &str, Input, &str)] = &[
    ("cis-aks-1.7", "anonymous-auth", File("authentication: {anonymous: {enabled: false}}\n"), "pass/yes"),
    ("cis-aks-1.7", "anonymous-auth", File("authentication: {anonymous: {enabled: true}}\n"), "fail/no"),
    ("cis-aks-1.7", "anonymous-auth", File(""), "fail/yes"),
    ("cis-aks-1.7", "anonymous-auth", Flags("--anonymous-auth=false"), "pass/yes"),
    ("cis-aks-1.7", "anonymous-auth", Flags(""), "fail/no"),
    ("cis-aks-1.7", "anonymous-auth", Dump("\"authentication\":{\"anonymous\":{\"enabled\":false}}"), "pass/yes"),
    ("cis-aks-1.7", "authorization-mode", File("authorization: {mode: Webhook}\n"), "pass/yes"),
    ("cis-aks-1.7", "authorization-mode", File("authorization: {mode: AlwaysAllow}\n"), "fail/no"),
    ("cis-aks-1.7", "authorization-mode", File(""), "fail/yes"),
    ("cis-aks-1.7", "authorization-mode", Flags(""), "fail/no"),
    ("cis-aks-1.7", "authorization-mode", File("authorization: {mode: webhook}\n"), "error/does-not-start"),
    ("cis-aks-1.7", "client-ca-file", File("authentication: {x509: {clientCAFile: /ca.crt}}\n"), "pass/yes"),
    ("cis-aks-1.7", "client-ca-file", File(""), "fail/no"),
    ("cis-aks-1.7", "client-ca-file", File("authentication: {x509: {clientCAFile: \"\"}}\n"), "fail/no"),
    ("cis-aks-1.7", "client-ca-file", Flags("--client-ca-file=/ca.crt"), "pass/yes"),
    ("cis-aks-1.7", "read-only-port", File("readOnlyPort: 0\n"), "pass/yes"),
    ("cis-aks-1.7", "read-only-port", File("readOnlyPort: 10255\n"), "fail/no"),
    ("cis-aks-1.7", "read-only-port", File(""), "fail/yes"),
    ("cis-1.12", "read-only-port", File(""), "pass/yes"),
    ("cis-1.12", "read-only-port", Flags(""), "pass/no"),
    ("cis-aks-1.7", "read-only-port", Dump("\"port\":10250"), "pass/yes"),
    ("cis-1.12", "read-only-port", File("readOnlyPort: 10255\nenableServer: false\n"), "fail/no"),
    ("cis-aks-1.7", "streaming-connection-idle-timeout", File("streamingConnectionIdleTimeout: 5m\n"), "pass/no"),
    ("cis-aks-1.7", "streaming-connection-idle-timeout", File("streamingConnectionIdleTimeout: 0s\n"), "fail/no"),
    ("cis-aks-1.7", "streaming-connection-idle-timeout", File(""), "pass/no"),
    ("cis-aks-1.7", "streaming-connection-idle-timeout", Flags("--streaming-connection-idle-timeout=0"), "fail/no"),
    ("cis-1.24", "protect-kernel-defaults", File("protectKernelDefaults: true\n"), "pass/yes"),
    ("cis-1.24", "protect-kernel-defaults", File("protectKernelDefaults: false\n"), "fail/no"),
    ("cis-1.24", "protect-kernel-defaults", File(""), "fail/no"),
    ("cis-1.24", "protect-kernel-defaults", Flags("--protect-kernel-defaults"), "pass/yes"),
    ("cis-aks-1.7", "make-iptables-util-chains", File("makeIPTablesUtilChains: true\n"), "pass/yes"),
    ("cis-aks-1.7", "make-iptables-util-chains", File("makeIPTablesUtilChains: false\n"), "fail/no"),
    ("cis-aks-1.7", "make-iptables-util-chains", File(""), "pass/yes"),
    ("cis-aks-1.7", "make-iptables-util-chains", File("makeIPTablesUtilChains: null\n"), "pass/yes"),
    ("cis-1.12", "hostname-override", Flags(""), "pass/yes"),
    ("cis-1.12", "hostname-override", Flags("--hostname-override=x"), "fail/no"),
    ("cis-1.12", "hostname-override", Dump("\"port\":10250"), "manual/unknown"),
    ("cis-1.12", "hostname-override", File(""), "manual/unknown"),
    ("cis-aks-1.7", "event-qps", File("eventRecordQPS: 0\n"), "pass/partly"),
    ("cis-aks-1.7", "event-qps", File("eventRecordQPS: 5\n"), "fail/partly"),
    ("cis-aks-1.7", "event-qps", File(""), "fail/yes"),
    ("cis-1.12", "event-qps", File("eventRecordQPS: 5\n"), "pass/partly"),
    ("cis-1.12", "event-qps", File("eventRecordQPS: -1\n"), "fail/does-not-start"),
    ("cis-1.12", "event-qps", File(""), "pass/yes"),
    ("cis-1.12", "tls-cert-key", File("tlsCertFile: /a.crt\ntlsPrivateKeyFile: /a.key\n"), "pass/yes"),
    ("cis-1.12", "tls-cert-key", File(""), "fail/no"),
    ("cis-1.12", "tls-cert-key", File("tlsCertFile: /a.crt\n"), "fail/does-not-start"),
    ("cis-1.12", "tls-cert-key", File("serverTLSBootstrap: true\n"), "not-applicable/yes"),
    ("cis-aks-1.7", "rotate-certificates", File("rotateCertificates: true\n"), "pass/yes"),
    ("cis-aks-1.7", "rotate-certificates", File("rotateCertificates: false\n"), "fail/no"),
    ("cis-aks-1.7", "rotate-certificates", File(""), "pass/no"),
    ("cis-aks-1.7", "rotate-certificates", Dump("\"port\":10250"), "fail/no"),
    ("cis-aks-1.7", "rotate-kubelet-server-certificate", File("serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: true}\n"), "pass/yes"),
    ("cis-aks-1.7", "rotate-kubelet-server-certificate", File(""), "fail/no"),
    ("cis-1.12", "rotate-kubelet-server-certificate", File(""), "pass/no"),
    ("cis-1.12", "rotate-kubelet-server-certificate", File("serverTLSBootstrap: true\n"), "pass/yes"),
    ("cis-1.12", "tls-cipher-suites", File("tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n"), "pass/yes"),
    ("cis-1.12", "tls-cipher-suites", File("tlsCipherSuites: [TLS_RSA_WITH_AES_128_GCM_SHA256]\n"), "fail/partly"),
    ("cis-1.24", "tls-cipher-suites", File("tlsCipherSuites: [TLS_RSA_WITH_AES_128_GCM_SHA256]\n"), "pass/partly"),
    ("cis-1.12", "tls-cipher-suites", File("tlsCipherSuites: [TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305]\n"), "pass/yes"),
    ("cis-1.12", "tls-cipher-suites", File("tlsCipherSuites: [NOPE]\n"), "fail/does-not-start"),
    ("cis-1.12", "tls-cipher-suites", File(""), "fail/partly"),
    ("strict", "tls-min-version", File("tlsMinVersion: VersionTLS13\n"), "pass/yes"),
    ("strict", "tls-min-version", File("tlsMinVersion: VersionTLS10\n"), "fail/no"),
    ("strict", "tls-min-version", File(""), "pass/yes"),
    ("cis-1.12", "pod-max-pids", File("podPidsLimit: 4096\n"), "pass/yes"),
    ("cis-1.12", "pod-max-pids", File("podPidsLimit: -1\n"), "fail/no"),
    ("cis-1.12", "pod-max-pids", File("podPidsLimit: 0\n"), "fail/no"),
    ("cis-1.12", "pod-max-pids", File(""), "fail/no"),
    ("cis-1.12", "seccomp-default", File("seccompDefault: true\n"), "pass/yes"),
    ("cis-1.12", "seccomp-default", File("seccompDefault: false\n"), "fail/no"),
    ("cis-1.12", "seccomp-default", Flags("--seccomp-default"), "pass/yes"),
    ("cis-1.12", "seccomp-default", File(""), "fail/no"),
    ("cis-1.12", "seccomp-default", Dump("\"seccompDefault\":false"), "manual/unknown"),
    ("cis-1.11", "ip-address-deny", File(""), "manual/unknown"),
    ("cis-1.11", "ip-address-deny", File("IPAddressDeny: any\n"), "manual/unknown"),
    ("strict", "webhook-authentication", File(""), "pass/yes"),
    ("strict", "webhook-authentication", File("authentication: {webhook: {enabled: false}}\n"), "fail/no"),
    ("strict", "webhook-authentication", Flags(""), "fail/no"),
    ("strict", "debugging-handlers", File("enableDebuggingHandlers: false\n"), "pass/yes"),
    ("strict", "debugging-handlers", File("enableDebuggingHandlers: true\n"), "manual/no"),
    ("strict", "debugging-handlers", File(""), "manual/no"),
    ("eks-stig-v1r6", "stig-static-pod-path", File(""), "pass/yes"),
    ("eks-stig-v1r6", "stig-static-pod-path", File("staticPodPath: /etc/kubernetes/manifests\n"), "fail/no"),
    ("eks-stig-v1r6", "stig-static-pod-path", Flags("--pod-manifest-path=/m"), "fail/no"),
    ("eks-stig-v1r6", "stig-dynamic-auditing", File(""), "pass/yes"),
    ("eks-stig-v1r6", "stig-dynamic-auditing", File("featureGates: {DynamicAuditing: true}\n"), "fail/does-not-start"),
    ("eks-stig-v1r6", "stig-dynamic-auditing", Flags("--feature-gates=DynamicAuditing=false"), "error/does-not-start"),
    ("eks-stig-v1r6", "stig-dynamic-kubelet-config", File(""), "pass/yes"),
    ("eks-stig-v1r6", "stig-dynamic-kubelet-config", File("featureGates: {DynamicKubeletConfig: true}\n"), "fail/does-not-start"),
    ("eks-stig-v1r6", "stig-dynamic-kubelet-config", Flags("--feature-gates=DynamicKubeletConfig=false"), "error/does-not-start"),
    ("rh-0.7", "cadvisor-port", File(""), "pass/yes"),
    ("rh-0.7", "cadvisor-port", Flags("--cadvisor-port=4194"), "fail/does-not-start"),
    ("rh-0.7", "cadvisor-port", Flags("--cadvisor-port=0"), "error/does-not-start"),
    ("rh-1.8", "ocp-garbage-collection", File(""), "fail/yes"),
    ("rh-1.8", "ocp-garbage-collection", File("evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%, imagefs.available: 15%}\n"), "fail/yes"),
    ("rh-1.8", "ocp-garbage-collection", File("evictionHard: {}\n"), "fail/partly"),
    ("rh-1.8", "ocp-garbage-collection", File("evictionSoft: {memory.available: 500Mi}\nevictionSoftGracePeriod: {memory.available: 1m30s}\nevictionHard: {memory.available: 200Mi}\nimageGCHighThresholdPercent: 80\nimageGCLowThresholdPercent: 75\nimageMinimumGCAge: 5m\n"), "pass/yes"),
    ("rh-0.7", "rotate-kubelet-client-certificate-gate", File(""), "fail/no"),
    ("rh-0.7", "rotate-kubelet-client-certificate-gate", File("featureGates: {RotateKubeletClientCertificate: true}\n"), "error/does-not-start"),
];

#[test]
fn every_control_answers_its_cases() {
    let mut wrong = Vec::new();
    for (edition, control, input, expected) in CASES {
        let got = answer(edition, control, input);
        if got != *expected {
            wrong.push(format!("{control} ({edition}) {input:?}: {got}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_control_has_cases_on_both_sides_and_an_edge() {
    // Three controls cannot have both sides: one is no setting of the kubelet, one's gate stops every
    // supported kubelet, one is for a person to judge where it is not met.
    const ONE_SIDED: &[&str] =
        &["ip-address-deny", "rotate-kubelet-client-certificate-gate", "debugging-handlers"];
    for control in CONTROLS {
        let answers: Vec<&str> =
            CASES.iter().filter(|(_, slug, ..)| *slug == control.slug).map(|(.., answer)| *answer).collect();
        assert!(answers.len() >= 3 || ONE_SIDED.contains(&control.slug), "{}: {answers:?}", control.slug);
        if !ONE_SIDED.contains(&control.slug) {
            assert!(answers.iter().any(|answer| answer.starts_with("pass")), "{}: {answers:?}", control.slug);
            assert!(answers.iter().any(|answer| answer.starts_with("fail")), "{}: {answers:?}", control.slug);
        }
    }
}
