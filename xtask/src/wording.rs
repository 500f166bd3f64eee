//! `cargo x check wording BASE`: a change of wording changes nothing but wording.
//!
//! The command of revision BASE and the present one audit every input in the repository. Their reports must
//! be equal once the members that hold prose are set aside.

mod difference;
mod inputs;
mod prose;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::step::{Failure, Outcome, Step};
use crate::workspace::Workspace;

use difference::Difference;
use inputs::Run;
use prose::Prose;

/// Differences that are printed; all are counted.
const SHOWN: usize = 20;

pub(crate) fn run(workspace: &Workspace, base: &str) -> Outcome {
    let directory = workspace.target.join("wording");
    fs::create_dir_all(&directory).map_err(Failure::io("create", &directory))?;
    let before = build_base(workspace, &directory, base)?;
    workspace.cargo("cargo build, the working tree").args(BUILD).run()?;
    let after = workspace.native("kubelet-audit");

    let inputs = directory.join("inputs");
    let runs = inputs::write(&workspace.root, &inputs).map_err(Failure::new)?;
    let prose = Prose::of(&schema(&before, &inputs)?, &schema(&after, &inputs)?).map_err(Failure::new)?;
    println!("\n── {} runs of each command", runs.len());
    let pair = Pair { before: &before, after: &after, directory: &inputs, prose: &prose };
    let tally = pair.compare_all(&runs)?;
    tally.print();
    match (tally.differences.is_empty(), tally.reports) {
        (_, 0) => Err(Failure::new("no run produced a report")),
        (true, _) => {
            println!("\ncargo x check wording: ok, nothing but prose differs from {base}");
            Ok(())
        }
        (false, _) => {
            Err(Failure::new(format!("{} differences that are not prose", tally.differences.len())))
        }
    }
}

const BUILD: [&str; 4] = ["build", "--quiet", "--bin", "kubelet-audit"];

/// Builds the command as it was. A clone that shares the objects of this one leaves no entry in `git worktree
/// list` when `target` is deleted, and keeps its build for the next run.
fn build_base(workspace: &Workspace, directory: &Path, base: &str) -> Outcome<PathBuf> {
    let git = |title: &str, root: &Path| Step::new(title, "git", root);
    let commit = git("git rev-parse", &workspace.root)
        .args(["rev-parse", "--verify", "--end-of-options", &format!("{base}^{{commit}}")])
        .output()?;
    let clone = directory.join("base");
    if !clone.join(".git").exists() {
        git("git clone, to build BASE from", &workspace.root)
            .args(["clone", "--quiet", "--shared", "--no-checkout", "."])
            .args([&clone])
            .run()?;
    }
    git("git checkout BASE", &clone)
        .args(["checkout", "--quiet", "--force", "--detach", commit.trim()])
        .run()?;
    let target = directory.join("base-target");
    let title = format!("cargo build, {base}");
    workspace.cargo(title).directory(&clone).args(BUILD).env("CARGO_TARGET_DIR", &target).run()?;
    Ok(Workspace { target, ..workspace.clone() }.native("kubelet-audit"))
}

fn schema(command: &Path, directory: &Path) -> Outcome<Value> {
    let printed = Step::new("schema report", command, directory).args(["schema", "report"]).output()?;
    serde_json::from_str(&printed).map_err(|error| Failure::new(format!("the report's schema: {error}")))
}

/// What one run printed.
#[derive(PartialEq)]
struct Answer {
    code: Option<i32>,
    /// The report, as text; for usage errors, which go to standard error, it is empty.
    output: Vec<u8>,
}

impl Answer {
    /// Null where there is no report.
    fn report(&self) -> Value {
        serde_json::from_slice(&self.output).unwrap_or_default()
    }
}

/// The two commands.
struct Pair<'a> {
    before: &'a Path,
    after: &'a Path,
    directory: &'a Path,
    prose: &'a Prose,
}

#[derive(Default)]
struct Tally {
    runs: usize,
    reports: usize,
    reworded: usize,
    /// Each with the arguments of its run.
    differences: Vec<(String, Difference)>,
}

impl Pair<'_> {
    fn compare_all(&self, runs: &[Run]) -> Outcome<Tally> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let share = runs.len().div_ceil(threads).max(1);
        let tallies: Vec<Outcome<Tally>> = thread::scope(|scope| {
            let started: Vec<_> =
                runs.chunks(share).map(|runs| scope.spawn(|| self.compare_some(runs))).collect();
            let crashed = || Err(Failure::new("a comparing thread panicked"));
            started.into_iter().map(|thread| thread.join().unwrap_or_else(|_| crashed())).collect()
        });
        let mut total = Tally::default();
        for tally in tallies {
            let tally = tally?;
            total.runs += tally.runs;
            total.reports += tally.reports;
            total.reworded += tally.reworded;
            total.differences.extend(tally.differences);
        }
        Ok(total)
    }

    fn compare_some(&self, runs: &[Run]) -> Outcome<Tally> {
        let mut tally = Tally::default();
        for run in runs {
            let [before, after] = [self.answer(self.before, run)?, self.answer(self.after, run)?];
            tally.runs += 1;
            tally.reports += usize::from(after.output.starts_with(b"{"));
            if before == after {
                continue;
            }
            tally.reworded += 1;
            let [before, after] = [before, after].map(|answer| {
                serde_json::json!({"exitCode": answer.code, "report": self.prose.set_aside(answer.report())})
            });
            let found = difference::all(&before, &after);
            tally.differences.extend(found.into_iter().map(|one| (run.args.join(" "), one)));
        }
        Ok(tally)
    }

    fn answer(&self, command: &Path, run: &Run) -> Outcome<Answer> {
        let output = Command::new(command)
            .args(&run.args)
            .current_dir(self.directory)
            // The date at which waivers are evaluated.
            .env("SOURCE_DATE_EPOCH", "1700000000")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .map_err(Failure::io("run", command))?;
        Ok(Answer { code: output.status.code(), output: output.stdout })
    }
}

impl Tally {
    fn print(&self) {
        println!("   {} runs, {} reports, {} of them not the same", self.runs, self.reports, self.reworded);
        let mut members: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, difference) in &self.differences {
            *members.entry(&difference.member).or_default() += 1;
        }
        for (member, count) in members {
            println!("   {count} differences in {member}");
        }
        for (args, difference) in self.differences.iter().take(SHOWN) {
            println!("\nkubelet-audit {args}\n  {difference}");
        }
        if let Some(more @ 1..) = self.differences.len().checked_sub(SHOWN) {
            println!("\n... and {more} more differences");
        }
        if !self.differences.is_empty() {
            println!("\nThe commands run in target/wording/inputs.");
        }
    }
}
