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
