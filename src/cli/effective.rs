//! `kubelet-audit effective`

use super::args::{NodeArgs, OutputArgs};
use super::options::EffectiveFormat;
use super::{Audit, Failure, Host, check, exit, layers, put, screen};
use crate::render::json::JsonStyle;
use crate::render::{self, Layout, Shown};

/// Resolves one target and writes its configuration.
pub(crate) fn effective(
    node: &NodeArgs,
    format: EffectiveFormat,
    shown: Shown,
    output: OutputArgs,
    host: &mut dyn Host,
    audit: Audit<'_>,
) -> Result<u8, Failure> {
    let run = layers::read(node, host);
    let report = crate::report_of(run.inputs.iter().flat_map(|input| check::targets(input, audit)).collect());
    let Some(target) = report.targets.first() else { return Ok(exit::NOTHING) };
    let code = exit::of_effective(target);
    let text = match format {
        EffectiveFormat::Json => render::json::effective(report, shown, JsonStyle::Compact),
        EffectiveFormat::JsonPretty => render::json::effective(report, shown, JsonStyle::Pretty),
        EffectiveFormat::Table => {
            let color = screen::color(output.color, host);
            let links = screen::links(color, host);
            let layout = Layout {
                width: screen::width(host),
                color,
                detail: output.detail,
                next: None,
                links: links.as_deref(),
            };
            render::effective(target, &run, shown, &layout)
        }
    };
    put(host, &text)?;
    Ok(code)
}
