//! `kubelet-audit effective`

use kubelet_audit::render::json::JsonStyle;
use kubelet_audit::render::{self, Layout, Shown, visible};

use crate::args::{EffectiveArgs, EffectiveFormat};
use crate::commands::check;
use crate::exit;
use crate::failure::Failure;
use crate::host::Host;
use crate::inputs::Inputs;
use crate::inputs::texts::InputTexts;
use crate::output::put;
use crate::output::screen;

/// Resolves one file and writes the configuration of each kubelet that it configures.
pub(crate) fn effective(args: &EffectiveArgs, host: &mut dyn Host) -> Result<u8, Failure> {
    let EffectiveArgs { node, output, .. } = args;
    let shown = if args.written { Shown::Written } else { Shown::Everything };
    let mut inputs = Inputs::new(node, host);
    let Some(input) = inputs.next(host) else {
        check::nothing(node, host);
        return Ok(exit::NOTHING);
    };
    if input.is_one_of_many && inputs.next(host).is_some() {
        host.write_stderr("error: effective shows one target, but the input has several\n");
        host.write_stderr("  Use kubelet-audit check for several targets.\n");
        return Ok(exit::UNUSABLE);
    }
    let check::Audited { targets, notices } = check::audited(&input)?;
    for notice in &notices {
        host.write_stderr(&format!("error: {}\n  {}\n", visible(&notice.message), visible(&notice.help)));
    }
    let report = kubelet_audit::report_of(targets);
    let code = report.targets.iter().map(exit::of_effective).max().unwrap_or(exit::NOTHING);
    let text = match args.format {
        EffectiveFormat::Json => render::json::effective(report, shown, JsonStyle::Compact),
        EffectiveFormat::JsonPretty => render::json::effective(report, shown, JsonStyle::Pretty),
        EffectiveFormat::Table => {
            let color = screen::color(output.color, host);
            let links = screen::links(color, host);
            let layout = Layout {
                width: screen::width(host),
                color,
                detail: output.detail(),
                next: None,
                links: links.as_deref(),
            };
            let texts = InputTexts::new(&input, &inputs.layers);
            // One for each kubelet that the file configures.
            let mut tables = String::new();
            for target in &report.targets {
                if !tables.is_empty() {
                    tables.push('\n');
                }
                tables.push_str(&render::effective(target, &texts, shown, &layout));
            }
            tables
        }
    };
    put(host, &text)?;
    Ok(code)
}
