//! The command line as people type it: `transcripts/*.json`, run natively, in Node and by wasmtime.
//! `js/tests/transcripts.test.js` is their other reader; it says how they are written.

use std::fs;
use std::path::Path;

use host_tests::command::{Command, Output, Program};
use host_tests::place;
use serde_json::Value;
use tempfile::TempDir;

/// A text as transcripts have it: its lines.
fn lines(value: &Value) -> String {
    let lines: Vec<&str> = value.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    lines.join("\n")
}

fn run(transcript: &Value, program: &Program, name: &str) {
    let directory = TempDir::new().unwrap();
    let copied = transcript["examples"].as_array().into_iter().flatten();
    for example in copied.map(|example| example.as_str().unwrap()) {
        fs::copy(place::root().join("examples").join(example), directory.path().join(example)).unwrap();
    }
    let files = transcript["files"].as_object().into_iter().flatten();
    let command = Command {
        args: transcript["args"]
            .as_array()
            .unwrap()
            .iter()
            .map(|arg| arg.as_str().unwrap().to_owned())
            .collect(),
        stdin: transcript["stdin"].as_str().unwrap_or("").to_owned(),
        files: files.map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned())).collect(),
    };
    command.write_files(directory.path());
    let want = Output {
        stdout: lines(&transcript["stdout"]),
        stderr: lines(&transcript["stderr"]),
        code: i32::try_from(transcript["code"].as_i64().unwrap()).unwrap(),
    };
    assert_eq!(command.run(program, directory.path()), want, "{name} in {}", program.path.display());
    for (file, text) in transcript["written"].as_object().into_iter().flatten() {
        let made = fs::read_to_string(Path::new(directory.path()).join(file)).unwrap();
        assert_eq!(made, lines(text), "{name} in {}: {file}", program.path.display());
    }
}

#[test]
fn every_host_prints_what_was_written_down() {
    let programs = [Program::native(), Program::node(), Program::wasmtime(), Program::node_wasi()];
    let mut names: Vec<_> = fs::read_dir(place::root().join("host-tests/transcripts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    names.sort();
    assert!(!names.is_empty());
    for path in &names {
        let transcript = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        programs.iter().for_each(|program| run(&transcript, program, &name));
    }
    println!("{} transcripts come out as written in {} hosts", names.len(), programs.len());
}
