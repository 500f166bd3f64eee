//! Options that name something that does not exist, and versions in the input.

use serde_json::json;

use super::{HEAD, audit, refused};
use crate::report::VersionSource;

#[test]
fn an_unknown_option_has_no_report() {
    for (options, code, option, help) in [
        (json!({"benchmark": "cis-aks-17"}), "unknown-benchmark", "benchmark", "did you mean cis-aks-1.7?"),
        (
            json!({"benchmark": "nothing"}),
            "unknown-benchmark",
            "benchmark",
            "expected auto or one of cis-1.5, ",
        ),
        (
            json!({"controls": ["event-qps", "read-onyl-port"]}),
            "unknown-control",
            "controls[1]",
            "did you mean read-only-port?",
        ),
        (json!({"kubeletVersion": "1.12"}), "unsupported-version", "kubeletVersion", "use a version such as"),
        (json!({"level": 3}), "invalid-request", "level", "expected 1 or 2"),
        (json!({"benchmark": "cis-gke-1.8"}), "no-kubelet-rows", "benchmark", "use cis-gke-1.6"),
    ] {
        // Whether there is anything to audit or not.
        for config in [json!(HEAD), json!(null), json!("- a list"), json!({"kind": "List", "items": []})] {
            let mut request = options.clone();
            request["config"] = config;
            let error = refused(request);
            assert_eq!((error.code.as_str(), error.option.as_str()), (code, option), "{options}");
            assert!(error.help.starts_with(help), "{}", error.help);
        }
    }
}

#[test]
fn the_version_of_a_node_is_input() {
    let source = |request| {
        let kubelet = audit(request).kubelet.unwrap();
        (kubelet.version, kubelet.version_source, kubelet.version_assumed)
    };
    let node = json!({"config": HEAD, "nodeVersion": "v1.31.4-eks-1"});
    assert_eq!(source(node), ("1.31".into(), VersionSource::Node, false));
    let both = json!({"config": HEAD, "nodeVersion": "9.9", "kubeletVersion": "1.30"});
    assert_eq!(source(both), ("1.30".into(), VersionSource::Option, false));
    assert_eq!(source(json!({"config": HEAD})).1, VersionSource::Assumed);

    let target = audit(json!({"config": HEAD, "nodeVersion": "9.9"}));
    assert_eq!(target.errors[0].code, "unsupported-version");
    assert!(target.kubelet.is_none() && target.findings.is_empty());
}

#[test]
fn a_misspelled_name_has_a_suggestion_at_the_name() {
    // Where the input is wrong, what the code is, and what the help says.
    let config = |body: &str| json!({"config": format!("{HEAD}{body}"), "kubeletVersion": "1.31"});
    let args =
        |flag: &str| json!({"args": format!("kubelet --kubeconfig=/k {flag}"), "kubeletVersion": "1.31"});
    for (request, code, marked, help) in [
        (config("maxPod: 5\n"), "unknown-field", "maxPod", "did you mean maxPods?"),
        (config("readonlyPort: 0\n"), "wrong-case", "readonlyPort", "rename it to readOnlyPort"),
        (
            config("authentication:\n  anonymuos: {}\n"),
            "unknown-field",
            "anonymuos",
            "did you mean authentication.anonymous?",
        ),
        (config("somethingElse: 5\n"), "unknown-field", "somethingElse", "remove it"),
        (
            config("featureGates:\n  NodeSwpa: true\n"),
            "unknown-feature-gate",
            "NodeSwpa",
            "did you mean NodeSwap?",
        ),
        (
            config("featureGates: {nodeSwap: true}\n"),
            "unknown-feature-gate",
            "nodeSwap",
            "rename it to NodeSwap; feature gate names are case-sensitive",
        ),
        (
            args("--feature-gates=NodeSwap=true,NodeSwpa=true"),
            "unknown-feature-gate",
            "NodeSwpa",
            "did you mean NodeSwap?",
        ),
        (args("--anonymos-auth=false"), "unknown-flag", "--anonymos-auth", "did you mean --anonymous-auth?"),
        (args("--maxPods 5"), "unknown-flag", "--maxPods", "did you mean --max-pods?"),
        (args("--xyz"), "unknown-flag", "--xyz", "remove it"),
        (
            args("--container-runtime=remote"),
            "flag-not-in-version",
            "--container-runtime",
            "remove it; Kubernetes 1.26 was the last version with this flag",
        ),
    ] {
        let text = request["config"].as_str().or_else(|| request["args"].as_str()).unwrap().to_owned();
        let kubelet = audit(request).kubelet.unwrap();
        let issue = kubelet.errors.iter().chain(&kubelet.warnings).find(|issue| issue.code == code);
        let issue = issue.unwrap_or_else(|| panic!("{text}: {kubelet:?}"));
        let range = issue.location.as_ref().unwrap().range.unwrap();
        assert_eq!(&text[range.start.offset as usize..range.end.offset as usize], marked, "{text}");
        assert_eq!(issue.help, help, "{text}");
    }
}

#[test]
fn flags_are_those_of_each_minor() {
    for (flag, known) in [
        ("--container-runtime=remote", 25..=26),
        ("--logtostderr=true", 25..=25),
        ("--stderrthreshold=2", 25..=25),
        ("--log-backtrace-at=a.go:5", 25..=25),
        ("--log_file_max_size=0x10", 25..=25),
        ("--master-service-namespace=x", 25..=26),
        ("--config-dir=", 28..=37),
        ("--iptables-drop-bit=15", 25..=30),
        ("--log-text-split-stream=false", 30..=37),
        ("--azure-container-registry-config=x", 25..=29),
        ("--register-schedulable", 25..=33),
        ("--pod-infra-container-image=x", 25..=34),
        ("--log-json-split-stream=false", 25..=37),
        ("--machine-id-file=/x", 25..=36),
    ] {
        for minor in 25..=37 {
            let args = json!(["kubelet", "--kubeconfig=/k", flag]);
            let kubelet =
                audit(json!({"args": args, "kubeletVersion": format!("1.{minor}")})).kubelet.unwrap();
            let is_refused = kubelet.stage == Some(crate::report::Stage::CommandLine);
            assert_eq!(!is_refused, known.contains(&minor), "{flag} at 1.{minor}: {:?}", kubelet.errors);
        }
    }
    for flag in
        ["--stderrthreshold=loud", "--log-backtrace-at=a:5", "--log-file-max-size=-1", "--v=-1", "--v=+1"]
    {
        let kubelet = audit(json!({"args": ["kubelet", flag], "kubeletVersion": "1.25"})).kubelet.unwrap();
        assert_eq!(kubelet.errors[0].code, "invalid-flag-value", "{flag}");
    }
}
