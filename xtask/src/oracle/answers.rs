//! Asking a program that reads inputs as JSON lines and answers each with one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::thread;

use serde_json::{Map, Value};

use super::inputs::Input;
use crate::step::{Failure, Outcome};

/// Inputs asked about before their answers are kept.
const PART: usize = 1000;

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
        // The first without an answer is most likely what ended it.
        let next = inputs.get(answers.len()).map(|input| format!(", the next is {}", input.to_json()));
        let counts = format!("{status}, {} answers to {} inputs", answers.len(), inputs.len());
        return Err(failed(counts + &next.unwrap_or_default()));
    }
    Ok(answers)
}

/// Asks about the inputs that a program has not answered yet. Its answers are kept beside it, a line for an
/// input and a line for its answer; a program that was built again is asked anew.
pub(crate) fn ask_once(program: &Path, inputs: &[Input]) -> Outcome<Vec<Value>> {
    let mut name = program.as_os_str().to_owned();
    name.push(".answers");
    let path = PathBuf::from(name);
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    if changed(&path) < changed(program) {
        fs::write(&path, "").map_err(Failure::io("write", &path))?;
    }
    let key = |input: &Input| Input { id: String::new(), ..input.clone() }.to_json().to_string();
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let mut lines = text.lines();
    let mut known: HashMap<String, String> = HashMap::new();
    while let (Some(input), Some(answer)) = (lines.next(), lines.next()) {
        known.insert(input.to_owned(), answer.to_owned());
    }
    let mut seen = HashSet::new();
    let new: Vec<Input> = inputs
        .iter()
        .filter(|input| !known.contains_key(&key(input)) && seen.insert(key(input)))
        .cloned()
        .collect();
    let mut file = OpenOptions::new().append(true).open(&path).map_err(Failure::io("open", &path))?;
    for part in new.chunks(PART) {
        for (input, answer) in part.iter().zip(ask(program, &[], part)?) {
            let (input, answer) = (key(input), answer.to_string());
            file.write_all(format!("{input}\n{answer}\n").as_bytes()).map_err(Failure::io("write", &path))?;
            known.insert(input, answer);
        }
    }
    let answer = |input: &Input| {
        let answer = known.get(&key(input)).map(String::as_str).unwrap_or_default();
        serde_json::from_str(answer).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    };
    inputs.iter().map(answer).collect()
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
