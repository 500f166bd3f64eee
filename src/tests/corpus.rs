//! Real node configurations. They stay outside the repository; where they are absent one line says so.

use std::path::PathBuf;

use serde_json::json;

use super::{audit, verdicts};

/// File, drop-in, version, answer.
const CASES: &[(&str, Option<&str>, &str)] = &[
    ("aks/rotation-off.json", None, "fail/no"),
    ("aks/rotation-on.json", None, "fail/yes"),
    ("configz/node-collector.json", None, "fail/no"),
    ("eks-al2023/kubelet-config-dir/config.json", Some("40-nodeadm.conf"), "pass/yes"),
    ("eks-al2023/kubelet-config-set-empty/config.json", Some("40-nodeadm.conf"), "pass/yes"),
    ("openshift-configz/kubelet_configure_event_creation.json", None, "pass/yes"),
    ("openshift-configz/kubelet_configure_tls_min_version.json", None, "pass/yes"),
    ("openshift-configz/kubelet_enable_streaming_connections.json", None, "pass/yes"),
];

#[test]
fn real_configurations_are_read_and_answered() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        println!("corpus absent: {} checks on real configurations could not run", CASES.len());
        return;
    }
    for (file, drop_in, expected) in CASES {
        let path = corpus.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let drop_ins = drop_in.map(|name| {
            let text = std::fs::read_to_string(path.with_file_name(name)).unwrap();
            json!([{"name": name, "text": text}])
        });
        let target = audit(json!({"config": text, "dropIns": drop_ins, "source": file}));
        assert!(target.errors.is_empty(), "{file}: {:?}", target.errors);
        println!("{file}: {} ({})", verdicts(&target), super::seed(&target).message);
        assert_eq!(verdicts(&target), *expected, "{file}");
    }
}
