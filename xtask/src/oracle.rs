//! `cargo x oracle ...`: the kubelet's own code as an oracle, one program for each minor of Kubernetes.
//!
//! docs/oracle.md says how it works. Nothing of it is needed by the other tasks: what Go makes is
//! committed.

mod answers;
mod build;
mod compare;
mod cover;
mod fuzz;
mod gomod;
mod inputs;
mod minors;
mod stack;
mod tables;
mod values;
mod vectors;

pub(crate) use tables::read as read_table;

use std::fs;
use std::path::PathBuf;

use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

pub(crate) const HELP: &str = "\
cargo x oracle build MINOR|all    build the oracle of a minor, from Kubernetes' own modules (needs Go)
cargo x oracle tables             write what each minor's kubelet registers, into oracle/tables
cargo x oracle vectors            ask every oracle about our inputs, for host-tests/vectors/oracle.jsonl
cargo x oracle compare FILE       compare the oracles with the vectors in a file
cargo x oracle cover MINOR...     list what of validation and start-up the vectors do not reach
cargo x oracle fuzz MINUTES [MINOR...]  compare our reading with the oracles' on random inputs
";

/// Runs what the words after `oracle` ask for.
pub(crate) fn run(workspace: &Workspace, words: &[String]) -> Outcome {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    fs::create_dir_all(workspace.target.join("oracle/bin"))
        .map_err(Failure::io("create", &workspace.target.join("oracle/bin")))?;
    match words.as_slice() {
        ["build", "all"] => {
            minors::all(workspace)?.iter().try_for_each(|minor| build::run(workspace, minor, false))
        }
        ["build", name] => build::run(workspace, &minors::one(workspace, name)?, false),
        ["tables"] => tables::run(workspace),
        ["vectors"] => vectors::run(workspace),
        ["compare", file] => compare::run(workspace, &PathBuf::from(file)),
        ["cover", names @ ..] if !names.is_empty() => {
            let minors: Vec<_> =
                names.iter().map(|name| minors::one(workspace, name)).collect::<Outcome<_>>()?;
            cover::run(workspace, &minors)
        }
        ["fuzz", minutes, names @ ..] => {
            let minutes = minutes.parse().map_err(|_| Failure::new(format!("{minutes:?} is no number")))?;
            fuzz::run(workspace, minutes, names)
        }
        _ => Err(Failure::new(format!("what of the oracle?\n\n{HELP}"))),
    }
}

/// The minors whose oracle was built, oldest first.
fn built(workspace: &Workspace) -> Outcome<Vec<minors::Minor>> {
    let mut minors = minors::all(workspace)?;
    minors.retain(|minor| build::program(workspace, minor).exists());
    match minors.is_empty() {
        true => Err(Failure::new("no oracle was built").fix("cargo x oracle build all")),
        false => Ok(minors),
    }
}

/// Names minors: 25, 26, 27 and 29 are `1.25-1.27,1.29`.
fn ranges(minors: &[u16]) -> String {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for &minor in minors {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == minor => *last = minor,
            _ => runs.push((minor, minor)),
        }
    }
    let named = runs.iter().map(|(first, last)| match first == last {
        true => format!("1.{first}"),
        false => format!("1.{first}-1.{last}"),
    });
    named.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    #[test]
    fn minors_are_named_by_their_runs() {
        assert_eq!(super::ranges(&[25, 26, 27, 29, 36, 37]), "1.25-1.27,1.29,1.36-1.37");
        assert_eq!(super::ranges(&[]), "");
    }
}
