//! `--format` and `--output`: which reports to write where.

use clap::{ArgMatches, Args, FromArgMatches, ValueHint};
use kubelet_audit::render::{Included, ReportForm};

use crate::args::values::{self, wrong_usage};

/// The options as typed.
#[derive(Args)]
#[command(next_help_heading = "Output")]
struct ReportOptions {
    /// Report format (repeatable; each but one needs an --output)
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = values::report_format())]
    format: Vec<ReportForm>,
    /// File for the --format before it [default: standard output]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    output: Vec<String>,
    /// Include passing checks in SARIF
    #[arg(long)]
    include_passed: bool,
}

/// Which reports to write where.
#[derive(Clone, Debug)]
pub(crate) struct ReportArgs {
    /// Each format with its path; at most one has none, for standard output.
    pub(crate) reports: Vec<(ReportForm, Option<String>)>,
    pub(crate) included: Included,
}

impl ReportArgs {
    /// The format of the report on standard output.
    pub(crate) fn on_stdout(&self) -> Option<ReportForm> {
        self.reports.iter().find(|(_, path)| path.is_none()).map(|(form, _)| *form)
    }
}

impl Args for ReportArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        ReportOptions::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        ReportOptions::augment_args_for_update(command)
    }
}

impl FromArgMatches for ReportArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let options = ReportOptions::from_arg_matches(matches)?;
        let at = |id| matches.indices_of(id).into_iter().flatten();
        let formats = at("format").zip(options.format);
        let outputs = at("output").zip(options.output);
        let included = if options.include_passed { Included::All } else { Included::Failing };
        Ok(Self { reports: pair(formats.collect(), outputs)?, included })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Gives each output to the last format before it, or to the first format if it precedes all of them. Both come
/// with their position on the command line.
fn pair(
    formats: Vec<(usize, ReportForm)>,
    outputs: impl Iterator<Item = (usize, String)>,
) -> Result<Vec<(ReportForm, Option<String>)>, clap::Error> {
    let mut reports: Vec<(ReportForm, Option<String>)> =
        formats.iter().map(|(_, form)| (*form, None)).collect();
    for (at, path) in outputs {
        let before = formats.iter().filter(|(format, _)| *format < at).count();
        let Some((_, taken)) = reports.get_mut(before.saturating_sub(1)) else { continue };
        if let Some(other) = taken {
            return Err(wrong_usage(format!(
                "'--output {path}' has no --format of its own: '{other}' already has it; put each --output after \
                 its --format"
            )));
        }
        *taken = Some(path);
    }
    let mut seen: Vec<Option<&str>> = Vec::new();
    for (_, path) in &mut reports {
        path.take_if(|path| path == "-");
    }
    for (_, path) in &reports {
        let path = path.as_deref();
        if seen.contains(&path) {
            let place = path.unwrap_or("standard output");
            return Err(wrong_usage(format!(
                "only one report can go to {place}; add --output PATH after every other --format"
            )));
        }
        seen.push(path);
    }
    Ok(reports)
}
