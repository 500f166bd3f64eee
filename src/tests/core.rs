//! What the core answers, and what it passes on. That it answers alike is seen in every whole audit.

use serde_json::{Value, json};

use super::{HEAD, audit};
use crate::audit::audit_core_json;

const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\ndata: {kubelet: 'kind: KubeletConfiguration'}\n";

fn is_answered(request: &Value) -> bool {
    audit(request.clone());
    audit_core_json(&request.to_string()).is_some()
}

#[test]
fn a_config_its_drop_ins_and_an_argv_are_answered() {
    for request in [
        json!({ "config": HEAD }),
        json!({ "config": "readOnlyPort: 0" }),
        json!({ "config": "kind: [" }),
        json!({ "config": r#"{"kubeletconfig": {}}"# }),
        json!({ "config": HEAD, "dropIns": [{ "name": "a.conf", "text": HEAD }], "args": ["kubelet"] }),
        json!({ "args": ["kubelet", "--config=/etc/kubelet.yaml"], "benchmark": "strict" }),
        json!({ "config": HEAD, "benchmark": "none-such" }),
        json!({ "config": HEAD, "kubeletVersion": "1.3" }),
        json!({ "confg": HEAD }),
    ] {
        assert!(is_answered(&request), "{request}");
    }
}

#[test]
fn what_takes_more_is_passed_on() {
    for request in [
        json!({ "config": CONFIG_MAP }),
        json!({ "config": "machine: {kubelet: {}}" }),
        json!({ "config": "kind: List\napiVersion: v1\nitems: []" }),
        json!({ "config": format!("{HEAD}---\n{HEAD}") }),
        json!({ "config": { "kind": "KubeletConfiguration" } }),
        json!({ "args": "kubelet --config=/etc/kubelet.yaml" }),
        json!({ "config": HEAD, "args": [{ "name": "kubelet.env", "text": "KUBELET_ARGS=" }] }),
        json!({ "config": HEAD, "fixes": true }),
    ] {
        assert!(!is_answered(&request), "{request}");
    }
}
