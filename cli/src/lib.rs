//! The command `kubelet-audit`, for every host.

mod args;
mod commands;
mod control_names;
mod dates;
mod exit;
mod failure;
pub mod files;
mod gate;
pub mod host;
pub mod hosts;
mod inputs;
mod output;
pub mod pattern;

use crate::host::Host;

/// Runs the command and returns its exit code: 0 for no findings, 1 for findings, 2 for wrong usage or unreadable
/// input, 3 for nothing to audit, 101 for an internal error.
///
/// `args` does not include the program name. Standard output gets the report and nothing else.
pub fn run(args: &[String], host: &mut dyn Host) -> u8 {
    let done = match args::parse(args, output::screen::width(host)) {
        Ok(invocation) => commands::run(invocation, host),
        Err(error) => commands::explain_usage(&error, host),
    };
    done.unwrap_or_else(|failure| {
        host.write_stderr(&format!("error: {}\n", failure.message));
        failure.code
    })
}
