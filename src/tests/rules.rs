//! Every testable row of every edition: the rule as the row states it, evaluated independently on
//! generated inputs, agrees with our benchmark verdict, or the difference is a listed departure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{HEAD, audit};
use crate::benchmark::departures::{DEPARTURES, departure};
use crate::benchmark::{Row, edition, editions};
use crate::report::Status;

/// One kubelet: fields by path, flags by name.
#[derive(Clone, Debug, Default)]
struct Input {
    fields: Vec<(&'static str, Value)>,
    flags: Vec<(&'static str, String)>,
    /// Whether a value has a type that its setting does not take.
    is_wrong: bool,
}

fn file(path: &'static str, value: Value) -> Input {
    Input { fields: vec![(path, value)], ..Input::default() }
}

fn flag(name: &'static str, value: &str) -> Input {
    Input { flags: vec![(name, value.into())], ..Input::default() }
}

fn wrong(mut input: Input) -> Input {
    input.is_wrong = true;
    input
}

/// A setting with values for its file and its flag, conforming, violating and at each boundary.
fn both(path: &'static str, name: &'static str, values: &[Value], wrong_ones: &[Value]) -> Vec<Input> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    };
    let mut inputs = vec![Input::default()];
    inputs.extend(values.iter().map(|value| file(path, value.clone())));
    inputs.extend(values.iter().map(|value| flag(name, &text(value))));
    inputs.extend(wrong_ones.iter().map(|value| wrong(file(path, value.clone()))));
    inputs
}

fn gate(name: &'static str, path: &'static str) -> Vec<Input> {
    let mut inputs = vec![Input::default()];
    for value in [true, false] {
        inputs.push(file(path, json!(value)));
        inputs.push(flag("--feature-gates", &format!("{name}={value}")));
    }
    inputs.push(wrong(file(path, json!("true"))));
    inputs
}

fn inputs(control: &str) -> Vec<Input> {
    let bools = [json!(true), json!(false)];
    let text = [json!("true"), json!(1)];
    match control {
        "anonymous-auth" => both("authentication.anonymous.enabled", "--anonymous-auth", &bools, &text),
        "authorization-mode" => both(
            "authorization.mode",
            "--authorization-mode",
            &[json!("AlwaysAllow"), json!("Webhook"), json!("AlwaysDeny")],
            &[json!(1), json!(["Webhook"])],
        ),
        "client-ca-file" => both(
            "authentication.x509.clientCAFile",
            "--client-ca-file",
            &[
                json!("/etc/kubernetes/pki/ca.crt"),
                json!("/etc/kubernetes/kubelet-ca.crt"),
                json!("/var/lib/rancher/rke2/agent/client-ca.crt"),
            ],
            &[json!(true)],
        ),
        "read-only-port" => both(
            "readOnlyPort",
            "--read-only-port",
            &[json!(0), json!(1), json!(10255), json!(65535), json!(-1)],
            &[json!("0"), json!(false)],
        ),
        "streaming-connection-idle-timeout" => {
            let lengths = ["0s", "0m", "0h0m0s", "0", "1s", "300s", "5m0s", "4h0m0s"].map(|text| json!(text));
            both(
                "streamingConnectionIdleTimeout",
                "--streaming-connection-idle-timeout",
                &lengths,
                &[json!(0), json!(300), json!("5")],
            )
        }
        "protect-kernel-defaults" => {
            both("protectKernelDefaults", "--protect-kernel-defaults", &bools, &text)
        }
        "make-iptables-util-chains" => {
            both("makeIPTablesUtilChains", "--make-iptables-util-chains", &bools, &text)
        }
        "hostname-override" => {
            vec![Input::default(), flag("--hostname-override", "n"), flag("--hostname-override", "")]
        }
        "event-qps" => both(
            "eventRecordQPS",
            "--event-qps",
            &[json!(-1), json!(0), json!(1), json!(5), json!(50)],
            &[json!("5"), json!(true)],
        ),
        "tls-cert-key" => {
            let (cert, key) = (("tlsCertFile", json!("/c/a.crt")), ("tlsPrivateKeyFile", json!("/c/a.key")));
            let flags = vec![
                ("--tls-cert-file", "/c/a.crt".to_owned()),
                ("--tls-private-key-file", "/c/a.key".to_owned()),
            ];
            vec![
                Input::default(),
                Input { fields: vec![cert.clone(), key.clone()], ..Input::default() },
                Input { fields: vec![cert], ..Input::default() },
                Input { fields: vec![key], ..Input::default() },
                Input { flags: flags.clone(), ..Input::default() },
                Input { flags: flags[..1].to_vec(), ..Input::default() },
                wrong(file("tlsCertFile", json!(1))),
            ]
        }
        "rotate-certificates" => both("rotateCertificates", "--rotate-certificates", &bools, &text),
        "rotate-kubelet-server-certificate" => {
            let mut all =
                gate("RotateKubeletServerCertificate", "featureGates.RotateKubeletServerCertificate");
            for (gate, client) in [(true, true), (true, false), (false, true), (false, false)] {
                all.push(Input {
                    fields: vec![
                        ("featureGates.RotateKubeletServerCertificate", json!(gate)),
                        ("rotateCertificates", json!(client)),
                    ],
                    ..Input::default()
                });
            }
            all
        }
        "rotate-kubelet-client-certificate-gate" => {
            gate("RotateKubeletClientCertificate", "featureGates.RotateKubeletClientCertificate")
        }
        "tls-cipher-suites" => {
            let list = |names: &[&str]| json!(names);
            both(
                "tlsCipherSuites",
                "--tls-cipher-suites",
                &[
                    list(&["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]),
                    list(&[
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    ]),
                    list(&["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]),
                    list(&["TLS_RSA_WITH_AES_128_GCM_SHA256"]),
                    list(&["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA"]),
                ],
                &[json!("TLS_RSA_WITH_AES_128_GCM_SHA256"), json!(1)],
            )
        }
        "pod-max-pids" => both(
            "podPidsLimit",
            "--pod-max-pids",
            &[json!(-1), json!(0), json!(1), json!(4096)],
            &[json!("4096")],
        ),
        "seccomp-default" => both("seccompDefault", "--seccomp-default", &bools, &text),
        "ip-address-deny" => vec![Input::default(), file("IPAddressDeny", json!("any"))],
        "stig-static-pod-path" => {
            both("staticPodPath", "--pod-manifest-path", &[json!("/etc/kubernetes/manifests")], &[json!(1)])
        }
        "stig-dynamic-auditing" => gate("DynamicAuditing", "featureGates.DynamicAuditing"),
        "stig-dynamic-kubelet-config" => gate("DynamicKubeletConfig", "featureGates.DynamicKubeletConfig"),
        "cadvisor-port" => {
            vec![Input::default(), flag("--cadvisor-port", "0"), flag("--cadvisor-port", "4194")]
        }
        "ocp-garbage-collection" => {
            let all = [
                ("evictionHard", json!({"memory.available": "200Mi"})),
                ("imageGCHighThresholdPercent", json!(85)),
                ("imageGCLowThresholdPercent", json!(80)),
                ("imageMinimumGCAge", json!("2m0s")),
            ];
            let mut inputs = vec![Input::default(), Input { fields: all.to_vec(), ..Input::default() }];
            for left_out in 0..all.len() {
                let mut fields = all.to_vec();
                fields.remove(left_out);
                inputs.push(Input { fields, ..Input::default() });
            }
            inputs
        }
        other => panic!("no inputs for {other}"),
    }
}

impl Input {
    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        let mut root = serde_json::Map::new();
        for (path, value) in &self.fields {
            let mut at = &mut root;
            // A dot within a gate's or a signal's name does not occur in these paths.
            let (parents, leaf) = path.rsplit_once('.').map_or((None, *path), |(p, l)| (Some(p), l));
            for parent in parents.into_iter().flat_map(|p| p.split('.')) {
                at = at.entry(parent).or_insert_with(|| json!({})).as_object_mut().unwrap();
            }
            at.insert(leaf.into(), value.clone());
        }
        for (key, value) in root {
            text.push_str(&format!("{key}: {value}\n"));
        }
        text
    }

    fn request(&self, benchmark: &str, control: &str, flags_only: bool) -> Value {
        let mut args = vec!["kubelet".to_owned(), "--kubeconfig=/k".into()];
        if !flags_only {
            args.push("--config=/c".into());
        }
        args.extend(self.flags.iter().map(|(name, value)| format!("{name}={value}")));
        json!({
            "config": if flags_only { Value::Null } else { json!(self.text()) },
            "args": args,
            "kubeletVersion": "1.31",
            "benchmark": benchmark,
            "controls": [control],
            "effective": false,
        })
    }
}

/// What a test item of kube-bench finds in an input, as text; `None` where it finds nothing.
fn find(item: &Value, input: &Input) -> Option<String> {
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
fn meets(test: &Value, input: &Input) -> bool {
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
        let id = edition(text("benchmark")).unwrap().id;
        expected.push((id, text("id").to_owned(), text("control").to_owned(), title, level));
    }
    let mut ours = Vec::new();
    for edition in editions().filter(|edition| edition.source.is_some()) {
        ours.extend(edition.rows.iter().map(|row| {
            let Row { number, title, control, level, .. } = *row;
            (edition.id, number.to_owned(), control.to_owned(), title.to_owned(), level.map(u64::from))
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
        for input in inputs(control) {
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
            if input.is_wrong {
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
