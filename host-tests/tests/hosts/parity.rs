//! The same cases give the same bytes in every host.

use host_tests::cases::{self, Case};
use host_tests::command::Program;
use host_tests::matrix::{Cell, Matrix};
use host_tests::node::Node;
use host_tests::raw::{MEMORY, Raw};
use host_tests::transcripts::{self, Transcript};
use host_tests::wasi::Wasi;
use tempfile::TempDir;

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

/// The library's doors.
#[test]
fn the_library_answers_alike() {
    let mut raw = Raw::load().unwrap().instance(MEMORY).unwrap();
    let mut node = Node::start().unwrap();
    let mut matrix = Matrix::new(&["wasmtime raw", "Node"]);
    for case in cases::all() {
        let native = kubelet_audit::audit_json(&case.request.to_string());
        let from_raw = raw.answer(case.request.to_string().as_bytes()).unwrap();
        let in_node = match node.answer(&case.request).unwrap() {
            Ok(report) => cell(&native, &report, &case.name, "Node"),
            // The wrapper refuses what is not a request by its type, before it is asked.
            Err(code) => {
                assert_eq!(code, "invalid-argument", "{}", case.name);
                assert!(!case.request.is_object(), "{}", case.name);
                Cell::NotAsked
            }
        };
        matrix.row(&case.name, vec![cell(&native, &from_raw, &case.name, "raw"), in_node]);
    }
    println!("\nthe library, compared with the native one\n{matrix}");
    assert_eq!(matrix.count(Cell::Different), 0);
}

/// The command, and that it says what the library says.
#[test]
fn the_command_answers_alike() {
    let wasi = Wasi::load().unwrap();
    let native = Program::native();
    let node = Program::node();
    let wasmtime = Program::wasmtime();
    if wasmtime.is_none() {
        println!("left out: `wasmtime run` for every case; no wasmtime command found (WASMTIME names one)");
    }
    let mut matrix = Matrix::new(&["native command", "Node", "wasmtime crate", "wasmtime run"]);
    for case in cases::all() {
        let Case { name, .. } = &case;
        let Some((command, request)) = case.command() else {
            matrix.row(name, vec![Cell::NotAsked; 4]);
            continue;
        };
        let directory = TempDir::new().unwrap();
        command.write_files(directory.path());
        let library = kubelet_audit::audit_json(&request.to_string()) + "\n";

        let expected = command.run(&native, directory.path());
        let others = [
            ("Node", Some(command.run(&node, directory.path()))),
            ("wasmtime crate", Some(wasi.run(&command, directory.path()).unwrap())),
            ("wasmtime run", wasmtime.as_ref().map(|program| command.run(program, directory.path()))),
        ];
        // The command has bytes where the library has text: it refuses some inputs before they are one.
        let refused = case.expect.get("errors").is_some()
            && [&library, &expected.stdout].iter().all(|report| report.contains("\"unreadable\":1"));
        let mut cells = vec![match refused && library != expected.stdout {
            true => Cell::Refused,
            false => cell(&library, &expected.stdout, name, "native command"),
        }];
        for (host, output) in others {
            cells.push(match output {
                Some(output) => {
                    assert_eq!(output.code, expected.code, "{name}, {host}: {}", output.stderr);
                    assert_eq!(output.stderr, expected.stderr, "{name}, {host}");
                    cell(&expected.stdout, &output.stdout, name, host)
                }
                None => Cell::NotAsked,
            });
        }
        matrix.row(name, cells);
    }
    println!("\nthe command: native compared with the library, the others with native\n{matrix}");
    assert_eq!(matrix.count(Cell::Different), 0);
}

/// What people type: text for people, standard input, several files, a fleet, help, mistakes.
#[test]
fn transcripts_are_alike() {
    let wasi = Wasi::load().unwrap();
    let hosts = [Some(Program::native()), Some(Program::node()), Program::wasmtime()];
    let directory = TempDir::new().unwrap();
    let runs = transcripts::all(directory.path());
    for run in &runs {
        let Transcript { command, .. } = run;
        let outputs: Vec<_> =
            hosts.iter().flatten().map(|program| command.run(program, directory.path())).collect();
        let expected = &outputs[0];
        assert!(run.agrees(expected), "{:?}: {expected:?}", command.args);
        let in_crate = wasi.run(command, directory.path()).unwrap();
        for output in outputs.iter().skip(1).chain([&in_crate]) {
            assert_eq!(output, expected, "{:?}", command.args);
        }
    }
    println!("{} transcripts are alike in {} hosts", runs.len(), hosts.iter().flatten().count() + 1);
}
