//! Every control with cases that pass, fail and sit on an edge: `benchmark/effective` at 1.34.

use serde_json::json;

use super::cases::CaseInput;
use super::{HEAD, audit};
use crate::controls::CONTROLS;
use crate::report::{Effect, Finding};

fn answer(edition: &str, control: &str, input: &CaseInput) -> String {
    let config = match input {
        CaseInput::File(body) => Some(format!("{HEAD}{body}")),
        CaseInput::Flags(_) => None,
        CaseInput::Dump(fields) => Some(format!("{{\"kubeletconfig\":{{{fields}}}}}")),
    };
    let args = match input {
        CaseInput::Flags(flags) => Some(format!("kubelet --kubeconfig=/k {flags}")),
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

#[test]
fn every_control_answers_its_cases() {
    let mut wrong = Vec::new();
    for control in CONTROLS {
        let slug = control.metadata().slug;
        for (edition, input, expected) in control.cases() {
            let got = answer(edition, slug, input);
            if got != *expected {
                wrong.push(format!("{slug} ({edition}) {input:?}: {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_control_has_cases_on_both_sides_and_an_edge() {
    for control in CONTROLS {
        let slug = control.metadata().slug;
        let answers: Vec<&str> = control.cases().iter().map(|(.., answer)| *answer).collect();
        let has = |side| answers.iter().any(|answer| answer.starts_with(side));
        let is_one_sided = control.one_sided().is_some();
        assert_eq!(has("pass") && has("fail"), !is_one_sided, "{slug}: {answers:?}");
        assert!(answers.len() >= if is_one_sided { 2 } else { 3 }, "{slug}: {answers:?}");
    }
}

/// The finding of one control for a config file with these lines.
fn finding(control: &str, version: &str, lines: &str) -> Finding {
    finding_of(control, json!({ "config": format!("{HEAD}{lines}"), "kubeletVersion": version }))
}

fn finding_of(control: &str, mut request: serde_json::Value) -> Finding {
    request["benchmark"] = json!("cis-1.12");
    request["controls"] = json!([control]);
    audit(request).findings.remove(0)
}

fn notes(finding: &Finding) -> String {
    finding.effective.notes.join("\n")
}

#[test]
fn the_effect_follows_the_version() {
    for (control, lines, version, expected) in [
        ("tls-cipher-suites", "", "1.29", Effect::No),
        ("tls-cipher-suites", "", "1.30", Effect::No),
        ("tls-cipher-suites", "", "1.31", Effect::No),
        ("tls-cipher-suites", "", "1.32", Effect::Partly),
        ("event-qps", "eventRecordQPS: 0\n", "1.36", Effect::Partly),
        ("event-qps", "eventRecordQPS: 0\n", "1.37", Effect::Yes),
    ] {
        let finding = finding(control, version, lines);
        assert_eq!(finding.effective.verdict, expected, "{control} {version}");
    }
}

#[test]
fn a_renewed_certificate_is_served_as_the_version_does() {
    let pair = "tlsCertFile: /a.crt\ntlsPrivateKeyFile: /a.key\n";
    for (version, more, expected) in [
        ("1.30", "", "only when it starts"),
        ("1.31", "", "clients that connect by IP address get the old certificate"),
        ("1.35", "", "clients that connect by IP address get the old certificate"),
        ("1.35", "featureGates: {ReloadKubeletServerCertificateFile: false}\n", "only when it starts"),
        ("1.36", "", "reloads tlsCertFile after a renewal"),
    ] {
        let notes = notes(&finding("tls-cert-key", version, &format!("{pair}{more}")));
        assert!(notes.contains(expected), "{version}: {notes}");
        assert_eq!(notes.contains("IP address"), expected.contains("IP address"), "{version}: {notes}");
    }
}

#[test]
fn iptables_rules_move_to_kube_proxy_with_the_gate() {
    for (version, lines, expected) in [
        ("1.26", "", false),
        ("1.26", "featureGates: {IPTablesOwnershipCleanup: true}\n", true),
        ("1.27", "", true),
        ("1.27", "featureGates: {IPTablesOwnershipCleanup: false}\n", false),
        ("1.34", "", true),
    ] {
        let notes = notes(&finding("make-iptables-util-chains", version, lines));
        assert_eq!(notes.contains("KUBE-IPTABLES-HINT"), expected, "{version} {lines}");
    }
}

#[test]
fn the_platform_approves_requests_for_serving_certificates() {
    for (argument, expected) in [
        ("--node-labels=kubernetes.azure.com/role=agent", "AKS approves"),
        ("--node-labels=eks.amazonaws.com/nodegroup=a", "EKS approves"),
        ("--node-labels=cloud.google.com/gke-nodepool=a", "GKE approves"),
        ("--node-labels=node.openshift.io/os_id=rhcos", "OpenShift approves"),
        ("--node-labels=worker.gardener.cloud/pool=a", "Gardener approves"),
        ("--provider-id=aws:///zone/i-1", "somebody must approve"),
        ("--v=2", "somebody must approve"),
    ] {
        let notes = notes(&finding_of(
            "rotate-kubelet-server-certificate",
            json!({
                "config": format!("{HEAD}serverTLSBootstrap: true\n"),
                "args": ["kubelet", "--config=/c", "--kubeconfig=/k", argument],
                "kubeletVersion": "1.34",
            }),
        ));
        assert!(notes.contains(expected), "{argument}: {notes}");
    }
}

#[test]
fn a_node_without_an_address_gets_no_certificate() {
    let control = "rotate-kubelet-server-certificate";
    for (version, lines, expected) in [
        ("1.30", "", false),
        ("1.31", "", true),
        ("1.34", "featureGates: {AllowDNSOnlyNodeCSR: true}\n", false),
    ] {
        let notes = notes(&finding(control, version, &format!("serverTLSBootstrap: true\n{lines}")));
        assert_eq!(notes.contains("without an IP address"), expected, "{version} {lines}: {notes}");
    }
}

#[test]
fn a_row_that_the_benchmark_skips_says_so() {
    let request = json!({
        "args": ["kubelet", "--kubeconfig=/k", "--hostname-override=a"],
        "benchmark": "k3s-cis-1.12", "controls": ["hostname-override"],
    });
    let finding = audit(request).findings.remove(0);
    assert!(finding.message.starts_with("This benchmark skips the control. "), "{}", finding.message);
    assert_eq!(finding.effective.verdict, Effect::Unknown);
}

#[test]
fn a_kubelet_without_an_api_server_needs_no_approver() {
    let finding = finding_of(
        "rotate-kubelet-server-certificate",
        json!({ "args": ["kubelet", "--rotate-server-certificates"], "kubeletVersion": "1.34" }),
    );
    let notes = notes(&finding);
    assert!(notes.contains("no --kubeconfig") && !notes.contains("approve"), "{notes}");
}
