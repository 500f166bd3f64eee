//! The npm package: what is hand-written, beside what was generated.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

/// The files of the package that are checked in where they are.
const CHECKED_IN: &[&str] = &["README.md", "package.json"];

/// Removes what an earlier build left.
pub(crate) fn clean(workspace: &Workspace) -> Outcome {
    let pkg = &workspace.pkg;
    fs::create_dir_all(pkg).map_err(Failure::io("make", pkg))?;
    for entry in fs::read_dir(pkg).map_err(Failure::io("list", pkg))?.flatten() {
        let path = entry.path();
        if CHECKED_IN.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
            .map_err(Failure::io("remove", &path))?;
    }
    Ok(())
}

/// Copies in what is hand-written elsewhere.
pub(crate) fn assemble(workspace: &Workspace) -> Outcome {
    let sources = workspace.js().join("src");
    for file in files(&sources)? {
        copy(&sources.join(&file), &workspace.pkg.join(&file))?;
    }
    for name in ["LICENSE", "CHANGELOG.md"] {
        copy(&workspace.root.join(name), &workspace.pkg.join(name))?;
    }
    let version = workspace.pkg.join("version.js");
    let text = format!("export const version = \"{}\";\n", env!("CARGO_PKG_VERSION"));
    fs::write(&version, text).map_err(Failure::io("write", &version))?;
    executable(&workspace.pkg.join("cli.js"))
}

/// npm links a package's command to the file, which a shell then starts.
#[cfg(unix)]
fn executable(path: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(Failure::io("chmod", path))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> Outcome {
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Outcome {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(Failure::io("make", parent))?;
    }
    fs::copy(from, to).map_err(Failure::io("copy", from)).map(drop)
}

/// Every file below a directory, relative to it, sorted.
pub(crate) fn files(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut todo = vec![PathBuf::new()];
    while let Some(relative) = todo.pop() {
        let path = directory.join(&relative);
        for entry in fs::read_dir(&path).map_err(Failure::io("list", &path))?.flatten() {
            let name = relative.join(entry.file_name());
            if entry.path().is_dir() { todo.push(name) } else { found.push(name) }
        }
    }
    found.sort();
    Ok(found)
}
