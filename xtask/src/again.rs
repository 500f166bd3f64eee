//! The same sources give the same bytes: a second build, elsewhere.

use std::fs;
use std::path::Path;

use crate::artifacts;
use crate::npm;
use crate::step::{Failure, Outcome, Step};
use crate::workspace::Workspace;

/// Builds a copy of the tree in another directory, with another target directory, and compares.
pub(crate) fn run(workspace: &Workspace) -> Outcome {
    // The two paths differ even in length.
    let root = workspace.target.join("again/somewhere-else");
    if root.is_dir() {
        fs::remove_dir_all(&root).map_err(Failure::io("remove", &root))?;
    }
    let listed = Step::new("git ls-files", "git", &workspace.root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()?;
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        copy(&workspace.root.join(name), &root.join(name))?;
    }
    let again = Workspace { pkg: root.join("pkg"), target: root.join("target"), root };
    borrow_tools(workspace, &again)?;
    artifacts::build(&again)?;

    let (first, second) = (npm::files(&workspace.pkg)?, npm::files(&again.pkg)?);
    if first != second {
        return Err(Failure::new(format!("two builds made different files: {first:?} and {second:?}")));
    }
    for name in &first {
        let read = |path: &Path| fs::read(path).map_err(Failure::io("read", path));
        if read(&workspace.pkg.join(name))? != read(&again.pkg.join(name))? {
            return Err(Failure::new(format!("two builds made different {}", name.display())));
        }
    }
    println!("   {} files, the same bytes twice", first.len());
    Ok(())
}

/// What is not under test is not built twice.
fn borrow_tools(workspace: &Workspace, again: &Workspace) -> Outcome {
    for tool in ["postlink", "wire-types"] {
        copy(&workspace.native(tool), &again.native(tool))?;
    }
    let bindgen = Path::new("bin/wasm-bindgen");
    copy(&workspace.tools().join(bindgen), &again.tools().join(bindgen))?;
    let binaryen = Path::new("node_modules/binaryen");
    for file in npm::files(&workspace.js().join(binaryen))? {
        let name = binaryen.join(file);
        copy(&workspace.js().join(&name), &again.js().join(&name))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Outcome {
    // Listed but deleted, so not part of the tree.
    if !from.is_file() {
        return Ok(());
    }
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(Failure::io("make", parent))?;
    }
    fs::copy(from, to).map_err(Failure::io("copy", from)).map(drop)
}
