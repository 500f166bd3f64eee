//! A directory by its path, where the system offers no files relative to an open directory: Windows and WASI.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A directory, by its path.
#[derive(Debug)]
pub(super) struct Directory(PathBuf);

impl Directory {
    #[expect(clippy::unnecessary_wraps, reason = "the directory of Unix systems is opened here")]
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(path.to_owned()))
    }

    /// Opens a file for reading and writing; a link fails.
    #[cfg(windows)]
    pub(super) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        let path = self.0.join(name);
        if fs::symlink_metadata(&path)?.is_symlink() {
            return Err(io::Error::other("it is a link"));
        }
        OpenOptions::new().read(true).write(true).open(path)
    }

    /// Makes a file that nobody else made, open for reading and writing.
    pub(super) fn create(&self, name: &OsStr, _: u16) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(self.0.join(name))
    }

    /// Renames a file over another, or to a new name.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    /// Renames a file to a name that must be new.
    #[cfg(windows)]
    pub(super) fn rename_to_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::hard_link(self.0.join(from), self.0.join(to))?;
        self.remove(from)
    }

    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    /// These systems write names to disk by themselves.
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "Unix systems can fail here")]
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Gives a copy the permissions of its original.
#[cfg(windows)]
pub(super) fn keep_metadata(original: &File, copy: &File) -> io::Result<()> {
    copy.set_permissions(original.metadata()?.permissions())
}
