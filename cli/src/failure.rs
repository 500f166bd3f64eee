//! Why a command cannot answer.

use kubelet_audit::render::visible;
use kubelet_audit::report::OptionError;

use crate::exit;
use crate::host::HostError;

/// Why an answer could not be given although there was one.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) code: u8,
}

impl Failure {
    /// What the user named cannot be used.
    pub(crate) fn unusable(message: String) -> Self {
        Self { message, code: exit::UNUSABLE }
    }

    /// A file that was named for writing cannot be written.
    pub(crate) fn unwritable(path: &str, error: &HostError) -> Self {
        Self::unusable(format!("`{}` cannot be written: {}", visible(path), visible(error.reason())))
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
