//! The cases in host-tests/carriers: an input of each carrier, and what must be found in it.
//!
//! A folder holds `case.json` and the input. `command` is run in the folder. `expect` has, all optional: `targets`
//! (the number of kubelets), `exit`, `says` (texts in a message, help or note, or on standard error), `not` (texts
//! that must not occur), `anyOf` (whole expectations, one of which is enough), `each` (expectations that are each
//! met by a kubelet of its own), and those of every kubelet: `starts`, `version`, `versionMin`, `versionMax`,
//! `effective`, `effectiveNot`, `known` and `unknown` (fields).

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::machine::Machine;

/// What a run printed.
struct Run {
    code: u8,
    report: Value,
    stdout: String,
    stderr: String,
}

#[test]
fn every_carrier_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host-tests/carriers");
    let mut folders: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 80);
    let mut wrong = Vec::new();
    for folder in &folders {
        let case: Value = serde_json::from_slice(&fs::read(folder.join("case.json")).unwrap()).unwrap();
        let found = check(&case["expect"], &run(folder, &case["command"]));
        if !found.is_empty() {
            wrong.push(format!("{}: {}: {}", folder.display(), case["note"], found.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every file of a directory is named once: as read, as passed over, or as an error.
#[test]
fn a_directory_of_all_cases_names_each_file_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host-tests/carriers");
    let mut machine = Machine::default();
    add(&mut machine, &root, "all");
    let args = ["check", "--format=json", "--verbose", "all"].map(str::to_owned);
    kubelet_audit_cli::run(&args, &mut machine);
    let report: Value = serde_json::from_str(&machine.stdout).unwrap();
    let read: Vec<&str> =
        list(&report["targets"]).iter().map(|target| target["source"].as_str().unwrap()).collect();
    for path in machine.files.keys() {
        let is_skipped = machine.stderr.contains(&format!("skipped: {path}: "));
        let is_read = read.iter().any(|source| {
            source.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '#']))
        });
        // A drop-in is a layer of the file beside it.
        let is_drop_in = path.rsplit_once('/').is_some_and(|(directory, _)| directory.ends_with(".d"));
        assert!(is_skipped != is_read || is_drop_in, "{path}: skipped {is_skipped}, read {is_read}");
    }
}

fn add(machine: &mut Machine, folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            add(machine, &entry.path(), &path);
        } else {
            machine.files.insert(path.leak(), fs::read(entry.path()).unwrap());
        }
    }
}

fn run(folder: &Path, command: &Value) -> Run {
    let mut machine = Machine::default();
    add(&mut machine, folder, "");
    let args: Vec<String> = list(command).iter().map(|arg| arg.as_str().unwrap().to_owned()).collect();
    let code = kubelet_audit_cli::run(&args, &mut machine);
    let report = serde_json::from_str(&machine.stdout).unwrap_or_default();
    Run { code, report, stdout: machine.stdout, stderr: machine.stderr }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Whether a value is the wanted one, or one of a list of them.
fn is_among(found: &Value, wanted: &Value) -> bool {
    wanted == found || list(wanted).contains(found)
}

/// What is wrong with a run.
fn check(expect: &Value, run: &Run) -> Vec<String> {
    let mut wrong = Vec::new();
    let any = list(&expect["anyOf"]);
    if !any.is_empty() && !any.iter().any(|one| check(one, run).is_empty()) {
        wrong.push(format!("none of {any:?}"));
    }
    let all = list(&run.report["targets"]);
    let kubelets: Vec<&Value> = all.iter().filter(|target| target["kubelet"].is_object()).collect();
    let count = Value::from(kubelets.len());
    if !expect["targets"].is_null() && !is_among(&count, &expect["targets"]) {
        wrong.push(format!("{count} kubelets, expected {}", expect["targets"]));
    }
    if !expect["exit"].is_null() && !is_among(&run.code.into(), &expect["exit"]) {
        wrong.push(format!("exit code {}, expected {}", run.code, expect["exit"]));
    }
    for target in &kubelets {
        wrong.extend(check_kubelet(target, expect));
    }
    if !is_assigned(list(&expect["each"]), &kubelets) {
        wrong.push(format!("not each of {}", expect["each"]));
    }
    let mut said = vec![run.stderr.as_str()];
    messages(&run.report, &mut said);
    for text in list(&expect["says"]).iter().filter_map(Value::as_str) {
        if !said.iter().any(|message| message.to_lowercase().contains(text)) {
            wrong.push(format!("does not say {text:?}"));
        }
    }
    for text in list(&expect["not"]).iter().filter_map(Value::as_str) {
        if run.stdout.contains(text) || run.stderr.contains(text) {
            wrong.push(format!("says {text:?}"));
        }
    }
    wrong
}

/// Whether every expectation finds a kubelet of its own.
fn is_assigned(expected: &[Value], kubelets: &[&Value]) -> bool {
    let Some((first, rest)) = expected.split_first() else { return true };
    kubelets.iter().enumerate().any(|(at, kubelet)| {
        let others: Vec<&Value> =
            kubelets.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| *other).collect();
        check_kubelet(kubelet, first).is_empty() && is_assigned(rest, &others)
    })
}

/// What is wrong with a kubelet.
fn check_kubelet(target: &Value, expect: &Value) -> Vec<String> {
    let kubelet = &target["kubelet"];
    let mut wrong = Vec::new();
    let wanted = expect.get("starts");
    if wanted.is_some_and(|wanted| !is_among(&kubelet["starts"], wanted)) {
        wrong.push(format!("starts {}: {}", kubelet["starts"], kubelet["errors"]));
    }
    let minor = |version: &Value| version.as_str()?.split_once('.')?.1.parse::<u8>().ok();
    let version = minor(&kubelet["version"]);
    let is_named = kubelet["versionAssumed"] == false && expect["version"] == kubelet["version"];
    let is_wrong = expect["version"].is_string() && !is_named
        || minor(&expect["versionMin"]).is_some_and(|least| version < Some(least))
        || minor(&expect["versionMax"]).is_some_and(|most| version > Some(most));
    if is_wrong {
        wrong.push(format!("version {}, assumed {}", kubelet["version"], kubelet["versionAssumed"]));
    }
    let fields = |key: &str| expect[key].as_object().into_iter().flatten();
    for (field, value) in fields("effective") {
        let found = effective(kubelet, field);
        let is_zero = [Value::from(false), 0.into(), "".into()].contains(value);
        if found.is_none_or(|found| found != value) && !(found.is_none() && is_zero) {
            wrong.push(format!("{field} is {found:?}, expected {value}"));
        }
    }
    for (field, value) in fields("effectiveNot") {
        if effective(kubelet, field) == Some(value) {
            wrong.push(format!("{field} is {value}"));
        }
    }
    for field in list(&expect["known"]).iter().filter_map(Value::as_str) {
        let verdicts = verdicts(target, field);
        if verdicts.is_empty() || verdicts.contains(&"unknown") {
            wrong.push(format!("{field} is unknown"));
        }
    }
    for field in list(&expect["unknown"]).iter().filter_map(Value::as_str) {
        let is_null = effective(kubelet, field).is_some_and(Value::is_null);
        if !is_null && !verdicts(target, field).contains(&"unknown") {
            wrong.push(format!("{field} is not unknown"));
        }
    }
    wrong
}

/// The value of a field, or of a key of a map.
fn effective<'v>(kubelet: &'v Value, field: &str) -> Option<&'v Value> {
    let all = kubelet["effective"].as_object()?;
    all.get(field).or_else(|| {
        all.iter().find_map(|(key, value)| value.get(field.strip_prefix(key)?.strip_prefix('.')?))
    })
}

/// The effective verdicts of the findings whose evidence names a field, or a flag for it.
fn verdicts<'v>(target: &'v Value, field: &str) -> Vec<&'v str> {
    const CONTROLS: &[(&str, &str)] = &[
        ("authentication.anonymous.enabled", "anonymous-auth"),
        ("eventRecordQPS", "event-qps"),
        ("readOnlyPort", "read-only-port"),
        ("serverTLSBootstrap", "rotate-kubelet-server-certificate"),
    ];
    let control = CONTROLS.iter().find(|(name, _)| *name == field).map(|(_, control)| *control);
    let findings = list(&target["findings"]).iter().filter(|finding| finding["control"].as_str() == control);
    findings.filter_map(|finding| finding["effective"]["verdict"].as_str()).collect()
}

/// Every message, help and note.
fn messages<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if matches!(key.as_str(), "message" | "help") => out.push(text),
                    other => messages(other, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| messages(item, out)),
        _ => {}
    }
}
