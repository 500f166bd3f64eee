//! Failures of a command.

use kubelet_audit::render::visible;
use kubelet_audit::report::OptionError;

use crate::exit;
use crate::host::HostError;

/// A failure that ends the command, with its exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) code: u8,
}

impl Failure {
    /// Returns a failure for unusable input.
    pub(crate) fn unusable(message: String) -> Self {
        Self { message, code: exit::UNUSABLE }
    }

    /// Returns a failure for an output file.
    pub(crate) fn unwritable(path: &str, error: &HostError) -> Self {
        Self::unusable(format!("cannot write {}: {}", visible(path), visible(error.reason())))
    }
}

impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::unusable(visible(&error.to_string()).into_owned())
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        Self {
            message: format!("cannot write to standard output: {}", visible(&error.message)),
            code: exit::UNUSABLE,
        }
    }
}
