//! `kubelet-audit effective`

use super::args::{NodeArgs, OutputArgs};
use super::options::EffectiveFormat;
use super::{Audit, Failure, Host, check, exit, layers, put, screen};
use crate::render::json::JsonStyle;
use crate::render::{self, Layout, Shown};

/// Resolves one file and writes the configuration of each kubelet that it speaks of.
pub(crate) fn effective(
    node: &NodeArgs,
    format: EffectiveFormat,
    shown: Shown,
    output: OutputArgs,
    host: &mut dyn Host,
    audit: Audit<'_>,
) -> Result<u8, Failure> {
    let mut run = layers::read(node, host);
    let report = check::report(&mut run, audit);
    let code = report.targets.iter().map(exit::of_effective).max().unwrap_or(exit::NOTHING);
    let text = match format {
        EffectiveFormat::Json => render::json::effective(report, shown, JsonStyle::Compact),
        EffectiveFormat::JsonPretty => render::json::effective(report, shown, JsonStyle::Pretty),
        EffectiveFormat::Table => {
            let layout = Layout {
                width: screen::width(host),
                color: screen::color(output.color, host),
                detail: output.detail,
                next: None,
            };
            // One for each kubelet that the file speaks of.
            let mut tables = String::new();
            for target in &report.targets {
                if !tables.is_empty() {
                    tables.push('\n');
                }
                tables.push_str(&render::effective(target, &run, shown, &layout));
            }
            tables
        }
    };
    put(host, &text)?;
    Ok(code)
}
