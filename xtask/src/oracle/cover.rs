//! `cargo x oracle cover MINOR...`: what of the kubelet's validation, defaults and start-up no vector
//! reaches, as docs/oracle-coverage.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::inputs::Input;
use super::minors::Minor;
use super::{answers, build, vectors};
use crate::step::{Failure, Outcome, Step};
use crate::workspace::{Workspace, text};

/// What is looked at, and why a part of it is not reached: oracle/unreached.json.
#[derive(Deserialize)]
pub(crate) struct Table {
    /// Functions by package of which each statement is looked at; `*` is all of a package.
    whole: BTreeMap<String, Vec<String>>,
    /// Functions by package of which the blocks that return an error are looked at.
    errors: BTreeMap<String, Vec<String>>,
    /// Functions of which only what stands before a variable's declaration is run.
    until: BTreeMap<String, String>,
    reasons: Vec<Reason>,
}

/// Why blocks are not reached.
#[derive(Deserialize)]
struct Reason {
    /// The function that has them; none: every one.
    function: Option<String>,
    /// A part of what decides whether they are reached; none: anything.
    asks: Option<String>,
    reason: String,
}

/// A line of oracle/unreached/main.go.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Block(Block),
    Total(Total),
}

/// A block that was not reached.
#[derive(Deserialize)]
struct Block {
    file: String,
    line: usize,
    function: String,
    asks: String,
    error: bool,
    #[serde(default)]
    first: bool,
}

/// The statements of a function.
#[derive(Deserialize)]
struct Total {
    file: String,
    function: String,
    reached: usize,
    all: usize,
}

/// Function and what decides, to the places at each minor and the reason.
type Rows = BTreeMap<(String, String), (BTreeSet<u16>, String)>;

impl Table {
    pub(crate) fn read(workspace: &Workspace) -> Outcome<Self> {
        let path = workspace.root.join("oracle/unreached.json");
        let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
        serde_json::from_str(&text).map_err(|error| Failure::new(format!("oracle/unreached.json: {error}")))
    }

    /// The packages whose statements are counted.
    pub(crate) fn packages(&self) -> Vec<&str> {
        self.whole
            .keys()
            .chain(self.errors.keys())
            .map(String::as_str)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    fn holds(functions: &BTreeMap<String, Vec<String>>, file: &str, function: &str) -> bool {
        let package = file.rsplit_once('/').map_or("", |(package, _)| package);
        let is_named = |names: &Vec<String>| names.iter().any(|name| name == "*" || name == function);
        // Another system's files are not compiled, but for the few that are of every other system.
        functions.get(package).is_some_and(is_named)
    }

    fn reason(&self, block: &Block) -> Option<&str> {
        let is_of = |reason: &&Reason| {
            reason.function.as_ref().is_none_or(|function| *function == block.function)
                && reason.asks.as_ref().is_none_or(|asks| block.asks.contains(asks.as_str()))
        };
        self.reasons.iter().find(is_of).map(|reason| reason.reason.as_str())
    }
}

/// Counts at each minor, and writes the note.
pub(crate) fn run(workspace: &Workspace, minors: &[Minor]) -> Outcome {
    let table = Table::read(workspace)?;
    let inputs = inputs(workspace)?;
    let (mut rows, mut unexplained) = (Rows::new(), 0);
    let mut figures: BTreeMap<String, BTreeMap<u16, (usize, usize)>> = BTreeMap::new();
    for minor in minors {
        for line in lines(workspace, minor, &table, &inputs)? {
            match line {
                Line::Total(total) if Table::holds(&table.whole, &total.file, &total.function) => {
                    let name = total.file.rsplit('/').next().unwrap_or_default();
                    let sum = figures.entry(name.to_owned()).or_default().entry(minor.minor).or_default();
                    *sum = (sum.0 + total.reached, sum.1 + total.all);
                }
                Line::Block(block) if is_listed(&table, &block) => {
                    let reason = table.reason(&block);
                    if reason.is_none() {
                        println!(
                            "{}: {}:{} {}: {}",
                            minor.name(),
                            block.file,
                            block.line,
                            block.function,
                            block.asks
                        );
                        unexplained += 1;
                    }
                    let key = (block.function, block.asks);
                    let row = rows
                        .entry(key)
                        .or_insert_with(|| (BTreeSet::new(), reason.unwrap_or("?").to_owned()));
                    row.0.insert(minor.minor);
                }
                _ => {}
            }
        }
    }
    let path = workspace.root.join("docs/oracle-coverage.md");
    fs::write(&path, note(minors, &figures, &rows)).map_err(Failure::io("write", &path))?;
    for (file, counts) in &figures {
        for (minor, (reached, all)) in counts {
            println!("1.{minor} {file}: {reached} of {all} statements");
        }
    }
    match unexplained {
        0 => Ok(()),
        _ => Err(Failure::new(format!("{unexplained} blocks are not reached, and nothing says why"))
            .fix("an input in oracle/values.json, or a reason in oracle/unreached.json")),
    }
}

fn is_listed(table: &Table, block: &Block) -> bool {
    Table::holds(&table.whole, &block.file, &block.function)
        || block.error && !block.first && Table::holds(&table.errors, &block.file, &block.function)
}

/// Asks an oracle that counts about every vector's input, and lists what it did not reach.
fn lines(workspace: &Workspace, minor: &Minor, table: &Table, inputs: &[Input]) -> Outcome<Vec<Line>> {
    let program = build::covering(workspace, minor);
    if !program.exists() {
        build::run(workspace, minor, true)?;
    }
    let data = workspace.target.join("oracle/coverage");
    if data.exists() {
        fs::remove_dir_all(&data).map_err(Failure::io("remove", &data))?;
    }
    fs::create_dir_all(&data).map_err(Failure::io("create", &data))?;
    let directory = format!("GOCOVERDIR={}", text(&data)?);
    answers::ask(Path::new("env"), &[&directory, text(&program)?], inputs)?;
    let profile = data.join("profile");
    Step::new("coverage", "go", &workspace.root)
        .args(["tool", "covdata", "textfmt", "-i", text(&data)?, "-o", text(&profile)?])
        .run()?;
    let found = Step::new("unreached", "go", &workspace.root.join("oracle"))
        .env("GOTOOLCHAIN", "local")
        .args(["run", "unreached/main.go", "-profile", text(&profile)?])
        .args(["-modules", &modules(workspace, minor)?])
        .args(
            table
                .until
                .iter()
                .flat_map(|(function, variable)| ["-until".into(), format!("{function}={variable}")]),
        )
        .output()?;
    let parse = |line| serde_json::from_str(line).map_err(|error| Failure::new(format!("{line}: {error}")));
    found.lines().map(parse).collect()
}

/// Where Go keeps the modules whose packages are counted.
fn modules(workspace: &Workspace, minor: &Minor) -> Outcome<String> {
    let cache = Step::new("Go's modules", "go", &workspace.root).args(["env", "GOMODCACHE"]).output()?;
    let cache = PathBuf::from(cache.trim());
    let mut out = vec![format!(
        "k8s.io/kubernetes={}",
        cache.join(format!("k8s.io/kubernetes@{}", minor.release())).display()
    )];
    for name in ["k8s.io/component-base", "k8s.io/cri-client"] {
        let version = minor.pins.get(name).cloned().unwrap_or_else(|| minor.staging());
        out.push(format!("{name}={}", cache.join(format!("{name}@{version}")).display()));
    }
    Ok(out.join(","))
}

/// The inputs of the vectors as they are committed.
fn inputs(workspace: &Workspace) -> Outcome<Vec<Input>> {
    let path = vectors::path(workspace);
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let read = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(vector) => Ok(Input::of_vector(&vector)),
        Err(error) => Err(Failure::new(format!("{}: {error}", path.display()))),
    };
    text.lines().skip(1).map(read).collect()
}

/// The note: figures for each file, then a row for each function and what decides there.
fn note(minors: &[Minor], figures: &BTreeMap<String, BTreeMap<u16, (usize, usize)>>, rows: &Rows) -> String {
    let names: Vec<_> = minors.iter().map(Minor::name).collect();
    let mut out = format!(
        "# What the vectors reach\n\nWritten by `cargo x oracle cover {}`; see [the oracle](oracle.md).\n\n\
         Statements of validation and defaults that the vectors' inputs reach:\n\n| file | {} |\n|---|{}\n",
        names.join(" "),
        names.join(" | "),
        "---|".repeat(names.len()),
    );
    for (file, counts) in figures {
        let cells = minors.iter().map(|minor| match counts.get(&minor.minor) {
            Some((reached, all)) => format!("{reached} of {all}"),
            None => String::from("none"),
        });
        out += &format!("| {file} | {} |\n", cells.collect::<Vec<_>>().join(" | "));
    }
    out += "\nEvery other statement of these, and every return of an error in the functions of a start-up that no \
            input reaches. A row names the function, what decides there (the function whose error it returns, or \
            the names in a condition), the minors, and the reason.\n\n\
            | function | decided by | minors | reason |\n|---|---|---|---|\n";
    for ((function, asks), (minors, reason)) in rows {
        let asks = if asks.is_empty() { String::new() } else { format!("`{}`", asks.replace('|', "\\|")) };
        let minors: Vec<u16> = minors.iter().copied().collect();
        out += &format!("| `{function}` | {asks} | {} | {reason} |\n", super::ranges(&minors));
    }
    out
}
