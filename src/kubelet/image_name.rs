//! Names of images in an allowlist.
//!
//! Source: `pkg/kubelet/images/pullmanager/image_pull_policies.go` of Kubernetes 1.33 to 1.37, and
//! `github.com/distribution/reference`.

use super::Version;

/// Whether an entry of `preloadedImagesVerificationAllowlist` is valid: a full name without tag and digest, or a
/// prefix of names with `/*` at its end (`getAllowlistImagePattern`). From 1.36 on a name may lack its registry.
pub fn is_allowlist_pattern(pattern: &str, version: Version) -> bool {
    let is_valid = if version.at_least(36) { is_name } else { is_full_name };
    if pattern != pattern.trim() {
        return false;
    }
    match pattern.strip_suffix("/*") {
        Some(prefix) => !prefix.is_empty() && !prefix.contains('*'),
        None => !pattern.contains('*') && is_valid(pattern),
    }
}

/// Whether a text is a name, with or without its registry (`reference.Parse`).
fn is_name(text: &str) -> bool {
    let (domain, path) = text.split_once('/').map_or((None, text), |(domain, path)| (Some(domain), path));
    text.len() <= 255
        && path.split('/').all(is_path_component)
        && domain.is_none_or(|domain| is_domain(domain) || is_path_component(domain))
}

/// Whether a text is a name with its registry, such as `docker.io/library/busybox`: a shorter one is another
/// name once the defaults are added.
fn is_full_name(text: &str) -> bool {
    let Some((domain, path)) = text.split_once('/') else { return false };
    let is_registry = domain == "localhost"
        || domain.contains(['.', ':'])
        || domain.bytes().any(|b| b.is_ascii_uppercase());
    let is_short = domain == "index.docker.io" || domain == "docker.io" && !path.contains('/');
    text.len() <= 255
        && is_registry
        && !is_short
        && is_domain(domain)
        && path.split('/').all(is_path_component)
}

fn is_domain(domain: &str) -> bool {
    let (host, port) = match domain.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (domain, None),
    };
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let is_address =
        |inner: &str| !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
    let is_host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => is_address(inner),
        None => host.split('.').all(is_part),
    };
    is_host && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// Lower-case letters and digits, with single separators inside: `.`, `_`, `__` or any number of `-`.
fn is_path_component(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut separators = text.split(is_word).filter(|separator| !separator.is_empty());
    let is_separator =
        |separator: &str| matches!(separator, "." | "_" | "__") || separator.bytes().all(|b| b == b'-');
    text.starts_with(is_word) && text.ends_with(is_word) && separators.all(is_separator)
}

#[cfg(test)]
mod tests {
    use super::super::Version;
    use super::is_allowlist_pattern;

    #[test]
    fn patterns_name_a_registry() {
        for text in
            ["docker.io/library/busybox", "registry:5000/a", "a/*", "example.com/a__b/c--d", "localhost/a"]
        {
            assert!(is_allowlist_pattern(text, Version::from_minor(35).unwrap()), "{text}");
            assert!(is_allowlist_pattern(text, Version::from_minor(36).unwrap()), "{text}");
        }
        for text in ["x", "a/b", "docker.io/busybox"] {
            assert!(!is_allowlist_pattern(text, Version::from_minor(35).unwrap()), "{text}");
            assert!(is_allowlist_pattern(text, Version::from_minor(36).unwrap()), "{text}");
        }
        for text in ["*", "/*", "a/*/b", "a/b:tag", "example.com/A", " a/*", ""] {
            assert!(!is_allowlist_pattern(text, Version::from_minor(35).unwrap()), "{text}");
            assert!(!is_allowlist_pattern(text, Version::from_minor(36).unwrap()), "{text}");
        }
    }
}
