//! `kubelet-audit check`

use super::args::{NodeArgs, OutputArgs};
use super::layers::{Input, Run};
use super::options::CheckFormat;
use super::{Audit, Failure, Host, exit, layers, next, put, screen};
use crate::render::json::JsonStyle;
use crate::render::{self, Layout};
use crate::report::{Issue, Report, Target};
use crate::request::Request;

/// Audits every target and writes the report.
pub(crate) fn check(
    node: &NodeArgs,
    format: CheckFormat,
    output: OutputArgs,
    host: &mut dyn Host,
    audit: Audit<'_>,
) -> Result<u8, Failure> {
    let mut run = layers::read(node, host);
    if format == CheckFormat::Text {
        // Not shown there, and the largest part of a report.
        run.inputs.iter_mut().for_each(|input| input.request.effective = Some(false));
    }
    let report = report(&mut run, audit);

    let text = match format {
        CheckFormat::Json => render::json::report(&report, JsonStyle::Compact),
        CheckFormat::JsonPretty => render::json::report(&report, JsonStyle::Pretty),
        CheckFormat::Text => {
            let next = next::after_check(&report, &run, node, output);
            let layout = Layout {
                width: screen::width(host),
                color: screen::color(output.color, host),
                detail: output.detail,
                next: next.as_ref().map(|next| (next.command.as_str(), next.purpose)),
            };
            render::text(&report, &run, &layout)
        }
    };
    put(host, &text)?;
    if report.targets.is_empty() {
        host.write_stderr("error: nothing to audit: name a FILE, or - for standard input\n");
        host.write_stderr("  `kubelet-audit check --help` tells more\n");
    }
    Ok(exit::of_summary(&report.summary))
}

/// Audits every input. The run knows then which target comes from which.
pub(crate) fn report(run: &mut Run, audit: Audit<'_>) -> Report {
    let mut all = Vec::new();
    for (number, input) in run.inputs.iter().enumerate() {
        all.extend(targets(input, audit));
        run.origins.resize(all.len(), number);
    }
    crate::report_of(all)
}

/// The targets of one input: one at least, whether it could be read or not.
fn targets(input: &Input, audit: Audit<'_>) -> Vec<Target> {
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
