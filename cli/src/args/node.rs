//! What to audit: the options that describe nodes.

use clap::{Args, ValueHint};
use kubelet_audit::check_options;
use kubelet_audit::report::Severity;
use kubelet_audit::request::{Basis, Request, ServingCertificates};

use crate::args::values::{self, wrong_usage};
use crate::control_names::slug_of;
use crate::host::NodeQuery;
use crate::pattern::Pattern;

/// What to audit, and what is known about it.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Configuration layers (applied to every FILE)")]
pub(crate) struct NodeArgs {
    /// The positional arguments.
    #[arg(skip)]
    pub(crate) files: Vec<String>,
    /// The nodes of a cluster to query.
    #[arg(skip)]
    pub(crate) live: Option<NodeQuery>,
    /// The checks to run.
    #[arg(skip)]
    pub(crate) selection: SelectionArgs,
    /// Files that a directory's walk skips.
    #[arg(skip)]
    pub(crate) exclude: Vec<Pattern>,
    /// Drop-in directory: every .conf file in DIR and below, as the kubelet's own --config-dir
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) config_dir: Option<String>,
    /// Drop-in file, identified by its file name (repeatable)
    #[arg(long = "drop-in", value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = values::drop_in)]
    pub(crate) drop_ins: Vec<String>,
    /// Command line of the kubelet, or a line of `ps -ef`
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) args: Option<String>,
    /// File with the command line: a process listing, systemd unit, unit drop-in or environment file
    /// (repeatable for files that belong together)
    #[arg(long, value_name = "FILE|-", value_hint = ValueHint::FilePath)]
    pub(crate) args_from: Vec<String>,
    /// Read FILE and the drop-ins even if the complete kubelet command line does not name them
    #[arg(long)]
    pub(crate) assume_config: bool,
    /// Kubernetes version, such as 1.31 [default: the newest version at which the kubelet starts]
    #[arg(long, value_name = "VERSION", value_parser = values::kubelet_version, help_heading = QUESTION)]
    pub(crate) kubelet_version: Option<String>,
    /// Name of standard input in the report
    #[arg(long, value_name = "PATH", help_heading = QUESTION)]
    pub(crate) stdin_filename: Option<String>,
    /// Name of the node
    #[arg(long, value_name = "NAME", help_heading = QUESTION)]
    pub(crate) node: Option<String>,
    /// Where the serving certificates come from; auto detects it from the configuration
    #[arg(long, value_name = "SOURCE", default_value = "auto", help_heading = QUESTION,
        value_parser = values::one_of::<ServingCertificates>(&["auto", "api-server", "external"]))]
    pub(crate) serving_certificates: ServingCertificates,
    /// Largest document, in bytes or with the suffix K or M; at most 16M [default: 1M]
    #[arg(long, value_name = "SIZE", value_parser = values::size, help_heading = QUESTION)]
    pub(crate) max_bytes: Option<u32>,
}

/// Heading of the options that describe the node and choose the checks.
const QUESTION: &str = "Node and benchmark";

/// Which checks to run, and how to judge them.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = QUESTION)]
pub(crate) struct SelectionArgs {
    /// Benchmark edition, such as cis-1.12, or kube-bench's name for it; auto chooses by the input, strict is
    /// our own profile [default: cis-aks-1.7]
    #[arg(long, value_name = "ID", value_parser = values::benchmark(), hide_possible_values = true)]
    pub(crate) benchmark: Option<String>,
    /// Only these controls, by slug or number, separated by commas (see `kubelet-audit controls`)
    #[arg(long = "control", value_name = "CONTROLS", value_delimiter = ',', value_parser = values::listed_control(),
        hide_possible_values = true)]
    pub(crate) controls: Option<Vec<String>>,
    /// Highest profile level; controls of unknown level are always included
    #[arg(long, value_parser = values::level())]
    pub(crate) level: Option<u8>,
    /// Lowest severity
    #[arg(long, value_parser = values::one_of::<Severity>(values::SEVERITIES))]
    pub(crate) severity: Option<Severity>,
    /// Verdict that sets the status of a finding: what the benchmark says, what the kubelet does, or the
    /// worse of both
    #[arg(long, default_value = "benchmark",
        value_parser = values::one_of::<Basis>(&["benchmark", "effective", "both"]))]
    pub(crate) basis: Basis,
    /// Whether findings include their fixes.
    #[arg(skip)]
    pub(crate) fixes: bool,
}

impl NodeArgs {
    /// Returns the options of every request of the run, without input.
    pub(crate) fn options(&self) -> Request {
        let SelectionArgs { benchmark, controls, level, severity, basis, fixes } = self.selection.clone();
        Request {
            assume_config: self.assume_config,
            kubelet_version: self.kubelet_version.clone(),
            benchmark,
            controls,
            level,
            severity,
            basis,
            node: self.node.clone(),
            serving_certificates: self.serving_certificates,
            fixes: fixes.then_some(true),
            max_bytes: self.max_bytes,
            ..Request::default()
        }
    }

    /// Returns the name of a path in the report.
    pub(crate) fn source<'p>(&'p self, path: &'p str) -> &'p str {
        self.stdin_filename.as_deref().filter(|_| path == "-").unwrap_or(path)
    }

    /// Whether any layer besides the files is given.
    pub(crate) fn has_layers(&self) -> bool {
        self.config_dir.is_some()
            || !self.drop_ins.is_empty()
            || self.args.is_some()
            || !self.args_from.is_empty()
    }

    /// Checks what no single option shows: standard input can be read only once, a selection must not be empty,
    /// and the benchmark must have the controls.
    pub(super) fn check(&mut self) -> Result<(), clap::Error> {
        if self.files.iter().chain(&self.args_from).filter(|path| *path == "-").count() > 1 {
            return Err(wrong_usage("standard input (-) can be read only once"));
        }
        if let Some(controls) = &mut self.selection.controls {
            // `a,b,` is a list of two.
            controls.retain(|control| !control.is_empty());
            if controls.is_empty() {
                return Err(wrong_usage("--control names no control"));
            }
            for control in controls {
                *control = slug_of(control, self.selection.benchmark.as_deref()).map_err(wrong_usage)?;
            }
        }
        check_options(&self.options()).map_err(wrong_usage)
    }
}
