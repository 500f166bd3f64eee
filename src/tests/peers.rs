//! The inputs on which no two scanners agree, with our answers at 1.36.

use serde_json::json;

use super::{HEAD, audit, verdicts};

const GATE: &str = "RotateKubeletServerCertificate";

#[test]
fn contested_inputs() {
    let file = |body: &str| json!(format!("{HEAD}{body}"));
    let gate = |value: &str| file(&format!("featureGates:\n  {GATE}: {value}\n"));
    let cli = |args: &[&str]| {
        let mut all = vec![
            "kubelet",
            "--config=/var/lib/kubelet/config.yaml",
            "--kubeconfig=/var/lib/kubelet/kubeconfig",
        ];
        all.extend(args);
        json!(all)
    };
    let with = |args: &[&str]| (file(""), cli(args));
    let plain = |config| (config, cli(&[]));
    let gates = |value: &str| format!("--feature-gates={value}");
    let cases = [
        ("1", plain(file("")), "fail/no"),
        ("2", plain(gate("true")), "pass/no"),
        ("3", plain(gate("false")), "fail/no"),
        ("4", plain(file("serverTLSBootstrap: true\n")), "fail/yes"),
        (
            "4b",
            plain(file(&format!("serverTLSBootstrap: true\nfeatureGates: {{{GATE}: false}}\n"))),
            "fail/does-not-start",
        ),
        ("5", with(&["--rotate-server-certificates=true"]), "fail/yes"),
        ("5b", with(&["--rotate-server-certificates=false"]), "fail/no"),
        (
            "6",
            plain(file("tlsCertFile: /etc/ssl/kubelet.crt\ntlsPrivateKeyFile: /etc/ssl/kubelet.key\n")),
            "not-applicable/no",
        ),
        ("7", plain(file(&format!("{GATE}: true\n"))), "fail/no"),
        ("8", plain(gate("\"true\"")), "error/does-not-start"),
        ("8b", plain(gate("\"false\"")), "error/does-not-start"),
        ("9", with(&[&gates(&format!("{GATE}=true"))]), "pass/no"),
        ("9b", with(&[&gates(&format!("{GATE}=true,MemoryQoS=true"))]), "pass/no"),
        ("9c", with(&[&gates(&format!("{GATE}=true,MemoryQoS=false"))]), "pass/no"),
        ("9d", with(&["--feature-gates", &format!("{GATE}=true")]), "pass/no"),
        ("9e", with(&[&gates(&format!("{GATE}=false"))]), "fail/no"),
        ("9f", with(&[&gates(&format!("MemoryQoS=true,{GATE}=true"))]), "pass/no"),
        ("10", (gate("false"), cli(&[&gates(&format!("{GATE}=true"))])), "pass/no"),
        ("10b", (gate("true"), cli(&[&gates(&format!("{GATE}=false"))])), "fail/no"),
        ("10c", (gate("true"), cli(&[&gates("MemoryQoS=true")])), "pass/no"),
        ("11", plain(gate("null")), "fail/no"),
        (
            "12",
            (json!(format!("{{\"kubeletconfig\":{{\"featureGates\":{{\"{GATE}\":true}}}}}}")), json!(null)),
            "pass/no",
        ),
        (
            "13",
            plain(file(&format!("serverTLSBootstrap: false\nfeatureGates: {{{GATE}: true}}\n"))),
            "pass/no",
        ),
    ];
    for (row, (config, args), expected) in cases {
        let target = audit(json!({"config": config, "args": args, "kubeletVersion": "1.36"}));
        assert_eq!(verdicts(&target), expected, "row {row}: {:?}", super::seed(&target).message);
    }
}

#[test]
fn a_dump_that_no_kubelet_can_have_shown_is_an_error() {
    let target =
        audit(json!("{\"kubeletconfig\":{\"featureGates\":{\"RotateKubeletServerCertificate\":\"true\"}}}"));
    assert_eq!(verdicts(&target), "error/unknown");
    assert_eq!(target.errors.first().map(|e| e.code.as_str()), Some("wrong-type"));
    assert_eq!(target.kubelet.and_then(|k| k.starts), None);
}

#[test]
fn a_layer_that_is_named_but_not_given_decides_nothing() {
    let gate = format!("--feature-gates={GATE}=true");
    for (args, expected) in [
        (json!("kubelet --config=/etc/k.yaml"), "error/unknown"),
        (json!(["kubelet", "--config=/etc/k.yaml", gate]), "pass/unknown"),
        (json!(["kubelet", gate]), "pass/no"),
        (json!(["kubelet", "--rotate-server-certificates", gate]), "pass/yes"),
        (json!(format!("KUBELET_FLAGS={gate}\n")), "error/unknown"),
        (json!(["kubelet", "--rotate-kubelet-server-certificate=true"]), "fail/does-not-start"),
    ] {
        let target = audit(json!({ "args": args, "kubeletVersion": "1.34" }));
        assert_eq!(verdicts(&target), expected, "{args}: {}", super::seed(&target).message);
    }
    let target =
        audit(json!({ "args": "kubelet --config-dir=/etc/d", "config": HEAD, "kubeletVersion": "1.34" }));
    assert_eq!(verdicts(&target), "error/unknown");
    assert_eq!(target.kubelet.unwrap().missing_layers, ["the drop-ins under /etc/d"]);
}

#[test]
fn catches_of_rotation_are_told_by_version() {
    let pair = "tlsCertFile: /etc/kubernetes/certs/kubeletserver.crt\ntlsPrivateKeyFile: /etc/kubernetes/certs/kubeletserver.key\n";
    let half = "tlsCertFile: /etc/x.crt\n";
    let on = "serverTLSBootstrap: true\n";
    for (body, minor, expected) in [
        (format!("{on}{pair}"), "1.35", "fail/partly"),
        (format!("{on}{pair}"), "1.36", "fail/yes"),
        (format!("{on}{half}"), "1.35", "fail/does-not-start"),
        (format!("{on}{half}"), "1.36", "fail/yes"),
        (pair.to_owned(), "1.34", "fail/no"),
        (
            "serverTLSBootstrap: true\nfeatureGates: {AllBeta: false}\n".to_owned(),
            "1.34",
            "fail/does-not-start",
        ),
        ("featureGates: {AllBeta: false}\n".to_owned(), "1.34", "fail/no"),
    ] {
        let target = audit(json!({ "config": format!("{HEAD}{body}"), "kubeletVersion": minor }));
        assert_eq!(verdicts(&target), expected, "{body} at {minor}");
    }
}
