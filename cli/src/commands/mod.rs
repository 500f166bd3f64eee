//! The commands.

mod check;
mod completions;
mod controls;
mod effective;
mod explain;
mod fix;
mod help;
mod schema;
mod version;

use crate::args::Invocation;
use crate::exit;
use crate::failure::Failure;
use crate::host::Host;
use crate::output::{put, screen};

/// Does what the command line says, and answers with the exit code.
pub(crate) fn run(invocation: Invocation, host: &mut dyn Host) -> Result<u8, Failure> {
    let text = match invocation {
        Invocation::Check { node, gate, reports, fixes: None, output } => {
            return check::check(&node, &gate, &reports, output, host);
        }
        Invocation::Check { node, gate, reports, fixes: Some(how), output } => {
            return fix::fix(&node, how, &gate, &reports, output, host);
        }
        Invocation::Effective { node, format, shown, output } => {
            return effective::effective(&node, format, shown, output, host);
        }
        Invocation::Explain { control, format } => return explain::explain(&control, format, host),
        Invocation::Controls(format) => controls::text(format),
        Invocation::Schema(name) => schema::text(name).to_owned(),
        Invocation::Completions(shell) => completions::script(shell),
        Invocation::Version => version::TEXT.to_owned(),
        Invocation::Help(topic) => help::text(topic, screen::width(host)),
    };
    put(host, &text).map(|()| exit::CLEAN)
}
