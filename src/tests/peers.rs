//! The inputs on which no two scanners agree, with our answers at 1.36.

use serde_json::json;

use super::{HEAD, audit, verdicts};

const GATE: &str = "RotateKubeletServerCertificate";

#[test]
fn contested_inputs() {
    let file = |body: &str| json!(format!("{HEAD}{body}"));
    let gate = |value: &str| file(&format!("featureGates:\n  {GATE}: {value}\n"));
    let cli = |args: &[&str]| {
        let mut all = vec!["kubelet", "--config=/var/lib/kubelet/config.yaml"];
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
