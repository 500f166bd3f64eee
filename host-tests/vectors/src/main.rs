//! `cargo x vectors FILE...`: says where our reading of inputs differs from the kubelet's own.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool talks to its terminal")]

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let tally = match vectors::run(&files) {
        Ok(tally) => tally,
        Err(error) => {
            eprintln!("vectors: {error}");
            return ExitCode::from(2);
        }
    };
    for d in &tally.disagreements {
        println!("{} {} {}: expected {}, got {}", d.id, d.version, d.field, d.expected, d.got);
    }
    println!("agree {} of {}", tally.agree, tally.total);
    if tally.agree == tally.total { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
