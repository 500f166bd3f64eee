//! Reads a kubelet's configuration as the kubelet itself would and returns finding objects.

pub mod diagnostic;
pub mod source;
