//! The command line, written once for every host.

mod args;
mod baseline;
mod check;
mod clock;
mod completions;
mod effective;
mod exit;
mod fix;
mod fleet;
mod gate;
mod glob;
mod help;
pub mod host;
mod inputs;
mod layers;
mod live;
mod next;
mod options;
mod own_file;
mod part;
mod recognise;
#[cfg(any(unix, windows))]
mod replace;
mod report_args;
mod reports;
mod rows;
mod schema;
mod screen;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod std_host;
mod stream;
mod texts;
mod usage;
mod waivers;
mod walk;

use args::Invocation;
use host::{HostError, HostErrorKind};
use options::CatalogueFormat;

use crate::render;
use crate::report::Report;
use crate::request::Request;

pub use host::Host;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub use std_host::{StdHost, std_main};

/// Runs the command and says with which code to exit: 0 nothing found, 1 findings, 2 wrong usage or
/// unreadable input, 3 nothing to audit, 101 a mistake of this program.
///
/// `args` come without the program's name. Standard output gets the report and nothing else.
pub fn run(args: &[String], host: &mut dyn Host) -> u8 {
    run_with(args, host, &crate::audit)
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
    let done = match invocation {
        Invocation::Check { node, gate, reports, fixes: None, output } => {
            check::check(&node, &gate, &reports, output, host, audit)
        }
        Invocation::Check { node, gate, reports, fixes: Some(how), output } => {
            fix::fix(&node, how, &gate, &reports, output, host, audit)
        }
        Invocation::Effective { node, format, shown, output } => {
            effective::effective(&node, format, shown, output, host, audit)
        }
        Invocation::Controls(format) => {
            put(host, &render::controls::list(form(format))).map(|()| exit::CLEAN)
        }
        Invocation::Explain { control, format } => match render::controls::one(&control, form(format)) {
            Some(text) => put(host, &text).map(|()| exit::CLEAN),
            None => {
                host.write_stderr(&usage::UsageError::unknown_control(&control).text());
                Ok(exit::UNUSABLE)
            }
        },
        Invocation::Schema(name) => put(host, schema::text(name)).map(|()| exit::CLEAN),
        Invocation::Completions(shell) => put(host, &completions::script(shell)).map(|()| exit::CLEAN),
        Invocation::Version => {
            let version = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n");
            put(host, version).map(|()| exit::CLEAN)
        }
        Invocation::Help(topic) => {
            let text = help::text(topic, screen::width(host));
            put(host, &text).map(|()| exit::CLEAN)
        }
    };
    done.unwrap_or_else(|failure| {
        host.write_stderr(&format!("error: {}\n", failure.message));
        failure.code
    })
}

fn form(format: CatalogueFormat) -> render::controls::Form {
    match format {
        CatalogueFormat::Text => render::controls::Form::Text,
        CatalogueFormat::Json => render::controls::Form::Json,
        CatalogueFormat::Markdown => render::controls::Form::Markdown,
    }
}

/// Why an answer could not be given although there was one.
#[derive(Debug)]
struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// What the user named cannot be used.
    fn unusable(message: String) -> Self {
        Self { message, code: exit::UNUSABLE }
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        Self {
            message: format!(
                "standard output could not be written: {}",
                crate::render::visible(&error.message)
            ),
            code: exit::INTERNAL,
        }
    }
}

/// Writes to standard output. A reader that has seen enough, as `head` has, is no failure; the exit
/// code still tells of the report.
fn put(host: &mut dyn Host, text: &str) -> Result<(), Failure> {
    match host.write_stdout(text) {
        Err(error) if error.kind != HostErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod gate_tests;
#[cfg(test)]
#[path = "cli_tests.rs"]
mod tests;
