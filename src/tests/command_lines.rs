//! Command lines beside a config file.

use serde_json::{Value, json};

use super::{HEAD, audit};
use crate::report::{Kubelet, OriginLayer};

const UNIT: &str =
    "[Service]\nEnvironmentFile=/etc/default/kubelet\nExecStart=/usr/bin/kubelet --kubeconfig=/k $OPTS\n";
const WIDE: &str =
    "PID TTY STAT TIME COMMAND\n1 ? Ssl 00:00:01 /usr/bin/kubelet --kubeconfig=/k --node-lab…\n";

fn kubelet(request: Value) -> Kubelet {
    audit(request).kubelet.unwrap()
}

/// A kubelet with a config file that sets `maxPods`, and a command line.
fn beside_a_file(args: &Value) -> Kubelet {
    kubelet(json!({
        "config": format!("{HEAD}maxPods: 42\n"), "args": args, "kubeletVersion": "1.31", "source": "node.yaml",
    }))
}

fn is_read(kubelet: &Kubelet) -> bool {
    let codes: Vec<&str> = kubelet.warnings.iter().map(|warning| warning.code.as_str()).collect();
    let is_read = kubelet.effective.as_ref().unwrap()["maxPods"] == 42;
    assert_eq!(codes.contains(&"config-not-read"), !is_read, "{codes:?}");
    is_read
}

#[test]
fn a_full_command_line_decides_whether_a_file_is_read() {
    for (args, expected) in [
        // Full: the program, a journal, a listing, a unit.
        (json!(["kubelet", "--kubeconfig=/k"]), false),
        (json!(["/opt/bin/kubelet", "--kubeconfig=/k", "--config=/etc/node.yaml"]), true),
        (json!(["hyperkube", "kubelet", "--v=2"]), false),
        (json!("/usr/bin/kubelet --kubeconfig=/k"), false),
        (json!("/usr/bin/kubelet\0--kubeconfig=/k\0"), false),
        (json!("UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 10:00 ? 00:00:00 kubelet --v=2"), false),
        (json!("Feb 03 07:11:09 a k3s[8]: level=info msg=\"Running kubelet --v=2\""), false),
        (json!("[Service]\nExecStart=/usr/bin/kubelet --kubeconfig=/k\n"), false),
        (json!("[Service]\nExecStart=/usr/bin/kubelet --config /etc/node.yaml\n"), true),
        // Something is hidden: a missing file, an undefined variable, the end.
        (json!(UNIT), true),
        (json!("[Service]\nExecStart=/usr/bin/kubelet --kubeconfig=/k $OPTS\n"), true),
        (json!([{"name": "u", "text": UNIT}, {"name": "/etc/default/kubelet", "text": "# nothing\n"}]), true),
        (json!([{"name": "u", "text": UNIT}, {"name": "/etc/default/kubelet", "text": "OPTS=\n"}]), false),
        (json!(WIDE), true),
        (json!("KUBELET_EXTRA_ARGS=--v=2\n"), true),
        // Additions.
        (json!(["--v=2"]), true),
        (json!("--v=2 --kubeconfig=/k"), true),
        // An empty path, wherever it is, reads no file.
        (json!(["kubelet", "--config="]), false),
        (json!(["--config="]), false),
        (json!(["--config=/etc/node.yaml", "--config="]), false),
    ] {
        assert_eq!(is_read(&beside_a_file(&args)), expected, "{args}");
    }
}

#[test]
fn a_file_can_be_assumed_to_be_read() {
    let request = |assume: bool| {
        json!({
            "config": format!("{HEAD}maxPods: 42\n"), "args": "kubelet --kubeconfig=/k", "assumeConfig": assume,
            "dropIns": [{"name": "10.conf", "text": format!("{HEAD}podsPerCore: 7\n")}], "kubeletVersion": "1.31",
        })
    };
    let assumed = kubelet(request(true));
    assert!(is_read(&assumed));
    assert_eq!(assumed.effective.as_ref().unwrap()["podsPerCore"], 7);
    assert_eq!(assumed.layers, ["config", "dropIns", "args"]);
    let read = kubelet(request(false));
    assert!(!is_read(&read));
    assert_eq!(read.effective.as_ref().unwrap()["podsPerCore"], 0);
    assert_eq!(read.effective.as_ref().unwrap()["readOnlyPort"], 10255, "a kubelet without a config file");
    assert_eq!(read.layers, ["args"]);
}

#[test]
fn a_dump_is_what_the_kubelet_runs_with_whatever_its_command_line_names() {
    let kubelet = kubelet(json!({
        "config": "{\"kubeletconfig\": {\"maxPods\": 42}}", "args": "kubelet --kubeconfig=/k", "kubeletVersion": "1.31",
    }));
    assert!(is_read(&kubelet));
}

#[test]
fn another_path_than_that_of_the_file_is_told() {
    for (source, args, expected) in [
        (json!("/etc/node.yaml"), "kubelet --config=/etc/node.yaml", false),
        (json!("node-1/etc/node.yaml"), "kubelet --config=/etc/node.yaml", false),
        (json!("node.yaml"), "kubelet --config /etc/node.yaml", false),
        (json!("-"), "kubelet --config=/etc/node.yaml", false),
        (json!(null), "kubelet --config=/etc/node.yaml", false),
        (json!("node.yaml"), "kubelet --kubeconfig=/k", false),
        (json!("node.yaml"), "kubelet --config=/etc/other.yaml", true),
        (json!("node.yaml"), "--config=/etc/other.yaml", true),
        (json!("/var/node.yaml"), "kubelet --config=/etc/node.yaml", true),
    ] {
        let kubelet =
            kubelet(json!({"config": HEAD, "source": source, "args": args, "kubeletVersion": "1.31"}));
        let is_told = kubelet.warnings.iter().any(|warning| warning.code == "other-config-path");
        assert_eq!(is_told, expected, "{source} {args}");
    }
}

#[test]
fn a_listing_that_lost_an_argument_does_not_say_whether_the_kubelet_starts() {
    let row = |command: &str| {
        json!({
            "config": format!("{HEAD}maxPods: 42\n"), "kubeletVersion": "1.31",
            "args": format!("UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 10:00 ? 00:00:00 {command}\n"),
        })
    };
    let empty =
        kubelet(row("kubelet --config=/c --kubeconfig=/k --register-with-taints  --event-qps=19 --v 2"));
    assert_eq!(empty.starts, Some(true), "{:?}", empty.errors);
    assert_eq!(empty.effective.as_ref().unwrap()["eventRecordQPS"], 19);
    for command in [
        "kubelet --config=/c --kubeconfig=/k --register-with-taints --event-qps=19",
        "kubelet --config=/c --kubeconfig=/k --hostname-override --event-qps=19",
        "kubelet --config=/c --kubeconfig=/k --event-qps",
    ] {
        let target = audit(row(command));
        assert_eq!(target.kubelet.as_ref().unwrap().starts, None, "{command}");
        for finding in &target.findings {
            assert_ne!(finding.status, crate::report::Status::Pass, "{command}: {}", finding.control);
        }
    }
    // A bare command line is read as it stands.
    let bare = json!({"args": "kubelet --register-with-taints --event-qps=19", "kubeletVersion": "1.31"});
    assert_eq!(kubelet(bare).starts, Some(false));
    let negative = kubelet(row("kubelet --config=/c --kubeconfig=/k --oom-score-adj -500"));
    assert_eq!(negative.effective.as_ref().unwrap()["oomScoreAdj"], -500);
}

#[test]
fn settings_that_only_flags_have_are_shown_by_name() {
    let kubelet = kubelet(json!({
        "args": ["kubelet", "--node-labels=a=b", "--node-labels=c=d", "--node-ip=10.0.0.1", "--max-pods=5",
            "--storage-driver-password=secret", "--register-schedulable"],
        "kubeletVersion": "1.31",
    }));
    assert_eq!(
        Value::Object(kubelet.flags.unwrap()),
        json!({"node-labels": {"a": "b", "c": "d"}, "node-ip": "10.0.0.1", "register-schedulable": true,
            "storage-driver-password": "(hidden)"})
    );
    assert_eq!(kubelet.origins.unwrap()["maxPods"].layer, OriginLayer::Flag);
    let short = audit(json!({"args": "kubelet --node-ip=10.0.0.1", "effective": false})).kubelet.unwrap();
    assert!(short.flags.is_none() && short.effective.is_none());
}

#[test]
fn the_configuration_holds_every_field_that_is_not_nil() {
    let kubelet = kubelet(json!({"config": format!("{HEAD}readOnlyPort: 0\n"), "kubeletVersion": "1.31"}));
    let effective = kubelet.effective.unwrap();
    assert_eq!((&effective["readOnlyPort"], &effective["serverTLSBootstrap"]), (&json!(0), &json!(false)));
    assert!(
        !effective.contains_key("maxParallelImagePulls") && effective.values().all(|value| !value.is_null())
    );
    let origins = kubelet.origins.unwrap();
    assert!(effective.keys().all(|path| origins.contains_key(path)));
}
