//! Width and colors, from the option, the environment and the terminal.

use clap::ColorChoice;
use kubelet_audit::render::{Color, Layout};

use crate::host::Host;

/// Columns without a terminal.
pub(crate) const PIPE_COLUMNS: usize = Layout::PLAIN.width;
/// Columns of a terminal of unknown width.
const TERMINAL_COLUMNS: usize = 80;
/// Most columns; longer lines are hard to read.
const MOST_COLUMNS: usize = 120;

/// Returns the width of lines. `COLUMNS` outranks the terminal.
pub(crate) fn width(host: &dyn Host) -> usize {
    let wanted = host.variable("COLUMNS").and_then(|text| text.parse::<usize>().ok()).filter(|n| *n > 0);
    let terminal = || match host.stdout_terminal() {
        Some(terminal) => terminal.columns.map_or(TERMINAL_COLUMNS, usize::from),
        None => PIPE_COLUMNS,
    };
    wanted.unwrap_or_else(terminal).min(MOST_COLUMNS)
}

/// Whether to write colors. The option outranks the environment, `NO_COLOR` outranks `FORCE_COLOR` and
/// `CLICOLOR_FORCE`, and these outrank `CLICOLOR`, `TERM` and the terminal (<https://no-color.org>,
/// <https://force-color.org>, <https://bixense.com/clicolors>). anstream would decide by the environment of the
/// process, which the module in Node does not have.
pub(crate) fn color(choice: ColorChoice, host: &dyn Host) -> Color {
    let set = |name: &str| host.variable(name).filter(|value| !value.is_empty());
    let forced = |name: &str| set(name).is_some_and(|value| value != "0" && value != "false");
    let on = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR").is_some() => false,
        ColorChoice::Auto if forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") => true,
        ColorChoice::Auto => {
            set("FORCE_COLOR").is_none()
                && set("CLICOLOR").as_deref() != Some("0")
                && set("TERM").as_deref() != Some("dumb")
                && host.stdout_terminal().is_some()
        }
    };
    if on { Color::On } else { Color::Off }
}

/// Returns the base directory of links, if standard output shows links: a terminal with colors. It comes from
/// `PWD`, which POSIX shells set; without it there are no links.
pub(crate) fn links(color: Color, host: &dyn Host) -> Option<String> {
    let directory = host.variable("PWD").filter(|directory| directory.starts_with('/'))?;
    (color == Color::On && host.stdout_terminal().is_some()).then_some(directory)
}
