//! Inputs that are not what they should be: a clear error each, and the module goes on.

use serde_json::json;

use super::{HEAD, audit, verdicts};

#[test]
fn bad_inputs_give_a_code_a_position_and_help() {
    let bomb: String = {
        let mut text = format!("{HEAD}a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for level in 1..9 {
            let previous = format!("*a{}", level - 1);
            text.push_str(&format!("a{level}: &a{level} [{}]\n", [previous.as_str(); 9].join(",")));
        }
        text
    };
    let cases: &[(&str, String, &str)] = &[
        ("empty", String::new(), "empty"),
        ("white space", "  \n\n".into(), "missing-kind"),
        ("truncated JSON", "{\"kind\": \"KubeletConfiguration\", \"ap".into(), "json-syntax"),
        ("open brackets", "[".repeat(20_000), "too-deep"),
        ("open braces", "{\"a\":".repeat(20_000), "too-deep"),
        ("5 MB", format!("{HEAD}x: {}\n", "y".repeat(5_000_000)), "too-large"),
        ("alias bomb", bomb, "excessive-aliasing"),
        ("a wrong apiVersion", "apiVersion: v1\nkind: KubeletConfiguration\n".into(), "wrong-kind"),
        ("broken YAML", format!("{HEAD}a: [\n"), "yaml-syntax"),
    ];
    for (name, text, code) in cases {
        let target = audit(json!({ "config": text }));
        let error = target.errors.first().unwrap_or_else(|| panic!("{name}: no error"));
        assert_eq!(error.code, *code, "{name}: {}", error.message);
        assert!(!error.help.is_empty(), "{name}");
        let range = error.location.as_ref().and_then(|l| l.range);
        assert!(range.is_some(), "{name}");
        assert!(
            verdicts(&target).starts_with("error/") || verdicts(&target).starts_with("fail/"),
            "{name}: {}",
            verdicts(&target)
        );
        // A usable input right after is answered.
        assert_eq!(verdicts(&audit(json!({ "config": HEAD, "kubeletVersion": "1.31" }))), "fail/no");
    }
}

#[test]
fn what_configures_no_kubelet_is_called_by_its_name() {
    for (text, name, help) in [
        ("- a\n- b\n", "a list", "KubeletConfiguration"),
        ("hello\n", "a string", "KubeletConfiguration"),
        ("some: thing\n", "none of its keys", "KubeletConfiguration"),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n", "a Pod x", "--config"),
        ("apiVersion: example.com/v1\nkind: Thing\n", "a Thing (example.com/v1)", "KubeletConfiguration"),
        ("apiVersion: v1\nkind: Config\nclusters: []\n", "a kubeconfig", "/var/lib/kubelet/config.yaml"),
        (
            "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: a}\n",
            "a NodePool a",
            "EC2NodeClass",
        ),
        ("[Service]\nExecStart=/usr/bin/dockerd\n", "a systemd unit", "--args-from"),
        ("#cloud-config\nruncmd: [date]\n", "cloud-init user data", "files"),
    ] {
        let report = crate::audit_value(json!({ "config": text, "source": "f" })).unwrap();
        assert!(report.targets.is_empty(), "{text}: {:?}", report.targets);
        let [notice] = report.notices.as_slice() else { panic!("{text}: {:?}", report.notices) };
        assert_eq!(notice.code, "no-kubelet");
        assert!(notice.message.starts_with("f was not audited: it "), "{}", notice.message);
        assert!(notice.message.contains(name), "{}", notice.message);
        assert!(notice.help.contains(help), "{}", notice.help);
        assert_eq!(notice.location.as_ref().map(|at| at.source.as_str()), Some("f"));
        // Beside other layers it takes the place of the config that they belong to.
        let target = audit(json!({ "config": text, "args": "kubelet --v=2" }));
        assert_eq!(target.errors.first().map(|error| error.code.as_str()), Some("no-kubelet"));
    }
    for text in [
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"nodes not found\"}",
        "Error from server (NotFound): nodes \"a\" not found\n",
    ] {
        let target = audit(json!({ "config": text }));
        assert_eq!(target.errors.first().map(|error| error.code.as_str()), Some("no-answer"), "{text}");
        assert!(target.kubelet.is_none());
    }
}

#[test]
fn bad_requests_are_answered() {
    for (request, code) in [
        (json!({"confg": "x"}), "invalid-request"),
        (json!([]), "invalid-request"),
        (json!({}), "invalid-request"),
        (json!({"config": HEAD, "nodeVersion": "1.12"}), "unsupported-version"),
        (json!({"args": "root 1 0 0 init"}), "no-kubelet-command"),
    ] {
        let target = audit(request.clone());
        assert_eq!(target.errors.first().map(|e| e.code.as_str()), Some(code), "{request}");
    }
    assert!(crate::audit_json("{").unwrap().contains("invalid-request"));
}

#[test]
fn credentials_are_never_shown() {
    let secret = "c2VjcmV0";
    for config in [
        format!("{HEAD}staticPodURLHeader:\n  Authorization: [{secret}]\n"),
        format!("{HEAD}staticPodURLHeader:\n  Authorization: {secret}\n"),
        format!("{HEAD}staticPodURLHeader: {secret}\n"),
    ] {
        let args = json!(["kubelet", format!("--manifest-url-header=Authorization:{secret}")]);
        for request in [json!({ "config": config }), json!({ "config": config, "args": args })] {
            let target = audit(request);
            assert!(!serde_json::to_string(&target).unwrap().contains(secret), "{config}");
        }
    }
    let target = audit(json!({ "args": ["kubelet", format!("--manifest-url-header={secret}")] }));
    assert!(!serde_json::to_string(&target).unwrap().contains(secret));
}

#[test]
fn members_of_listed_objects_are_checked_strictly() {
    let config = format!(
        "{HEAD}shutdownGracePeriodByPodPriority:\n- {{priority: 1, shutdownGracePeriodSeconds: 2, Extra: 3}}\n"
    );
    let kubelet = audit(json!({ "config": config, "kubeletVersion": "1.34" })).kubelet.unwrap();
    assert!(kubelet.lenient);
    assert_eq!(kubelet.warnings.first().map(|w| w.code.as_str()), Some("unknown-field"));
}
