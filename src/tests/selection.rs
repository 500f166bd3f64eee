//! Which edition, and which of its rows.

use serde_json::json;

use super::{HEAD, audit, refused};
use crate::report::Target;

fn chosen(request: serde_json::Value) -> String {
    let target = audit(request);
    target.findings.first().map_or_else(String::new, |finding| finding.benchmark.id.clone())
}

fn codes(target: &Target) -> Vec<&str> {
    target.kubelet.iter().flat_map(|kubelet| &kubelet.warnings).map(|issue| issue.code.as_str()).collect()
}

#[test]
fn editions_are_chosen_by_what_the_input_shows() {
    let config = |body: &str| json!({"config": format!("{HEAD}{body}"), "benchmark": "auto"});
    for (body, expected) in [
        ("tlsCertFile: /etc/kubernetes/certs/kubeletserver.crt\n", "cis-aks-1.8"),
        ("providerID: aws:///us-west-2f/i-1\n", "cis-eks-1.8"),
        ("providerID: gce://project/zone/name\n", "cis-gke-1.6"),
        ("authentication: {x509: {clientCAFile: /etc/kubernetes/kubelet-ca.crt}}\n", "cis-openshift-1.8"),
        ("tlsCertFile: /var/lib/rancher/k3s/agent/serving-kubelet.crt\n", "cis-k3s-1.12"),
        ("tlsCertFile: /var/lib/rancher/rke2/agent/serving-kubelet.crt\n", "cis-rke2-1.12"),
    ] {
        let target = audit(config(body));
        assert_eq!(target.findings[0].benchmark.id, expected, "{body}");
        assert!(codes(&target).contains(&"benchmark-chosen"), "{body}");
        assert!(!codes(&target).contains(&"other-platform"), "{body}");
    }
    for (version, expected) in [
        ("1.25", "cis-1.7"),
        ("1.26", "cis-1.8"),
        ("1.27", "cis-1.9"),
        ("1.28", "cis-1.10"),
        ("1.31", "cis-1.11"),
        ("1.34", "cis-1.12"),
        ("1.35", "cis-2.0.1"),
        ("1.36", "cis-2.0.1"),
        ("v1.31.4+k3s1", "cis-k3s-1.12"),
        ("1.30.1-gke.7", "cis-gke-1.6"),
    ] {
        let request = json!({"config": HEAD, "benchmark": "auto", "kubeletVersion": version});
        assert_eq!(chosen(request), expected, "{version}");
    }
    let args = ["kubelet", "--node-labels=kubernetes.azure.com/role=agent", "--kubeconfig=/k"];
    assert_eq!(chosen(json!({"args": args, "benchmark": "auto"})), "cis-aks-1.8");
    // kops writes the same providerID as the providers' own platforms.
    let kops = config(
        "providerID: aws:///us-west-2f/i-1\nregisterWithTaints: [{key: kops.k8s.io/a, effect: NoSchedule}]\n",
    );
    assert_eq!(
        chosen(json!({"config": kops["config"], "benchmark": "auto", "kubeletVersion": "1.31"})),
        "cis-1.11"
    );
}

#[test]
fn an_input_of_another_platform_is_told() {
    let eks = format!("{HEAD}providerID: aws:///us-west-2f/i-1\n");
    let target = audit(json!({"config": eks}));
    let warnings = &target.kubelet.as_ref().unwrap().warnings;
    let warning = warnings.iter().find(|issue| issue.code == "other-platform").unwrap();
    assert!(warning.help.contains("cis-eks-1.8"), "{}", warning.help);
    assert!(!codes(&audit(json!({"config": eks, "benchmark": "strict"}))).contains(&"other-platform"));
    assert!(!codes(&audit(json!({"config": eks, "benchmark": "eks-1.7"}))).contains(&"other-platform"));
    assert!(!codes(&audit(json!({"config": HEAD}))).contains(&"other-platform"));
}

#[test]
fn editions_go_by_every_name_they_have() {
    for (name, id) in [
        ("cis-1.12", "cis-1.12"),
        ("aks-1.7", "cis-aks-1.7"),
        ("eks-1.7.0", "cis-eks-1.7"),
        ("cis-eks-1.7.0", "cis-eks-1.7"),
        ("eks-1.7", "cis-eks-1.7"),
        ("k3s-cis-1.9", "cis-k3s-1.9"),
        ("rh-1.8", "cis-openshift-1.8"),
        ("ocp-4.13", "cis-openshift-1.8"),
        ("CIS-RKE2-1.8", "cis-rke2-1.8"),
        ("cis-1.24-microk8s", "cis-microk8s-1.24"),
        ("eks-stig-v1r6", "eks-stig-v1r6"),
        ("cis-2.0.1", "cis-2.0.1"),
        ("cis-2.0", "cis-2.0.1"),
        ("rke2-cis-1.11", "cis-rke2-1.11"),
        ("1.31", "cis-1.11"),
        ("1.34", "cis-1.12"),
        ("1.35", "cis-2.0.1"),
        ("strict", "strict"),
    ] {
        assert_eq!(chosen(json!({"config": HEAD, "benchmark": name})), id, "{name}");
    }
    for name in ["gke-1.8.0", "gke-1.9.0", "cis-gke-1.9"] {
        let error = refused(json!({"config": HEAD, "benchmark": name}));
        assert_eq!(error.code, "no-kubelet-rows", "{name}");
        assert!(error.help.contains("cis-gke-1.6"), "{}", error.help);
    }
}

#[test]
fn rows_are_selected_by_control_level_and_severity() {
    let slugs = |request: serde_json::Value| -> Vec<String> {
        audit(request).findings.into_iter().map(|finding| finding.control).collect()
    };
    let all = slugs(json!({"config": HEAD, "benchmark": "cis-1.12"}));
    assert_eq!(all.len(), 14);
    let some = json!({"config": HEAD, "benchmark": "cis-1.12", "controls": ["read-only-port", "event-qps"]});
    assert_eq!(slugs(some), ["read-only-port", "event-qps"]);
    let level = slugs(json!({"config": HEAD, "benchmark": "cis-1.12", "level": 1}));
    assert_eq!(level.len(), 13);
    assert!(!level.contains(&"event-qps".to_owned()));
    // AKS 1.7 has level 2 for one row; a level that is unknown is kept.
    let aks = slugs(json!({"config": HEAD, "level": 1}));
    assert_eq!(aks.len(), 8);
    assert!(!aks.contains(&"rotate-certificates".to_owned()));
    assert_eq!(slugs(json!({"config": HEAD, "level": 2})).len(), 9);
    let severe = slugs(json!({"config": HEAD, "severity": "critical"}));
    assert_eq!(severe, ["anonymous-auth", "authorization-mode"]);
    for (request, code) in [
        (json!({"config": HEAD, "controls": []}), "invalid-request"),
        (json!({"config": HEAD, "controls": [""]}), "invalid-request"),
        (json!({"config": HEAD, "benchmark": ""}), "invalid-request"),
        (json!({"config": HEAD, "kubeletVersion": ""}), "invalid-request"),
        (json!({"config": HEAD, "level": 0}), "invalid-request"),
        // No control is left.
        (
            json!({"config": HEAD, "controls": ["hostname-override"], "benchmark": "cis-1.8", "severity": "critical"}),
            "invalid-request",
        ),
        (json!({"config": HEAD, "controls": ["nothing"]}), "unknown-control"),
        (json!({"config": HEAD, "controls": ["seccomp-default"]}), "unknown-control"),
        (json!({"config": HEAD, "level": 3}), "invalid-request"),
    ] {
        assert_eq!(refused(request.clone()).code, code, "{request}");
    }
    assert_eq!(audit(json!({"config": HEAD, "severity": "awful"})).errors[0].code, "invalid-request");
}

#[test]
fn manual_rows_are_judged_where_they_can_be() {
    let target = audit(json!({"config": format!("{HEAD}podPidsLimit: 100\n"), "benchmark": "cis-1.12"}));
    let of = |slug: &str| {
        let finding = target.findings.iter().find(|finding| finding.control == slug).unwrap();
        let word = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        (
            word(serde_json::to_value(finding.benchmark.assessment).unwrap()),
            word(serde_json::to_value(finding.status).unwrap()),
        )
    };
    assert_eq!(of("pod-max-pids"), ("manual".into(), "pass".into()));
    assert_eq!(of("seccomp-default"), ("manual".into(), "fail".into()));
    assert_eq!(of("hostname-override"), ("manual".into(), "manual".into()));
    let k3s = audit(json!({"config": HEAD, "benchmark": "cis-k3s-1.6", "controls": ["rotate-certificates"]}));
    assert_eq!(k3s.findings[0].status, crate::report::Status::NotApplicable);
}

#[test]
fn the_strict_profile_looks_at_what_the_kubelet_does() {
    let good = "authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /c}}\n\
                authorization: {mode: Webhook}\nrotateCertificates: true\nserverTLSBootstrap: true\n\
                seccompDefault: true\nprotectKernelDefaults: true\n\
                tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n";
    let statuses = |body: &str| -> Vec<String> {
        let target = audit(
            json!({"config": format!("{HEAD}{body}"), "benchmark": "strict", "kubeletVersion": "1.34"}),
        );
        target
            .findings
            .iter()
            .filter(|finding| finding.status != crate::report::Status::Pass)
            .map(|finding| {
                format!(
                    "{} {}",
                    finding.control,
                    serde_json::to_value(finding.status).unwrap().as_str().unwrap()
                )
            })
            .collect()
    };
    assert_eq!(statuses(good), ["debugging-handlers manual"]);
    // Absent settings pass many benchmarks; what counts here is what they do.
    assert_eq!(
        statuses(""),
        [
            "client-ca-file fail",
            "rotate-certificates fail",
            "rotate-kubelet-server-certificate fail",
            "tls-cipher-suites fail",
            "seccomp-default fail",
            "protect-kernel-defaults fail",
            "debugging-handlers manual",
        ]
    );
}
