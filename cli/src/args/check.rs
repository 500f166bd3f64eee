//! The options of `check`.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgGroup, Args, ValueEnum, ValueHint};
use kubelet_audit::report::Severity;

use crate::args::node::{NodeArgs, SelectionArgs};
use crate::args::output::OutputArgs;
use crate::args::reports::ReportArgs;
use crate::args::values::{self, wrong_usage};
use crate::host::NodeQuery;
use crate::pattern::Pattern;

/// `check`
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files and directories to audit; - for standard input
    #[arg(value_name = "FILE|DIR|-", value_hint = ValueHint::AnyPath)]
    files: Vec<String>,
    /// Skip files and directories below a given directory whose path or name matches (repeatable)
    #[arg(long, value_name = "GLOB", value_parser = Pattern::parse)]
    exclude: Vec<Pattern>,
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    pub(crate) fixes: FixArgs,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) reports: ReportArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Which nodes of a cluster to audit.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "Live nodes (through your own kubectl)",
    group = ArgGroup::new("nodes").args(["live", "all_nodes", "selector"]).multiple(true).conflicts_with("fixing")
)]
struct LiveArgs {
    /// Audit the running configuration of this node (repeatable)
    #[arg(long, value_name = "NODE", conflicts_with_all = ["all_nodes", "selector"])]
    live: Vec<String>,
    /// Audit every node of the cluster
    #[arg(long)]
    all_nodes: bool,
    /// Audit the nodes that this label selector matches, such as pool=web
    #[arg(long, value_name = "LABELS")]
    selector: Option<String>,
    /// Context of the kubeconfig, if not the current one
    #[arg(long, value_name = "NAME", requires = "nodes")]
    context: Option<String>,
    /// Number of nodes to query at a time, from 1 to 64
    #[arg(long, value_name = "N", default_value_t = 8, requires = "nodes",
        value_parser = clap::value_parser!(u32).range(1..=64))]
    concurrency: u32,
    /// Time limit for the answer of a node, from 1 to 3600
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "nodes",
        value_parser = clap::value_parser!(u32).range(1..=3600))]
    timeout: u32,
    /// Number of retries for a node that fails, from 0 to 10
    #[arg(long, value_name = "N", default_value_t = 2, requires = "nodes",
        value_parser = clap::value_parser!(u32).range(0..=10))]
    retries: u32,
}

/// What to do with fixes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes", group = ArgGroup::new("fixing").args(["diff", "fix"]))]
pub(crate) struct FixArgs {
    /// Show the changes as a unified diff instead of a report
    #[arg(long, conflicts_with_all = ["format", "with_fixes"])]
    pub(crate) diff: bool,
    /// Apply safe fixes to the files; each is verified by an audit of the result
    #[arg(long)]
    pub(crate) fix: bool,
    /// With --diff or --fix: also apply fixes that can stop the kubelet or cut off clients
    #[arg(long, requires = "fixing")]
    pub(crate) unsafe_fixes: bool,
    /// With --diff or --fix: where to put settings that no flag overrides
    #[arg(long, value_name = "ROUTE", default_value = "config-file", requires = "fixing")]
    pub(crate) fix_route: FixRoute,
    /// Include the fixes of every finding in JSON reports, as edits
    #[arg(long)]
    with_fixes: bool,
}

/// Where fixes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FixRoute {
    // To where the setting is: the config file, or whatever overrides it.
    ConfigFile,
    // To a drop-in of our own.
    DropIn,
}

/// Which findings make the command fail.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Failing the run")]
pub(crate) struct GateArgs {
    /// Lowest severity of a finding that sets exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "info", value_parser = fail_on())]
    pub(crate) fail_on: FailOn,
    /// Exit with 0 instead of 1, whatever the findings
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Waivers: findings accepted until a date (see `kubelet-audit schema waivers`)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) waivers: Option<String>,
    /// Earlier JSON report or baseline: only findings that are not in it fail
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<String>,
    /// Write the failing findings to FILE, for --baseline
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) write_baseline: Option<String>,
}

/// The lowest severity that makes the command fail; `None` if no finding does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FailOn(pub(crate) Option<Severity>);

fn fail_on() -> impl clap::builder::TypedValueParser<Value = FailOn> {
    const NEVER: &str = "never";
    let names = values::SEVERITIES.iter().copied().chain([NEVER]);
    PossibleValuesParser::new(names).try_map(|name| match name.as_str() {
        NEVER => Ok(FailOn(None)),
        name => values::named(name).map(|severity| FailOn(Some(severity))),
    })
}

impl CheckArgs {
    /// Moves the positional arguments and the selection into `node`, and checks paths that conflict.
    pub(super) fn complete(&mut self) -> Result<(), clap::Error> {
        self.node.files.append(&mut self.files);
        self.node.exclude.append(&mut self.exclude);
        self.node.live = self.live.query();
        self.node.selection = std::mem::take(&mut self.selection);
        self.node.selection.fixes = self.fixes.with_fixes;
        self.node.check()?;
        self.protect_inputs()
    }

    /// Refuses to write to a file that is read in the same run: it would be overwritten before it is read.
    fn protect_inputs(&self) -> Result<(), clap::Error> {
        fn bare(path: &str) -> &str {
            path.strip_prefix("./").unwrap_or(path)
        }
        let Self { node, gate, reports, .. } = self;
        let read = [&node.files, &node.drop_ins, &node.args_from].into_iter().flatten().chain(&gate.waivers);
        let read: Vec<&str> = read.map(|path| bare(path)).collect();
        let reported = reports.reports.iter().filter_map(|(_, path)| path.as_ref());
        // The same file can be --baseline and --write-baseline, because the baseline is read first.
        let reported_baseline =
            gate.baseline.as_ref().filter(|baseline| reported.clone().any(|path| path == *baseline));
        let written = reported.chain(&gate.write_baseline).find(|path| read.contains(&bare(path)));
        match written.or(reported_baseline) {
            Some(path) => {
                Err(wrong_usage(format!("'{path}' is an input of this run and cannot be overwritten")))
            }
            None => Ok(()),
        }
    }
}

impl LiveArgs {
    fn query(&self) -> Option<NodeQuery> {
        let Self { live, all_nodes: all, selector, context, concurrency, timeout, retries } = self;
        let is_asked = *all || selector.is_some() || !live.is_empty();
        is_asked.then(|| NodeQuery {
            names: live.clone(),
            all: *all,
            selector: selector.clone(),
            context: context.clone(),
            concurrency: *concurrency,
            timeout: *timeout,
            retries: *retries,
        })
    }
}
