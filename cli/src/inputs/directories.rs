//! Directories named as inputs.

use kubelet_audit::report::Issue;
use kubelet_audit::source::diagnostic::Code;

use crate::host::{EntryKind, Host};
use crate::inputs::layers::{self, MOST_ENTRIES, in_order, join};
use crate::inputs::recognise::is_candidate;

/// What stands below a directory.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Files to look at, in the order of their names, those of a directory before those below it.
    pub(crate) files: Vec<String>,
    /// Files passed over, with the reason.
    pub(crate) skipped: Vec<(String, &'static str)>,
    /// Directories that cannot be listed.
    pub(crate) errors: Vec<Issue>,
}

/// Lists everything below `root`. Links to directories are not followed, so the walk ends.
pub(crate) fn walk(root: &str, host: &mut dyn Host, found: &mut Walk) {
    let mut below = vec![root.to_owned()];
    let mut count = 0_usize;
    while let Some(directory) = below.pop() {
        let entries = match host.list_directory(&directory) {
            Ok(entries) => in_order(entries),
            Err(error) => {
                found.errors.push(layers::unreadable(&directory, &error));
                continue;
            }
        };
        count = count.saturating_add(entries.len());
        if count > MOST_ENTRIES {
            let message = format!("more than {MOST_ENTRIES} files below {root}");
            found.errors.push(layers::issue(Code::TooLarge, root, message));
            return;
        }
        let mut directories = Vec::new();
        for entry in entries {
            let path = join(&directory, &entry.name);
            match entry.kind {
                EntryKind::Directory => directories.push(path),
                EntryKind::Special(kind) => found.skipped.push((path, kind)),
                EntryKind::File if is_candidate(&entry.name) => found.files.push(path),
                EntryKind::File => {
                    found.skipped.push((path, "not a .yaml, .yml, .json, .conf, .ndjson or .jsonl file"));
                }
            }
        }
        // The stack hands out the last one first.
        below.extend(directories.into_iter().rev());
    }
}
