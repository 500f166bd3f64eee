//! Nothing is kept between evaluations, and nothing that a host hands over harms it.

use std::thread;
use std::time::Instant;

use host_tests::hosts::{Answer, Host};
use serde_json::{Value, json};

/// Hosts with so many evaluations; all others have [`FEW`].
const MANY: (&[&str], u32) = (&["raw wasmtime", "raw V8"], 100_000);
const FEW: u32 = 3_000;

/// Hosts that do not show a plugin's memory, but only that of their whole process, and the growth that is
/// theirs. In ClickHouse the plugin itself is bounded by a setting (`host-tests/python/clickhouse.py`).
const PROCESSES: &[(&str, u64)] = &[("component py", 4 * 1024 * 1024), ("ClickHouse", 64 * 1024 * 1024)];

/// One control, and JSON: what an evaluation keeps does not depend on how long it takes.
fn short_request() -> Value {
    let config = json!({
        "kind": "KubeletConfiguration",
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "serverTLSBootstrap": true,
    });
    json!({
        "config": config.to_string(),
        "controls": ["rotate-kubelet-server-certificate"],
        "kubeletVersion": "1.34",
        "effective": false,
    })
}

/// All layers.
fn request() -> Value {
    json!({
        "config": "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nmaxPods: 0x40\n",
        "dropIns": [{ "name": "10-a.conf", "text": "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nserverTLSBootstrap: yes\n" }],
        "args": "kubelet --config=/a --config-dir=/b --feature-gates=RotateKubeletServerCertificate=true",
        "kubeletVersion": "1.34",
    })
}

#[test]
fn memory_is_flat_in_every_host() {
    let hosts = Host::all().unwrap();
    let (many, few) = hosts.into_iter().partition(|host| MANY.0.contains(&host.name));
    let check = |hosts: Vec<Host>, count: u32| {
        for mut host in hosts {
            let start = Instant::now();
            let Some((before, after)) = host.repeated(count, &short_request()).unwrap() else { continue };
            let (name, seconds) = (host.name, start.elapsed().as_secs());
            println!("{name}: {before} bytes, then {after}, over {count} evaluations in {seconds} s");
            let process = PROCESSES.iter().find(|(host, _)| *host == name);
            let slack = process.map_or(0, |(_, slack)| *slack);
            assert!(before > 0 && after <= before + slack, "{}: from {before} to {after}", host.name);
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| check(many, MANY.1));
        check(few, FEW);
    });
}

/// After each input that is refused, a good one has the same answer as before, in the same instance.
#[test]
fn every_host_refuses_cleanly_and_goes_on() {
    let bad = [
        json!({ "config": "x".repeat(3 * 1024 * 1024), "source": "large" }),
        json!({ "config": "{".repeat(20_000), "source": "deep" }),
        json!({ "config": "a: [\n\u{0}", "source": "malformed" }),
        json!({ "config": "", "benchmark": "none" }),
        json!({ "confg": "" }),
        json!([]),
    ];
    for mut host in Host::all().unwrap() {
        let name = host.name;
        let good = format!("{:?}", host.answer(&request()).unwrap());
        assert!(good.contains("rotate-kubelet-server-certificate"), "{name}: {good}");
        for input in &bad {
            match host.answer(input).unwrap_or_else(|error| panic!("{name}: {error}")) {
                Answer::Text(report) => is_refusal(&serde_json::from_str(&report).unwrap(), name),
                Answer::Value(report) => is_refusal(&report, name),
                Answer::Refused(reason) => assert!(!reason.is_empty(), "{name}"),
                Answer::Unsupported => {}
            }
            assert_eq!(format!("{:?}", host.answer(&request()).unwrap()), good, "{name}");
        }
        // Text that is not JSON. Some hosts do not pass it on.
        match host.answer_text("{\"config\": nonsense").unwrap() {
            Answer::Text(report) => is_refusal(&serde_json::from_str(&report).unwrap(), name),
            Answer::Value(report) => is_refusal(&report, name),
            Answer::Refused(reason) => assert!(!reason.is_empty(), "{name}"),
            Answer::Unsupported => {}
        }
        assert_eq!(format!("{:?}", host.answer(&request()).unwrap()), good, "{name}");
    }
}

/// A report of what cannot be read, or the error of an option that does not exist.
fn is_refusal(report: &Value, host: &str) {
    if let Some(error) = report.get("error") {
        for field in ["code", "message", "help", "option"] {
            assert!(error[field].as_str().is_some_and(|text| !text.is_empty()), "{host}: {report}");
        }
        return;
    }
    let error = &report["targets"][0]["errors"][0];
    for field in ["code", "message", "help"] {
        assert!(error[field].as_str().is_some_and(|text| !text.is_empty()), "{host}: {report}");
    }
    assert_eq!(report["summary"]["unreadable"], 1, "{host}");
}
