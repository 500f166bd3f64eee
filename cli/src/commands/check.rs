//! `kubelet-audit check`

use kubelet_audit::render::{At, Detail, End, Length, ReportForm, visible};
use kubelet_audit::report::{Finding, Issue, IssueSeverity, Report, Target};
use kubelet_audit::request::Request;

use crate::args::check::CheckArgs;
use crate::args::node::NodeArgs;
use crate::failure::Failure;
use crate::gate::Gate;
use crate::host::Host;
use crate::inputs::texts::InputTexts;
use crate::inputs::{Input, Inputs};
use crate::output::fleet::Fleet;
use crate::output::next;
use crate::output::reports::{Reports, Screen};

/// Audits every target and writes the report, target by target.
pub(crate) fn check(args: &CheckArgs, host: &mut dyn Host) -> Result<u8, Failure> {
    let CheckArgs { node, output, .. } = args;
    let mut gate = Gate::read(&args.gate, host)?;
    let on_stdout = args.reports.on_stdout();
    let mut reports = Reports::begin(&args.reports, &Screen::of(*output, host), host)?;
    let mut fleet = Fleet::default();
    let mut worth = Worth::default();
    let mut inputs = Inputs::new(node, host);
    let mut strangers = Vec::new();
    let mut skipped = 0_usize;
    loop {
        let input = inputs.next(host);
        skipped = skipped.saturating_add(name_skipped(&mut inputs, output.detail(), host));
        strangers.append(&mut inputs.notices);
        let Some(mut input) = input else { break };
        if !reports.show_effective() {
            input.request.effective = Some(false);
        }
        if input.is_one_of_many {
            fleet.is_many();
        }
        let Audited { targets, mut notices } = audited(&input)?;
        strangers.append(&mut notices);
        for mut target in targets {
            gate.pass(&mut target);
            fleet.add(&target);
            worth.look(&input, &target);
            let texts = InputTexts::new(&input, &inputs.layers);
            let length = if input.is_one_of_many { Length::Line } else { Length::Full };
            reports.target(&target, At { texts: &texts, number: 0, length }, host)?;
        }
    }
    let summary = fleet.summary();
    let mut notices = gate.notices();
    notices.append(&mut strangers);
    let next = next::after_check(&summary, worth.is_open, worth.file(), node, *output);
    let next = next.as_ref().map(|next| (next.command.as_str(), next.purpose));
    reports.end(&End { summary: &summary, notices: &notices, next }, host)?;
    if on_stdout != Some(ReportForm::Text) {
        warn(&notices, host);
    }
    if skipped > 0 && output.detail() == Detail::Normal {
        let files = if skipped == 1 { "1 file".to_owned() } else { format!("{skipped} files") };
        host.write_stderr(&format!(
            "note: {files} without kubelet settings passed over (--verbose lists them)\n"
        ));
    }
    if summary.targets == 0 {
        nothing(node, host);
    }
    gate.close(&summary, host)
}

/// Writes notices to standard error, because only text reports include them.
fn warn(notices: &[Issue], host: &mut dyn Host) {
    for notice in notices.iter().filter(|notice| notice.severity != IssueSeverity::Note) {
        let place = notice.location.as_ref().map_or_else(String::new, |location| {
            let line = location.range.map_or_else(String::new, |range| format!(":{}", range.start.line));
            format!("{}{line}: ", visible(&location.source))
        });
        host.write_stderr(&format!("warning: {place}{}\n", visible(&notice.message)));
    }
}

/// Lists skipped files of directories, with --verbose, and returns their number.
fn name_skipped(inputs: &mut Inputs<'_>, detail: Detail, host: &mut dyn Host) -> usize {
    let count = inputs.skipped.len();
    for (path, reason) in inputs.skipped.drain(..) {
        if detail == Detail::Verbose {
            host.write_stderr(&format!("skipped: {}: {}\n", visible(&path), visible(&reason)));
        }
    }
    count
}

/// Reports that there is nothing to audit.
pub(crate) fn nothing(node: &NodeArgs, host: &mut dyn Host) {
    if node.files.is_empty() && node.live.is_none() {
        host.write_stderr("error: nothing to audit: pass a FILE, or - for standard input\n");
    } else if node.files.is_empty() {
        host.write_stderr("error: nothing to audit: no nodes match\n");
    } else {
        host.write_stderr("error: no kubelet configuration found in the given paths\n");
        host.write_stderr("  Use --verbose to list skipped files.\n");
    }
    host.write_stderr("  Run kubelet-audit check --help for details.\n");
}

/// What an audit of one input found.
pub(crate) struct Audited {
    /// Its kubelets, or what could not be read.
    pub(crate) targets: Vec<Target>,
    /// What it is, where it carries nothing for a kubelet.
    pub(crate) notices: Vec<Issue>,
}

/// Audits one input.
pub(crate) fn audited(input: &Input) -> Result<Audited, Failure> {
    if !input.errors.is_empty() {
        let targets = vec![unreadable(&input.request, &input.errors)];
        return Ok(Audited { targets, notices: Vec::new() });
    }
    let Report { mut targets, mut notices, .. } = kubelet_audit::audit(&input.request)?;
    if input.part.is_some() && targets.is_empty() {
        // Among records of nodes, one without a configuration is one that is missing.
        let errors: Vec<_> =
            notices.drain(..).map(|notice| Issue { severity: IssueSeverity::Error, ..notice }).collect();
        targets.push(unreadable(&input.request, &errors));
    }
    if let Some(part) = &input.part {
        let source = input.request.source.as_deref().unwrap_or_default();
        targets.iter_mut().for_each(|target| part.shift_all(target, source));
    }
    Ok(Audited { targets, notices })
}

/// The targets of one input.
pub(crate) fn targets(input: &Input) -> Result<Vec<Target>, Failure> {
    Ok(audited(input)?.targets)
}

/// Returns the target of an incomplete request. It has no findings: without a layer that the user named, every
/// verdict would be about another configuration.
fn unreadable(request: &Request, errors: &[Issue]) -> Target {
    Target {
        source: request.source.clone().unwrap_or_default(),
        node: request.node.clone(),
        object: None,
        kubelet: None,
        findings: Vec::new(),
        errors: errors.to_vec(),
    }
}

/// Finds the file for the next step: the first with an open finding, or else the first. None if a target is one of
/// many, which no other command accepts.
#[derive(Default)]
struct Worth {
    file: Option<String>,
    is_open: bool,
    is_many: bool,
}

impl Worth {
    fn look(&mut self, input: &Input, target: &Target) {
        let is_open = target.findings.iter().any(Finding::is_open);
        self.is_many |= input.is_one_of_many;
        if self.file.is_none() || is_open && !self.is_open {
            self.file.clone_from(&input.request.source);
            self.is_open = is_open;
        }
    }

    fn file(&self) -> Option<&String> {
        self.file.as_ref().filter(|_| !self.is_many)
    }
}
