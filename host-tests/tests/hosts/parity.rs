//! The same cases give the same bytes in every host.

use std::fs;

use host_tests::cases::{self, Case};
use host_tests::command::Program;
use host_tests::hosts::{Answer, Host};
use host_tests::kubewarden::Kubewarden;
use host_tests::matrix::{Cell, Matrix};
use host_tests::raw::MEMORY;
use host_tests::same;
use host_tests::wasi::Wasi;
use serde_json::Value;
use tempfile::TempDir;

use crate::kubewarden::follows;

fn cell(expected: &str, got: &str, name: &str, host: &str) -> Cell {
    if expected == got {
        return Cell::Same;
    }
    let at = expected.bytes().zip(got.bytes()).take_while(|(left, right)| left == right).count();
    let around = |text: &str| {
        String::from_utf8_lossy(text.as_bytes().get(at.saturating_sub(60)..).unwrap_or_default())
            .chars()
            .take(160)
            .collect::<String>()
    };
    println!("{name}, {host}, byte {at}:\n  native {}\n  here   {}", around(expected), around(got));
    Cell::Different
}

/// One golden set of requests through every form and every host.
#[test]
fn every_host_answers_alike() {
    let mut hosts = Host::all().unwrap();
    let policy = Kubewarden::load(MEMORY).unwrap();
    let mut names: Vec<_> = hosts.iter().map(|host| host.name).collect();
    names.push("Kubewarden");
    let mut matrix = Matrix::new(&names);
    for case in cases::all() {
        let native = kubelet_audit::audit_json(&case.request.to_string()).unwrap();
        let cells = hosts.iter_mut().map(|host| {
            let name = host.name;
            match host.answer(&case.request).unwrap_or_else(|error| panic!("{}, {name}: {error}", case.name))
            {
                Answer::Text(report) => cell(&native, &report, &case.name, name),
                Answer::Value(report) => {
                    let expected: Value = serde_json::from_str(&native).unwrap();
                    match same::canonically(&expected, &report) {
                        true => Cell::Equal,
                        false => cell(&expected.to_string(), &report.to_string(), &case.name, name),
                    }
                }
                // The npm package rejects requests of the wrong type before they reach the module.
                Answer::Refused(code) => {
                    assert_eq!((name, code.as_str()), ("npm", "invalid-argument"), "{}", case.name);
                    assert!(!case.request.is_object(), "{}", case.name);
                    Cell::Unsupported
                }
                Answer::Unsupported => Cell::Unsupported,
            }
        });
        let mut cells: Vec<_> = cells.collect();
        let report: Value = serde_json::from_str(&native).unwrap();
        let decision = policy.decides(&case.request).unwrap();
        cells.push(match follows(&report, &decision) {
            Ok(()) => Cell::Follows,
            Err(_) if case.is_bad_request() && decision["accepted"] == false => Cell::Refused,
            Err(reason) => {
                println!("{}, Kubewarden: {reason}", case.name);
                Cell::Different
            }
        });
        matrix.row(&case.name, cells);
    }
    println!("\nevery host, compared with the native library\n{matrix}");
    assert_eq!(matrix.count(Cell::Different), 0);
}

/// The command, and that it says what the library says.
#[test]
fn the_command_answers_alike() {
    let wasi = Wasi::load().unwrap();
    let native = Program::native();
    let node = Program::node();
    let (wasmtime, node_wasi) = (Program::wasmtime(), Program::node_wasi());
    let mut matrix = Matrix::new(&["native command", "Node", "wasmtime crate", "wasmtime run", "node:wasi"]);
    for case in cases::all() {
        let Case { name, .. } = &case;
        let Some((command, request)) = case.command() else {
            matrix.row(name, vec![Cell::Unsupported; 5]);
            continue;
        };
        let directory = TempDir::new().unwrap();
        command.write_files(directory.path());
        let library = kubelet_audit::audit_json(&request.to_string()).unwrap() + "\n";

        let expected = command.run(&native, directory.path());
        let others = [
            ("Node", command.run(&node, directory.path())),
            ("wasmtime crate", wasi.run(&command, directory.path()).unwrap()),
            ("wasmtime run", command.run(&wasmtime, directory.path())),
            ("node:wasi", command.run(&node_wasi, directory.path())),
        ];
        // The command reads bytes, so it rejects some inputs before they are text.
        let refused = case.expect.get("errors").is_some()
            && [&library, &expected.stdout].iter().all(|report| report.contains("\"unreadable\":1"));
        let mut cells = vec![match refused && library != expected.stdout {
            true => Cell::Refused,
            false => cell(&library, &expected.stdout, name, "native command"),
        }];
        for (host, output) in others {
            assert_eq!(output.code, expected.code, "{name}, {host}: {}", output.stderr);
            assert_eq!(output.stderr, expected.stderr, "{name}, {host}");
            cells.push(cell(&expected.stdout, &output.stdout, name, host));
        }
        matrix.row(name, cells);
    }
    println!("\nthe command: native compared with the library, the others with native\n{matrix}");
    assert_eq!(matrix.count(Cell::Different), 0);
}

/// What people type: text for people, standard input, several files, help, mistakes.
#[test]
fn transcripts_are_alike() {
    use host_tests::command::Command;

    let wasi = Wasi::load().unwrap();
    let hosts = [Program::native(), Program::node(), Program::wasmtime(), Program::node_wasi()];
    let examples = host_tests::place::root().join("examples");
    let directory = TempDir::new().unwrap();
    for entry in fs::read_dir(examples).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), directory.path().join(entry.file_name())).unwrap();
    }
    fs::write(directory.path().join("binary"), b"\x7fELF\x02\0\0").unwrap();
    fs::write(directory.path().join("latin1.yaml"), b"kind: KubeletConfiguration\n# caf\xE9\n").unwrap();
    fs::create_dir(directory.path().join("empty.d")).unwrap();
    let dump = r#"{"kubeletconfig": {"serverTLSBootstrap": true}}"#;
    let runs: &[(&[&str], &str)] = &[
        (&[], ""),
        (&["--help"], ""),
        (&["--version"], ""),
        (&["check", "--help"], ""),
        (&["effective", "--help"], ""),
        (&["chekc"], ""),
        (&["check", "--no-such-option"], ""),
        (&["check"], ""),
        (&["check", "missing.json"], ""),
        (&["check", "empty.d"], ""),
        (&["check", "binary"], ""),
        (&["check", "latin1.yaml"], ""),
        (&["check", "latin1.yaml", "--format", "json"], ""),
        (&["check", "-"], dump),
        (&["check", "-", "--format", "json"], dump),
        (&["check", "-", "--format", "json-pretty"], dump),
        (&["check", "-"], ""),
        (&["check", "aks-rotation-off.json"], ""),
        (&["check", "aks-rotation-off.json", "--basis", "both", "--verbose"], ""),
        (&["check", "aks-rotation-off.json", "--color", "always"], ""),
        (&["check", "aks-rotation-off.json", "--quiet"], ""),
        (&["check", "aks-rotation-off.json", "missing.json", "binary", "--format", "json"], ""),
        (&["check", "aks-rotation-off.json", "--config-dir", "empty.d"], ""),
        (&["check", "aks-rotation-off.json", "--config-dir", "missing.d"], ""),
        (&["check", "aks-rotation-off.json", "--config-dir", "binary"], ""),
        (&["check", "aks-rotation-off.json", "--drop-in", "missing.conf"], ""),
        (&["check", "aks-rotation-off.json", "--args-from", "-"], "kubelet --feature-gates=A=true\n"),
        (&["check", "aks-rotation-off.json", "--kubelet-version", "9.9"], ""),
        (&["check", "kubeadm.yaml", "--diff"], ""),
        (&["check", "kubeadm.yaml", "--diff", "--unsafe-fixes", "--kubelet-version", "1.34"], ""),
        (&["check", "aks-rotation-off.json", "rotation-on.yaml", "--diff", "--unsafe-fixes"], ""),
        (&["check", "kubeadm.yaml", "--config-dir", "empty.d", "--diff", "--fix-route", "drop-in"], ""),
        (&["check", "kubeadm.yaml", "--args-from", "-", "--diff"], "kubelet --read-only-port=10255\n"),
        (&["check", "kubeadm.yaml", "--with-fixes", "--format", "json"], ""),
        (&["check", "-", "--diff", "--unsafe-fixes"], dump),
        (&["effective", "aks-rotation-off.json"], ""),
        (&["effective", "aks-rotation-off.json", "--format", "json"], ""),
    ];
    for (args, stdin) in runs {
        let command = Command { stdin: (*stdin).to_owned(), ..Command::new(args) };
        let outputs: Vec<_> = hosts.iter().map(|program| command.run(program, directory.path())).collect();
        let expected = &outputs[0];
        assert!([0, 1, 2, 3].contains(&expected.code), "{args:?}: {expected:?}");
        let in_crate = wasi.run(&command, directory.path()).unwrap();
        for output in outputs.iter().skip(1).chain([&in_crate]) {
            assert_eq!(output, expected, "{args:?}");
        }
    }
    println!("{} transcripts are alike in {} hosts", runs.len(), hosts.len() + 1);
}
