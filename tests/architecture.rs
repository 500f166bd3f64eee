//! The folders of `src/` are layers, and each imports only earlier ones; see docs/architecture.md.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "architecture/modules.rs"]
mod modules;

use std::collections::BTreeSet;
use std::path::Path;

use modules::{Crate, Import};

/// The folders of the library, in the order of the data.
const LAYERS: &[&str] = &[
    "json",
    "source",
    "kubelet",
    "command_line",
    "objects",
    "resolve",
    "report",
    "request",
    "benchmark",
    "controls",
    "assess",
    "fix",
    "render",
    "audit",
    "admission",
    "bindings",
];

fn library() -> Crate {
    Crate::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"))
}

fn command() -> Crate {
    Crate::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cli/src/lib.rs"))
}

/// The first folder of a file below `src/`; a file of the same name as a folder belongs to it.
fn layer(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// What breaks the order: a folder that is not listed, and an import of a later folder.
fn breaks_of_order(imports: &[Import], layers: &[&str]) -> BTreeSet<String> {
    let position = |file: &str| layers.iter().position(|name| *name == layer(file));
    let mut breaks = BTreeSet::new();
    for import in imports.iter().filter(|import| import.from != "lib.rs") {
        match (position(&import.from), position(&import.to)) {
            (Some(from), Some(to)) if to <= from => {}
            (Some(_), Some(_)) => {
                breaks.insert(format!("{} imports the later {} ({})", import.from, import.to, import.path));
            }
            (Some(_), None) => {
                breaks.insert(format!("{} imports {}, which is in no layer", import.from, import.to));
            }
            (None, _) => {
                breaks.insert(format!("{} is in no layer", import.from));
            }
        }
    }
    breaks
}

/// Pairs of files of which each imports the other.
fn mutual_imports(imports: &[Import]) -> BTreeSet<String> {
    let pairs: BTreeSet<_> =
        imports.iter().map(|import| (import.from.as_str(), import.to.as_str())).collect();
    let mutual = pairs.iter().filter(|(from, to)| from < to && pairs.contains(&(to, from)));
    mutual.map(|(from, to)| format!("{from} and {to} import each other")).collect()
}

fn assert_none(found: &BTreeSet<String>) {
    let lines: Vec<_> = found.iter().map(String::as_str).collect();
    assert!(lines.is_empty(), "{} of them:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn each_folder_imports_only_earlier_ones() {
    assert_none(&breaks_of_order(&library().imports(), LAYERS));
}

#[test]
fn every_layer_exists() {
    let library = library();
    let files = library.files();
    for name in LAYERS {
        assert!(files.iter().any(|file| layer(file) == *name), "no file below src/{name}");
    }
}

#[test]
fn no_two_files_import_each_other() {
    assert_none(&mutual_imports(&library().imports()));
    assert_none(&mutual_imports(&command().imports()));
}

/// The checks find what they are for, in a crate that is written for it.
#[test]
fn a_later_folder_and_a_mutual_import_are_found() {
    let small = Crate::of(&[
        ("lib.rs", "pub mod first; mod second; pub use second::Two; #[cfg(test)] mod tests;"),
        ("first/mod.rs", "pub mod a; mod b; pub use b::B; use crate::second::{Two, deep::{self, Deep}};"),
        // A path in a comment or a text is none: `crate::second::Two`. A re-export leads to its origin.
        (
            "first/a.rs",
            r#"use super::B; const _: &str = "crate::second"; #[cfg(test)] use crate::second::Two;"#,
        ),
        ("first/b.rs", "pub struct B; fn f() { super::a::g(); } mod inner { use super::super::a::h; }"),
        ("second/mod.rs", "pub mod deep; pub struct Two; wrapped! { use crate::first::B; }"),
        ("second/deep.rs", "pub struct Deep; use crate::Two;"),
        ("tests.rs", "use crate::second::Two;"),
    ]);
    let imports = small.imports();
    assert_eq!(
        Vec::from_iter(breaks_of_order(&imports, &["first", "second"])),
        [
            "first/mod.rs imports the later second/deep.rs (crate::second::deep)",
            "first/mod.rs imports the later second/deep.rs (crate::second::deep::Deep)",
            "first/mod.rs imports the later second/mod.rs (crate::second::Two)",
        ]
    );
    assert_eq!(Vec::from_iter(mutual_imports(&imports)), ["first/a.rs and first/b.rs import each other"]);
    assert!(imports.iter().any(|import| import.from == "second/mod.rs" && import.to == "first/b.rs"));
    let unlisted = breaks_of_order(&imports, &["first"]);
    assert!(unlisted.contains("second/mod.rs is in no layer"), "{unlisted:?}");
}
