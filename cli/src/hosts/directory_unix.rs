//! A directory that is held open. Files are opened, made, and renamed relative to it, so a link that
//! somebody swaps in on the way is never followed.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, XattrFlags};
use rustix::io::Errno;

/// A directory, by its descriptor.
#[derive(Debug)]
pub(super) struct Directory(OwnedFd);

impl Directory {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::openat(CWD, path, flags, Mode::empty())?))
    }

    /// Opens a file for reading and writing; a link fails.
    pub(super) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        // Without `NONBLOCK` a FIFO would wait for its other end.
        let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&self.0, name, flags, Mode::empty())?.into())
    }

    /// Makes a file that nobody else made, open for reading and writing; the umask applies to `mode`.
    pub(super) fn create(&self, name: &OsStr, mode: u16) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&self.0, name, flags, Mode::from_bits_truncate(mode.into()))?.into())
    }

    /// Renames a file over another, or to a new name.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// Renames a file to a name that must be new.
    pub(super) fn rename_to_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        rustix::fs::linkat(&self.0, from, &self.0, to, AtFlags::empty())?;
        self.remove(from)
    }

    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Waits until the names are on disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.0)?)
    }
}

/// Gives a copy the owner, extended attributes, and mode of its original.
///
/// In this order: a change of owner clears mode bits, and until the mode is set nobody but the owner may
/// read the copy.
///
/// # Errors
///
/// When the system refuses one of them.
pub(super) fn keep_metadata(original: &File, copy: &File) -> io::Result<()> {
    let (old, new) = (original.metadata()?, copy.metadata()?);
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        fchown(copy, Some(old.uid()), Some(old.gid()))?;
    }
    keep_attributes(original, copy)?;
    copy.set_permissions(old.permissions())
}

/// Copies extended attributes: SELinux labels, access control lists, and the user's own.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn keep_attributes(original: &File, copy: &File) -> io::Result<()> {
    let names = match attribute(|buffer| rustix::fs::flistxattr(original, buffer)) {
        // Such file systems have none.
        Err(Errno::NOTSUP) => return Ok(()),
        names => names?,
    };
    for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        // The kernel derives these from the content.
        if name == b"security.ima" || name == b"security.evm" {
            continue;
        }
        let value = attribute(|buffer| rustix::fs::fgetxattr(original, name, buffer))?;
        // A new file often has its label already, and only some may set one.
        if attribute(|buffer| rustix::fs::fgetxattr(copy, name, buffer)).as_ref() != Ok(&value) {
            rustix::fs::fsetxattr(copy, name, &value, XattrFlags::empty()).map_err(|error| {
                let name = String::from_utf8_lossy(name);
                io::Error::other(format!("its extended attribute {name} cannot be kept: {error}"))
            })?;
        }
    }
    Ok(())
}

/// Reads what has a length that only the system knows.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn attribute(read: impl Fn(&mut [u8]) -> Result<usize, Errno>) -> Result<Vec<u8>, Errno> {
    let mut buffer = vec![0; 256];
    loop {
        match read(&mut buffer) {
            Err(Errno::RANGE) => buffer.resize(buffer.len().saturating_mul(2), 0),
            length => {
                buffer.truncate(length?);
                return Ok(buffer);
            }
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn keep_attributes(_: &File, _: &File) -> io::Result<()> {
    Ok(())
}
