//! Asking a program that reads inputs as JSON lines and answers each with one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::thread;

use serde_json::{Map, Value};

use super::inputs::Input;
use crate::step::{Failure, Outcome};

/// Asks about all inputs, and gives the answers in their order.
pub(crate) fn ask(program: &Path, args: &[&str], inputs: &[Input]) -> Outcome<Vec<Value>> {
    let failed = |why: String| Failure::new(format!("{}: {why}", program.display()));
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(failed("it has no pipes".into()));
    };
    let lines: String = inputs.iter().map(|input| format!("{}\n", input.to_json())).collect();
    // From a thread: both pipes can be full.
    let writer = thread::spawn(move || feed(stdin, &lines));
    let answers: Vec<Value> = BufReader::new(stdout)
        .lines()
        .map(|line| {
            let line = line.map_err(|error| failed(error.to_string()))?;
            serde_json::from_str(&line).map_err(|error| failed(error.to_string()))
        })
        .collect::<Outcome<_>>()?;
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    let fed = writer.join().is_ok();
    if !status.success() || !fed || answers.len() != inputs.len() {
        return Err(failed(format!("{status}, {} answers to {} inputs", answers.len(), inputs.len())));
    }
    Ok(answers)
}

fn feed(mut stdin: ChildStdin, lines: &str) {
    // Where the program ends early, what it says of that is better than a broken pipe.
    let _ = stdin.write_all(lines.as_bytes());
}

/// Every leaf of a configuration by its path; a map or a list whose names are the user's is a leaf.
pub(crate) fn leaves(value: &Value, is_leaf: &dyn Fn(&str) -> bool) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    if let Value::Object(fields) = value {
        add_leaves("", fields, is_leaf, &mut out);
    }
    out
}

fn add_leaves(
    path: &str,
    fields: &Map<String, Value>,
    is_leaf: &dyn Fn(&str) -> bool,
    out: &mut BTreeMap<String, Value>,
) {
    for (name, value) in fields {
        let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Value::Object(inner) if !is_leaf(&at) => add_leaves(&at, inner, is_leaf, out),
            _ => {
                out.insert(at, value.clone());
            }
        }
    }
}

/// What one set of leaves has otherwise than another; null where it has none.
pub(crate) fn differences(
    base: &BTreeMap<String, Value>,
    other: &BTreeMap<String, Value>,
) -> BTreeMap<String, Value> {
    let gone = base.keys().filter(|path| !other.contains_key(*path)).map(|path| (path.clone(), Value::Null));
    let changed = other.iter().filter(|(path, value)| base.get(*path) != Some(*value));
    gone.chain(changed.map(|(path, value)| (path.clone(), value.clone()))).collect()
}
