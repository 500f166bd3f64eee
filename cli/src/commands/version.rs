//! `kubelet-audit version`

/// Name and version of the command.
pub(crate) const TEXT: &str = concat!("kubelet-audit ", env!("CARGO_PKG_VERSION"), "\n");
