//! The output of the command.

pub(crate) mod fleet;
pub(crate) mod next;
pub(crate) mod reports;
pub(crate) mod screen;

use crate::failure::Failure;
use crate::host::{Host, HostErrorKind};

/// Writes to standard output. A reader that closes the pipe early, such as `head`, is not a failure; the exit
/// code still depends on the report.
pub(crate) fn put(host: &mut dyn Host, text: &str) -> Result<(), Failure> {
    match host.write_stdout(text) {
        Err(error) if error.kind != HostErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
