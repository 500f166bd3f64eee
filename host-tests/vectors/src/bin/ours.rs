//! `ours MINOR GATES`: our reading of inputs, in the form in which the oracle answers (docs/oracle.md).
//! GATES is oracle/tables/gates.json, for the names of the gates.
//!
//! It reads inputs as JSON lines and writes a line for each: what `cargo x oracle fuzz` compares.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool talks to its terminal")]

use std::fs;
use std::io::{BufRead, stdin};
use std::process::ExitCode;

use kubelet_audit::kubelet::Version;
use serde_json::{Map, Value};

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ours: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<(), String> {
    let [minor, gates] = args else { return Err("expected a minor and the table of gates".into()) };
    let version = Version::parse(minor).ok_or_else(|| format!("{minor:?} is no minor"))?;
    let gates = fs::read_to_string(gates).map_err(|error| format!("{gates}: {error}"))?;
    let gates: Map<String, Value> = serde_json::from_str(&gates).map_err(|error| error.to_string())?;
    let gates = vectors::known_gates(&gates.keys().cloned().collect::<Vec<_>>(), version);
    for line in stdin().lock().lines() {
        let line = line.map_err(|error| error.to_string())?;
        let input: Value = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        println!("{}", vectors::answer(&input, version, &gates)?);
    }
    Ok(())
}
