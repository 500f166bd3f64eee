//! `cargo x check recipes`: follows docs/recipes/*.md as they are written, each in a fresh copy of the tree.
//!
//! A fence of `sh` is run. A comment above any other fence says what its lines are for:
//!
//! - `<!-- write: PATH -->`: the whole file,
//! - `<!-- insert: PATH below: LINE -->` or `above: LINE`: lines beside the first line that reads so,
//! - `<!-- append: PATH -->`: lines at the end of the file,
//! - `<!-- show -->`: nothing; readers look at it.

mod page;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Failure, Outcome, Step};
use crate::workspace::Workspace;

use page::{Action, Page};

/// Follows every recipe, or the one of this name (`add-a-host`).
pub(crate) fn run(workspace: &Workspace, name: Option<&str>) -> Outcome {
    let copy = Workspace {
        root: workspace.target.join("recipes"),
        target: workspace.target.join("recipes-target"),
        pkg: workspace.target.join("recipes/pkg"),
    };
    let mut pages = pages(&workspace.root).map_err(Failure::new)?;
    pages.retain(|page| name.is_none_or(|name| page.name == format!("docs/recipes/{name}.md")));
    if pages.is_empty() {
        return Err(Failure::new("docs/recipes/ has no such recipe"));
    }
    for page in &pages {
        // Files that stay the same keep their times, so that cargo builds what a recipe changes and no more.
        mirror(workspace, &copy.root)?;
        for action in &page.actions {
            follow(&copy, &page.name, action)?;
        }
    }
    println!("\ncargo x check recipes: ok, {} recipes can be followed as written", pages.len());
    Ok(())
}

/// The recipes, in order.
fn pages(root: &Path) -> Result<Vec<Page>, String> {
    let folder = root.join("docs/recipes");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "md") && !file.ends_with("README.md"));
    files.sort();
    let page = |file: &PathBuf| {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        Page::read(&file.strip_prefix(root).unwrap_or(file).to_string_lossy(), &text)
    };
    files.iter().map(page).collect()
}

/// Makes the copy equal to the working tree: tracked files and new ones that are not ignored.
fn mirror(workspace: &Workspace, copy: &Path) -> Outcome {
    let listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Step::new("git ls-files", "git", &workspace.root).args(listed).output()?;
    let names: BTreeSet<_> = listed.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    for stale in files_below(copy).difference(&names) {
        let path = copy.join(stale);
        fs::remove_file(&path).map_err(Failure::io("remove", &path))?;
        // Also removes the folders that are now empty.
        path.ancestors().skip(1).take_while(|folder| fs::remove_dir(folder).is_ok()).for_each(drop);
    }
    for name in names {
        // A deleted file can still be tracked.
        let Ok(content) = fs::read(workspace.root.join(&name)) else { continue };
        let path = copy.join(name);
        if fs::read(&path).ok().as_ref() != Some(&content) {
            write(&path, &content)?;
        }
    }
    Ok(())
}

/// Files below a folder, relative to it.
fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut open = vec![folder.to_owned()];
    let mut files = BTreeSet::new();
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                files.insert(name.to_owned());
            }
        }
    }
    files
}

fn write(path: &Path, content: &[u8]) -> Outcome {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, content)).map_err(Failure::io("write", path))
}

fn follow(copy: &Workspace, page: &str, action: &Action) -> Outcome {
    match action {
        Action::Run { line, script } => {
            let title = format!("{page}:{line}: {}", script.lines().next().unwrap_or_default());
            Step::new(title, "bash", &copy.root)
                .args(["-euo", "pipefail", "-c", script])
                .env("CARGO_TARGET_DIR", &copy.target)
                .without_env("CARGO_MANIFEST_DIR")
                .run()
        }
        Action::Write { path, text } => write(&copy.root.join(path), text.as_bytes()),
        Action::Insert { line, path, place, text } => {
            let file = copy.root.join(path);
            let old = fs::read_to_string(&file).map_err(Failure::io("read", &file))?;
            let new = place.insert(&old, text);
            let new = new.ok_or_else(|| Failure::new(format!("{page}:{line}: {path} has no {place}")))?;
            write(&file, new.as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn every_recipe_is_listed_and_can_be_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let list = std::fs::read_to_string(root.join("docs/recipes/README.md")).unwrap();
        let mut listed: Vec<_> =
            list.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
        let mut names = Vec::new();
        for page in super::pages(&root).unwrap() {
            assert!(!page.actions.is_empty(), "{}", page.name);
            names.push(page.name.trim_start_matches("docs/recipes/").to_owned());
        }
        listed.sort_unstable();
        assert_eq!(names, listed);
    }
}
