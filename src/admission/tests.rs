use serde_json::{Value, json};

use super::{admission_review, decide, decide_node, validate, validate_settings, violations};

const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

fn config_map(config: &str) -> Value {
    json!({
        "uid": "u-1", "operation": "CREATE", "kind": {"group": "", "version": "v1", "kind": "ConfigMap"},
        "object": {
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "kubelet-config", "namespace": "kube-system"},
            "data": {"kubelet": format!("{KUBELET}{config}")},
        },
    })
}

fn validated(request: &Value, settings: &Value) -> Value {
    let answer = validate(&json!({ "request": request, "settings": settings }).to_string());
    serde_json::from_str(&answer).unwrap()
}

fn only(control: &str) -> Value {
    json!({ "benchmark": "cis-1.8", "controls": [control] })
}

#[test]
fn what_fails_is_refused_in_one_sentence_each() {
    let settings = json!({ "benchmark": "cis-1.8", "controls": ["anonymous-auth", "read-only-port"] });
    let open = config_map("authentication: {anonymous: {enabled: true}}\nreadOnlyPort: 10255\n");
    let answer = validated(&open, &settings);
    assert_eq!((&answer["accepted"], &answer["code"]), (&json!(false), &json!(403)));
    let message = answer["message"].as_str().unwrap();
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(lines.len(), 2, "{message}");
    let start = "ConfigMap kube-system/kubelet-config: cis-1.8 4.2.1 anonymous-auth (";
    assert!(lines[0].starts_with(start), "{message}");
    assert!(lines[0].ends_with("; set authentication.anonymous.enabled: false"), "{message}");

    let closed = config_map("authentication: {anonymous: {enabled: false}}\nreadOnlyPort: 0\n");
    assert_eq!(validated(&closed, &settings), json!({ "accepted": true }));
}

#[test]
fn below_the_threshold_a_failure_is_a_warning() {
    let object = config_map("eventRecordQPS: 0\nreadOnlyPort: 10255\n");
    let settings = json!({
        "benchmark": "cis-1.8", "controls": ["read-only-port"], "failOn": "critical",
    });
    let answer = validated(&object, &settings);
    assert_eq!(answer["accepted"], true);
    assert_eq!(answer["warnings"], json!(["4.2.4 read-only-port fails"]));
}

#[test]
fn what_an_object_leaves_open_is_a_warning_unless_asked_otherwise() {
    let object = json!({
        "uid": "u", "operation": "UPDATE",
        "object": {
            "apiVersion": "karpenter.k8s.aws/v1", "kind": "EC2NodeClass", "metadata": {"name": "n"},
            "spec": {"kubelet": {"maxPods": 20}},
        },
    });
    let mut settings = only("anonymous-auth");
    let answer = validated(&object, &settings);
    assert_eq!(answer["accepted"], true);
    let [warning] = answer["warnings"].as_array().unwrap().as_slice() else { panic!("{answer}") };
    let warning = warning.as_str().unwrap();
    assert!(warning.starts_with("1 controls cannot be checked"), "{warning}");
    assert!(warning.chars().count() <= 120);
    settings["onUnknown"] = "deny".into();
    let answer = validated(&object, &settings);
    assert_eq!((&answer["accepted"], &answer["code"]), (&json!(false), &json!(403)));
}

#[test]
fn a_kubelet_that_would_not_start_is_refused_whatever_is_selected() {
    let settings = json!({ "controls": ["anonymous-auth"], "failOn": "critical" });
    for (config, code, words) in [
        ("readOnlyPort: 70000\n", 403, "would not start"),
        ("a: [\n", 400, "ConfigMap kube-system/kubelet-config: "),
    ] {
        let answer = validated(&config_map(config), &settings);
        assert_eq!((&answer["accepted"], &answer["code"]), (&json!(false), &json!(code)), "{answer}");
        assert!(answer["message"].as_str().unwrap().contains(words), "{answer}");
    }
}

#[test]
fn objects_that_say_nothing_to_a_kubelet_are_accepted() {
    for object in [
        json!({ "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"} }),
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"} }),
        json!({ "apiVersion": "karpenter.k8s.aws/v1", "kind": "EC2NodeClass", "spec": {} }),
        Value::Null,
    ] {
        let request = json!({ "uid": "u", "operation": "CREATE", "object": object });
        assert_eq!(validated(&request, &json!({})), json!({ "accepted": true }), "{object}");
    }
    let deletion = json!({ "uid": "u", "operation": "DELETE", "oldObject": {} });
    assert_eq!(validated(&deletion, &Value::Null), json!({ "accepted": true }));
}

#[test]
fn raw_requests_are_audited_themselves() {
    let open = json!({ "kubeletconfig": {"authentication": {"anonymous": {"enabled": true}}} });
    assert_eq!(validated(&open, &only("anonymous-auth"))["accepted"], false);
    let text = json!({ "uid": "u", "config": KUBELET, "args": ["--anonymous-auth=false"], "node": "n" });
    assert_eq!(validated(&text, &only("anonymous-auth")), json!({ "accepted": true }));
    let wrong = json!({ "config": KUBELET, "arguments": [] });
    assert_eq!(validated(&wrong, &json!({}))["code"], 400);
    // It is no kubelet configuration, and was meant to be one.
    assert_eq!(validated(&json!({ "kind": "Pod", "apiVersion": "v1" }), &json!({}))["code"], 400);
}

#[test]
fn other_engines_get_their_own_form_of_the_same_decision() {
    let settings = only("anonymous-auth");
    let review = config_map("authentication: {anonymous: {enabled: true}}\n");
    let payload = json!({ "review": review, "parameters": settings }).to_string();
    let found: Value = serde_json::from_str(&violations(&payload)).unwrap();
    let decision = decide(&payload);
    assert_eq!(found, json!([{ "msg": decision.messages[0] }]));
    assert_eq!((decision.uid.as_str(), decision.report.summary.fail), ("u-1", 1));

    let payload = json!({ "request": review, "parameters": settings }).to_string();
    let answer: Value = serde_json::from_str(&admission_review(&payload)).unwrap();
    assert_eq!(
        answer,
        json!({
            "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
            "response": {
                "uid": "u-1", "allowed": false, "status": {"code": 403, "message": decision.messages[0]},
            },
        })
    );
}

#[test]
fn settings_are_checked() {
    let checked = |settings: &str| -> Value { serde_json::from_str(&validate_settings(settings)).unwrap() };
    for valid in [
        "{}",
        "null",
        r#"{"settings": {"level": 1}}"#,
        r#"{"benchmark": "auto", "failOn": "high", "onUnknown": "deny", "kubeletVersion": "1.31", "level": 1,
            "basis": "both", "servingCertificates": "external", "maxBytes": 1024, "severity": null}"#,
    ] {
        assert_eq!(checked(valid), json!({ "valid": true }), "{valid}");
    }
    for (wrong, words) in [
        ("[]", "invalid type: sequence, expected an object"),
        ("{", "not JSON: "),
        (r#"{"failon": "high"}"#, "unknown field `failon`"),
        (
            r#"{"failOn": "worst"}"#,
            "failOn: unknown variant `worst`, expected one of `info`, `low`, `medium`, `high`, `critical`",
        ),
        (r#"{"onUnknown": "reject"}"#, "expected `warn` or `deny`"),
        (r#"{"config": "a: b"}"#, "unknown field `config`"),
        (r#"{"benchmark": "cis"}"#, "unknown benchmark \"cis\""),
        (r#"{"controls": ["anonymous"]}"#, "unknown control \"anonymous\""),
        (r#"{"kubeletVersion": "1.2"}"#, "unsupported Kubernetes version"),
        (r#"{"controls": []}"#, "controls is an empty list"),
        (r#"{"settings": {"controls": []}}"#, "controls is an empty list"),
        (r#"{"controls": [""]}"#, "controls[0] is an empty string"),
        (r#"{"benchmark": ""}"#, "benchmark is an empty string"),
        (r#"{"kubeletVersion": " "}"#, "kubeletVersion is an empty string"),
        (r#"{"failOn": ""}"#, "failOn: unknown variant ``"),
        (r#"{"level": 0}"#, "unknown level 0"),
        (
            r#"{"benchmark": "cis-aks-1.7", "controls": ["seccomp-default"]}"#,
            "has no control seccomp-default",
        ),
        (r#"{"settings": {"level": 3}}"#, "unknown level 3"),
        (r#"{"level": 3}"#, "unknown level 3"),
    ] {
        let answer = checked(wrong);
        assert_eq!(answer["valid"], false, "{wrong}");
        assert!(answer["message"].as_str().unwrap().contains(words), "{answer}");
    }
}

#[test]
fn what_is_no_payload_is_refused() {
    for (payload, words) in [
        ("", "not JSON"),
        ("[]", "no object named request or review"),
        (r#"{"request": 5}"#, "no object named request or review"),
        (r#"{"request": {"object": {}}, "settings": {"a": 1}}"#, "invalid settings"),
    ] {
        let decision = decide(payload);
        assert_eq!((decision.accepted, decision.code), (false, 400), "{payload}");
        assert!(decision.messages[0].contains(words), "{:?}", decision.messages);
    }
}

#[test]
fn a_selection_of_nothing_is_refused() {
    let closed = config_map("authentication: {anonymous: {enabled: false}}\n");
    for settings in [json!({ "controls": [] }), json!({ "level": 0 }), json!({ "benchmark": "" })] {
        let answer = validated(&closed, &settings);
        assert_eq!((&answer["accepted"], &answer["code"]), (&json!(false), &json!(400)), "{answer}");
        let raw = json!({ "config": KUBELET });
        assert_eq!(validated(&raw, &settings)["code"], 400, "{settings}");
    }
    assert_eq!(validated(&json!({ "config": KUBELET, "controls": [] }), &json!({}))["code"], 400);
    // The edition that the object selects does not have the control.
    let settings = json!({ "benchmark": "auto", "controls": ["seccomp-default"] });
    let node_class = json!({
        "operation": "CREATE",
        "object": {
            "apiVersion": "karpenter.azure.com/v1beta1", "kind": "AKSNodeClass", "metadata": {"name": "n"},
            "spec": {"kubelet": {"imageGCHighThresholdPercent": 80}},
        },
    });
    let answer = validated(&node_class, &settings);
    assert_eq!(answer["accepted"], false, "{answer}");
    assert!(answer["message"].as_str().unwrap().contains("nothing was checked"), "{answer}");
}

#[test]
fn a_text_that_is_no_configuration_is_one_error() {
    let of = |text: &str| {
        let mut review = config_map("");
        review["object"]["data"]["kubelet"] = text.into();
        validated(&review, &json!({}))
    };
    for text in [
        "Error from server (NotFound): nodes \"a\" not found",
        "Error from server: etcdserver: request timed out",
        r#"{"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "no"}"#,
        r#"{"kubeletconfig": {"authentication": {"#,
        "",
    ] {
        let answer = of(text);
        assert_eq!((&answer["accepted"], &answer["code"]), (&json!(false), &json!(400)), "{text}: {answer}");
        assert_eq!(answer["message"].as_str().unwrap().lines().count(), 1, "{text}: {answer}");
        let decision = decide_node(&json!(text).to_string(), "{}").unwrap();
        assert!(!decision.accepted, "{text}");
        assert_eq!((decision.code, decision.messages.len()), (400, 1), "{text}: {:?}", decision.messages);
    }
}

#[test]
fn one_value_that_stops_the_kubelet_is_one_message() {
    let secure = "authentication: {anonymous: {enabled: false}}\nauthorization: {mode: Webhook}\n";
    for basis in ["benchmark", "effective", "both"] {
        let request = json!({ "config": format!("{KUBELET}{secure}readOnlyPort: 70000\n"), "basis": basis,
            "controls": ["anonymous-auth", "authorization-mode"], "benchmark": "cis-1.8" });
        let decision = decide_node(&request.to_string(), "{}").unwrap();
        assert_eq!(decision.messages.len(), 1, "{basis}: {:?}", decision.messages);
        assert!(decision.messages[0].starts_with("the kubelet would not start: "), "{basis}");
    }
}

#[test]
fn of_a_node_nothing_may_be_unknown_or_left_to_a_person() {
    let decided =
        |request: &Value, settings: Value| decide_node(&request.to_string(), &settings.to_string()).unwrap();
    // The command line names a file that is not there.
    let unknown =
        json!({ "args": "kubelet --config=/etc/kubernetes/kubelet.yaml", "controls": ["anonymous-auth"] });
    assert!(!decided(&unknown, json!({})).accepted);
    let warned = decided(&unknown, json!({ "onUnknown": "warn" }));
    assert!(warned.accepted && warned.warnings.len() == 1, "{warned:?}");

    let manual = json!({ "config": KUBELET, "controls": ["hostname-override"], "benchmark": "cis-1.8" });
    let found = decided(&manual, json!({}));
    assert_eq!(found.report.summary.manual, 1, "{:?}", found.report.summary);
    assert_eq!(found.messages, ["4.2.7 hostname-override needs a manual review"]);
    assert!(decided(&manual, json!({ "onManual": "warn" })).accepted);

    // The gate is set, and the kubelet requests no serving certificate.
    let idle = json!({
        "config": format!("{KUBELET}featureGates: {{RotateKubeletServerCertificate: true}}\n"),
        "controls": ["rotate-kubelet-server-certificate"],
    });
    assert!(decided(&idle, json!({})).accepted);
    let refused = decided(&idle, json!({ "onNoEffect": "deny" }));
    assert!(refused.messages[0].contains("passes the benchmark but has no effect"), "{:?}", refused.messages);
    assert_eq!(decided(&idle, json!({ "onManual": "refuse" })).code, 400);
}
