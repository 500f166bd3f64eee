//! The mode that only the WASI module has.

use std::process::ExitCode;

use kubelet_audit::admission::{validate, validate_settings};
use kubelet_audit::source::Limits;

use super::native::StdHost;
use crate::exit;
use crate::host::Host;

/// Kubewarden's `wasi` mode: the operation is the only argument, standard input and output are JSON, and the
/// exit code is 0 whatever the decision. To audit a file with such a name, use `./validate`.
pub(super) fn policy(operation: &str) -> Option<ExitCode> {
    let answer: fn(&str) -> String = match operation {
        "validate" => validate,
        "validate-settings" => validate_settings,
        _ => return None,
    };
    // An update contains the object twice, and managed fields.
    let most = Limits::MAX_BYTES.saturating_mul(4);
    let payload = StdHost::default().read_stdin(most).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(payload) = payload else {
        StdHost::default().write_stderr("error: standard input is not UTF-8 text, or larger than 64 MiB\n");
        return Some(ExitCode::from(exit::UNUSABLE));
    };
    let written = StdHost::default().write_stdout(&answer(&payload));
    Some(if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(exit::INTERNAL) })
}
