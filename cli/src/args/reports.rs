//! `--format` and `--output`: which reports go where.

use kubelet_audit::render::{Included, ReportForm};

use crate::args::options::{CommandName, OptionId};
use crate::args::usage::UsageError;
use crate::args::{GateArgs, NodeArgs};

/// Which reports are wanted, and where they go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportArgs {
    /// Each with its path; without one it goes to standard output, where at most one goes.
    pub(crate) reports: Vec<(ReportForm, Option<String>)>,
    pub(crate) included: Included,
}

impl ReportArgs {
    /// The form of what goes to standard output.
    pub(crate) fn on_stdout(&self) -> Option<ReportForm> {
        self.reports.iter().find(|(_, path)| path.is_none()).map(|(form, _)| *form)
    }
}

/// An `--output` belongs to the `--format` before it, or to the first where it stands before all.
pub(super) fn read(command: CommandName, options: &[(OptionId, String)]) -> Result<ReportArgs, UsageError> {
    let mut reports: Vec<(ReportForm, Option<String>)> = Vec::new();
    let mut early: Option<String> = None;
    for (id, value) in options {
        let path = match id {
            OptionId::Format => {
                if let Some(format) = ReportForm::named(value) {
                    reports.push((format, early.take()));
                }
                continue;
            }
            OptionId::Output => value.clone(),
            _ => continue,
        };
        let place = reports.last_mut().map_or(&mut early, |(_, path)| path);
        if let Some(other) = place {
            let message = format!("`--output {path}` has no `--format` of its own: `{other}` has it");
            return Err(UsageError::new(command, message)
                .hint("put each --output behind its --format: --format text --format sarif --output PATH"));
        }
        *place = Some(path);
    }
    if reports.is_empty() {
        reports.push((ReportForm::Text, early));
    }
    let mut seen: Vec<Option<String>> = Vec::new();
    let mut forms = Vec::new();
    for (format, path) in reports {
        let path = path.filter(|path| path != "-");
        if seen.contains(&path) {
            let place = path.as_deref().unwrap_or("standard output");
            let message = format!("two reports go to {place}");
            return Err(
                UsageError::new(command, message).hint("put --output PATH behind all --format but one")
            );
        }
        seen.push(path.clone());
        forms.push((format, path));
    }
    let passed_too = options.iter().any(|(id, _)| *id == OptionId::IncludePassed);
    let included = if passed_too { Included::All } else { Included::Failing };
    Ok(ReportArgs { reports: forms, included })
}

/// Refuses to write over what is read: the file would be gone before it is looked at.
pub(super) fn protect_inputs(
    command: CommandName,
    reports: &ReportArgs,
    gate: &GateArgs,
    node: &NodeArgs,
) -> Result<(), UsageError> {
    fn bare(path: &str) -> &str {
        path.strip_prefix("./").unwrap_or(path)
    }
    let read = [&node.files, &node.drop_ins, &node.args_from].into_iter().flatten().chain(&gate.waivers);
    let read: Vec<&str> = read.map(|path| bare(path)).collect();
    let reported = reports.reports.iter().filter_map(|(_, path)| path.as_ref());
    // A baseline may be written anew: it is read before.
    let reports_and_baseline =
        gate.baseline.as_ref().filter(|baseline| reported.clone().any(|path| path == *baseline));
    let written = reported.chain(&gate.write_baseline).find(|path| read.contains(&bare(path)));
    match written.or(reports_and_baseline) {
        Some(path) => Err(UsageError::new(
            command,
            format!("`{path}` is read in this run, so nothing is written to it"),
        )),
        None => Ok(()),
    }
}
