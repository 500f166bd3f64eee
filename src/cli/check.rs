//! `kubelet-audit check`

use super::args::{GateArgs, NodeArgs, OutputArgs, ReportArgs};
use super::gate::Gate;
use super::layers::Input;
use super::reports::{Reports, Screen};
use super::{Audit, Failure, Host, layers, next};
use crate::render::{End, ReportForm, visible};
use crate::report::{Issue, IssueSeverity, Target};
use crate::request::Request;

/// Audits every target and writes the reports.
pub(crate) fn check(
    node: &NodeArgs,
    gate: &GateArgs,
    reports: &ReportArgs,
    output: OutputArgs,
    host: &mut dyn Host,
    audit: Audit<'_>,
) -> Result<u8, Failure> {
    let mut gate = Gate::read(gate, host)?;
    let mut run = layers::read(node, host);
    let shows_configuration = |form| matches!(form, ReportForm::Json | ReportForm::JsonPretty);
    if !reports.reports.iter().any(|(form, _)| shows_configuration(*form)) {
        // Not shown elsewhere, and the largest part of a report.
        run.inputs.iter_mut().for_each(|input| input.request.effective = Some(false));
    }
    let screen = Screen::of(output, host);
    let on_stdout = reports.on_stdout();
    let mut reports = Reports::begin(reports, &screen, host)?;
    for (number, input) in run.inputs.iter().enumerate() {
        for mut target in targets(input, audit) {
            gate.pass(&mut target);
            reports.target(number, &target, &run, host)?;
        }
    }

    let notices = gate.notices();
    let next = next::after_check(&gate.summary, gate.open, node, output);
    let next = next.as_ref().map(|next| (next.command.as_str(), next.purpose));
    reports.end(&End { summary: &gate.summary, notices: &notices, next }, host)?;
    if on_stdout != Some(ReportForm::Text) {
        warn(&notices, host);
    }
    if gate.summary.targets == 0 {
        host.write_stderr("error: nothing to audit: name a FILE, or - for standard input\n");
        host.write_stderr("  `kubelet-audit check --help` tells more\n");
    }
    gate.close(host)
}

/// What a report for people has at its end, where there is none.
fn warn(notices: &[Issue], host: &mut dyn Host) {
    for notice in notices.iter().filter(|notice| notice.severity != IssueSeverity::Note) {
        let place = notice.location.as_ref().map_or_else(String::new, |location| {
            let line = location.range.map_or_else(String::new, |range| format!(":{}", range.start.line));
            format!("{}{line}: ", visible(&location.source))
        });
        host.write_stderr(&format!("warning: {place}{}\n", visible(&notice.message)));
    }
}

/// The targets of one input: one, whether it could be read or not.
pub(crate) fn targets(input: &Input, audit: Audit<'_>) -> Vec<Target> {
    if input.errors.is_empty() {
        audit(&input.request).targets
    } else {
        vec![unreadable(&input.request, &input.errors)]
    }
}

/// The target of a request that is not complete. Nothing is judged: without a layer that was named
/// every verdict would be about another node.
fn unreadable(request: &Request, errors: &[Issue]) -> Target {
    Target {
        source: request.source.clone().unwrap_or_default(),
        node: request.node.clone(),
        kubelet: None,
        findings: Vec::new(),
        errors: errors.to_vec(),
    }
}
