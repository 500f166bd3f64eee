//! `cargo x oracle vectors`: what every minor makes of our inputs, equal answers folded.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::answers::{ask_once, differences, leaves};
use super::inputs::{self, Input};
use super::values::Values;
use super::{build, built, fuzz, ranges};
use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

/// What the vectors may take in the repository.
const LIMIT: usize = 6 << 20;

const ABOUT: &str = "Inputs to the kubelet and what its own start-up made of them; made by `cargo x oracle \
    vectors`, described in docs/oracle.md. The first line holds `bases`, the whole configuration with \
    nothing set, with a file and without one. Every other line is an input and `expect`, its answer at \
    each run of minors: `stage` where it stops (none: it starts), `config` what differs from the base \
    (`file` where there is a config and the arguments are not the full line, else `flags`; null: the \
    field is not there; a stop before `logging`, a panic or an exit has none at all), `flags` settings that are flags alone, `gates` those off their default, `created` \
    the files that a setting names and that are taken to be there.";

/// Answers of one minor, as the vectors have them, and its bases.
struct Minor {
    number: u16,
    answers: Vec<String>,
    file: BTreeMap<String, Value>,
    flags: BTreeMap<String, Value>,
}

/// How many inputs end at a stage, by stage and minor.
type Stages = BTreeMap<String, BTreeMap<u16, usize>>;

/// Writes the vectors.
pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let values = Values::read(workspace)?;
    let minors = built(workspace)?;
    let newest = minors.last().ok_or_else(|| Failure::new("no oracle was built"))?;
    let good = fuzz::good(&build::program(workspace, newest), &values)?;
    let inputs = inputs::all(&values, &good);
    let mut stages = Stages::new();
    let mut answered = Vec::new();
    for minor in minors {
        println!("{}: {} inputs", minor.name(), inputs.len());
        let answers = ask_once(&build::program(workspace, &minor), &inputs)?;
        for answer in &answers {
            *stages.entry(end(answer)).or_default().entry(minor.minor).or_default() += 1;
        }
        answered.push(of_minor(minor.minor, &inputs, &answers, &values));
    }
    let mut text = header(&answered).to_string() + "\n";
    for (number, input) in inputs.iter().enumerate() {
        let mut expect: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
        for minor in &answered {
            let answer = minor.answers.get(number).map(String::as_str).unwrap_or_default();
            expect.entry(answer).or_default().push(minor.number);
        }
        text += &format!("{}\n", line(input, &expect));
    }
    print_stages(&stages, &answered);
    let path = path(workspace);
    fs::write(&path, &text).map_err(Failure::io("write", &path))?;
    println!("{}: {} vectors, {} bytes", path.display(), inputs.len(), text.len());
    match text.len() {
        ..=LIMIT => Ok(()),
        size => Err(Failure::new(format!("the vectors take {size} bytes, and may take {LIMIT}"))),
    }
}

fn of_minor(number: u16, inputs: &[Input], answers: &[Value], values: &Values) -> Minor {
    let is_leaf = |path: &str| values.fields.contains_key(path);
    let shown = |answer: Option<&Value>| {
        answer
            .and_then(|answer| answer.get("config"))
            .map(|config| leaves(config, &is_leaf))
            .unwrap_or_default()
    };
    // inputs::all begins with nothing and with a file that sets nothing.
    let (flags, file) = (shown(answers.first()), shown(answers.get(1)));
    let base = |input| if is_of_file(input) { &file } else { &flags };
    let short = |(input, answer)| shortened(answer, base(input), &is_leaf).to_string();
    let answers = inputs.iter().zip(answers).map(short).collect();
    Minor { number, answers, file, flags }
}

/// Where a start ends.
fn end(answer: &Value) -> String {
    let has = |name: &str| answer.get(name).is_some();
    match answer.get("stage").and_then(Value::as_str) {
        _ if has("exit") => "`--help`, `--version`".into(),
        _ if has("died") => "exits with an error, by itself".into(),
        Some(stage) => stage.into(),
        None => "starts".into(),
    }
}

/// Prints a table, as docs/oracle.md has it.
fn print_stages(stages: &Stages, minors: &[Minor]) {
    let names: Vec<_> = minors.iter().map(|minor| format!("1.{}", minor.number)).collect();
    println!("| ends at | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for (stage, counts) in stages {
        let count = |minor: &Minor| counts.get(&minor.number).copied().unwrap_or(0).to_string();
        println!("| {stage} | {} |", minors.iter().map(count).collect::<Vec<_>>().join(" | "));
    }
}

/// Where they are.
pub(crate) fn path(workspace: &Workspace) -> PathBuf {
    workspace.root.join("host-tests/vectors/oracle.jsonl")
}

fn is_of_file(input: &Input) -> bool {
    input.config.is_some() && !input.full
}

fn header(minors: &[Minor]) -> Value {
    let folded = |base: &dyn Fn(&Minor) -> &BTreeMap<String, Value>| {
        let mut out: BTreeMap<String, Vec<u16>> = BTreeMap::new();
        for minor in minors {
            out.entry(json!(base(minor)).to_string()).or_default().push(minor.number);
        }
        unfolded(&out)
    };
    json!({
        "about": ABOUT,
        "minors": minors.iter().map(|minor| format!("1.{}", minor.number)).collect::<Vec<_>>(),
        "bases": { "file": folded(&|minor| &minor.file), "flags": folded(&|minor| &minor.flags) },
    })
}

fn unfolded<T: AsRef<str>>(folded: &BTreeMap<T, Vec<u16>>) -> Map<String, Value> {
    let parse = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    folded.iter().map(|(text, minors)| (ranges(minors), parse(text.as_ref()))).collect()
}

/// An answer without what a reader of the vectors can do without.
fn shortened(answer: &Value, base: &BTreeMap<String, Value>, is_leaf: &dyn Fn(&str) -> bool) -> Value {
    let mut out = Map::new();
    for name in ["stage", "panics", "lenient", "exit", "died", "created", "gates"] {
        if let Some(value) = answer.get(name) {
            out.insert(name.into(), value.clone());
        }
    }
    if let Some(config) = answer.get("config") {
        let changed = differences(base, &leaves(config, is_leaf));
        if !changed.is_empty() {
            out.insert("config".into(), json!(changed));
        }
    }
    if let Some(Value::Object(flags)) = answer.get("flags") {
        let ours = ["kubeconfig", "container-runtime-endpoint"];
        let flags: Map<_, _> = flags
            .iter()
            .filter(|(name, _)| !ours.contains(&name.as_str()))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        if !flags.is_empty() {
            out.insert("flags".into(), Value::Object(flags));
        }
    }
    Value::Object(out)
}

fn line(input: &Input, expect: &BTreeMap<&str, Vec<u16>>) -> Value {
    let mut line = Map::new();
    line.insert("id".into(), json!(input.id));
    if let Some(config) = &input.config {
        line.insert("config".into(), json!(config));
    }
    if let Some(drop_ins) = &input.drop_ins {
        line.insert("dropIns".into(), json!(drop_ins));
    }
    if !input.args.is_empty() {
        line.insert("args".into(), json!(input.args));
    }
    if input.full {
        line.insert("full".into(), json!(true));
    }
    line.insert("expect".into(), Value::Object(unfolded(expect)));
    Value::Object(line)
}
