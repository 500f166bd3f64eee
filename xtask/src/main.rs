//! `cargo x`: the entry point of the build tool.
//!
//! The crate is small, so that the first `cargo x demo` on a fresh machine is quick. Heavy parts
//! (wasm-bindgen's generator, wasmtime) are separate crates, built when they are needed.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a build tool talks to its terminal")]

mod again;
mod artifacts;
mod check;
mod demo;
mod editions;
mod flags;
mod generate;
mod kubelet_tables;
mod links;
mod new_control;
mod npm;
mod oracle;
mod pages;
mod plugins;
mod recipes;
mod reference;
mod setup;
mod step;
mod test;
mod wasm;
mod wording;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use lexopt::ValueExt as _;
use lexopt::prelude::{Long, Short, Value};

use crate::step::Outcome;
use crate::workspace::Workspace;

const HELP: &str = "\
cargo x demo                   audit an example node
cargo x build                  build the npm package and the plugins into pkg/
cargo x test                   run all checks and tests
cargo x test --fast            skip slow tests: wasmtime, other runtimes, bundlers, browser, wasm-pack, second build
cargo x check                  check format, lints, documentation and lock files
cargo x check recipes [NAME]   follow the recipes in docs/recipes/, or one of them, as written
cargo x check wording BASE     compare reports with those of revision BASE; only their prose may differ
cargo x gen                    write all generated files that are committed
cargo x new-control SLUG       create the file of a new control and register it
cargo x vectors FILE...        compare our results with those of the kubelet's own code
cargo x oracle                 run the kubelet's own code as an oracle; requires Go, see docs/oracle.md

Each task lists what it needs to install before it installs it.
";

enum Task {
    Help,
    Demo,
    Build,
    Test { fast: bool },
    Check,
    Recipes(Option<String>),
    Wording(String),
    Generate,
    NewControl(String),
    Vectors(Vec<OsString>),
    Oracle(Vec<String>),
}

fn parse() -> Result<Task, lexopt::Error> {
    let mut task = None;
    let mut fast = false;
    let mut files = Vec::new();
    let mut slug = None;
    let mut words = Vec::new();
    let mut check = Vec::new();
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Task::Help),
            Long("fast") => fast = true,
            Value(name) if task.is_none() => task = Some(name),
            Value(file) if task.as_deref() == Some("vectors".as_ref()) => files.push(file),
            Value(word) if task.as_deref() == Some("oracle".as_ref()) => words.push(word.string()?),
            Value(name) if task.as_deref() == Some("new-control".as_ref()) && slug.is_none() => {
                slug = Some(name.string()?);
            }
            Value(word) if task.as_deref() == Some("check".as_ref()) => check.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match (task.as_ref().and_then(|name| name.to_str()), fast) {
        (None | Some("help"), false) => Ok(Task::Help),
        (Some("demo"), false) => Ok(Task::Demo),
        (Some("build"), false) => Ok(Task::Build),
        (Some("check"), false) => match check.as_slice() {
            [] => Ok(Task::Check),
            [part] if part == "recipes" => Ok(Task::Recipes(None)),
            [part, name] if part == "recipes" => Ok(Task::Recipes(Some(name.clone()))),
            [part, base] if part == "wording" => Ok(Task::Wording(base.clone())),
            _ => Err(
                "expected `cargo x check`, `cargo x check recipes [NAME]` or `cargo x check wording BASE`"
                    .into(),
            ),
        },
        (Some("gen"), false) => Ok(Task::Generate),
        (Some("new-control"), false) => {
            slug.map(Task::NewControl).ok_or_else(|| "name the control's slug".into())
        }
        (Some("vectors"), false) => Ok(Task::Vectors(files)),
        (Some("oracle"), false) => Ok(Task::Oracle(words)),
        (Some("test"), fast) => Ok(Task::Test { fast }),
        (_, true) => Err("--fast belongs to `cargo x test`".into()),
        (Some(name), false) => Err(format!("unknown task {name:?}").into()),
    }
}

fn run(task: &Task) -> Outcome {
    if matches!(task, Task::Help) {
        print!("{HELP}");
        return Ok(());
    }
    let workspace = Workspace::find()?;
    match task {
        Task::Help => Ok(()),
        Task::Demo => demo::run(&workspace),
        Task::Build => artifacts::run(&workspace),
        Task::Test { fast } => test::run(&workspace, *fast),
        Task::Check => check::run(&workspace),
        Task::Recipes(name) => recipes::run(&workspace, name.as_deref()),
        Task::Wording(base) => wording::run(&workspace, base),
        Task::Generate => generate::write(&workspace),
        Task::NewControl(slug) => {
            let said = new_control::run(&workspace.root, slug).map_err(step::Failure::new)?;
            said.iter().for_each(|line| println!("{line}"));
            Ok(())
        }
        Task::Vectors(files) => demo::vectors(&workspace, files),
        Task::Oracle(words) => oracle::run(&workspace, words),
    }
}

fn main() -> ExitCode {
    let task = match parse() {
        Ok(task) => task,
        Err(error) => {
            eprint!("cargo x: {error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(&task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\ncargo x: FAILED: {}", failure.message);
            if let Some(fix) = failure.fix {
                eprintln!("How to fix: {fix}");
            }
            ExitCode::FAILURE
        }
    }
}
