//! The files that the documentation names exist.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that a path in backticks can start with.
const FOLDERS: &[&str] =
    &["src/", "cli/", "docs/", "examples/", "host-tests/", "js/", "plugins/", "tests/", "xtask/"];

/// Pages written by people: those at the top, and below docs/ all but the generated ones.
fn pages(root: &Path) -> Vec<PathBuf> {
    let folders = ["", ".github", "docs", "docs/adr", "docs/recipes"].map(|folder| root.join(folder));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}

/// The targets of links, relative to the page.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    targets.filter(|target| !target.is_empty() && !target.contains("://"))
}

/// Paths in backticks, relative to the root. Words in capitals and asterisks stand for names.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_placeholder = |path: &str| {
        path.contains(['*', '{', ' '])
            || path
                .split(['/', '.'])
                .any(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase()))
    };
    let is_path = |path: &&str| FOLDERS.iter().any(|folder| path.starts_with(folder));
    spans.filter(is_path).filter(move |path| !is_placeholder(path))
}

/// Paths that a recipe creates.
fn is_example(path: &str) -> bool {
    ["plugins/lines", "cis-aks-1.6.toml", "render/csv.rs", "system_log_handler.rs"]
        .iter()
        .any(|name| path.contains(name))
}

/// What no clone has before it is built.
fn is_built(path: &str) -> bool {
    path == "js/demo/dist" || path.ends_with(".wasm")
}

#[test]
fn every_file_that_a_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut missing = Vec::new();
    let mut found = 0;
    for page in pages(root) {
        let text = fs::read_to_string(&page).unwrap();
        let linked = links(&text).map(|target| page.parent().unwrap().join(target));
        let named =
            paths(&text).filter(|path| !is_example(path) && !is_built(path)).map(|path| root.join(path));
        for path in linked.chain(named) {
            found += 1;
            if !path.exists() {
                missing.push(format!("{}: {}", page.display(), path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(found > 50, "{found} paths are too few: the pages name more");
}

#[test]
fn links_and_paths_are_told_from_other_text() {
    let text = "See [a](adr/1.md#x), [b](https://x.y/z), `src/a/mod.rs`, `src/ID.rs`, `plugins/*/README.md` and `cargo x`.";
    assert_eq!(links(text).collect::<Vec<_>>(), ["adr/1.md"]);
    assert_eq!(paths(text).collect::<Vec<_>>(), ["src/a/mod.rs"]);
}
