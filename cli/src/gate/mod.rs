//! Whether the run fails: the threshold, the waivers, the baseline.

mod baseline;
mod own_file;
mod waivers;

use kubelet_audit::report::{Issue, Severity, Summary, Target};

use crate::args::check::GateArgs;
use crate::dates;
use crate::exit;
use crate::failure::Failure;
use crate::gate::baseline::{Baseline, Record};
use crate::gate::waivers::Waivers;
use crate::host::Host;

/// Marks findings, and decides whether one of them makes the command fail.
#[derive(Debug)]
pub(crate) struct Gate {
    fail_on: Option<Severity>,
    waivers: Waivers,
    baseline: Option<Baseline>,
    record: Option<(String, Record)>,
    fails: bool,
}

impl Gate {
    /// Reads the waivers and the baseline. Without them the exit code would mean something else, so nothing is
    /// audited if one cannot be read.
    pub(crate) fn read(args: &GateArgs, host: &mut dyn Host) -> Result<Self, Failure> {
        let waivers = match &args.waivers {
            None => Waivers::default(),
            Some(path) => {
                let today = dates::today(host).map_err(Failure::unusable)?.ok_or_else(|| {
                    Failure::unusable(
                        "waivers expire, but this host has no clock; set SOURCE_DATE_EPOCH".to_owned(),
                    )
                })?;
                Waivers::read(path, &today, host)?
            }
        };
        let baseline = args.baseline.as_deref().map(|path| Baseline::read(path, host)).transpose()?;
        Ok(Self {
            fail_on: args.fail_on.0.filter(|_| !args.exit_zero),
            waivers,
            baseline,
            record: args.write_baseline.clone().map(|path| (path, Record::default())),
            fails: false,
        })
    }

    /// Marks a target's findings.
    pub(crate) fn pass(&mut self, target: &mut Target) {
        self.waivers.mark(target);
        if let Some(baseline) = &mut self.baseline {
            baseline.mark(target);
        }
        if let Some((_, record)) = &mut self.record {
            record.add(target);
        }
        for finding in target.findings.iter().filter(|finding| finding.is_open()) {
            self.fails |= self.fail_on.is_some_and(|least| finding.severity >= least);
        }
    }

    /// Returns the notices about the run as a whole.
    pub(crate) fn notices(&self) -> Vec<Issue> {
        let mut notices = self.waivers.notices();
        notices.extend(self.baseline.iter().flat_map(Baseline::notices));
        notices
    }

    /// Writes the requested baseline, and returns the exit code.
    pub(crate) fn close(self, summary: &Summary, host: &mut dyn Host) -> Result<u8, Failure> {
        if let Some((path, record)) = self.record {
            let unwritable = |error| Failure::unwritable(&path, &error);
            // A baseline may be updated in place.
            let output =
                host.create_output(&path, self.baseline.as_ref().map(Baseline::path)).map_err(unwritable)?;
            host.write_output(output, &record.text()).map_err(unwritable)?;
            host.finish_output(output).map_err(unwritable)?;
        }
        Ok(exit::of_run(summary, self.fails))
    }
}
