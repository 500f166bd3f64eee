//! The options of text output.

use clap::{Args, ColorChoice};
use kubelet_audit::render::Detail;

/// How to show text.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// When to use color; auto depends on the terminal, NO_COLOR, FORCE_COLOR, CLICOLOR and CLICOLOR_FORCE
    #[arg(long, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    /// More detail: passing checks in full, notes, commands to fix findings
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
    /// One line per failing finding
    #[arg(short, long)]
    quiet: bool,
}

impl OutputArgs {
    /// How much detail to show.
    pub(crate) const fn detail(self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (false, true) => Detail::Verbose,
            (false, false) => Detail::Normal,
        }
    }
}
