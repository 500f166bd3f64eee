//! The command `kubelet-audit`, written once for every host.

mod args;
mod commands;
mod exit;
mod failure;
mod gate;
pub mod host;
pub mod hosts;
mod inputs;
mod output;

use crate::host::Host;

/// Runs the command and says with which code to exit: 0 nothing found, 1 findings, 2 wrong usage or
/// unreadable input, 3 nothing to audit, 101 a mistake of this program.
///
/// `args` come without the program's name. Standard output gets the report and nothing else.
pub fn run(args: &[String], host: &mut dyn Host) -> u8 {
    let invocation = match args::parse(args) {
        Ok(invocation) => invocation,
        Err(error) => {
            host.write_stderr(&error.text());
            return exit::UNUSABLE;
        }
    };
    commands::run(invocation, host).unwrap_or_else(|failure| {
        host.write_stderr(&format!("error: {}\n", failure.message));
        failure.code
    })
}
