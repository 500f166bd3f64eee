//! Where everything is.

use std::env;
use std::path::{Path, PathBuf};

use crate::step::{Failure, Outcome, Step};

/// The clone, and where its products go.
#[derive(Clone)]
pub(crate) struct Workspace {
    /// The clone.
    pub(crate) root: PathBuf,
    /// Cargo's target directory. All output except `pkg` goes below it.
    pub(crate) target: PathBuf,
    /// The npm package.
    pub(crate) pkg: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Outcome<Self> {
        // Cargo sets it at run time too, so that a clone can be moved.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = manifest.as_deref().and_then(|path| path.ancestors().nth(1)).ok_or_else(|| {
            Failure::new("cargo x must be run by cargo").fix("cargo x help, anywhere in the clone")
        })?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(path) => root.join(path),
            None => root.join("target"),
        };
        Ok(Self { root: root.to_owned(), target, pkg: root.join("pkg") })
    }

    /// The workspace of the JavaScript tools.
    pub(crate) fn js(&self) -> PathBuf {
        self.root.join("js")
    }

    /// The directory of built and installed tools.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Executable made by a native build in the dev profile.
    pub(crate) fn native(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name).with_extension(env::consts::EXE_EXTENSION)
    }

    pub(crate) fn cargo(&self, title: impl Into<String>) -> Step {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Step::new(title, cargo, &self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            // `cargo x` runs inside cargo, whose settings for this crate must not reach other crates.
            .without_env("CARGO_MANIFEST_DIR")
    }

    pub(crate) fn node(&self, title: impl Into<String>) -> Step {
        Step::new(title, "node", &self.root)
    }
}

/// A path as text; paths that are not text are not supported.
pub(crate) fn text(path: &Path) -> Outcome<&str> {
    path.to_str().ok_or_else(|| Failure::new(format!("the path {} is not UTF-8", path.display())))
}
