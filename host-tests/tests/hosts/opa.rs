//! The policy's data document, its entrypoints and what an admission controller asks, in the hosts.

use host_tests::lines::Lines;
use host_tests::opa::Opa;
use host_tests::place;
use serde_json::{Value, json};

const CONFIG: &str =
    "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nserverTLSBootstrap: true\n";

#[test]
fn data_holds_settings() {
    let settings = json!({ "node": "a", "kubeletVersion": "1.34", "level": 1 });
    let mut request = settings.clone();
    request["config"] = CONFIG.into();
    let expected: Value =
        serde_json::from_str(&kubelet_audit::audit_json(&request.to_string()).unwrap()).unwrap();
    for data in [json!({ "parameters": settings }), settings, json!({ "parameters": request["node"] })] {
        let mut opa = Opa::load(&data).unwrap();
        let results = opa.evaluate("kubelet_audit/report", &json!(CONFIG)).unwrap();
        if data["parameters"].is_string() {
            let error = &results[0]["result"]["targets"][0]["errors"][0];
            assert!(error["message"].as_str().unwrap().contains("data.parameters"), "{error}");
        } else {
            assert_eq!(results, json!([{ "result": expected }]), "{data}");
        }
    }
    // The SDK replaces the document in the same instance.
    let mut node = npm();
    for level in [2, 1] {
        let mut settings = request.clone();
        settings["level"] = level.into();
        settings.as_object_mut().unwrap().remove("config");
        node.ask(&format!("@data {settings}")).unwrap().unwrap();
        settings["config"] = CONFIG.into();
        let native = kubelet_audit::audit_json(&settings.to_string()).unwrap();
        let report = node.ask(&json!(CONFIG).to_string()).unwrap().unwrap();
        let (native, report): (Value, Value) =
            (serde_json::from_str(&native).unwrap(), serde_json::from_str(&report).unwrap());
        assert_eq!(report, native, "{level}");
    }
}

fn npm() -> Lines {
    Lines::node("js/tests/hosts/opa.js", &[place::pkg("plugins/kubelet-audit.opa.wasm")]).unwrap()
}

#[test]
fn each_entrypoint_answers_in_both_sdks() {
    let review = |bootstrap: bool| {
        let text = CONFIG.replace("true", if bootstrap { "true" } else { "false" });
        json!({
            "uid": "u-1",
            "operation": "CREATE",
            "object": {
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": { "name": "kubelet-config", "namespace": "kube-system" },
                "data": { "kubelet": text },
            },
        })
    };
    let parameters = json!({
        "controls": ["rotate-kubelet-server-certificate"], "basis": "effective", "kubeletVersion": "1.34",
    });
    let (mut opa, mut node) = (Opa::load(&json!({})).unwrap(), npm());
    let mut ask = |entrypoint: &str, input: Value| {
        let name = format!("kubelet_audit/{entrypoint}");
        let results = opa.evaluate(&name, &input).unwrap();
        let in_node = node.ask(&format!("@{name} {input}")).unwrap().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&in_node).unwrap(), results[0]["result"], "{entrypoint}");
        results[0]["result"].clone()
    };
    for bootstrap in [true, false] {
        let request = json!({ "request": review(bootstrap), "parameters": parameters });
        let gatekeeper = json!({ "review": review(bootstrap), "parameters": parameters });
        let mut config = parameters.clone();
        config["config"] = CONFIG.replace("true", if bootstrap { "true" } else { "false" }).into();

        let answer = ask("report", request.clone());
        assert_eq!(answer["response"]["uid"], "u-1");
        assert_eq!(answer["response"]["allowed"], bootstrap);
        for input in [request, gatekeeper.clone(), config] {
            assert_eq!(ask("allow", input.clone()), bootstrap, "{input}");
            assert_eq!(
                ask("deny", input.clone()).as_array().unwrap().len(),
                usize::from(!bootstrap),
                "{input}"
            );
        }
        let violations = ask("report", gatekeeper);
        assert_eq!(violations.as_array().unwrap().len(), usize::from(!bootstrap));
        assert!(bootstrap || violations[0]["msg"].as_str().unwrap().contains("serverTLSBootstrap"));
    }
    // Inputs of which nothing can be judged, and selections of nothing.
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p" } });
    for input in [
        json!("Error from server (NotFound): nodes \"a\" not found"),
        json!("{\"kubeletconfig\": {\"a\""),
        pod,
        json!({ "node": "a", "error": "no route to host" }),
        json!({ "kubeletconfig": {}, "parameters": { "controls": [] } }),
        json!({ "node": "a", "kubeletVersion": "v1.34.2", "kubeletconfig": {}, "level": 0 }),
    ] {
        assert_eq!(ask("allow", input.clone()), false, "{input}");
        assert_eq!(ask("deny", input.clone()).as_array().unwrap().len(), 1, "{input}");
    }
    for data in [json!({ "controls": [] }), json!({ "parameters": { "contols": ["read-only-port"] } })] {
        let results = Opa::load(&data).unwrap().evaluate("kubelet_audit/allow", &json!(CONFIG)).unwrap();
        assert_eq!(results[0]["result"], false, "{data}");
    }
    assert!(opa.evaluate("kubelet_audit/none", &json!(CONFIG)).is_err());
}
