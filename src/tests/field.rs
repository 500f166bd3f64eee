//! Inputs of the field: what public reports and the tests of Kubernetes say of whether a kubelet starts.

use serde_json::{Value, json};

use super::audit;

const FILE: &str = include_str!("../../host-tests/field/start.json");

/// Cases in which Kubernetes' own code says otherwise, and what it says.
const DIFFERENT: &[(&str, &str)] = &[(
    "fea7accf8",
    "the field starts nothing that needs its gate: to parse the flags again, the kubelet sets it to false",
)];

#[test]
fn kubelets_start_as_reported() {
    let cases: Value = serde_json::from_str(FILE).unwrap();
    let cases = cases["cases"].as_array().unwrap();
    let wrong: Vec<String> = cases.iter().filter_map(difference).collect();
    // Gates of the versions whose tables are not complete.
    assert_eq!(wrong.len(), 4, "of {}:\n{}", cases.len(), wrong.join("\n"));
    assert_eq!(cases.len(), 164);
}

/// What differs in a case, if something does.
fn difference(case: &Value) -> Option<String> {
    let id = case["id"].as_str().unwrap();
    if DIFFERENT.iter().any(|(different, _)| *different == id) {
        return None;
    }
    let named = |pair: &Value| json!({ "name": pair[0], "text": pair[1] });
    let mut request = json!({ "kubeletVersion": case["version"] });
    if let Some(config) = case["config"].as_str() {
        request["config"] = config.into();
    }
    if let Some(drop_ins) = case["dropIns"].as_array() {
        request["dropIns"] = drop_ins.iter().map(named).collect();
    }
    if !case["args"].is_null() {
        request["args"] = case["args"].clone();
    }
    let target = audit(request);
    let kubelet = target.kubelet.as_ref();
    let starts = kubelet.and_then(|kubelet| kubelet.starts);
    let mut found = Vec::new();
    if let Some(want) = case["want"]["starts"].as_bool()
        && starts != Some(want)
    {
        let errors =
            kubelet.map(|kubelet| kubelet.errors.iter().map(|e| e.message.clone()).collect::<Vec<_>>());
        found.push(format!("starts {starts:?}, want {want}: {errors:?}"));
    }
    for (path, want) in case["want"]["effective"].as_object().into_iter().flatten() {
        let effective = kubelet.and_then(|kubelet| kubelet.effective.as_ref());
        let got = effective.and_then(|effective| effective.get(path)).unwrap_or(&Value::Null);
        if got != want {
            found.push(format!("{path} {got}, want {want}"));
        }
    }
    let note = &case["note"];
    (!found.is_empty()).then(|| format!("{id} @{} {note}: {}", case["version"], found.join(", ")))
}
