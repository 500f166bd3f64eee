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

use kubelet_audit::report::Report;
use kubelet_audit::request::Request;

use crate::host::Host;

/// Runs the command and says with which code to exit: 0 nothing found, 1 findings, 2 wrong usage or
/// unreadable input, 3 nothing to audit, 101 a mistake of this program.
///
/// `args` come without the program's name. Standard output gets the report and nothing else.
pub fn run(args: &[String], host: &mut dyn Host) -> u8 {
    run_with(args, host, &kubelet_audit::audit)
}

/// From a request to its report; the command's tests have one of their own.
type Audit<'a> = &'a dyn Fn(&Request) -> Report;

fn run_with(args: &[String], host: &mut dyn Host, audit: Audit<'_>) -> u8 {
    let invocation = match args::parse(args) {
        Ok(invocation) => invocation,
        Err(error) => {
            host.write_stderr(&error.text());
            return exit::UNUSABLE;
        }
    };
    commands::run(invocation, host, audit).unwrap_or_else(|failure| {
        host.write_stderr(&format!("error: {}\n", failure.message));
        failure.code
    })
}

#[cfg(test)]
mod tests;
