//! `kubelet-audit check --diff` and `--fix`

use super::args::{NodeArgs, OutputArgs};
use super::layers::{Input, Run};
use super::options::CheckFormat;
use super::{Audit, Failure, Host, check, exit, layers, put};
use crate::fix::{Options, Route};
use crate::render::{Detail, visible};
use crate::report::{Fixed, FixedFile, OriginLayer};
use crate::request::{ArgsInput, ConfigInput, Request};

/// What to do with fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FixArgs {
    /// Write them, instead of showing them.
    pub(crate) write: bool,
    /// Unsafe ones as well.
    pub(crate) unsafe_fixes: bool,
    /// Into a drop-in of our own.
    pub(crate) drop_in: bool,
}

/// Shows or makes the fixes of every target. What is shown is just what would be written.
pub(crate) fn fix(
    node: &NodeArgs,
    how: FixArgs,
    format: CheckFormat,
    output: OutputArgs,
    host: &mut dyn Host,
    audit: Audit<'_>,
) -> Result<u8, Failure> {
    let run = layers::read(node, host);
    let options = Options {
        unsafe_fixes: how.unsafe_fixes,
        // What several targets share is not changed for one of them.
        config_only: run.inputs.len() > 1,
        route: if how.drop_in { Route::DropIn } else { Route::InPlace },
        ..Options::default()
    };
    let is_quiet = output.detail == Detail::Quiet;
    let mut failed = false;
    for input in run.inputs.iter().filter(|input| input.errors.is_empty()) {
        let fixed = crate::fix::fix(&input.request, &options);
        if !is_quiet {
            // First: what a fix needs from outside is to be known before it is made.
            host.write_stderr(&notes(&fixed, how));
        }
        for file in &fixed.files {
            if how.write {
                failed |= !write(&run, input, file, host);
            } else {
                put(host, &file.diff)?;
            }
        }
    }
    let code = if how.write {
        // What is reported is what the files say now.
        check::check(node, format, output, host, audit)?
    } else {
        let targets = run.inputs.iter().flat_map(|input| check::targets(input, audit)).collect();
        exit::of_summary(&crate::report_of(targets).summary)
    };
    Ok(if failed { exit::UNUSABLE } else { code })
}

/// Writes one file; false, and said, where it cannot be.
fn write(run: &Run, input: &Input, file: &FixedFile, host: &mut dyn Host) -> bool {
    let shown = visible(&file.source).into_owned();
    let path = match file.layer {
        OriginLayer::DropIn => {
            run.drop_in_paths.iter().find(|(name, _)| *name == file.source).map(|(_, path)| path.as_str())
        }
        OriginLayer::Flag if file.source == layers::ARGS_NAME => None,
        _ => Some(file.source.as_str()).filter(|path| *path != "-"),
    };
    let old = original(&input.request, file);
    let (Some(path), Some(old)) = (path, old) else {
        host.write_stderr(&format!("error: `{shown}` is no file that could be written; use --diff\n"));
        return false;
    };
    match host.replace_file(path, old.as_bytes(), file.text.as_bytes()) {
        Ok(()) => {
            host.write_stderr(&format!("wrote {}\n", visible(path)));
            true
        }
        Err(error) => {
            host.write_stderr(&format!(
                "error: `{}` was left as it is: {}\n",
                visible(path),
                visible(&error.message)
            ));
            false
        }
    }
}

/// The text that the file had when it was read.
fn original<'r>(request: &'r Request, file: &FixedFile) -> Option<&'r str> {
    match (file.layer, &request.config, &request.args) {
        (OriginLayer::Config, Some(ConfigInput::Text(text)), _) => Some(text),
        (OriginLayer::DropIn, ..) => {
            let drop_ins = request.drop_ins.as_ref()?;
            drop_ins.iter().find(|drop_in| drop_in.name == file.source).map(|drop_in| drop_in.text.as_str())
        }
        (OriginLayer::Flag, _, Some(ArgsInput::Files(files))) => {
            files.iter().find(|other| other.name == file.source).map(|other| other.text.as_str())
        }
        _ => None,
    }
}

/// What was done, what was not and why, and what to run around it.
fn notes(fixed: &Fixed, how: FixArgs) -> String {
    let done = if how.write { "fix" } else { "would fix" };
    let mut text = String::new();
    let mut line = |parts: &[&str]| {
        parts.iter().for_each(|part| text.push_str(&visible(part)));
        text.push('\n');
    };
    for fix in &fixed.applied {
        line(&[done, ": ", &fix.control, ": ", &fix.title]);
        for also in &fix.also_changes {
            line(&["  it changes ", also, " as well"]);
        }
    }
    for skip in &fixed.skipped {
        let hint = if skip.is_unsafe { " (--unsafe-fixes makes it)" } else { "" };
        line(&["not fixed: ", &skip.control, ": ", &skip.title, ": ", &skip.reason, hint]);
    }
    let mut told: Vec<&str> = Vec::new();
    for (when, is_before) in [("before: ", true), ("after: ", false)] {
        for fix in &fixed.applied {
            for command in if is_before { &fix.before } else { &fix.after } {
                // Before the files are written there is no time for a copy any more.
                let is_late = how.write && command.starts_with("cp ");
                if !is_late && !told.contains(&command.as_str()) {
                    told.push(command);
                    line(&[when, command]);
                }
            }
        }
    }
    text
}
