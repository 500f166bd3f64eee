//! Whether a file that nobody named is worth an audit.

use kubelet_audit::objects;
use kubelet_audit::source::{Limits, SourceId, document};

use crate::inputs::rows;

/// What a file found below a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// To be audited.
    Kubelet,
    /// Something else, in words.
    Other(&'static str),
}

/// Whether a file of this name may hold a kubelet's configuration.
pub(crate) fn is_candidate(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["yaml", "yml", "json", "conf", "ndjson", "jsonl"].contains(&extension)
}

/// Looks at a text. One that speaks of a kubelet's configuration and cannot be read is to be audited too:
/// the audit then says what is wrong with it, which passing over it would hide.
pub(crate) fn looks_like(text: &str, limits: &Limits) -> Found {
    const SIGNS: [&str; 3] = ["KubeletConfiguration", "kubelet.config.k8s.io/", "\"kubeletconfig\""];
    const NONE: Found = Found::Other("no kubelet configuration");
    let is_sure = SIGNS.iter().any(|sign| text.contains(sign));
    // k0s has kubelets under a key of its own.
    if !is_sure && !["kubelet", "Kubelet", "workerProfiles"].iter().any(|sign| text.contains(sign)) {
        return NONE;
    }
    if objects::hold_kubelets(text, limits) {
        return Found::Kubelet;
    }
    let document = match document::read(text, SourceId(0), limits) {
        _ if !is_sure => return NONE,
        Ok(document) => document,
        Err(_) => return Found::Kubelet,
    };
    let member = |name: &str| document.root.get(name);
    let kind = member("kind").and_then(|kind| kind.as_str());
    let api = member("apiVersion").and_then(|api| api.as_str());
    let is_config = kind == Some("KubeletConfiguration")
        || kind.is_none() && api.is_some_and(|api| api.starts_with("kubelet.config.k8s.io/"));
    if is_config || member("kubeletconfig").is_some() || rows::Row::read(text).is_some() {
        return Found::Kubelet;
    }
    Found::Other("it mentions a kubelet configuration, but is another object")
}

#[cfg(test)]
mod tests {
    use super::{Found, is_candidate, looks_like};
    use kubelet_audit::source::Limits;

    #[test]
    fn a_file_is_known_by_its_name_and_its_content() {
        for name in ["a.yaml", "b.yml", "c.json", "10-d.conf", "e.ndjson", "f.jsonl", ".yaml"] {
            assert!(is_candidate(name), "{name}");
        }
        for name in ["yaml", "a.yaml.bak", "README.md", "kubelet", ""] {
            assert!(!is_candidate(name), "{name}");
        }
        for (text, is_kubelet) in [
            ("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n", true),
            ("apiVersion: kubelet.config.k8s.io/v1beta1\n", true),
            ("kind: KubeletConfiguration\n  broken: [", true),
            (r#"{"kubeletconfig": {}}"#, true),
            (r#"{"node": "a", "config": {"kind": "KubeletConfiguration"}}"#, true),
            (r#"{"kubeletconfig": "#, true),
            ("kind: Note\ntext: on KubeletConfiguration\n", false),
            ("kind: Note\ntext: on kubelets\n", false),
            (
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kubelet-config}\ndata:\n  kubelet: |\n    kind: KubeletConfiguration\n",
                true,
            ),
            ("kind: Pod\n", false),
            ("", false),
        ] {
            let found = looks_like(text, &Limits::default());
            assert_eq!(found == Found::Kubelet, is_kubelet, "{text}");
        }
    }
}
