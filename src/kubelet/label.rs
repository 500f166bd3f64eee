//! Names and values of labels and taints.
//!
//! Source: `pkg/util/validation/validation.go` of k8s.io/apimachinery, `pkg/apis/well_known_labels.go` of
//! k8s.io/kubelet and `cmd/kubelet/app/options/options.go`, 1.25 to 1.37.

/// Whether a text is a name with an optional DNS prefix, such as `example.com/role` (`IsQualifiedName`).
pub fn is_qualified_name(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && !name.is_empty() && is_value(name),
        None => !text.is_empty() && is_value(text),
    }
}

/// Whether a text is the value of a label: empty, or at most 63 letters, digits, `-`, `_` and `.`, with a
/// letter or digit at both ends (`IsValidLabelValue`).
pub fn is_value(text: &str) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let ends = [text.bytes().next(), text.bytes().next_back()];
    text.len() <= 63
        && text.as_bytes().iter().all(is_inner)
        && ends.iter().flatten().all(u8::is_ascii_alphanumeric)
}

/// Whether a text is a DNS subdomain (`IsDNS1123Subdomain`).
fn is_subdomain(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// Whether a kubelet may set this label on its own node: any label outside of the domains of Kubernetes, and
/// some inside (`ValidateKubeletFlags`).
pub fn is_allowed_on_node(key: &str) -> bool {
    const ALLOWED: [&str; 11] = [
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/instance-type",
        "beta.kubernetes.io/os",
        "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
        "kubernetes.io/arch",
        "kubernetes.io/hostname",
        "kubernetes.io/os",
        "node.kubernetes.io/instance-type",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    ];
    let namespace = key.split_once('/').map_or("", |(namespace, _)| namespace);
    let is_in = |domain: &str| {
        let rest = namespace.strip_suffix(domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let is_reserved = is_in("kubernetes.io") || is_in("k8s.io");
    !is_reserved || ALLOWED.contains(&key) || is_in("kubelet.kubernetes.io") || is_in("node.kubernetes.io")
}

/// Whether a text is the effect of a taint.
pub fn is_taint_effect(text: &str) -> bool {
    matches!(text, "NoSchedule" | "PreferNoSchedule" | "NoExecute")
}

#[cfg(test)]
mod tests {
    use super::{is_allowed_on_node, is_qualified_name, is_value};

    #[test]
    fn names_have_one_optional_prefix() {
        for text in ["a", "A.b-c_d", "example.com/a", "x-y.z0/A"] {
            assert!(is_qualified_name(text), "{text}");
        }
        for text in ["", "/a", "a/", "a/b/c", "-a", "a.", "Example.com/a", "-a.b/c", "a b", &"a".repeat(64)] {
            assert!(!is_qualified_name(text), "{text}");
        }
        assert!(is_value("") && !is_value("-"));
    }

    #[test]
    fn kubernetes_labels_are_reserved_with_exceptions() {
        for key in ["role", "example.com/a", "xkubernetes.io/a", "node.kubernetes.io/x", "kubernetes.io/os"] {
            assert!(is_allowed_on_node(key), "{key}");
        }
        for key in ["kubernetes.io/x", "node-role.kubernetes.io/worker", "k8s.io/x", "a.k8s.io/x"] {
            assert!(!is_allowed_on_node(key), "{key}");
        }
    }
}
