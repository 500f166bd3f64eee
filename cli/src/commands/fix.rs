//! `kubelet-audit check --diff` and `--fix`

use kubelet_audit::fix::{Options, Route};
use kubelet_audit::render::{Detail, capitalized, visible};
use kubelet_audit::report::{Applicability, Fixed, FixedFile, OriginLayer};
use kubelet_audit::request::{ArgsInput, ConfigInput, Request};

use crate::args::reports::ReportArgs;
use crate::args::{FixArgs, GateArgs, NodeArgs, OutputArgs};
use crate::commands::check;
use crate::exit;
use crate::failure::Failure;
use crate::gate::Gate;
use crate::host::Host;
use crate::host::{HostError, HostErrorKind};
use crate::inputs::layers;
use crate::inputs::layers::Layers;
use crate::inputs::{Input, Inputs};
use crate::output::fleet::Fleet;
use crate::output::put;

/// Shows or makes the fixes of every target. What is shown is just what would be written.
pub(crate) fn fix(
    node: &NodeArgs,
    how: FixArgs,
    gate: &GateArgs,
    reports: &ReportArgs,
    output: OutputArgs,
    host: &mut dyn Host,
) -> Result<u8, Failure> {
    let mut all = Inputs::new(node, host);
    let mut inputs = Vec::new();
    while let Some(input) = all.next(host) {
        inputs.push(input);
    }
    let options = Options {
        unsafe_fixes: how.unsafe_fixes,
        // What several targets share is not changed for one of them.
        config_only: inputs.len() > 1,
        route: if how.drop_in { Route::DropIn } else { Route::InPlace },
        ..Options::default()
    };
    let is_quiet = output.detail == Detail::Quiet;
    let mut failed = false;
    // A record of a stream is what a kubelet answered: there is nothing to change in it.
    for input in inputs.iter().filter(|input| input.errors.is_empty() && input.part.is_none()) {
        let fixed = kubelet_audit::fix::fix(&input.request, &options)?;
        if !is_quiet {
            // First: what a fix needs from outside is to be known before it is made.
            host.write_stderr(&notes(&fixed, how));
        }
        let files: Vec<Change<'_>> =
            fixed.files.iter().map(|file| Change::of(file, input, &all.layers, node)).collect();
        if how.write {
            failed |= !write(&files, host);
        } else {
            for change in &files {
                match change.by_hand() {
                    Some(text) => host.write_stderr(&text),
                    None => put(host, &change.diff())?,
                }
            }
        }
    }
    let code = if how.write {
        // What is reported is what the files say now.
        check::check(node, gate, reports, output, host)?
    } else {
        let (mut gate, mut fleet) = (Gate::read(gate, host)?, Fleet::default());
        for input in &inputs {
            for mut target in check::targets(input)? {
                gate.pass(&mut target);
                fleet.add(&target);
            }
        }
        gate.close(&fleet.summary(), host)?
    };
    Ok(if failed { exit::UNUSABLE } else { code })
}

/// A file to change.
struct Change<'r> {
    file: &'r FixedFile,
    /// Where it lies; `None` for what came from no file.
    path: Option<String>,
    /// What it held when it was read; `None` for one that is new.
    old: Option<&'r str>,
}

impl<'r> Change<'r> {
    fn of(file: &'r FixedFile, input: &'r Input, layers: &'r Layers, node: &NodeArgs) -> Self {
        let known = layers.drop_in_paths.iter().find(|(name, _)| *name == file.source);
        let path = match file.layer {
            OriginLayer::DropIn if file.is_new => {
                node.config_dir.as_ref().map(|directory| crate::inputs::layers::join(directory, &file.source))
            }
            OriginLayer::DropIn => known.map(|(_, path)| path.clone()),
            OriginLayer::Flag if file.source == layers::ARGS_NAME => None,
            _ => Some(file.source.clone()).filter(|path| path != "-"),
        };
        Self { file, path, old: original(&input.request, file) }
    }

    /// What to say in place of a diff: the text is no file to write, or the diff would show a credential.
    fn by_hand(&self) -> Option<String> {
        if self.file.diff.is_empty() {
            let path = visible(self.path.as_deref().unwrap_or(&self.file.source));
            return Some(format!(
                "the change to `{path}` is on a line with a credential, so its diff is not shown\n"
            ));
        }
        let lines: String = self.file.diff.lines().map(|line| format!("  {}\n", visible(line))).collect();
        let lead = "change the arguments where they are kept; here is how they should be:\n";
        self.file.by_hand.then(|| format!("{lead}{lines}"))
    }

    /// The diff with the path by which `patch -p1` and `git apply` find the file.
    fn diff(&self) -> String {
        let Some(path) = self.path.as_deref().filter(|path| *path != self.file.source) else {
            return self.file.diff.clone();
        };
        let path = visible(path);
        let path = path.trim_start_matches('/');
        let body = self.file.diff.splitn(3, '\n').nth(2).unwrap_or("");
        let old = if self.file.is_new { "/dev/null".to_owned() } else { format!("a/{path}") };
        format!("--- {old}\n+++ b/{path}\n{body}")
    }
}

/// Writes the files of one target, all or none; false, and said, where one of them cannot be.
fn write(changes: &[Change<'_>], host: &mut dyn Host) -> bool {
    let mut written: Vec<(&str, &Change<'_>)> = Vec::new();
    let mut is_done = true;
    // A file that is new comes last: it could not be taken away again.
    let in_order = |is_new: bool| changes.iter().filter(move |change| change.file.is_new == is_new);
    for change in in_order(false).chain(in_order(true)) {
        if let Some(text) = change.by_hand().filter(|_| change.file.by_hand) {
            host.write_stderr(&text);
            continue;
        }
        let error = match (change.path.as_deref(), change.old, change.file.is_new) {
            (Some(path), Some(old), false) => {
                host.replace_file(path, Some(old.as_bytes()), change.file.text.as_bytes()).err()
            }
            (Some(path), _, true) => host.replace_file(path, None, change.file.text.as_bytes()).err(),
            _ => {
                let hint = if change.file.is_new {
                    "name the directory with --config-dir"
                } else {
                    "it is no file that could be written; use --diff"
                };
                Some(HostError { kind: HostErrorKind::Other, message: hint.to_owned() })
            }
        };
        let shown = visible(change.path.as_deref().unwrap_or(&change.file.source)).into_owned();
        match (error, change.path.as_deref()) {
            (None, Some(path)) => {
                host.write_stderr(&format!("wrote {shown}\n"));
                written.push((path, change));
            }
            (error, _) => {
                let reason = error.map(|error| error.message).unwrap_or_default();
                host.write_stderr(&format!("error: `{shown}` was left as it is: {}\n", visible(&reason)));
                is_done = false;
                break;
            }
        }
    }
    if !is_done {
        undo(&written, host);
    }
    is_done
}

/// Puts back what was written before the file that could not be: half of the changes may be worse than
/// none.
fn undo(written: &[(&str, &Change<'_>)], host: &mut dyn Host) {
    for (path, change) in written {
        let now = change.file.text.as_bytes();
        let before = change.old.unwrap_or("");
        let told = match host.replace_file(path, Some(now), before.as_bytes()) {
            Ok(()) => format!("put {} back\n", visible(path)),
            Err(error) => {
                format!("error: `{}` could not be put back: {}\n", visible(path), visible(&error.message))
            }
        };
        host.write_stderr(&told);
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

/// Returns the applied fixes, the skipped ones with the reason, and the commands to run before and after.
fn notes(fixed: &Fixed, how: FixArgs) -> String {
    let done = if how.write { "fix" } else { "would fix" };
    let mut text = String::new();
    let mut line = |parts: &[&str]| {
        parts.iter().for_each(|part| text.push_str(&visible(part)));
        text.push('\n');
    };
    for fix in &fixed.applied {
        line(&[done, ": ", fix.subject(), ": ", &fix.title]);
        if fix.applicability == Applicability::Unsafe {
            line(&["  unsafe: ", &fix.reason]);
        }
        for also in &fix.also_changes {
            line(&["  This also changes the effective ", also, "."]);
        }
    }
    for skip in &fixed.skipped {
        let (safety, hint) =
            if skip.is_unsafe { (" (unsafe)", " Use --unsafe-fixes to apply.") } else { ("", "") };
        let reason = capitalized(skip.reason.trim_end_matches('.'));
        line(&["skipped ", skip.subject(), safety, ": would ", &skip.title, ". ", &reason, ".", hint]);
    }
    if let Some(platform) = &fixed.platform {
        line(&[&platform.platform, ": ", &platform.advice]);
        for left_out in &platform.left_out {
            line(&["  not supported there: ", left_out]);
        }
        if let Some(content) = &platform.content {
            line(&["  change ", &platform.object, ":"]);
            content.lines().for_each(|text| line(&["    ", text]));
            platform.commands.iter().for_each(|command| line(&["  then: ", command]));
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for (when, is_before) in [("before: ", true), ("after: ", false)] {
        for fix in &fixed.applied {
            for command in if is_before { &fix.before } else { &fix.after } {
                // With --fix the files are already written, so it is too late for a copy.
                let is_late = how.write && command.starts_with("cp ");
                if !is_late && !seen.contains(&command.as_str()) {
                    seen.push(command);
                    line(&[when, command]);
                }
            }
        }
    }
    text
}
