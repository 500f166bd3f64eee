//! Names of sysctls.
//!
//! Source: `pkg/apis/core/validation/validation.go` and `pkg/apis/policy/validation/validation.go` of Kubernetes;
//! `node/util/sysctl/namespace.go` of k8s.io/component-helpers, up to 1.28 `pkg/kubelet/sysctl/namespace.go`.

use super::Version;

/// The greatest length of a name.
const MAX_LENGTH: usize = 253;

/// Whether a text is the name of a sysctl: segments of lower-case letters, digits, `-` and `_`, separated by
/// `.` or `/` (`IsValidSysctlName`).
pub fn is_name(text: &str) -> bool {
    text.len() <= MAX_LENGTH && text.split(['.', '/']).all(is_segment)
}

/// Whether a text is a name, or a pattern: a name whose last character is `*` (`IsValidSysctlPattern`).
pub fn is_pattern(text: &str) -> bool {
    let (before, last) =
        text.rsplit_once(['.', '/']).map_or((None, text), |(before, last)| (Some(before), last));
    let is_last = match last.strip_suffix('*') {
        Some(start) => start.is_empty() || starts_well(start) && start.bytes().all(is_inner),
        None => is_segment(last),
    };
    text.len() <= MAX_LENGTH
        && is_last
        && before.is_none_or(|before| before.split(['.', '/']).all(is_segment))
}

fn is_segment(text: &str) -> bool {
    starts_well(text) && text.bytes().all(is_inner) && !text.ends_with(['-', '_'])
}

fn starts_well(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(['-', '_'])
}

fn is_inner(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
}

/// The name with `.` as its separator (`NormalizeName`): if `/` comes first, the two are exchanged.
pub fn normalize(name: &str) -> String {
    match name.find(['.', '/']) {
        Some(at) if name.as_bytes().get(at) == Some(&b'/') => {
            let swap = |c| match c {
                '.' => '/',
                '/' => '.',
                other => other,
            };
            name.chars().map(swap).collect()
        }
        _ => name.to_owned(),
    }
}

/// Whether Linux has the sysctl, or the sysctls of a pattern, in each namespace, as far as the kubelet knows.
pub fn is_namespaced(name: &str, version: Version) -> bool {
    const NAMES: [&str; 10] = [
        "kernel.msg",
        "kernel.msgmax",
        "kernel.msgmnb",
        "kernel.msgmni",
        "kernel.sem",
        "kernel.shm",
        "kernel.shm_rmid_forced",
        "kernel.shmall",
        "kernel.shmmax",
        "kernel.shmmni",
    ];
    let name = normalize(name);
    let name = name.split_once('*').map_or(name.as_str(), |(prefix, _)| prefix);
    let is_old = !version.at_least(29) && (name.starts_with("kernel.shm") || name.starts_with("kernel.msg"));
    is_old || NAMES.contains(&name) || name.starts_with("net.") || name.starts_with("fs.mqueue.")
}

#[cfg(test)]
mod tests {
    use super::{is_name, is_namespaced, is_pattern, normalize};
    use crate::kubelet::Version;

    #[test]
    fn patterns_end_with_an_asterisk() {
        for text in ["net.core.somaxconn", "net/ipv4/tcp_syncookies", "a"] {
            assert!(is_name(text) && is_pattern(text), "{text}");
        }
        for text in ["net.*", "*", "kernel.shm*", "net.a_*"] {
            assert!(is_pattern(text) && !is_name(text), "{text}");
        }
        for text in ["", "a..b", "a.", "A", "a*b", "net.*.x", "_a", "a-", "net._*"] {
            assert!(!is_pattern(text), "{text}");
        }
    }

    #[test]
    fn slashes_in_front_are_separators() {
        assert_eq!(normalize("net/ipv4/conf/eno2.100/rp_filter"), "net.ipv4.conf.eno2/100.rp_filter");
        assert_eq!(normalize("net.ipv4.conf.eno2/100.rp_filter"), "net.ipv4.conf.eno2/100.rp_filter");
    }

    #[test]
    fn kernel_shm_is_a_prefix_up_to_1_28() {
        let at = |minor| Version::from_minor(minor).unwrap();
        assert!(is_namespaced("kernel.shmx", at(28)) && !is_namespaced("kernel.shmx", at(29)));
        assert!(is_namespaced("net.*", at(36)) && !is_namespaced("vm.swappiness", at(36)));
        assert!(is_namespaced("fs/mqueue/msg_max", at(36)) && !is_namespaced("*", at(36)));
    }
}
