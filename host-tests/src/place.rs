//! Where the artifacts are.

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

/// The Python that has the packages of `requirements.txt`.
///
/// # Panics
///
/// Where there is none.
#[expect(clippy::expect_used, reason = "a test without what it tests has to end")]
pub fn python() -> PathBuf {
    let python = tool("HOST_TESTS_PYTHON", &[root().join("target/venv/bin/python")]);
    python.expect("no Python with the host packages found: run cargo x test, or name it in HOST_TESTS_PYTHON")
}

/// wasmtime's own command.
///
/// # Panics
///
/// Where there is none.
#[expect(clippy::expect_used, reason = "a test without what it tests has to end")]
pub fn wasmtime() -> PathBuf {
    let wasmtime = tool("WASMTIME", &[root().join("target/venv/bin/wasmtime")]);
    wasmtime.expect("no wasmtime command found: run cargo x test, or name it in WASMTIME")
}

/// The file that the variable names, or the first of these that is there.
pub fn tool(variable: &str, candidates: &[PathBuf]) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from);
    named.or_else(|| candidates.iter().find(|path| path.is_file()).cloned())
}
