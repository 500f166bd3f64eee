//! `cargo x oracle vectors`: what every minor makes of our inputs, equal answers folded.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::answers::{ask, differences, leaves};
use super::inputs::{self, Input, Values};
use super::{build, built, ranges};
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

/// Answers of one minor, and its bases.
struct Minor {
    number: u16,
    answers: Vec<Value>,
    file: BTreeMap<String, Value>,
    flags: BTreeMap<String, Value>,
}

/// Writes the vectors.
pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let values = Values::read(workspace)?;
    let inputs = inputs::all(&values);
    let is_leaf = |path: &str| values.fields.contains_key(path);
    let shown = |answer: Option<&Value>| {
        answer.and_then(|a| a.get("config")).map(|c| leaves(c, &is_leaf)).unwrap_or_default()
    };
    let mut minors = Vec::new();
    for minor in built(workspace)? {
        println!("{}: {} inputs", minor.name(), inputs.len());
        let answers = ask(&build::program(workspace, &minor), &[], &inputs)?;
        // inputs::all begins with nothing and with a file that sets nothing.
        let (flags, file) = (shown(answers.first()), shown(answers.get(1)));
        minors.push(Minor { number: minor.minor, answers, file, flags });
    }
    let mut text = header(&minors).to_string() + "\n";
    let mut stages: BTreeMap<(u16, String), usize> = BTreeMap::new();
    for (number, input) in inputs.iter().enumerate() {
        let mut expect: BTreeMap<String, Vec<u16>> = BTreeMap::new();
        for minor in &minors {
            let Some(answer) = minor.answers.get(number) else { continue };
            let base = if is_of_file(input) { &minor.file } else { &minor.flags };
            let stage = answer.get("stage").and_then(Value::as_str).unwrap_or("starts").to_owned();
            *stages.entry((minor.number, stage)).or_default() += 1;
            let short = shortened(answer, base, &is_leaf).to_string();
            expect.entry(short).or_default().push(minor.number);
        }
        text += &format!("{}\n", line(input, &expect));
    }
    for ((minor, stage), count) in &stages {
        println!("   1.{minor} {stage}: {count}");
    }
    if text.len() > LIMIT {
        return Err(Failure::new(format!("the vectors take {} bytes, and may take {LIMIT}", text.len())));
    }
    let path = path(workspace);
    fs::write(&path, &text).map_err(Failure::io("write", &path))?;
    println!("{}: {} vectors, {} bytes", path.display(), inputs.len(), text.len());
    Ok(())
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

fn unfolded(folded: &BTreeMap<String, Vec<u16>>) -> Map<String, Value> {
    let parse = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    folded.iter().map(|(text, minors)| (ranges(minors), parse(text))).collect()
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

fn line(input: &Input, expect: &BTreeMap<String, Vec<u16>>) -> Value {
    let mut line = Map::new();
    line.insert("id".into(), json!(input.id));
    line.insert("config".into(), json!(input.config));
    line.insert("dropIns".into(), json!(input.drop_ins));
    line.insert("args".into(), json!(input.args));
    if input.full {
        line.insert("full".into(), json!(true));
    }
    line.insert("expect".into(), Value::Object(unfolded(expect)));
    Value::Object(line)
}
