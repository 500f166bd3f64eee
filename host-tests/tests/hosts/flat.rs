//! Nothing is kept between evaluations, and nothing that a host hands over harms it.

use std::thread;
use std::time::Instant;

use host_tests::doors::{Answer, Door};
use serde_json::{Value, json};

/// Hosts with so many evaluations; all others have [`FEW`].
const MANY: (&[&str], u32) = (&["raw wasmtime", "raw V8"], 100_000);
const FEW: u32 = 3_000;

/// Hosts that do not show a plugin's memory, but only that of their whole process, and the growth that is
/// theirs. A plugin that kept one report of [`FEW`] would be over it.
const PROCESSES: &[&str] = &["npm", "component py", "ClickHouse"];
const SLACK: u64 = 6 * 1024 * 1024;

/// All layers, one control: what an evaluation keeps does not depend on how long it takes.
fn request() -> Value {
    json!({
        "config": "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nmaxPods: 0x40\n",
        "dropIns": [{ "name": "10-a.conf", "text": "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nserverTLSBootstrap: yes\n" }],
        "args": "kubelet --config=/a --config-dir=/b --feature-gates=RotateKubeletServerCertificate=true",
        "controls": ["rotate-kubelet-server-certificate"],
        "kubeletVersion": "1.34",
        "effective": false,
    })
}

#[test]
fn memory_is_flat_in_every_host() {
    let doors = Door::all().unwrap();
    let (many, few) = doors.into_iter().partition(|door| MANY.0.contains(&door.name));
    let check = |doors: Vec<Door>, count: u32| {
        for mut door in doors {
            let start = Instant::now();
            let Some((before, after)) = door.repeated(count, &request()).unwrap() else { continue };
            let (name, seconds) = (door.name, start.elapsed().as_secs());
            println!("{name}: {before} bytes, then {after}, over {count} evaluations in {seconds} s");
            let slack = if PROCESSES.contains(&door.name) { SLACK } else { 0 };
            assert!(before > 0 && after <= before + slack, "{}: from {before} to {after}", door.name);
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
    for mut door in Door::all().unwrap() {
        let name = door.name;
        let good = format!("{:?}", door.answer(&request()).unwrap());
        assert!(good.contains("rotate-kubelet-server-certificate"), "{name}: {good}");
        for input in &bad {
            match door.answer(input).unwrap_or_else(|error| panic!("{name}: {error}")) {
                Answer::Text(report) => is_refusal(&serde_json::from_str(&report).unwrap(), name),
                Answer::Value(report) => is_refusal(&report, name),
                Answer::Refused(reason) => assert!(!reason.is_empty(), "{name}"),
                Answer::NotAsked => {}
            }
            assert_eq!(format!("{:?}", door.answer(&request()).unwrap()), good, "{name}");
        }
        // What is not even JSON; some hosts do not pass it on.
        match door.answer_text("{\"config\": nonsense").unwrap() {
            Answer::Text(report) => is_refusal(&serde_json::from_str(&report).unwrap(), name),
            Answer::Value(report) => is_refusal(&report, name),
            Answer::Refused(reason) => assert!(!reason.is_empty(), "{name}"),
            Answer::NotAsked => {}
        }
        assert_eq!(format!("{:?}", door.answer(&request()).unwrap()), good, "{name}");
    }
}

fn is_refusal(report: &Value, host: &str) {
    let error = &report["targets"][0]["errors"][0];
    for field in ["code", "message", "help"] {
        assert!(error[field].as_str().is_some_and(|text| !text.is_empty()), "{host}: {report}");
    }
    assert_eq!(report["summary"]["unreadable"], 1, "{host}");
}
