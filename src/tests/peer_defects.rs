//! Mistakes of other scanners (peers.md, A4), each with the answer that we give instead.

use serde_json::json;

use super::{HEAD, audit};

/// `benchmark/effective` of one control.
fn answer(benchmark: &str, control: &str, config: Option<&str>, args: &[&str]) -> String {
    let mut argv = vec!["kubelet".to_owned(), "--kubeconfig=/k".into()];
    argv.extend(config.map(|_| "--config=/c".to_owned()));
    argv.extend(args.iter().map(|arg| (*arg).to_owned()));
    ask(
        benchmark,
        control,
        json!({
            "config": config.map(|body| format!("{HEAD}{body}")), "args": argv, "kubeletVersion": "1.31",
        }),
    )
}

fn dump(benchmark: &str, control: &str, fields: &str) -> String {
    ask(benchmark, control, json!({"config": format!("{{\"kubeletconfig\":{{{fields}}}}}")}))
}

fn ask(benchmark: &str, control: &str, mut request: serde_json::Value) -> String {
    request["benchmark"] = json!(benchmark);
    request["controls"] = json!([control]);
    let target = audit(request);
    assert_eq!(target.findings.len(), 1, "{:?}", target.errors);
    let finding = &target.findings[0];
    let word = |value| serde_json::to_value(value).unwrap().as_str().unwrap().to_owned();
    let effective = serde_json::to_value(finding.effective.verdict).unwrap();
    format!("{}/{}", word(finding.benchmark.verdict), effective.as_str().unwrap())
}

#[test]
fn kube_bench_looks_for_the_wrong_flag() {
    let always = ["--anonymous-auth=false", "--authorization-mode=AlwaysAllow"];
    assert_eq!(answer("aks-1.8", "authorization-mode", None, &always), "fail/no");
    assert_eq!(answer("aks-1.8", "authorization-mode", None, &["--authorization-mode=Webhook"]), "pass/yes");
    let chains = ["--make-iptables-util-chains=false"];
    assert_eq!(answer("gke-1.6.0", "make-iptables-util-chains", None, &chains), "fail/no");
}

#[test]
fn kube_bench_has_an_operator_that_does_not_exist() {
    let body = "streamingConnectionIdleTimeout: 5m\n";
    assert_eq!(answer("k3s-cis-1.9", "streaming-connection-idle-timeout", Some(body), &[]), "pass/no");
}

#[test]
fn zero_durations_are_zero_however_they_are_written() {
    for zero in ["0s", "0m", "0h0m0s", "\"0\"", "0ms"] {
        let body = format!("streamingConnectionIdleTimeout: {zero}\n");
        assert_eq!(
            answer("cis-aks-1.7", "streaming-connection-idle-timeout", Some(&body), &[]),
            "fail/no",
            "{zero}"
        );
    }
    let fields = "\"streamingConnectionIdleTimeout\":\"0s\"";
    assert_eq!(dump("cis-1.12", "streaming-connection-idle-timeout", fields), "fail/no");
}

#[test]
fn presence_alone_is_no_pass() {
    assert_eq!(answer("cis-1.12", "seccomp-default", Some("seccompDefault: false\n"), &[]), "fail/no");
    assert_eq!(answer("cis-1.12", "pod-max-pids", Some("podPidsLimit: -1\n"), &[]), "fail/no");
    assert_eq!(answer("cis-1.12", "pod-max-pids", Some("podPidsLimit: 0\n"), &[]), "fail/no");
    let empty = "authentication:\n  x509:\n    clientCAFile: \"\"\n";
    assert_eq!(answer("cis-1.12", "client-ca-file", Some(empty), &[]), "fail/no");
}

#[test]
fn ip_address_deny_is_no_setting_of_the_kubelet() {
    assert_eq!(answer("cis-1.11", "ip-address-deny", Some("IPAddressDeny: any\n"), &[]), "manual/unknown");
}

#[test]
fn both_names_of_a_suite_are_one_suite() {
    for name in ["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"] {
        // HTTP/2 requires the other one.
        let body = format!("tlsCipherSuites: [{name}, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n");
        assert_eq!(answer("cis-1.12", "tls-cipher-suites", Some(&body), &[]), "pass/yes");
    }
    let pem = "tlsCertFile: /c/a.pem\ntlsPrivateKeyFile: /c/a-key.pem\n";
    assert_eq!(answer("cis-1.12", "tls-cert-key", Some(pem), &[]), "pass/yes");
}

#[test]
fn a_dump_is_read_where_trivy_and_kubescape_do_not() {
    assert_eq!(dump("cis-aks-1.7", "event-qps", "\"eventRecordQPS\":0"), "pass/partly");
    let suites = "\"tlsCipherSuites\":[\"TLS_RSA_WITH_AES_128_CBC_SHA\"]";
    assert_eq!(dump("cis-1.12", "tls-cipher-suites", suites), "fail/no");
    let kernel = "\"protectKernelDefaults\":true,\"kernelMemcgNotification\":false";
    assert_eq!(dump("cis-1.24", "protect-kernel-defaults", kernel), "pass/yes");
}

#[test]
fn a_dump_leaves_zeros_out() {
    assert_eq!(dump("cis-aks-1.7", "read-only-port", "\"port\":10250"), "pass/yes");
    assert_eq!(dump("cis-aks-1.7", "read-only-port", "\"readOnlyPort\":10255"), "fail/no");
    assert_eq!(dump("cis-1.12", "rotate-certificates", "\"port\":10250"), "fail/no");
    assert_eq!(dump("cis-1.24", "protect-kernel-defaults", "\"port\":10250"), "fail/no");
    // The pair the kubelet made for itself is not the operator's.
    let own = "\"tlsCertFile\":\"/var/lib/kubelet/pki/kubelet.crt\",\"tlsPrivateKeyFile\":\"/var/lib/kubelet/pki/kubelet.key\"";
    assert_eq!(dump("cis-1.12", "tls-cert-key", own), "fail/no");
    // What a dump never shows is not judged.
    assert_eq!(dump("cis-1.12", "hostname-override", "\"port\":10250"), "manual/unknown");
    assert_eq!(dump("cis-1.12", "seccomp-default", "\"seccompDefault\":false"), "manual/unknown");
    assert_eq!(dump("cis-1.12", "seccomp-default", "\"seccompDefault\":true"), "pass/yes");
}

#[test]
fn a_safe_flag_beats_an_open_file_and_the_other_way_round() {
    let open = Some("readOnlyPort: 10255\n");
    assert_eq!(answer("cis-aks-1.7", "read-only-port", open, &["--read-only-port=0"]), "pass/yes");
    let shut = Some("readOnlyPort: 0\n");
    assert_eq!(answer("cis-aks-1.7", "read-only-port", shut, &["--read-only-port=10255"]), "fail/no");
}

#[test]
fn defaults_depend_on_how_the_kubelet_is_run() {
    for (config, port, anonymous, mode) in
        [(None, "pass/no", "fail/no", "fail/no"), (Some(""), "pass/yes", "fail/yes", "fail/yes")]
    {
        assert_eq!(answer("cis-1.12", "read-only-port", config, &[]), port);
        assert_eq!(answer("cis-1.12", "anonymous-auth", config, &[]), anonymous);
        assert_eq!(answer("cis-1.12", "authorization-mode", config, &[]), mode);
    }
    // Drop-ins without a config file have the legacy defaults, too: the incident of k3s 1.32.
    let request = json!({
        "dropIns": [{"name": "00.conf", "text": format!("{HEAD}rotateCertificates: true\n")}],
        "args": ["kubelet", "--config-dir=/d", "--kubeconfig=/k"],
        "kubeletVersion": "1.32",
    });
    assert_eq!(ask("k3s-cis-1.9", "read-only-port", request), "pass/no");
}

#[test]
fn controls_do_not_contradict_one_another() {
    let rotating = Some("serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: true}\n");
    assert_eq!(answer("cis-1.12", "tls-cert-key", rotating, &[]), "not-applicable/yes");
    assert_eq!(answer("cis-1.12", "rotate-kubelet-server-certificate", rotating, &[]), "pass/yes");
    // The pair that AKS writes where rotation is off is self-signed, whatever its path.
    let aks = Some(
        "tlsCertFile: /etc/kubernetes/certs/kubeletserver.crt\ntlsPrivateKeyFile: /etc/kubernetes/certs/kubeletserver.key\n",
    );
    assert_eq!(answer("cis-1.12", "tls-cert-key", aks, &[]), "pass/no");
    assert_eq!(answer("cis-1.12", "rotate-kubelet-server-certificate", aks, &[]), "pass/no");
    let outside = Some("tlsCertFile: /c/a.crt\ntlsPrivateKeyFile: /c/a.key\n");
    assert_eq!(answer("cis-1.12", "tls-cert-key", outside, &[]), "pass/yes");
    assert_eq!(answer("cis-1.12", "rotate-kubelet-server-certificate", outside, &[]), "not-applicable/no");
}

#[test]
fn rows_of_openshift_are_judged_by_values() {
    let good = "\"rotateCertificates\":true,\"featureGates\":{\"RotateKubeletServerCertificate\":true},\"serverTLSBootstrap\":true";
    assert_eq!(dump("rh-1.8", "rotate-kubelet-server-certificate", good), "pass/yes");
    let gate = "\"featureGates\":{\"RotateKubeletServerCertificate\":true}";
    assert_eq!(dump("rh-1.8", "rotate-kubelet-server-certificate", gate), "fail/no");
    assert_eq!(dump("rh-1.8", "event-qps", "\"eventRecordQPS\":50,\"kubeAPIQPS\":0"), "pass/yes");
    assert_eq!(dump("rh-1.8", "read-only-port", "\"readOnlyPort\":10255"), "fail/no");
}

#[test]
fn unknown_is_never_a_pass() {
    // The config file is named and was not given.
    let args = json!(["kubelet", "--config=/c", "--kubeconfig=/k"]);
    for finding in audit(json!({"args": args, "benchmark": "cis-1.12", "kubeletVersion": "1.31"})).findings {
        let verdict = finding.benchmark.verdict;
        let is_known_by_flags = finding.control == "hostname-override";
        assert_eq!(verdict == crate::report::Status::Pass, is_known_by_flags, "{}", finding.control);
    }
    // A flag decides whatever the file says.
    let request = json!({"args": ["kubelet", "--config=/c", "--read-only-port=0"], "kubeletVersion": "1.31"});
    assert_eq!(ask("cis-aks-1.7", "read-only-port", request), "pass/yes");
    // A kubelet that does not start passes nothing, and what fails still fails.
    let broken = Some("readOnlyPort: 0\nprotectKernelDefaults: false\neventRecordQPS: -1\n");
    assert_eq!(answer("cis-aks-1.7", "read-only-port", broken, &[]), "error/does-not-start");
    assert_eq!(answer("cis-1.24", "protect-kernel-defaults", broken, &[]), "fail/does-not-start");
    // A flag that cannot be read is neither absent nor written.
    assert_eq!(
        answer("cis-aks-1.7", "anonymous-auth", Some(""), &["--anonymous-auth=maybe"]),
        "error/does-not-start"
    );
}

#[test]
fn event_qps_of_zero_is_not_without_limit() {
    assert_eq!(answer("cis-aks-1.7", "event-qps", Some("eventRecordQPS: 0\n"), &[]), "pass/partly");
    assert_eq!(answer("cis-aks-1.7", "event-qps", Some("eventRecordQPS: 50\n"), &[]), "fail/yes");
    assert_eq!(answer("eks-1.5.0", "event-qps", Some(""), &[]), "fail/yes");
    assert_eq!(answer("eks-1.8.0", "event-qps", Some(""), &[]), "pass/yes");
}
