//! `cargo x gen`: every committed file that is generated.
//!
//! `cargo x check` generates the same files and compares, so that a stale one cannot be merged. (The
//! module is not called `gen`, which Rust reserves.)

use std::fs;
use std::path::PathBuf;

use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;
use crate::{editions, flags, kubelet_tables, pages, reference};

/// A file as a generator makes it.
pub(crate) struct GeneratedFile {
    /// The path, relative to the root of the repository.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Makes the text of one or more files, and writes nothing.
type Generator = fn(&Workspace) -> Outcome<Vec<GeneratedFile>>;

/// Every generator, each after those whose files it reads.
const GENERATORS: &[Generator] =
    &[editions::generate, flags::generate, kubelet_tables::generate, pages::generate, reference::generate];

/// Writes the files that differ from what is generated.
pub(crate) fn write(workspace: &Workspace) -> Outcome {
    for generate in GENERATORS {
        for file in generate(workspace)? {
            if is_stale(workspace, &file) {
                let path = workspace.root.join(&file.path);
                let folder = path.parent().unwrap_or(&path);
                fs::create_dir_all(folder).map_err(Failure::io("create", folder))?;
                fs::write(&path, &file.text).map_err(Failure::io("write", &path))?;
                println!("wrote {}", file.path.display());
            }
        }
    }
    Ok(())
}

/// Fails where a file differs from what is generated, naming every such file.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    check_all(workspace, GENERATORS)
}

fn check_all(workspace: &Workspace, generators: &[Generator]) -> Outcome {
    let mut stale = Vec::new();
    for generate in generators {
        stale.extend(generate(workspace)?.into_iter().filter(|file| is_stale(workspace, file)));
    }
    if stale.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = stale.iter().map(|file| file.path.display().to_string()).collect();
    Err(Failure::new(format!("not as generated: {}", names.join(", "))).fix("cargo x gen"))
}

/// Whether the file is missing or another.
fn is_stale(workspace: &Workspace, file: &GeneratedFile) -> bool {
    fs::read(workspace.root.join(&file.path)).ok().as_deref() != Some(file.text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{GeneratedFile, check_all};
    use crate::step::Outcome;
    use crate::workspace::Workspace;

    fn manifest(text: &str) -> Outcome<Vec<GeneratedFile>> {
        Ok(vec![GeneratedFile { path: "Cargo.toml".into(), text: text.into() }])
    }

    #[test]
    fn a_stale_file_is_named_with_the_command_that_writes_it() {
        // This crate as a repository of its own.
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
        let workspace = Workspace { target: root.join("target"), pkg: root.join("pkg"), root };
        assert!(check_all(&workspace, &[|_| manifest(include_str!("../Cargo.toml"))]).is_ok());
        let failure = check_all(&workspace, &[|_| manifest("[package]\n")]).err().unwrap();
        assert!(failure.message.contains("Cargo.toml"), "{}", failure.message);
        assert_eq!(failure.fix.as_deref(), Some("cargo x gen"));
    }
}
