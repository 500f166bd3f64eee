use serde_json::{Value as Json, json};

use super::*;
use crate::report::{FixTarget, Fixed, Purpose};
use crate::request::Request;

fn request(value: Json) -> Request {
    Request::from_value(value).unwrap()
}

fn all() -> Options {
    Options { unsafe_fixes: true, ..Options::default() }
}

fn head(rest: &str) -> String {
    format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{rest}")
}

fn run(value: Json, options: &Options) -> Fixed {
    fix(&request(value), options).unwrap()
}

const SEED: &str = "rotate-kubelet-server-certificate";

fn seed() -> Options {
    Options { unsafe_fixes: true, controls: vec![SEED.into()], ..Options::default() }
}

#[test]
fn the_seed_has_a_safe_fix_and_an_unsafe_one() {
    let config = head("# mine\n");
    let fixed =
        run(json!({"config": config}), &Options { controls: vec![SEED.into()], ..Options::default() });
    assert_eq!(fixed.files[0].text, head("featureGates:\n  RotateKubeletServerCertificate: true\n# mine\n"));
    assert_eq!(fixed.applied.len(), 1);
    assert!(
        fixed.skipped.iter().any(|skip| skip.is_unsafe && skip.title == "set serverTLSBootstrap: true"),
        "{:?}",
        fixed.skipped
    );
    let fixed = run(json!({"config": config}), &seed());
    assert_eq!(
        fixed.files[0].text,
        head("featureGates:\n  RotateKubeletServerCertificate: true\nserverTLSBootstrap: true\n# mine\n")
    );
    assert_eq!(fixed.applied[1].also_changes, ["tlsCertFile", "tlsPrivateKeyFile"]);
    assert!(fixed.applied[1].before.iter().any(|command| command.contains("approve")));
    assert!(fixed.files[0].diff.contains("+serverTLSBootstrap: true\n"));
}

#[test]
fn misplaced_misspelled_and_quoted_settings_are_corrected() {
    for (rest, want) in [
        (
            "RotateKubeletServerCertificate: true # x\nserverTLSBootstrap: true\n",
            "# x\nserverTLSBootstrap: true\nfeatureGates:\n  RotateKubeletServerCertificate: true\n",
        ),
        (
            "featuregates: {RotateKubeletServerCertificate: true}\nserverTlsBootstrap: true\n",
            "featureGates: {RotateKubeletServerCertificate: true}\nserverTLSBootstrap: true\n",
        ),
        (
            "featureGates:\n  RotateKubeletServerCertificate: \"true\"\nserverTLSBootstrap: true\n",
            "featureGates:\n  RotateKubeletServerCertificate: true\nserverTLSBootstrap: true\n",
        ),
    ] {
        let fixed = run(json!({"config": head(rest)}), &seed());
        assert_eq!(
            fixed.files.first().map(|file| file.text.as_str()),
            Some(head(want).as_str()),
            "{:?}",
            fixed.skipped
        );
    }
}

#[test]
fn a_flag_that_overrides_the_file_is_changed_where_it_is_kept() {
    let unit = "[Service]\nEnvironmentFile=/etc/default/kubelet\nExecStart=/usr/bin/kubelet --config=/c.yaml --kubeconfig=/k $KUBELET_ARGS\n";
    let environment =
        "# mine\nKUBELET_ARGS=\"--v=2 --feature-gates=A=true,RotateKubeletServerCertificate=false\"\n"
            .replace("A=true,", "");
    let fixed = run(
        json!({"config": head("serverTLSBootstrap: false\n"), "args": [{"name": "kubelet.service", "text": unit}, {"name": "/etc/default/kubelet", "text": environment}]}),
        &seed(),
    );
    let file = fixed.files.iter().find(|file| file.source == "/etc/default/kubelet").unwrap();
    assert_eq!(file.text, environment.replace("Certificate=false", "Certificate=true"));
    assert!(
        fixed.files.iter().any(|file| file.text == head("serverTLSBootstrap: true\n")),
        "{:?}",
        fixed.skipped
    );
    // A running command line is shown with the fix.
    let gate = "--feature-gates=A=true,RotateKubeletServerCertificate=false".replace("A=true,", "");
    for (args, want) in [
        (json!(["--v=2", gate]), "--v=2\n--feature-gates=RotateKubeletServerCertificate=true"),
        (json!(format!("--v=2 {gate}")), "--v=2 --feature-gates=RotateKubeletServerCertificate=true"),
    ] {
        let fixed = run(json!({"config": head(""), "args": args}), &seed());
        let file = fixed.files.iter().find(|file| file.source == "args").unwrap();
        assert_eq!((file.text.as_str(), file.by_hand), (want, true));
    }
}

#[test]
fn a_node_without_a_config_file_gets_flags() {
    let fixed = run(json!({"args": "KUBELET_FLAGS=--v=2 --kubeconfig=/k\n"}), &seed());
    // Nothing passes without the rest of the command line.
    assert!(fixed.files.is_empty());
    let unit = "[Service]\nEnvironmentFile=/e\nExecStart=/usr/bin/kubelet $KUBELET_FLAGS\n";
    let fixed = run(
        json!({"args": [{"name": "u.service", "text": unit}, {"name": "/e", "text": "KUBELET_FLAGS='--v=2 --kubeconfig=/k'\n"}]}),
        &seed(),
    );
    assert_eq!(
        fixed.files.first().map(|file| file.text.as_str()),
        Some(
            "KUBELET_FLAGS='--v=2 --kubeconfig=/k --feature-gates=RotateKubeletServerCertificate=true --rotate-server-certificates=true'\n"
        ),
        "{:?}",
        fixed.skipped
    );
}

#[test]
fn a_drop_in_that_decides_is_edited_and_a_new_one_would_win() {
    let gates = head("featureGates:\n  RotateKubeletServerCertificate: false\n");
    let value = json!({"config": head(""), "dropIns": [{"name": "zz.conf", "text": gates}], "kubeletVersion": "1.34"});
    let request = request(value.clone());
    let target = crate::assess::target(&request);
    let fixes = fixes(&request, &target, Route::InPlace);
    let new = fixes
        .iter()
        .find(|fix| {
            fix.alternative && fix.target == FixTarget::DropIn && fix.control.as_deref() == Some(SEED)
        })
        .unwrap();
    assert_eq!(new.changes[0].source, "zz99-kubelet-audit.conf");
    assert_eq!(new.changes[0].content.as_deref(), Some(gates.replace("false", "true").as_str()));
    let fixed = run(value, &seed());
    assert!(
        fixed
            .files
            .iter()
            .any(|file| file.source == "zz.conf" && file.text == gates.replace("false", "true"))
    );
}

#[test]
fn json_has_a_patch_and_platforms_have_their_objects() {
    let config = "{\"apiVersion\":\"kubelet.config.k8s.io/v1beta1\",\"kind\":\"KubeletConfiguration\"}";
    let request = request(
        json!({"config": config, "args": ["--node-labels=eks.amazonaws.com/nodegroup=a", "--config=/c"]}),
    );
    let target = crate::assess::target(&request);
    let fixes = fixes(&request, &target, Route::InPlace);
    let first = fixes.iter().find(|fix| fix.control.as_deref() == Some(SEED)).unwrap();
    assert_eq!(
        serde_json::to_value(&first.changes[0].patch).unwrap(),
        json!([{"op": "add", "path": "/featureGates", "value": {"RotateKubeletServerCertificate": true}}])
    );
    let platform = fixes
        .iter()
        .find(|fix| fix.control.as_deref() == Some(SEED) && fix.target == FixTarget::Platform)
        .unwrap();
    assert!(
        platform.changes[0]
            .content
            .as_deref()
            .unwrap()
            .ends_with("    config:\n      featureGates:\n        RotateKubeletServerCertificate: true\n")
    );
}

#[test]
fn everything_is_applied_once() {
    let first = run(json!({"config": head("# end\n")}), &all());
    let text = &first.files[0].text;
    let again = run(json!({"config": text}), &all());
    assert!(again.files.is_empty(), "{:?}", again.files);
}

#[test]
fn a_drop_in_of_our_own_is_made_once_and_edited_then() {
    let value = json!({"config": head(""), "dropIns": [{"name": "10-a.conf", "text": head("podPidsLimit: 7\n")}],
        "kubeletVersion": "1.34"});
    let options = Options { unsafe_fixes: true, route: Route::DropIn, ..Options::default() };
    let fixed = run(value.clone(), &options);
    assert!(fixed.applied.len() > 3, "{:?}", fixed.skipped);
    let [file] = fixed.files.as_slice() else { panic!("{:?}", fixed.files) };
    assert_eq!((file.source.as_str(), file.is_new), ("99-kubelet-audit.conf", true));
    assert!(
        file.text.starts_with(&head("authentication:\n  anonymous:\n    enabled: false\n")),
        "{}",
        file.text
    );
    assert!(file.text.contains("eventRecordQPS: 0\n") && file.text.contains("serverTLSBootstrap: true\n"));
    assert!(
        file.diff.starts_with("--- /dev/null\n+++ b/99-kubelet-audit.conf\n@@ -0,0 +1,"),
        "{}",
        file.diff
    );
    // Drop-ins require a directory and Kubernetes 1.30.
    for value in
        [json!({"config": head("")}), json!({"config": head(""), "dropIns": [], "kubeletVersion": "1.29"})]
    {
        let fixed = run(value, &options);
        assert!(fixed.applied.is_empty());
        assert!(
            fixed.skipped.iter().all(|skip| skip.reason.contains("a drop-in requires")),
            "{:?}",
            fixed.skipped
        );
    }
}

#[test]
fn a_fix_names_the_change_on_the_platform() {
    let args =
        json!(["kubelet", "--config=/c", "--kubeconfig=/k", "--node-labels=eks.amazonaws.com/nodegroup=a"]);
    let fixed = run(json!({"config": head(""), "args": args, "kubeletVersion": "1.34"}), &seed());
    let platform = fixed.platform.unwrap();
    assert_eq!((platform.platform.as_str(), platform.left_out.len()), ("EKS", 0));
    assert!(platform.content.unwrap().ends_with(
        "    config:\n      featureGates:\n        RotateKubeletServerCertificate: true\n      serverTLSBootstrap: true\n"
    ));
    // AKS accepts neither setting, and the requested benchmark identifies AKS.
    let fixed = run(json!({"config": head(""), "benchmark": "cis-aks-1.7"}), &seed());
    let platform = fixed.platform.unwrap();
    assert_eq!((platform.platform.as_str(), platform.content), ("AKS", None));
    assert_eq!(platform.left_out.len(), 2);
}

#[test]
fn only_fixes_of_the_requested_purpose_are_applied() {
    for (purpose, want) in [
        (Purpose::Benchmark, "featureGates:\n  RotateKubeletServerCertificate: true\n"),
        (Purpose::Effective, "serverTLSBootstrap: true\n"),
    ] {
        let fixed = run(json!({"config": head("")}), &Options { purpose: Some(purpose), ..seed() });
        assert_eq!(fixed.files[0].text, head(want));
    }
}

#[test]
fn a_flag_that_no_kubelet_has_is_taken_out() {
    for args in [json!(["--cadvisor-port=4194", "--v=2"]), json!(["--cadvisor-port", "4194", "--v=2"])] {
        let fixed = run(
            json!({"args": args, "benchmark": "cis-openshift-0.7"}),
            &Options { unsafe_fixes: true, controls: vec!["cadvisor-port".into()], ..Options::default() },
        );
        assert_eq!(fixed.files[0].text, "--v=2", "{:?}", fixed.skipped);
    }
}
