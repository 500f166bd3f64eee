//! The Kubewarden policy in the crates wapc and wasmtime-provider.

use host_tests::kubewarden::Kubewarden;
use host_tests::raw::MEMORY;
use serde_json::{Value, json};

fn config_map(bootstrap: bool) -> Value {
    let text = format!(
        "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nserverTLSBootstrap: {bootstrap}\n"
    );
    json!({
        "request": {
            "uid": "u-1",
            "operation": "UPDATE",
            "object": {
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": { "name": "kubelet-config", "namespace": "kube-system" },
                "data": { "kubelet": text },
            },
        },
        "settings": {
            "basis": "effective",
            "controls": ["rotate-kubelet-server-certificate"],
            "kubeletVersion": "1.34",
        },
    })
}

#[test]
fn objects_are_admitted_and_refused() {
    let policy = Kubewarden::load(MEMORY).unwrap();
    assert_eq!(policy.call("protocol_version", &json!("")).unwrap(), "v1");
    assert_eq!(policy.call("validate", &config_map(true)).unwrap()["accepted"], true);
    let refused = policy.call("validate", &config_map(false)).unwrap();
    assert_eq!((&refused["accepted"], &refused["code"]), (&json!(false), &json!(403)));
    assert!(refused["message"].as_str().unwrap().contains("serverTLSBootstrap"), "{refused}");
}

#[test]
fn settings_are_validated() {
    let policy = Kubewarden::load(MEMORY).unwrap();
    let good = policy.call("validate_settings", &json!({ "benchmark": "cis-1.12", "level": 1 })).unwrap();
    assert_eq!(good, json!({ "valid": true }));
    for bad in [json!({ "controls": [] }), json!({ "level": 0 }), json!({ "benchmark": "" })] {
        assert_eq!(policy.call("validate_settings", &bad).unwrap()["valid"], false, "{bad}");
        let mut payload = config_map(true);
        payload["settings"] = bad;
        assert_eq!(policy.call("validate", &payload).unwrap()["accepted"], false, "{payload}");
    }
    for bad in [json!({ "benchmark": "none" }), json!({ "levle": 1 }), json!([]), json!({ "failOn": "all" })]
    {
        let answer = policy.call("validate_settings", &bad).unwrap();
        assert_eq!(answer["valid"], false, "{bad}");
        assert!(!answer["message"].as_str().unwrap().is_empty(), "{bad}");
    }
    assert!(policy.call("no_such_operation", &json!({})).is_err());
    assert_eq!(policy.call("validate_settings", &json!({})).unwrap()["valid"], true);
}

/// The host shows no memory. It gives so little that a policy that kept what it was sent would be at the
/// end of it long before.
#[test]
fn it_keeps_nothing_and_refuses_cleanly() {
    const GIVEN: usize = 24 * 1024 * 1024;
    let policy = Kubewarden::load(GIVEN).unwrap();
    let mut large = config_map(false);
    large["request"]["object"]["metadata"]["annotations"] = json!({ "note": "x".repeat(16 * 1024) });
    let before = policy.call("validate", &large).unwrap();
    for _ in 0..3_000 {
        assert_eq!(policy.call("validate", &large).unwrap(), before);
    }
    let text = json!({ "request": { "config": "a: [" }, "settings": {} });
    for bad in [json!([]), json!({ "request": 5 }), text] {
        let answer = policy.call("validate", &bad).unwrap();
        assert_eq!((&answer["accepted"], &answer["code"]), (&json!(false), &json!(400)), "{answer}");
    }
    // First over the policy's limit, then over the host's, which ends the call; a new instance continues.
    let oversized = |bytes: usize| json!({ "request": { "config": "x".repeat(bytes), "maxBytes": 1024 } });
    assert_eq!(policy.call("validate", &oversized(2048)).unwrap()["code"], 400);
    assert!(policy.call("validate", &oversized(2 * GIVEN)).is_err());
    assert_eq!(Kubewarden::load(GIVEN).unwrap().call("validate", &large).unwrap(), before);
}

/// Whether a decision follows from a report of the same request; why not, where it does not.
pub(crate) fn follows(report: &Value, decision: &Value) -> Result<(), String> {
    let targets = report["targets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (mut reasons, mut is_unreadable) = (Vec::new(), false);
    for target in targets {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let errors = list(&target["errors"]);
        is_unreadable |= !errors.is_empty();
        let stops = target["kubelet"]["starts"] == false;
        let is_partial = !list(&target["kubelet"]["missingLayers"]).is_empty();
        if stops && errors.is_empty() {
            reasons.extend(list(&target["kubelet"]["errors"]).iter().map(|error| error["message"].clone()));
        }
        reasons.extend(errors.iter().map(|error| error["message"].clone()));
        // What cannot be read, and a failing start, are reported once.
        let findings = if errors.is_empty() { list(&target["findings"]) } else { Vec::new() };
        for finding in findings {
            // Settings added outside the object are a warning.
            let is_refused = match finding["status"].as_str() {
                Some("fail") => !stops || finding["benchmark"]["verdict"] == "fail",
                Some("error") => !is_partial && !stops,
                _ => false,
            };
            if is_refused {
                reasons.push(finding["message"].clone());
            }
        }
    }
    let accepted = reasons.is_empty();
    if decision["accepted"] != accepted {
        return Err(format!("accepted is {}, and the report has {reasons:?}", decision["accepted"]));
    }
    let code = match (accepted, is_unreadable) {
        (true, _) => Value::Null,
        (false, true) => 400.into(),
        (false, false) => 403.into(),
    };
    if decision["code"] != code {
        return Err(format!("code is {}, not {code}", decision["code"]));
    }
    let message = decision["message"].as_str().unwrap_or_default();
    let missing = reasons.iter().filter_map(Value::as_str).find(|reason| !message.contains(reason));
    match missing {
        Some(reason) => Err(format!("the message does not say {reason:?}: {message}")),
        None => Ok(()),
    }
}
