//! The command to run next.

use kubelet_audit::render::Detail;
use kubelet_audit::report::Summary;
use kubelet_audit::request::{Basis, ServingCertificates};
use kubelet_audit::source::redaction::secret_ranges;

use crate::args::node::NodeArgs;
use crate::args::output::OutputArgs;
use crate::inputs::layers::ARGS_NAME;

/// A command line and its purpose.
pub(crate) struct NextStep {
    pub(crate) command: String,
    pub(crate) purpose: &'static str,
}

/// Returns the most useful step after this report; none if some input is unreadable, because that must be fixed
/// first. `found` is whether any finding is open, `worth` the file to look at first.
pub(crate) fn after_check(
    summary: &Summary,
    found: bool,
    worth: Option<&String>,
    node: &NodeArgs,
    output: OutputArgs,
) -> Option<NextStep> {
    if summary.targets == 0 || summary.unreadable > 0 {
        return None;
    }
    // The step repeats the command line, which must not put credentials into logs.
    if node.args.as_deref().is_some_and(|text| !secret_ranges(text).is_empty()) {
        return None;
    }
    let Some(file) = worth else {
        // For many targets, the most common failure is explained.
        let control = summary.groups.iter().flatten().find_map(|group| group.control.as_ref())?;
        let command = format!("kubelet-audit explain {control}");
        return Some(NextStep { command, purpose: "To explain the most common failure" });
    };
    if found && output.detail() != Detail::Verbose {
        return Some(NextStep {
            command: same_with(node, "check --verbose", &node.files),
            purpose: "For step-by-step remediation",
        });
    }
    // `effective` takes one target.
    let stdin = "-".to_owned();
    let file = if Some(file) == node.stdin_filename.as_ref() { &stdin } else { file };
    let file = if node.files.is_empty() { &[][..] } else { std::slice::from_ref(file) };
    Some(NextStep {
        command: same_with(node, "effective", file),
        purpose: "To see where each value comes from",
    })
}

/// Returns the command line as typed, with another command.
fn same_with(node: &NodeArgs, command: &str, files: &[String]) -> String {
    let mut line = format!("kubelet-audit {command}");
    let mut add = |option: &str, value: &str| {
        line.push(' ');
        if !option.is_empty() {
            line.push_str(option);
            line.push(' ');
        }
        line.push_str(&quoted(value));
    };
    let NodeArgs { config_dir, drop_ins, args, args_from, assume_config, kubelet_version, selection, .. } =
        node;
    config_dir.iter().for_each(|value| add("--config-dir", value));
    drop_ins.iter().for_each(|value| add("--drop-in", value));
    args.iter().for_each(|value| add(&format!("--{ARGS_NAME}"), value));
    args_from.iter().for_each(|value| add("--args-from", value));
    if *assume_config {
        add("", "--assume-config");
    }
    kubelet_version.iter().for_each(|value| add("--kubelet-version", value));
    node.stdin_filename.iter().for_each(|value| add("--stdin-filename", value));
    node.node.iter().for_each(|value| add("--node", value));
    let serving = match node.serving_certificates {
        ServingCertificates::Auto => None,
        ServingCertificates::ApiServer => Some("api-server"),
        ServingCertificates::External => Some("external"),
    };
    serving.iter().for_each(|value| add("--serving-certificates", value));
    node.max_bytes.iter().for_each(|value| add("--max-bytes", &value.to_string()));
    if command.starts_with("check") {
        selection.benchmark.iter().for_each(|value| add("--benchmark", value));
        let basis = match selection.basis {
            Basis::Benchmark => None,
            Basis::Effective => Some("effective"),
            Basis::Both => Some("both"),
        };
        basis.iter().for_each(|value| add("--basis", value));
    }
    files.iter().for_each(|value| add("", value));
    line
}

/// Quotes a word for POSIX shells.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,@%+~".contains(c);
    if !word.is_empty() && !word.starts_with('~') && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
