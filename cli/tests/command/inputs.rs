//! What is named on the command line, and what becomes of it.

use kubelet_audit_cli::host::NodeAnswer;

use crate::machine::{Machine, json, machine, run};

const GOOD: &str =
    r#"{"kubeletconfig":{"serverTLSBootstrap":true,"featureGates":{"RotateKubeletServerCertificate":true}}}"#;
const BAD: &str = r#"{"kubeletconfig":{"serverTLSBootstrap":false}}"#;

/// Sources, nodes and statuses of a report.
fn told(machine: &Machine) -> Vec<(String, String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
    let targets = json(machine)["targets"].clone();
    let of = |target: &serde_json::Value| match target["errors"][0]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => text(&target["findings"][0]["status"]),
    };
    let targets = targets.as_array().unwrap();
    targets.iter().map(|target| (text(&target["source"]), text(&target["node"]), of(target))).collect()
}

fn row(source: &str, node: &str, status: &str) -> (String, String, String) {
    (source.into(), node.into(), status.into())
}

#[test]
fn every_record_is_a_target_in_the_line_where_it_stands() {
    let rows = [
        GOOD.replacen('{', r#"{"node":"a","#, 1),
        BAD.replacen('{', r#"{"name":"b","kubeletVersion":"v1.29.3-eks-1","#, 1),
        BAD.to_owned(),
        format!(r#"{{"nodeName":"d","configz":{BAD}}}"#),
        r#"{"node":{"metadata":{"name":"e"},"status":{"nodeInfo":{"kubeletVersion":"v1.30.1"}}},"error":{"message":"timed out"}}"#.to_owned(),
        r#"{"kubeletconfig":{"#.to_owned(),
        r#"{"node":"g","kubeletconfig":{},"kubeletVersion":"v9.9"}"#.to_owned(),
        r#"{"node":"h","config":{"kind":"KubeletConfiguration","apiVersion":"kubelet.config.k8s.io/v1beta1","serverTLSBootstrap":false}}"#.to_owned(),
    ];
    let text = rows.join("\n") + "\n";
    for piece in [0, 1, 5] {
        let mut machine = machine(&[("fleet.ndjson", &text)]);
        machine.piece = piece;
        assert_eq!(run(&mut machine, "fleet.ndjson --format json"), 2, "{}", machine.stdout);
        assert_eq!(
            told(&machine),
            [
                row("fleet.ndjson#1", "a", "pass"),
                row("fleet.ndjson#2", "b", "fail"),
                row("fleet.ndjson#3", "", "fail"),
                row("fleet.ndjson#4", "d", "fail"),
                row("fleet.ndjson#5", "e", "no-answer"),
                row("fleet.ndjson#6", "", "json-syntax"),
                row("fleet.ndjson#7", "g", "unsupported-version"),
                row("fleet.ndjson#8", "h", "fail"),
            ]
        );
        let report = json(&machine);
        assert_eq!(report["targets"][1]["kubelet"]["version"], "1.29");
        assert_eq!(report["summary"]["unreadable"], 3);
        // Every place lies in the file, and shows there what the report says of it.
        let lines: Vec<&str> = text.lines().collect();
        for (number, value) in [(1, "false"), (2, "false"), (3, "false"), (7, "false")] {
            let evidence = &report["targets"][number]["findings"][0]["evidence"];
            let spoken = evidence.as_array().unwrap().iter().find(|one| one["value"] == value).unwrap();
            let (source, start) = (&spoken["location"]["source"], &spoken["location"]["range"]["start"]);
            assert_eq!((source, &start["line"]), (&"fleet.ndjson".into(), &(number + 1).into()));
            let at = |name: &str| usize::try_from(start[name].as_u64().unwrap()).unwrap();
            assert!(text[at("offset")..].starts_with(value), "{number}");
            assert!(lines[number][at("column") - 1..].starts_with(value), "{number}");
        }
        let broken = &report["targets"][5]["errors"][0]["location"];
        assert_eq!(
            (&broken["source"], &broken["range"]["start"]["line"]),
            (&"fleet.ndjson".into(), &6.into())
        );
    }
}

#[test]
fn records_come_in_lists_in_rows_and_on_standard_input() {
    let list = format!("[\n  {GOOD},\n  {BAD}\n]");
    let row_of_answers = format!("{GOOD}{BAD}");
    let mut machine = machine(&[("list.json", &list), ("row", &row_of_answers)]);
    assert_eq!(run(&mut machine, "list.json row --format json"), 1);
    let statuses: Vec<_> =
        told(&machine).into_iter().map(|(source, _, status)| format!("{source} {status}")).collect();
    assert_eq!(statuses, ["list.json#1 pass", "list.json#2 fail", "row#1 pass", "row#2 fail"]);
    machine.stdin = row_of_answers.clone().into_bytes();
    assert_eq!(run(&mut machine, "- --format json"), 1);
    assert_eq!(told(&machine)[1], row("-#2", "", "fail"));
    // One answer is what it always was, but for the node that it may name.
    machine.stdin = BAD.replacen('{', r#"{"node":"a","#, 1).into_bytes();
    assert_eq!(run(&mut machine, "- --format json"), 1);
    assert_eq!(told(&machine), [row("-", "a", "fail")]);
    assert_eq!(run(&mut machine, "missing list.json --format json"), 2);
    assert_eq!(told(&machine).len(), 3);
}

#[test]
fn text_has_a_line_for_each_and_says_once_what_they_share() {
    let nodes: String =
        (1..=7).map(|n| BAD.replacen('{', &format!(r#"{{"node":"worker-{n}","#), 1) + "\n").collect();
    let text = format!("{nodes}{GOOD}\n{}\n", r#"{"node":"worker-9","error":"it timed out"}"#);
    let mut machine = machine(&[("f", &text)]);
    assert_eq!(run(&mut machine, "f"), 2);
    let want = "\
FAIL worker-1 (f#1): 1 fail
FAIL worker-2 (f#2): 1 fail
FAIL worker-3 (f#3): 1 fail
FAIL worker-4 (f#4): 1 fail
FAIL worker-5 (f#5): 1 fail
FAIL worker-6 (f#6): 1 fail
FAIL worker-7 (f#7): 1 fail
PASS f#8: 1 pass
ERROR worker-9 (f#9): not audited: node `worker-9` did not answer: it timed out

ERROR not audited [no-answer]
  1 of 9 targets: worker-9
  Cause:   it timed out

FAIL 3.2.9 Serving certificates are not rotated
  benchmark fail · effective no
  7 of 9 targets: worker-1, worker-2, worker-3, worker-4, worker-5 and 2 more
";
    assert!(machine.stdout.starts_with(want), "{}", machine.stdout);
    assert!(
        machine.stdout.ends_with("\n\n9 targets, 8 checks: 1 unreadable, 7 fail, 1 pass\n"),
        "{}",
        machine.stdout
    );
    // Whoever asks for more gets every node in full, with its line.
    assert_eq!(run(&mut machine, "f -v"), 2);
    assert!(machine.stdout.contains("--> f:3:"), "{}", machine.stdout);
    assert!(machine.stdout.contains("  3 | {\"node\":\"worker-3\""), "{}", machine.stdout);
    assert_eq!(run(&mut machine, "f -q"), 2);
    assert_eq!(machine.stdout.lines().count(), 8, "{}", machine.stdout);
    assert_eq!(run(&mut machine, "f --format ndjson"), 2);
    for (number, line) in machine.stdout.lines().enumerate() {
        let target: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(target["source"], format!("f#{}", number + 1));
    }
    assert_eq!(run(&mut machine, "f --format json"), 2);
    let groups = json(&machine)["summary"]["groups"].clone();
    assert_eq!((&groups[0]["targets"], &groups[1]["targets"]), (&1.into(), &7.into()));
    assert_eq!(groups[1]["control"], "rotate-kubelet-server-certificate");
    let compact = json(&machine);
    assert_eq!(run(&mut machine, "f --format json-pretty"), 2);
    assert_eq!(json(&machine), compact);
}

#[test]
fn directories_are_walked_for_what_looks_like_a_configuration() {
    let plain = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    let broken = "kind: KubeletConfiguration\n  x: [";
    let two = format!("{GOOD}\n{BAD}\n");
    let mut machine = machine(&[
        ("d/b.yaml", plain),
        ("d/a.json", GOOD),
        ("d/README.md", plain),
        ("d/pod.yml", "kind: Pod\n"),
        ("d/sub/broken.yaml", broken),
        ("d/sub/fleet.ndjson", &two),
        ("d/sub/x/10.conf", plain),
        ("d/sub/x/other.json", r#"{"metadata": 1}"#),
        ("e/pod.yml", "kind: Pod\n"),
    ]);
    assert_eq!(run(&mut machine, "d/ --format json --verbose"), 2);
    let sources: Vec<_> = told(&machine).into_iter().map(|(source, ..)| source).collect();
    assert_eq!(
        sources,
        [
            "d/a.json",
            "d/b.yaml",
            "d/sub/broken.yaml",
            "d/sub/fleet.ndjson#1",
            "d/sub/fleet.ndjson#2",
            "d/sub/x/10.conf"
        ]
    );
    let skipped: Vec<_> = machine.stderr.lines().filter_map(|line| line.split(": ").nth(1)).collect();
    assert_eq!(skipped, ["d/README.md", "d/pod.yml", "d/sub/x/other.json"]);
    assert_eq!(run(&mut machine, "d --format json"), 2);
    assert_eq!(machine.stderr, "note: 3 files without kubelet settings passed over (--verbose lists them)\n");
    // Nothing there is nothing to audit; with something else it is no matter.
    assert_eq!(run(&mut machine, "e"), 3);
    assert_eq!(machine.stdout, "nothing to audit\n");
    assert!(machine.stderr.contains("no kubelet configuration found"), "{}", machine.stderr);
    assert_eq!(run(&mut machine, "e d/a.json"), 0);
}

#[test]
fn excluded_files_are_skipped_in_directories_alone() {
    let mut machine =
        machine(&[("d/a.json", GOOD), ("d/b.json", BAD), ("d/old/c.json", BAD), ("d/new/d.json", GOOD)]);
    assert_eq!(run(&mut machine, "d --format json"), 1);
    assert_eq!(run(&mut machine, "d --exclude b.json --exclude d/old --verbose --format json"), 0);
    assert_eq!(told(&machine).len(), 2);
    assert_eq!(machine.stderr, "skipped: d/b.json: excluded\nskipped: d/old: excluded\n");
    assert_eq!(run(&mut machine, "d --exclude **/[bc].json"), 0);
    assert_eq!(run(&mut machine, "d/b.json --exclude b.json"), 1);
    assert_eq!(run(&mut machine, "d --exclude [b"), 2);
}

#[test]
fn live_nodes_are_asked_through_the_host() {
    let answer = |name: &str, version: &str, answer: Result<&str, &str>| NodeAnswer {
        name: name.into(),
        version: Some(version.into()),
        answer: answer.map(str::to_owned).map_err(str::to_owned),
    };
    let nodes = || {
        [
            answer("a", "v1.31.2", Ok(GOOD)),
            answer("b", "v1.31.2", Ok(BAD)),
            answer("c", "v1.31.2", Err("it did not answer within 30 s (asked 3 times)")),
            answer("d", "v1.31.2", Ok("<html>")),
        ]
    };
    let mut machine = machine(&[]);
    machine.nodes = nodes().into();
    assert_eq!(run(&mut machine, "--all-nodes --selector pool=web --context c --timeout 5 --format json"), 2);
    assert_eq!(
        told(&machine),
        [
            row("nodes/a", "a", "pass"),
            row("nodes/b", "b", "fail"),
            row("nodes/c", "c", "no-answer"),
            row("nodes/d", "d", "no-kubelet"),
        ]
    );
    assert_eq!(json(&machine)["targets"][0]["kubelet"]["version"], "1.31");
    let asked = machine.asked.take().unwrap();
    assert_eq!(
        (asked.all, asked.selector.as_deref(), asked.context.as_deref()),
        (true, Some("pool=web"), Some("c"))
    );
    assert_eq!((asked.timeout, asked.concurrency, asked.retries), (5, 8, 2));
    machine.nodes = nodes().into();
    assert_eq!(run(&mut machine, "--live a --live b --kubelet-version 1.30 --format json"), 2);
    assert_eq!(machine.asked.take().unwrap().names, ["a", "b"]);
    assert_eq!(json(&machine)["targets"][0]["kubelet"]["version"], "1.30");
    // A host without kubectl says what to do instead.
    machine.nodes.clear();
    assert_eq!(run(&mut machine, "--all-nodes"), 2);
    assert!(machine.stdout.contains("pipe the output of kubectl: kubectl get --raw"), "{}", machine.stdout);
    for wrong in [
        "--context c",
        "--timeout 5 a",
        "--live a --all-nodes",
        "--live a --concurrency 0",
        "--all-nodes --retries x",
    ] {
        assert_eq!(run(&mut machine, wrong), 2, "{wrong}");
        assert!(machine.stdout.is_empty() && machine.stderr.starts_with("error: "), "{wrong}");
    }
}

#[test]
fn values_that_differ_everywhere_do_not_fill_the_summary() {
    let text: String = (0..500)
        .map(|n| format!(r#"{{"node":"n{n}","kubeletconfig":{{"eventRecordQPS":{}}}}}"#, n + 1) + "\n")
        .collect();
    let mut machine = machine(&[("f", &text)]);
    assert_eq!(run(&mut machine, "f --control event-qps --format json"), 1);
    let report = json(&machine);
    let groups = report["summary"]["groups"].as_array().unwrap();
    assert!((2..=50).contains(&groups.len()), "{}", groups.len());
    let sum: u64 = groups.iter().map(|group| group["targets"].as_u64().unwrap()).sum();
    assert_eq!(
        sum,
        report["summary"]["fail"].as_u64().unwrap() + report["summary"]["manual"].as_u64().unwrap()
    );
    assert!(groups.iter().all(|group| group["examples"].as_array().unwrap().len() <= 5));
}

#[test]
fn effective_shows_one_record_and_no_more() {
    let two = format!("{GOOD}\n{BAD}\n");
    let mut machine = machine(&[("two", &two), ("one.ndjson", BAD), ("d/one.json", BAD)]);
    for (line, code) in [("two", 2), ("one.ndjson", 0), ("d", 0), ("--args=--v=2", 0)] {
        assert_eq!(run(&mut machine, &format!("effective {line}")), code, "{line}");
        assert_eq!(machine.stderr.is_empty(), code == 0, "{}", machine.stderr);
    }
}
