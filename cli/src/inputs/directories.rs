//! Directories named as inputs.

use std::collections::{BTreeMap, BTreeSet};

use kubelet_audit::report::Issue;
use kubelet_audit::source::diagnostic::Code;

use crate::host::{EntryKind, Host};
use crate::inputs::layers::{self, MOST_ENTRIES, in_order, join};
use crate::inputs::recognise::is_candidate;
use crate::pattern::Pattern;

/// What stands below a directory.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Files to look at, in the order of their names, those of a directory before those below it.
    pub(crate) files: Vec<FoundFile>,
    /// Files passed over, with the reason.
    pub(crate) skipped: Vec<(String, String)>,
    /// Directories that cannot be listed.
    pub(crate) errors: Vec<Issue>,
}

/// A file found below a directory.
#[derive(Debug)]
pub(crate) struct FoundFile {
    /// Its path.
    pub(crate) path: String,
    /// The files of the directory `PATH.d` beside it: the drop-ins of the kubelet, or of K3s and RKE2.
    pub(crate) drop_ins: Vec<String>,
}

impl Walk {
    /// Puts the files of `X.d` to the file `X`, if there is one.
    fn join(&mut self) {
        let names: BTreeSet<String> = self.files.iter().map(|file| file.path.clone()).collect();
        let mut drop_ins: BTreeMap<String, Vec<String>> = BTreeMap::new();
        self.files.retain(|file| {
            let directory = file.path.rsplit_once('/').map_or("", |(directory, _)| directory);
            let main = directory.strip_suffix(".d").filter(|main| names.contains(*main));
            let Some(main) = main else { return true };
            drop_ins.entry(main.to_owned()).or_default().push(file.path.clone());
            false
        });
        for file in &mut self.files {
            file.drop_ins = drop_ins.remove(&file.path).unwrap_or_default();
        }
    }
}

/// Lists everything below `root` that is not excluded. Links to directories are not followed, so the walk ends.
pub(crate) fn walk(root: &str, exclude: &[Pattern], host: &mut dyn Host, found: &mut Walk) {
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
            let is_excluded =
                exclude.iter().any(|pattern| pattern.is_match(&path) || pattern.is_match(&entry.name));
            match entry.kind {
                _ if is_excluded => found.skipped.push((path, "excluded".to_owned())),
                EntryKind::Directory => directories.push(path),
                EntryKind::Special(kind) => found.skipped.push((path, kind.to_owned())),
                EntryKind::File if is_candidate(&entry.name) => {
                    found.files.push(FoundFile { path, drop_ins: Vec::new() });
                }
                EntryKind::File => {
                    found.skipped.push((path, "not a file with settings, by its name".to_owned()));
                }
            }
        }
        // The stack hands out the last one first.
        below.extend(directories.into_iter().rev());
    }
    found.join();
}
