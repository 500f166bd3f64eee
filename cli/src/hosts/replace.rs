//! Replaces a file as a whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Error, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::directory::{Directory, keep_metadata};
use super::temporary::{Temporary, parent};

/// Puts `new` in the place of the file at `path`, which holds `expected`, or makes it where nothing is
/// expected.
///
/// The bytes go into a temporary file beside it, which is then renamed over it. Owner, mode, and extended
/// attributes are read from the open original and set on the open copy, so a link swapped in meanwhile
/// changes nothing. Whatever fails, the file stays as it was.
///
/// # Errors
///
/// When the file is a link to another directory, no regular file, one of several hard links, or changed
/// since it was read; when there is a file and none is expected; when the system refuses.
pub(super) fn replace(path: &Path, expected: Option<&[u8]>, new: &[u8]) -> io::Result<()> {
    let Some(expected) = expected else { return make(path, new) };
    let (directory, name) = real(path)?;
    let directory = Directory::open(&directory)?;
    // Open for writing, too: a rename would also replace a file that its owner locked against writing.
    let original = directory.open_file(&name)?;
    refuse_special(&original)?;
    unchanged(&original, expected)?;
    let copy = Temporary::new(directory, &name, 0o600)?;
    keep_metadata(&original, &copy.file)?;
    fill(&copy.file, new)?;
    unchanged(&copy.directory.open_file(&name)?, expected)?;
    copy.put(&name)
}

/// Makes a file where there is none.
fn make(path: &Path, new: &[u8]) -> io::Result<()> {
    let exists = || Error::other("the file exists");
    if fs::symlink_metadata(path).is_ok() {
        return Err(exists());
    }
    let name = path.file_name().ok_or_else(|| Error::other("the path names no file"))?;
    let file = Temporary::new(Directory::open(parent(path))?, name, 0o600)?;
    fill(&file.file, new)?;
    file.put_new(name)
        .map_err(|error| if error.kind() == ErrorKind::AlreadyExists { exists() } else { error })
}

/// Returns the directory and the name of the file itself: a link within its directory is followed, any
/// other refused.
fn real(path: &Path) -> io::Result<(PathBuf, OsString)> {
    let directory = fs::canonicalize(parent(path))?;
    let real = fs::canonicalize(path)?;
    match real.file_name() {
        Some(name) if real.parent() == Some(&directory) => Ok((directory, name.to_owned())),
        _ => Err(Error::other("is a link to another directory")),
    }
}

/// Writes all of the content and reads it again: some file systems tell of a full disk that late.
fn fill(mut file: &File, content: &[u8]) -> io::Result<()> {
    file.write_all(content)?;
    file.sync_all()?;
    file.rewind()?;
    let mut read = Vec::with_capacity(content.len());
    file.read_to_end(&mut read)?;
    if read == content { Ok(()) } else { Err(Error::other("the disk returns other bytes than were written")) }
}

/// Refuses what a rename would not replace as a whole.
fn refuse_special(file: &File) -> io::Result<()> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Error::other("not a regular file"));
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&metadata) > 1 {
        return Err(Error::other(
            "the file has several hard links, and the others would keep the old content",
        ));
    }
    Ok(())
}

fn unchanged(mut file: &File, expected: &[u8]) -> io::Result<()> {
    let mut content = Vec::with_capacity(expected.len());
    file.read_to_end(&mut content)?;
    if content == expected {
        return Ok(());
    }
    Err(Error::other("the file changed on disk since it was read, or is not UTF-8"))
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
