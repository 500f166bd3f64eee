//! A file in the making, beside the place that it will take.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::Path;

use super::directory::Directory;

/// A new file in a directory, under a name that nobody can foresee. It is removed unless it is put in place.
///
/// The kubelet's walk over drop-ins passes over such a name, because it does not end in `.conf`.
#[derive(Debug)]
pub(super) struct Temporary {
    pub(super) directory: Directory,
    pub(super) file: File,
    name: OsString,
    is_placed: bool,
}

impl Temporary {
    /// Makes the file for what is to be called `name`. Unix systems subtract the umask from `mode`.
    pub(super) fn new(directory: Directory, name: &OsStr, mode: u16) -> io::Result<Self> {
        let suffix = getrandom::u64().map_err(io::Error::from)?;
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".kubelet-audit-{suffix:016x}"));
        let file = directory.create(&temporary, mode)?;
        Ok(Self { directory, file, name: temporary, is_placed: false })
    }

    /// Gives the file its name, over a file that has it.
    pub(super) fn put(mut self, name: &OsStr) -> io::Result<()> {
        self.file.sync_all()?;
        self.directory.rename(&self.name, name)?;
        self.is_placed = true;
        self.directory.sync()
    }

    /// Gives the file its name, which no other file may have.
    #[cfg(any(unix, windows))]
    pub(super) fn put_new(mut self, name: &OsStr) -> io::Result<()> {
        self.directory.rename_to_new(&self.name, name)?;
        self.is_placed = true;
        self.directory.sync()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_placed {
            // Another failure is on its way to the user.
            let _ = self.directory.remove(&self.name);
        }
    }
}

/// Returns the directory of a path.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != OsStr::new("")).unwrap_or(Path::new("."))
}
