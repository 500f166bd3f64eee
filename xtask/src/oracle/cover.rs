//! `cargo x oracle cover MINOR`: what of the kubelet's validation and defaults no vector reaches.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::inputs::{self, Values};
use super::minors::Minor;
use super::{answers, build};
use crate::step::{Failure, Outcome, Step};
use crate::workspace::{Workspace, text};

/// The files whose statements count, by the end of their path.
const FILES: [&str; 6] = [
    "validation/validation.go",
    "validation/validation_linux.go",
    "validation/validation_others.go",
    "validation/validation_reserved_memory.go",
    "v1beta1/defaults.go",
    "app/options/options.go",
];

/// Builds an oracle that counts, asks it about every input, and lists the blocks that were not reached.
pub(crate) fn run(workspace: &Workspace, minor: &Minor) -> Outcome {
    let program = build::covering(workspace, minor);
    if !program.exists() {
        build::run(workspace, minor, true)?;
    }
    let data = workspace.target.join("oracle/coverage");
    if data.exists() {
        fs::remove_dir_all(&data).map_err(Failure::io("remove", &data))?;
    }
    fs::create_dir_all(&data).map_err(Failure::io("create", &data))?;
    let inputs = inputs::all(&Values::read(workspace)?);
    let directory = format!("GOCOVERDIR={}", text(&data)?);
    answers::ask(Path::new("env"), &[&directory, text(&program)?], &inputs)?;
    let profile = data.join("profile");
    Step::new("coverage", "go", &workspace.root)
        .args(["tool", "covdata", "textfmt", "-i", text(&data)?, "-o", text(&profile)?])
        .run()?;
    let profile = fs::read_to_string(&profile).map_err(Failure::io("read", &profile))?;
    report(&profile);
    Ok(())
}

/// Prints the blocks with a count of zero, and the share of statements reached in each file.
fn report(profile: &str) {
    let mut files: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for line in profile.lines() {
        // file:line.column,line.column statements count
        let mut words = line.split(' ');
        let (Some(place), Some(statements), Some(count)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Some((file, _)) = place.rsplit_once(':') else { continue };
        if !FILES.iter().any(|name| file.ends_with(name)) {
            continue;
        }
        let statements: usize = statements.parse().unwrap_or(0);
        let (reached, all) = files.entry(file).or_default();
        *all += statements;
        if count == "0" {
            println!("   {place} is not reached");
        } else {
            *reached += statements;
        }
    }
    for (file, (reached, all)) in files {
        println!("{file}: {reached} of {all} statements");
    }
}
