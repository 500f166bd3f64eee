//! Where the artefacts are.

use std::env;
use std::path::{Path, PathBuf};

/// The clone.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file of the package.
///
/// # Panics
///
/// Where it was not built.
pub fn pkg(name: &str) -> PathBuf {
    let path = root().join("pkg").join(name);
    assert!(path.is_file(), "{} is missing: run cargo x build", path.display());
    path
}

/// The file that the variable names, or the first of these that is there.
pub fn tool(variable: &str, candidates: &[PathBuf]) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from);
    named.or_else(|| candidates.iter().find(|path| path.is_file()).cloned())
}
