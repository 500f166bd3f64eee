//! Every testable row of every edition: the rule as the row states it, evaluated independently on
//! generated inputs, agrees with our benchmark verdict, or the difference is a listed departure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::audit;
use super::cases::RuleInput;
use crate::benchmark::departures::{DEPARTURES, departure};
use crate::benchmark::{Row, edition, editions};
use crate::controls::control;
use crate::report::Status;

/// What a test item of kube-bench finds in an input, as text; `None` where it finds nothing.
fn find(item: &Value, input: &RuleInput) -> Option<String> {
    let (name, path) = (item.get("flag").and_then(Value::as_str), item.get("path").and_then(Value::as_str));
    if let Some(name) = name {
        // The text is looked for in the whole command line first.
        for (flag, value) in &input.flags {
            if let Some((_, after)) = value.split_once(&format!("{name}=")) {
                return Some(after.split(',').next().unwrap_or(after).to_owned());
            }
            if flag.contains(name) {
                return Some(value.clone());
            }
            if format!("{flag}={value}").contains(name) {
                return Some(value.clone());
            }
        }
    }
    if let Some(path) = path {
        if let Some(name) = path.strip_prefix("{.kubeletArguments.") {
            let name = format!("--{}", name.trim_end_matches('}'));
            return input.flags.iter().find(|(flag, _)| *flag == name).map(|(_, value)| value.clone());
        }
        let path = path.trim_start_matches("{range ").trim_matches(|c| "{}.".contains(c));
        let path = path.split('[').next().unwrap_or(path);
        let (_, value) = input.fields.iter().find(|(field, _)| *field == path)?;
        return Some(match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
            other => other.to_string(),
        });
    }
    // Rows without a path look for text in what some program printed: the fields, one a line.
    let name = name?;
    if name == "exit_code" {
        // Of a search for the field, which ends with 1 where there is none.
        return (input.fields.is_empty() && input.flags.is_empty()).then(|| "1".to_owned());
    }
    for (field, value) in &input.fields {
        let key = field.rsplit('.').next().unwrap_or(field);
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let line = format!("{key}: {value}\n\"{key}\": \"{value}\"");
        let says =
            (name == "set to true" && value == "true") || (name == "read-only-port" && key == "readOnlyPort");
        if says || line.contains(name) {
            return Some(value);
        }
    }
    None
}

/// The rule as the row states it, on typed values.
fn meets(test: &Value, input: &RuleInput) -> bool {
    let is_found = find(test, input).filter(|value| !value.is_empty());
    if test.get("set").and_then(Value::as_bool) == Some(false) {
        return is_found.is_none();
    }
    let Some(found) = is_found else { return false };
    let Some(op) = test.get("op").and_then(Value::as_str) else { return true };
    let wanted = test.get("value").and_then(Value::as_str).unwrap_or("");
    let number = |text: &str| text.parse::<i64>().ok();
    let length = |text: &str| crate::kubelet::duration::parse(text);
    let is_same = found == wanted
        || matches!((number(&found), number(wanted)), (Some(a), Some(b)) if a == b)
        || matches!((length(&found), length(wanted)), (Some(a), Some(b)) if a == b);
    let suite = |name: &str| name.trim_end_matches("_SHA256").to_owned();
    match op {
        "eq" => is_same,
        "noteq" => !is_same,
        "gte" => number(&found) >= number(wanted),
        "has" if wanted.starts_with('[') => wanted == format!("[\"{found}\"]"),
        "has" => found.contains(wanted) || wanted.split_once('=').is_some_and(|(_, value)| value == found),
        "nothave" => {
            !found.contains(wanted) && wanted.split_once('=').is_none_or(|(_, value)| value != found)
        }
        "valid_elements" => {
            found.split(',').all(|name| wanted.split(',').any(|one| suite(one) == suite(name)))
        }
        "regex" => wanted.trim_matches(['(', ')']).split('|').any(|name| found.contains(name)),
        // E5, 4: an unknown operator is false.
        _ => false,
    }
}

fn rule_inputs(slug: &str) -> Vec<RuleInput> {
    let inputs = control(slug).unwrap().rule_inputs();
    assert!(!inputs.is_empty(), "{slug} needs rule_inputs: an edition ships a test for it");
    inputs
}

/// The rows as kube-bench and others state them, with the tests that they ship.
fn stated() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/host-tests/benchmarks.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn rows_are_those_of_the_source() {
    let data = stated();
    let mut expected = Vec::new();
    for row in data["controls"].as_array().unwrap() {
        let text = |key: &str| row[key].as_str().unwrap();
        // A level that was read for a neighboring edition is not this edition's.
        let level = if row["level_exact_version"] == json!(true) { row["level"].as_u64() } else { None };
        let title = text("title").trim_end_matches('.').to_owned();
        let is_skipped = row["type"] == json!("skip");
        let id = edition(text("benchmark")).unwrap().id;
        expected.push((id, text("id").to_owned(), text("control").to_owned(), title, level, is_skipped));
    }
    let mut ours = Vec::new();
    for edition in editions().filter(|edition| edition.source.is_some()) {
        ours.extend(edition.rows.iter().map(|row| {
            let Row { number, title, control, level, is_skipped, .. } = *row;
            let level = level.map(u64::from);
            (edition.id, number.to_owned(), control.to_owned(), title.to_owned(), level, is_skipped)
        }));
    }
    expected.sort();
    ours.sort();
    assert_eq!(ours, expected);
}

#[test]
fn verdicts_are_what_each_row_states() {
    let data = stated();
    let mut answers: BTreeMap<String, (Status, bool)> = BTreeMap::new();
    let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut undeclared = Vec::new();
    let (mut rows, mut compared) = (0, 0);
    for row in data["controls"].as_array().unwrap() {
        let text = |key: &str| row[key].as_str().unwrap_or("");
        let (benchmark, number, control) = (text("benchmark"), text("id"), text("control"));
        let tests = row["tests"].as_array().cloned().unwrap_or_default();
        if tests.is_empty() || text("mode") == "Not Applicable" {
            continue;
        }
        rows += 1;
        let edition = edition(benchmark).unwrap_or_else(|| panic!("{benchmark}"));
        let ours: &Row = edition.rows.iter().find(|ours| ours.number == number).unwrap();
        assert_eq!(ours.control, control);
        let reads_file = tests.iter().any(|test| {
            test["path"]
                .as_str()
                .is_some_and(|path| !path.contains("kubeletArguments") && !path.starts_with('/'))
                || test["flag"].as_str().is_some_and(|flag| !flag.starts_with("--") && !flag.contains('='))
        });
        let reads_flags = tests.iter().any(|test| {
            test["path"].as_str().is_some_and(|path| path.contains("kubeletArguments"))
                || test["flag"].as_str().is_some_and(|flag| {
                    flag.starts_with("--") || flag.contains('=') || !test["path"].is_null()
                })
        });
        for input in rule_inputs(control) {
            if (!input.fields.is_empty() && !reads_file) || (!input.flags.is_empty() && !reads_flags) {
                continue;
            }
            let flags_only = !reads_file;
            let key = format!("{control} {:?} {:?} {input:?} {flags_only}", ours.rule, ours.assessment);
            let (verdict, starts) = *answers.entry(key).or_insert_with(|| {
                let target = audit(input.request(edition.id, control, flags_only));
                assert!(!target.findings.is_empty(), "{benchmark} {control} {input:?}: {:?}", target.errors);
                (target.findings[0].benchmark.verdict, target.kubelet.unwrap().starts == Some(true))
            });
            compared += 1;
            if input.is_invalid {
                assert!(
                    matches!(verdict, Status::Error | Status::Fail | Status::Manual),
                    "{benchmark} {number} {input:?}"
                );
                continue;
            }
            let mut each = tests.iter().map(|test| meets(test, &input));
            let met = if row["bin_op"] == "or" { each.any(|met| met) } else { each.all(|met| met) };
            let expected = match (met, starts) {
                (true, true) => Status::Pass,
                (true, false) => Status::Error,
                (false, _) => Status::Fail,
            };
            if verdict == expected {
                continue;
            }
            match departure(benchmark, control) {
                Some(known) => {
                    used.insert((known.edition, known.control));
                }
                None => undeclared.push(format!(
                    "{benchmark} {number} {control} {:?} on {:?} {:?}: row {expected:?}, ours {verdict:?}",
                    ours.rule, input.fields, input.flags
                )),
            }
        }
    }
    println!("{rows} rows, {compared} comparisons, {} audits", answers.len());
    assert!(undeclared.is_empty(), "{}", undeclared.join("\n"));
    for known in DEPARTURES {
        assert!(
            used.contains(&(known.edition, known.control)),
            "not needed: {} {}",
            known.edition,
            known.control
        );
    }
}
