//! `cargo x oracle compare FILE`: the vectors of a file against the oracles.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::answers::ask;
use super::inputs::Input;
use super::{build, built};
use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

const ROTATION_GATE: &str = "RotateKubeletServerCertificate";

/// Prints every difference, and how many there are of each kind.
pub(crate) fn run(workspace: &Workspace, file: &Path) -> Outcome {
    let text = fs::read_to_string(file).map_err(Failure::io("read", file))?;
    let json: Value = serde_json::from_str(&text).map_err(|error| Failure::new(error.to_string()))?;
    let vectors = json.get("vectors").and_then(Value::as_array);
    let vectors = vectors.ok_or_else(|| Failure::new("it holds no \"vectors\""))?;
    for minor in built(workspace)? {
        let name = minor.name();
        // A dump of /configz is no input to the kubelet.
        let asked: Vec<(&Value, &Value)> = vectors
            .iter()
            .filter(|vector| vector.get("configz").is_none())
            .filter_map(|vector| Some((vector, vector.get("expect")?.get(&name)?)))
            .collect();
        if asked.is_empty() {
            continue;
        }
        let inputs: Vec<Input> =
            asked.iter().map(|(vector, _)| Input { strict: true, ..Input::of_vector(vector) }).collect();
        let answers = ask(&build::program(workspace, &minor), &[], &inputs)?;
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let mut agree = 0;
        for ((vector, expected), answer) in asked.iter().zip(&answers) {
            let found = differences(expected, answer);
            agree += usize::from(found.is_empty());
            for (field, expected, got) in found {
                let id = vector.get("id").and_then(Value::as_str).unwrap_or("?");
                println!("{id} {name} {field}: the vector has {expected}, the oracle {got}");
                *kinds.entry(format!("{field}: {expected} is {got}")).or_default() += 1;
            }
        }
        println!("{name}: {agree} of {} agree", asked.len());
        kinds.iter().for_each(|(kind, count)| println!("   {count} × {kind}"));
    }
    Ok(())
}

fn differences(expected: &Value, answer: &Value) -> Vec<(String, Value, Value)> {
    let mut out = Vec::new();
    let mut compare = |field: &str, expected: &Value, got: Value| {
        if *expected != got {
            out.push((field.to_owned(), expected.clone(), got));
        }
    };
    let own = |name: &str| answer.get(name).cloned();
    for name in ["starts", "panics", "lenient"] {
        compare(name, expected.get(name).unwrap_or(&false.into()), own(name).unwrap_or(false.into()));
    }
    compare("stage", expected.get("stage").unwrap_or(&Value::Null), own("stage").unwrap_or_default());
    if let (Some(expected), Some(gates)) = (expected.get("gateEnabled"), answer.get("gates")) {
        // The gate is on unless the answer, which has gates off their default, says otherwise.
        compare(ROTATION_GATE, expected, gates.get(ROTATION_GATE).cloned().unwrap_or(true.into()));
    }
    for (path, expected) in expected.get("effective").and_then(Value::as_object).into_iter().flatten() {
        let found = answer.get("config").and_then(|config| path.split('.').try_fold(config, Value::get));
        let mut got = found.cloned().unwrap_or_default();
        if path == "seccompDefault" && answer.pointer("/flags/seccomp-default") == Some(&"true".into()) {
            got = true.into(); // The vectors show the flag's value there.
        }
        compare(&format!("effective.{path}"), expected, got);
    }
    out
}
