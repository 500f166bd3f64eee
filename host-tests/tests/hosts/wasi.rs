//! The WASI command in the wasmtime crate: its bounds.

use std::fs;

use host_tests::cases::{SEED, seed_finding};
use host_tests::command::Command;
use host_tests::wasi::Wasi;
use serde_json::Value;
use tempfile::TempDir;

const GATE_ONLY: &str = r#"{"kind":"KubeletConfiguration","apiVersion":"kubelet.config.k8s.io/v1beta1","featureGates":{"RotateKubeletServerCertificate":true}}"#;

#[test]
fn it_answers_with_findings() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("node.json"), GATE_ONLY).unwrap();
    let command = Command::new(&["check", "node.json", "--format", "json", "--basis", "both"]);
    let output = Wasi::load().unwrap().run(&command, directory.path()).unwrap();
    assert_eq!((output.code, output.stderr.as_str()), (1, ""));
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let finding = seed_finding(&report);
    assert_eq!(finding["benchmark"]["verdict"], "pass");
    assert_eq!(finding["effective"]["verdict"], "no");
    assert_eq!(finding["status"], "fail");
}

#[test]
fn it_reads_nothing_outside_what_it_was_given() {
    let (inside, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    fs::write(outside.path().join("node.json"), GATE_ONLY).unwrap();
    let path = outside.path().join("node.json").display().to_string();
    let wasi = Wasi::load().unwrap();
    for path in [path.as_str(), "../node.json", "/etc/passwd"] {
        let output = wasi.run(&Command::new(&["check", path, "--format", "json"]), inside.path()).unwrap();
        assert_eq!(output.code, 2, "{path}: {output:?}");
        let report: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(report["targets"][0]["errors"][0]["code"], "unreadable", "{path}");
    }
}

#[test]
fn fuel_bounds_it() {
    let directory = TempDir::new().unwrap();
    let command = Command { stdin: GATE_ONLY.to_owned(), ..Command::new(&["check", "-", "--control", SEED]) };
    let wasi = Wasi::load().unwrap();
    assert!(wasi.run_within(&command, directory.path(), 10_000).is_err());
    assert_eq!(wasi.run(&command, directory.path()).unwrap().code, 0);
}

#[test]
fn it_shows_fixes_and_writes_none() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("node.json");
    let text = GATE_ONLY.replace("true", "false");
    fs::write(&path, &text).unwrap();
    let wasi = Wasi::load().unwrap();
    let diff = wasi.run(&Command::new(&["check", "node.json", "--diff"]), directory.path()).unwrap();
    assert!(diff.stdout.starts_with("--- a/node.json\n+++ b/node.json\n"), "{diff:?}");
    let fix = wasi.run(&Command::new(&["check", "node.json", "--fix"]), directory.path()).unwrap();
    assert_eq!(fix.code, 2);
    assert!(fix.stderr.contains("this build cannot write files; run with --diff"), "{fix:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}
