//! Whether a file that nobody named is worth an audit.

use kubelet_audit::objects::{Recognized, recognize};
use kubelet_audit::source::Limits;

use crate::inputs::rows;

/// What a file found below a directory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// To be audited.
    Kubelet,
    /// Something else, in words.
    Other(String),
}

/// The ends of names of files that may hold kubelet settings.
const ENDS: &[&str] = &[
    "yaml", "yml", "json", "conf", "ndjson", "jsonl", "toml", "bu", "ign", "j2", "tpl", "tmpl", "txt",
    "service", "env",
];

/// Whether a file of this name may hold a kubelet's configuration.
pub(crate) fn is_candidate(name: &str) -> bool {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    ENDS.contains(&end) || matches!(name, "user-data" | "kubelet")
}

/// Looks at a text. One that speaks of a kubelet's configuration and cannot be read is to be audited too:
/// the audit then says what is wrong with it, which passing over it would hide.
pub(crate) fn looks_like(text: &str, limits: &Limits) -> Found {
    if rows::Row::read(text).is_some() {
        return Found::Kubelet;
    }
    match recognize(text, limits) {
        Recognized::Kubelet => Found::Kubelet,
        Recognized::CommandLine => {
            Found::Other("it is a kubelet's command line: pass it with --args-from".to_owned())
        }
        Recognized::Other(reason) => Found::Other(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, is_candidate, looks_like};
    use kubelet_audit::source::Limits;

    #[test]
    fn a_file_is_known_by_its_name_and_its_content() {
        for name in
            ["a.yaml", "b.yml", "c.json", "10-d.conf", "e.ndjson", "f.jsonl", ".yaml", "user-data", "a.j2"]
        {
            assert!(is_candidate(name), "{name}");
        }
        for name in ["yaml", "a.yaml.bak", "README.md", "kubelet.log", ""] {
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
            ("kubelet-arg: [v=2]\n", true),
            ("KUBELET_EXTRA_ARGS=--v=2\n", false),
            ("some: [broken", false),
            ("just words", false),
            ("", false),
        ] {
            let found = looks_like(text, &Limits::default());
            assert_eq!(found == Found::Kubelet, is_kubelet, "{text}");
        }
    }
}
