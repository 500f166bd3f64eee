//! `kubelet-audit check --diff` and `--fix`

use kubelet_audit::fix::{Options, Route};
use kubelet_audit::render::{Detail, capitalized, visible};
use kubelet_audit::report::{Applicability, Fixed, FixedFile, OriginLayer};
use kubelet_audit::request::{ArgsInput, ConfigInput, Request};

use crate::args::check::{CheckArgs, FixArgs, FixRoute};
use crate::args::node::NodeArgs;
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

/// Shows or applies the fixes of every target. --diff shows exactly what --fix writes.
pub(crate) fn fix(args: &CheckArgs, host: &mut dyn Host) -> Result<u8, Failure> {
    let CheckArgs { node, fixes: how, .. } = args;
    let mut all = Inputs::new(node, host);
    let mut inputs = Vec::new();
    while let Some(input) = all.next(host) {
        inputs.push(input);
    }
    let options = Options {
        unsafe_fixes: how.unsafe_fixes,
        // Files that several targets share are not changed for one of them.
        config_only: inputs.len() > 1,
        route: if how.fix_route == FixRoute::DropIn { Route::DropIn } else { Route::InPlace },
        ..Options::default()
    };
    let is_quiet = args.output.detail() == Detail::Quiet;
    let mut failed = false;
    // A record of a stream is the answer of a kubelet, not a file to change.
    for input in inputs.iter().filter(|input| input.errors.is_empty() && input.part.is_none()) {
        let fixed = kubelet_audit::fix::fix(&input.request, &options)?;
        if !is_quiet {
            // Before the changes, because a fix can require steps outside of the files.
            host.write_stderr(&notes(&fixed, how));
        }
        let files: Vec<Change<'_>> =
            fixed.files.iter().map(|file| Change::of(file, input, &all.layers, node)).collect();
        if how.fix {
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
    let code = if how.fix {
        // The report is about the changed files.
        check::check(args, host)?
    } else {
        let (mut gate, mut fleet) = (Gate::read(&args.gate, host)?, Fleet::default());
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
    /// Its path; `None` for text from elsewhere.
    path: Option<String>,
    /// Its text when it was read; `None` for a new file.
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
            _ => Some(file.source.clone())
                .filter(|path| path != "-" && Some(path) != node.stdin_filename.as_ref()),
        };
        Self { file, path, old: original(&input.request, file) }
    }

    /// Returns the text to show instead of a diff, if the source is not a file, or the diff would show a credential.
    fn by_hand(&self) -> Option<String> {
        if self.file.diff.is_empty() {
            let path = visible(self.path.as_deref().unwrap_or(&self.file.source));
            return Some(format!("{path}: diff not shown, because the changed line contains a credential\n"));
        }
        let lines: String = self.file.diff.lines().map(|line| format!("  {}\n", visible(line))).collect();
        let lead = "Change the arguments at their source:\n";
        self.file.by_hand.then(|| format!("{lead}{lines}"))
    }

    /// Returns the diff with the path that `patch -p1` and `git apply` need.
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

/// Writes the files of one target, all or none. Reports a failure and returns false.
fn write(changes: &[Change<'_>], host: &mut dyn Host) -> bool {
    let mut written: Vec<(&str, &Change<'_>)> = Vec::new();
    let mut is_done = true;
    // New files come last, because they could not be removed again.
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
                    "pass the directory with --config-dir"
                } else {
                    "not a file; use --diff"
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
                host.write_stderr(&format!("error: {shown} not written: {}\n", visible(&reason)));
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

/// Restores the files that were written before the failure, because half of the changes can be worse than none.
fn undo(written: &[(&str, &Change<'_>)], host: &mut dyn Host) {
    for (path, change) in written {
        let now = change.file.text.as_bytes();
        let before = change.old.unwrap_or("");
        let message = match host.replace_file(path, Some(now), before.as_bytes()) {
            Ok(()) => format!("restored {}\n", visible(path)),
            Err(error) => {
                format!("error: cannot restore {}: {}\n", visible(path), visible(&error.message))
            }
        };
        host.write_stderr(&message);
    }
}

/// Returns the text of the file when it was read.
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
fn notes(fixed: &Fixed, how: &FixArgs) -> String {
    let done = if how.fix { "fix" } else { "would fix" };
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
                let is_late = how.fix && command.starts_with("cp ");
                if !is_late && !seen.contains(&command.as_str()) {
                    seen.push(command);
                    line(&[when, command]);
                }
            }
        }
    }
    text
}
