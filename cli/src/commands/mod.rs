//! The commands.

mod check;
mod controls;
mod effective;
mod explain;
mod fix;
mod generated;
mod schema;

use clap::ColorChoice;
use clap::error::ErrorKind;
use kubelet_audit::render::{Color, visible};

use crate::args::Invocation;
use crate::exit;
use crate::failure::Failure;
use crate::host::Host;
use crate::output::{put, screen};

/// Runs a command and returns the exit code.
pub(crate) fn run(invocation: Invocation, host: &mut dyn Host) -> Result<u8, Failure> {
    let text = match invocation {
        Invocation::Check(args) if args.fixes.diff || args.fixes.fix => return fix::fix(&args, host),
        Invocation::Check(args) => return check::check(&args, host),
        Invocation::Effective(args) => return effective::effective(&args, host),
        Invocation::Explain(args) => explain::text(&args)?,
        Invocation::Controls(args) => controls::text(&args),
        Invocation::Schema { name } => schema::text(name).to_owned(),
        Invocation::Completions { shell } => generated::completions(shell),
        Invocation::Man => generated::manual()?,
        Invocation::Version => VERSION.to_owned(),
    };
    put(host, &text).map(|()| exit::CLEAN)
}

const VERSION: &str = concat!("kubelet-audit ", env!("CARGO_PKG_VERSION"), "\n");

/// Prints what clap answers instead of an invocation: the help, the version or what is wrong.
pub(crate) fn explain_usage(error: &clap::Error, host: &mut dyn Host) -> Result<u8, Failure> {
    let text = match error.kind() {
        ErrorKind::DisplayVersion => VERSION.to_owned(),
        ErrorKind::DisplayHelp if screen::color(ColorChoice::Auto, host) == Color::On => {
            error.render().ansi().to_string()
        }
        _ => error.render().to_string(),
    };
    if error.use_stderr() {
        // Arguments in the message are visible text already; this holds for whatever else clap quotes.
        text.lines().for_each(|line| host.write_stderr(&format!("{}\n", visible(line))));
        return Ok(exit::UNUSABLE);
    }
    put(host, &text).map(|()| exit::CLEAN)
}
