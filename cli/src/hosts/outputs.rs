//! Files that a run writes: each is written whole or not at all, and never over what the run reads.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Error, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::directory::Directory;
use super::temporary::{Temporary, parent};
use crate::host::OutputId;

/// What tells one file from every other, whatever its spelling: device and number of the file.
#[cfg(any(unix, target_os = "wasi"))]
type Identity = (u64, u64);
/// What tells one file from every other: its path without links.
#[cfg(windows)]
type Identity = PathBuf;

/// The files of a run.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    read: HashSet<Identity>,
    outputs: Vec<Output>,
}

#[derive(Debug)]
enum Output {
    /// A file that takes its name when it is whole.
    File { temporary: Temporary, name: OsString, place: Place, may_replace: Option<Identity> },
    /// A pipe, a terminal, or a device: nothing can take its place.
    Special(File),
    /// What was finished.
    Done,
}

/// Where an output goes: the file that is there, or a name in a directory.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    file: Option<Identity>,
    directory: Option<Identity>,
    name: OsString,
}

impl Outputs {
    /// Remembers a file that was opened for reading.
    pub(super) fn note_read(&mut self, path: &Path, file: &File) {
        self.read.extend(identity(path, file));
    }

    /// Remembers the file that standard input comes from.
    #[cfg(any(unix, target_os = "wasi"))]
    pub(super) fn note_stdin(&mut self) {
        self.read.extend(rustix::fs::fstat(io::stdin()).map(|stat| of_stat(&stat)));
    }

    /// This system does not tell the path of standard input.
    #[cfg(windows)]
    #[expect(clippy::unused_self, reason = "other systems tell")]
    pub(super) fn note_stdin(&mut self) {}

    /// Begins an output. `may_replace` names an input that it may replace all the same.
    ///
    /// # Errors
    ///
    /// When the path is an input or another output of this run, or cannot be written.
    pub(super) fn create(&mut self, path: &Path, may_replace: Option<&Path>) -> io::Result<OutputId> {
        let output = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(metadata) if !metadata.is_file() => {
                Output::Special(fs::OpenOptions::new().write(true).open(path)?)
            }
            _ => self.file(path, may_replace)?,
        };
        self.outputs.push(output);
        Ok(OutputId(self.outputs.len().saturating_sub(1)))
    }

    fn file(&self, path: &Path, may_replace: Option<&Path>) -> io::Result<Output> {
        let path = real(path)?;
        let name = path.file_name().ok_or_else(|| Error::other("the path names no file"))?.to_owned();
        // A rename would also replace a file that its owner locked against writing.
        let original = match fs::OpenOptions::new().append(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            original => Some(original?),
        };
        let directory = parent(&path);
        let place = Place {
            file: original.as_ref().and_then(|file| identity(&path, file)),
            directory: File::open(directory).ok().and_then(|file| identity(directory, &file)),
            name: name.clone(),
        };
        let may_replace =
            may_replace.and_then(|path| File::open(path).ok().and_then(|file| identity(path, &file)));
        self.refuse_input(&place, may_replace.as_ref())?;
        let others = self.outputs.iter().filter_map(|output| match output {
            Output::File { place, .. } => Some(place),
            Output::Special(_) | Output::Done => None,
        });
        for other in others {
            if *other == place || other.file.is_some() && other.file == place.file {
                return Err(Error::other("another output of this run has the same path"));
            }
        }
        let temporary = Temporary::new(Directory::open(directory)?, &name, 0o666)?;
        #[cfg(any(unix, windows))]
        if let Some(original) = &original {
            super::directory::keep_metadata(original, &temporary.file)?;
        }
        Ok(Output::File { temporary, name, place, may_replace })
    }

    fn refuse_input(&self, place: &Place, may_replace: Option<&Identity>) -> io::Result<()> {
        match &place.file {
            Some(file) if Some(file) != may_replace && self.read.contains(file) => {
                Err(Error::other("the file is an input of this run"))
            }
            _ => Ok(()),
        }
    }

    /// Adds text to an output.
    pub(super) fn write(&mut self, output: OutputId, text: &str) -> io::Result<()> {
        match self.outputs.get_mut(output.0) {
            Some(Output::File { temporary, .. }) => temporary.file.write_all(text.as_bytes()),
            Some(Output::Special(file)) => file.write_all(text.as_bytes()),
            Some(Output::Done) | None => Err(Error::other("this output is finished")),
        }
    }

    /// Puts an output in its place, unless that turned out to be an input.
    pub(super) fn finish(&mut self, output: OutputId) -> io::Result<()> {
        let Some(output) = self.outputs.get_mut(output.0) else { return Ok(()) };
        match std::mem::replace(output, Output::Done) {
            Output::File { temporary, name, place, may_replace } => {
                self.refuse_input(&place, may_replace.as_ref())?;
                temporary.put(&name)
            }
            Output::Special(_) | Output::Done => Ok(()),
        }
    }
}

/// Follows links to the file itself, or to its directory where there is no file yet.
#[cfg(any(unix, windows))]
fn real(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {
            let name = path.file_name().ok_or_else(|| Error::other("the path names no file"))?;
            Ok(fs::canonicalize(parent(path))?.join(name))
        }
        real => real,
    }
}

/// WASI resolves no paths; its runtime keeps a link from leaving the directories it was given.
#[cfg(target_os = "wasi")]
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail here")]
fn real(path: &Path) -> io::Result<PathBuf> {
    Ok(path.to_owned())
}

#[cfg(any(unix, target_os = "wasi"))]
fn identity(_: &Path, file: &File) -> Option<Identity> {
    rustix::fs::fstat(file).ok().map(|stat| of_stat(&stat))
}

#[cfg(any(unix, target_os = "wasi"))]
#[allow(
    clippy::useless_conversion,
    clippy::unnecessary_cast,
    clippy::cast_sign_loss,
    reason = "the types differ by system"
)]
fn of_stat(stat: &rustix::fs::Stat) -> Identity {
    (stat.st_dev as u64, stat.st_ino as u64)
}

#[cfg(windows)]
fn identity(path: &Path, _: &File) -> Option<Identity> {
    fs::canonicalize(path).ok()
}
