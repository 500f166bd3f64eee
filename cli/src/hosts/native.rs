//! The host through std: native and WASI.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::time::SystemTime;

use super::outputs::Outputs;
use crate::host::{Entry, EntryKind, Host, HostError, HostErrorKind, OutputId, Terminal};

/// Number of bytes to read at once.
const PIECE: usize = 64 * 1024;

/// The host through std.
#[derive(Default)]
pub struct StdHost {
    open: Option<Box<dyn Read>>,
    outputs: Outputs,
}

impl fmt::Debug for StdHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StdHost").field("open", &self.open.is_some()).finish_non_exhaustive()
    }
}

impl Host for StdHost {
    fn read_file(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, HostError> {
        read(self.open_input(path)?, limit)
    }

    fn read_stdin(&mut self, limit: usize) -> Result<Vec<u8>, HostError> {
        self.outputs.note_stdin();
        read(io::stdin().lock(), limit)
    }

    fn open(&mut self, path: &str) -> Result<(), HostError> {
        self.open = None;
        self.open = Some(if path == "-" {
            self.outputs.note_stdin();
            Box::new(io::stdin())
        } else {
            Box::new(self.open_input(path)?)
        });
        Ok(())
    }

    fn read(&mut self) -> Result<Vec<u8>, HostError> {
        let Some(source) = &mut self.open else { return Ok(Vec::new()) };
        let mut piece = vec![0; PIECE];
        loop {
            match source.read(&mut piece) {
                Ok(count) => {
                    piece.truncate(count);
                    return Ok(piece);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(failure(error)),
            }
        }
    }

    fn list_directory(&mut self, path: &str) -> Result<Vec<Entry>, HostError> {
        fs::read_dir(path)
            .map_err(failure)?
            .map(|entry| entry.map(|entry| described(&entry)).map_err(failure))
            .collect()
    }

    fn is_directory(&mut self, path: &str) -> bool {
        fs::metadata(path).is_ok_and(|metadata| metadata.is_dir())
    }

    // Under WASI there are no permissions to keep, so nothing is written there.
    #[cfg(any(unix, windows))]
    fn replace_file(&mut self, path: &str, expected: Option<&[u8]>, new: &[u8]) -> Result<(), HostError> {
        crate::hosts::replace::replace(path.as_ref(), expected, new).map_err(failure)
    }

    fn create_output(&mut self, path: &str, may_replace: Option<&str>) -> Result<OutputId, HostError> {
        self.outputs.create(path.as_ref(), may_replace.map(AsRef::as_ref)).map_err(failure)
    }

    fn write_output(&mut self, output: OutputId, text: &str) -> Result<(), HostError> {
        self.outputs.write(output, text).map_err(failure)
    }

    fn finish_output(&mut self, output: OutputId) -> Result<(), HostError> {
        self.outputs.finish(output).map_err(failure)
    }

    fn write_stdout(&mut self, text: &str) -> Result<(), HostError> {
        // Consoles of older Windows know no escape sequences; elsewhere they pass unchanged.
        let mut stdout = anstream::AutoStream::always(io::stdout().lock());
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(failure)
    }

    fn write_stderr(&mut self, text: &str) {
        // There is nowhere left to report a failure.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn now(&self) -> Option<u64> {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok().map(|since| since.as_secs())
    }

    fn stdout_terminal(&self) -> Option<Terminal> {
        io::stdout().is_terminal().then(|| Terminal { columns: columns() })
    }
}

/// WASI has no call for it; there the width comes from `COLUMNS`.
#[cfg(not(any(unix, windows)))]
fn columns() -> Option<u16> {
    None
}

#[cfg(any(unix, windows))]
fn columns() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(columns, _)| columns.0)
}

impl StdHost {
    fn open_input(&mut self, path: &str) -> Result<fs::File, HostError> {
        let file = fs::File::open(path).map_err(failure)?;
        // Opening a directory succeeds on some systems, and reading it fails in different words.
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(failure(ErrorKind::IsADirectory.into()));
        }
        self.outputs.note_read(path.as_ref(), &file);
        Ok(file)
    }
}

/// Returns an entry as the walk sees it: a link is followed to a file, not to a directory.
fn described(entry: &fs::DirEntry) -> Entry {
    let kind = match entry.file_type() {
        _ if entry.file_name().to_str().is_none() => EntryKind::Special("a name that is not UTF-8"),
        Ok(kind) if kind.is_dir() => EntryKind::Directory,
        Ok(kind) if kind.is_file() => EntryKind::File,
        Ok(kind) if kind.is_symlink() => match fs::metadata(entry.path()) {
            Ok(target) if target.is_file() => EntryKind::File,
            Ok(target) if target.is_dir() => EntryKind::Special("a link to a directory"),
            Ok(target) => EntryKind::Special(special(target.file_type())),
            Err(_) => EntryKind::Special("a link to nothing"),
        },
        Ok(kind) => EntryKind::Special(special(kind)),
        // Opening it says why.
        Err(_) => EntryKind::File,
    };
    Entry { name: entry.file_name().to_string_lossy().into_owned(), kind }
}

#[cfg(unix)]
fn special(kind: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: fs::FileType) -> &'static str {
    "a device"
}

fn read(source: impl Read, limit: usize) -> Result<Vec<u8>, HostError> {
    let mut data = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    source.take(most).read_to_end(&mut data).map_err(failure)?;
    if data.len() > limit {
        return Err(HostError { kind: HostErrorKind::TooLarge, message: format!("more than {limit} bytes") });
    }
    Ok(data)
}

fn failure(error: io::Error) -> HostError {
    let kind = match error.kind() {
        ErrorKind::NotFound => HostErrorKind::NotFound,
        ErrorKind::PermissionDenied => HostErrorKind::PermissionDenied,
        ErrorKind::IsADirectory => HostErrorKind::IsADirectory,
        ErrorKind::NotADirectory => HostErrorKind::NotADirectory,
        ErrorKind::BrokenPipe => HostErrorKind::BrokenPipe,
        _ => HostErrorKind::Other,
    };
    let message = error.to_string();
    // The message of wasi-libc for a path outside all directories that the runtime offers.
    if message.contains("pre-opened") {
        let message = "the runtime does not offer its directory (wasmtime run --dir DIR)".to_owned();
        return HostError { kind: HostErrorKind::Other, message };
    }
    HostError { kind, message }
}
