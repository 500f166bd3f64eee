//! Command-line flags of the kubelet. The table is generated from the flag sets of the releases.

use super::fields::FieldId;
pub use super::flag::{Flag, FlagKind};
pub use super::flag_table::FLAGS;

/// The flag with this name, in any version.
pub fn lookup(name: &str) -> Option<&'static Flag> {
    let at = FLAGS.binary_search_by(|flag| flag.name.cmp(name)).ok()?;
    FLAGS.get(at)
}

/// The flag that sets this field.
pub fn of_field(field: FieldId) -> Option<&'static Flag> {
    FLAGS.iter().find(|flag| flag.field == Some(field))
}

/// Flags that people set and no supported kubelet has, each with what to do instead.
///
/// `--rotate-kubelet-server-certificate` and `--eventRecordQPS` come from the text of benchmarks. A kubelet
/// that is started with one exits.
pub const UNSUPPORTED_FLAGS: &[(&str, &str)] = &[
    ("RotateKubeletServerCertificate", "use --feature-gates=RotateKubeletServerCertificate=true"),
    ("cadvisor-port", "remove it; --cadvisor-port was removed in Kubernetes 1.12"),
    ("allow-privileged", "remove it; --allow-privileged was removed in Kubernetes 1.15"),
    ("eventRecordQPS", "use --event-qps"),
    ("rotate-kubelet-server-certificate", "use --rotate-server-certificates"),
    ("server-tls-bootstrap", "use --rotate-server-certificates"),
    ("tls-bootstrap", "use --rotate-server-certificates"),
];

#[cfg(test)]
mod tests {
    use super::{FLAGS, UNSUPPORTED_FLAGS, lookup};

    #[test]
    fn table_is_sorted() {
        for pair in FLAGS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}", pair[1].name);
        }
    }

    #[test]
    fn flags_that_never_were_are_not_in_the_table() {
        for (name, _) in UNSUPPORTED_FLAGS {
            assert!(lookup(name).is_none(), "{name}");
        }
    }
}
