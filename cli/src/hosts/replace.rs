//! Replaces a file as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Error, Write};
use std::path::{Path, PathBuf};

/// Puts `new` in the place of the file at `path`, which holds `expected`, or makes it where nothing is
/// expected.
///
/// The bytes go into a temporary file beside it, which is then renamed over it. Whatever fails, the
/// file stays as it was and the temporary one is removed.
pub(super) fn replace(path: &Path, expected: Option<&[u8]>, new: &[u8]) -> io::Result<()> {
    let Some(expected) = expected else { return make(path, new) };
    let path = real(path)?;
    // A rename would also replace a file that its owner has locked against writing.
    OpenOptions::new().write(true).open(&path)?;
    unchanged(&path, expected)?;
    let metadata = fs::metadata(&path)?;
    let beside = beside(&path)?;
    let file = create(&beside)?;
    let done = own(&beside, &metadata)
        .and_then(|()| fs::set_permissions(&beside, metadata.permissions()))
        .and_then(|()| fill(file, &beside, new))
        .and_then(|()| unchanged(&path, expected))
        .and_then(|()| fs::rename(&beside, &path));
    if done.is_err() {
        // The reason to tell is the first one.
        let _ = fs::remove_file(&beside);
    }
    done
}

/// The file itself: a link within its directory is followed, any other refused.
fn real(path: &Path) -> io::Result<PathBuf> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let directory = fs::canonicalize(parent)?;
    let real = fs::canonicalize(path)?;
    if real.parent() != Some(directory.as_path()) {
        return Err(Error::other("it is a link to another directory"));
    }
    Ok(real)
}

/// Never one that is there already, by whomever it was made.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path)
}

fn unchanged(path: &Path, expected: &[u8]) -> io::Result<()> {
    if fs::read(path)? == expected {
        return Ok(());
    }
    Err(Error::other("it is not as it was when it was read, or is not plain UTF-8"))
}

/// A file where there is none.
fn make(path: &Path, new: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(Error::other("there is one already"));
    }
    let beside = beside(path)?;
    let file = create(&beside)?;
    let done = fill(file, &beside, new).and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// A temporary file in the same directory; the kubelet's walk of drop-ins passes it over, for it does
/// not end in `.conf`.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| Error::other("it has no name"))?.to_string_lossy();
    Ok(path.with_file_name(format!(".{name}.kubelet-audit-{}", std::process::id())))
}

/// Writes the content, last: nobody may read it who could not read the original.
fn fill(mut file: File, path: &Path, new: &[u8]) -> io::Result<()> {
    file.write_all(new)?;
    file.sync_all()?;
    drop(file);
    if fs::read(path)? == new { Ok(()) } else { Err(Error::other("what was written reads otherwise")) }
}

#[cfg(unix)]
fn own(path: &Path, original: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let now = fs::metadata(path)?;
    if (now.uid(), now.gid()) == (original.uid(), original.gid()) {
        return Ok(());
    }
    chown(path, Some(original.uid()), Some(original.gid()))
}

#[cfg(not(unix))]
fn own(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn directory(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("kubelet-audit-{}-{name}", std::process::id()));
        fs::create_dir_all(path.join("sub")).unwrap();
        path
    }

    fn names(path: &Path) -> usize {
        fs::read_dir(path).unwrap().count()
    }

    #[test]
    fn a_file_is_replaced_with_its_permissions() {
        let dir = directory("a");
        let file = dir.join("f");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        symlink("f", dir.join("link")).unwrap();
        replace(&dir.join("link"), Some(b"old"), b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(dir.join("link")).unwrap().is_symlink());
        assert_eq!(names(&dir), 3);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_new_file_takes_the_place_of_none() {
        let dir = directory("d");
        let file = dir.join("f.conf");
        replace(&file, None, b"new").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(replace(&file, None, b"newer").is_err());
        assert_eq!((fs::read(&file).unwrap(), names(&dir)), (b"new".to_vec(), 2));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_file_that_changed_or_lies_elsewhere_stays_as_it_is() {
        let dir = directory("b");
        let file = dir.join("f");
        fs::write(&file, "other").unwrap();
        assert!(replace(&file, Some(b"old"), b"new").is_err());
        fs::write(dir.join("sub/g"), "old").unwrap();
        symlink("sub/g", dir.join("link")).unwrap();
        assert!(replace(&dir.join("link"), Some(b"old"), b"new").is_err());
        assert_eq!(fs::read(&file).unwrap(), b"other");
        assert_eq!(fs::read(dir.join("sub/g")).unwrap(), b"old");
        assert_eq!(names(&dir), 3);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_directory_that_cannot_be_written_leaves_the_file_and_nothing_beside_it() {
        // Root does not heed permissions; then the file is replaced.
        let dir = directory("c");
        let file = dir.join("f");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&dir, Permissions::from_mode(0o555)).unwrap();
        let done = replace(&file, Some(b"old"), b"new");
        fs::set_permissions(&dir, Permissions::from_mode(0o755)).unwrap();
        assert_eq!(fs::read(&file).unwrap(), if done.is_ok() { b"new" } else { b"old" });
        assert_eq!(names(&dir), 2);
        fs::remove_dir_all(dir).unwrap();
    }
}
