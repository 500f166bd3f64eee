//! The command line: its definition for clap, and the checks that span several options.

pub(crate) mod check;
pub(crate) mod node;
pub(crate) mod output;
pub(crate) mod reports;
pub(crate) mod values;

use clap::builder::StyledStr;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, ValueHint};

use crate::args::check::CheckArgs;
use crate::args::node::NodeArgs;
use crate::args::output::OutputArgs;
use crate::control_names::slug_of;
use crate::exit;
use kubelet_audit::render::visible;
use kubelet_audit::source::nearest::nearest;

/// Audits kubelet configuration the way the kubelet reads it
#[derive(Debug, Parser)]
#[command(
    name = "kubelet-audit",
    version,
    args_conflicts_with_subcommands = true,
    propagate_version = true,
    after_help = check_notes()
)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Invocation>,
    /// Without a command, `check` runs.
    #[command(flatten)]
    check: CheckArgs,
}

/// A command with its options.
#[derive(Debug, Subcommand)]
pub(crate) enum Invocation {
    /// Audit nodes: files, directories, fleet dumps, live nodes (the default command)
    #[command(after_help = check_notes())]
    Check(Box<CheckArgs>),
    /// Show the configuration a kubelet would run with, and where each value comes from
    #[command(after_help = exit_codes())]
    Effective(Box<EffectiveArgs>),
    /// List the controls
    Controls(CatalogArgs),
    /// Explain a control: what it checks, why it matters, how to fix it, which benchmarks have it
    Explain(ExplainArgs),
    /// Print the JSON Schema of a file format
    Schema {
        /// File format
        #[arg(default_value = "report")]
        name: SchemaName,
    },
    /// Print the completion script for a shell
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    /// Print the version
    Version,
}

/// `effective`
#[derive(Debug, Args)]
pub(crate) struct EffectiveArgs {
    /// File to resolve; - for standard input
    #[arg(
        value_name = "FILE|-",
        value_hint = ValueHint::FilePath,
        required_unless_present_any = ["config_dir", "drop_ins", "args", "args_from"]
    )]
    file: Option<String>,
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    pub(crate) format: EffectiveFormat,
    /// Show only values that are set, not defaults
    #[arg(long, help_heading = "Output")]
    pub(crate) written: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// `controls`
#[derive(Debug, Args)]
pub(crate) struct CatalogArgs {
    /// Benchmark edition whose controls and numbers apply
    #[arg(long, value_name = "ID", value_parser = values::edition(), hide_possible_values = true)]
    pub(crate) benchmark: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: CatalogFormat,
}

/// `explain`
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Control, by its slug or its number in a benchmark: read-only-port, 3.2.9
    #[arg(value_name = "CONTROL", value_parser = values::control(), hide_possible_values = true)]
    pub(crate) control: String,
    #[command(flatten)]
    pub(crate) catalog: CatalogArgs,
}

/// A file format with a JSON Schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaName {
    Report,
    Request,
    Waivers,
    Baseline,
}

/// Output format of `effective`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum EffectiveFormat {
    Table,
    Json,
    JsonPretty,
}

/// Output format of `controls` and `explain`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CatalogFormat {
    Text,
    Json,
    Markdown,
}

/// Returns the definition of the command line, for help pages as wide as `width`.
pub(crate) fn definition(width: usize) -> clap::Command {
    repeatable_flags(CommandLine::command()).term_width(width)
}

/// Parses arguments, which do not include the program name.
///
/// # Errors
///
/// Wrong usage, and requests for help or the version, which [`clap::Error::kind`] tells apart.
pub(crate) fn parse(args: &[String], width: usize) -> Result<Invocation, clap::Error> {
    try_parse(args, width).map_err(|error| {
        // The message repeats arguments, which can come from a script or a file name.
        let visible: Vec<String> = args.iter().map(|arg| visible(arg).into_owned()).collect();
        try_parse(&visible, width).err().unwrap_or(error)
    })
}

fn try_parse(args: &[String], width: usize) -> Result<Invocation, clap::Error> {
    let mut definition = definition(width);
    let name = definition.get_name().to_owned();
    let mut matches = definition.try_get_matches_from_mut(std::iter::once(&name).chain(args))?;
    let name = matches.subcommand_name().map(str::to_owned);
    let parsed = CommandLine::from_arg_matches_mut(&mut matches).and_then(|line| {
        let mut invocation = line.command.unwrap_or_else(|| Invocation::Check(Box::new(line.check)));
        invocation.complete()?;
        Ok(invocation)
    });
    parsed.map_err(|error| {
        // The usage line is that of the command in use.
        match name.and_then(|name| definition.find_subcommand_mut(name)) {
            Some(command) => error.format(command),
            None => error.format(&mut definition),
        }
    })
}

impl Invocation {
    /// Completes options by others, and checks what no single option shows.
    fn complete(&mut self) -> Result<(), clap::Error> {
        match self {
            Self::Check(check) => check.complete(),
            Self::Effective(effective) => {
                effective.node.files.extend(effective.file.take());
                effective.node.check()
            }
            Self::Explain(explain) => {
                explain.control = slug_of(&explain.control, explain.catalog.benchmark.as_deref())
                    .map_err(values::wrong_usage)?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// Returns the command that was probably meant by a word that names no file.
pub(crate) fn nearest_command(word: &str) -> Option<String> {
    let definition = CommandLine::command();
    nearest(word, definition.get_subcommands().map(clap::Command::get_name)).map(str::to_owned)
}

/// Lets flags without a value repeat. An option with a value must not, because one of the values would be
/// ignored without notice.
fn repeatable_flags(command: clap::Command) -> clap::Command {
    let repeatable = |arg: clap::Arg| match arg.get_action() {
        ArgAction::SetTrue => {
            let id = arg.get_id().clone();
            arg.overrides_with(id)
        }
        _ => arg,
    };
    command.mut_args(repeatable).mut_subcommands(repeatable_flags)
}

fn exit_codes() -> StyledStr {
    let mut text = "Exit codes:".to_owned();
    for (code, meaning) in exit::HELP {
        text.push_str(&format!("\n  {code:<5}{meaning}"));
    }
    text.into()
}

fn check_notes() -> StyledStr {
    let examples = "

Examples:
  kubelet-audit node.json
  kubectl get --raw /api/v1/nodes/NODE/proxy/configz | kubelet-audit -
  kubelet-audit check kubeadm.yaml   # or another file of Kubernetes objects
  kubelet-audit check config.json --config-dir config.json.d --args-from kubelet.service";
    format!("{}{examples}", exit_codes()).into()
}

#[cfg(test)]
mod tests;
