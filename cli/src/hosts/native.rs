//! The machine as std sees it: native and WASI.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::time::SystemTime;

use crate::exit;
use crate::host::{Entry, Host, HostError, HostErrorKind, Terminal};

/// The whole program: arguments in, exit code out.
pub fn main() -> ExitCode {
    // Builds abort on panic, so the code has to be given here.
    std::panic::set_hook(Box::new(|panic| {
        let _ = writeln!(io::stderr(), "error: a mistake of kubelet-audit itself: {panic}");
        std::process::exit(i32::from(exit::INTERNAL));
    }));
    let mut args = Vec::new();
    for (number, arg) in std::env::args_os().enumerate().skip(1) {
        match arg.into_string() {
            Ok(arg) => args.push(arg),
            Err(arg) => {
                StdHost::default()
                    .write_stderr(&format!("error: argument {number} is not valid UTF-8: {arg:?}\n"));
                return ExitCode::from(exit::UNUSABLE);
            }
        }
    }
    #[cfg(target_os = "wasi")]
    if let [operation] = args.as_slice()
        && let Some(code) = super::wasi::policy(operation)
    {
        return code;
    }
    ExitCode::from(crate::run(&args, &mut StdHost::default()))
}

/// Bytes read at once.
const PIECE: usize = 64 * 1024;

/// The machine through std.
#[derive(Default)]
pub struct StdHost {
    open: Option<Box<dyn Read>>,
}

impl fmt::Debug for StdHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StdHost").field("open", &self.open.is_some()).finish()
    }
}

impl Host for StdHost {
    fn read_file(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, HostError> {
        read(open(path)?, limit)
    }

    fn read_stdin(&mut self, limit: usize) -> Result<Vec<u8>, HostError> {
        read(io::stdin().lock(), limit)
    }

    fn open(&mut self, path: &str) -> Result<(), HostError> {
        self.open = None;
        self.open = Some(if path == "-" { Box::new(io::stdin()) } else { Box::new(open(path)?) });
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
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).map_err(failure)? {
            let entry = entry.map_err(failure)?;
            entries.push(Entry {
                name: entry.file_name().to_string_lossy().into_owned(),
                is_directory: entry.file_type().map_err(failure)?.is_dir(),
            });
        }
        Ok(entries)
    }

    fn is_directory(&mut self, path: &str) -> bool {
        fs::metadata(path).is_ok_and(|metadata| metadata.is_dir())
    }

    // Under WASI there are no permissions to keep, so nothing is written there.
    #[cfg(any(unix, windows))]
    fn replace_file(&mut self, path: &str, expected: Option<&[u8]>, new: &[u8]) -> Result<(), HostError> {
        crate::hosts::replace::replace(path.as_ref(), expected, new).map_err(failure)
    }

    fn create_file(&mut self, path: &str) -> Result<(), HostError> {
        fs::File::create(path).map(drop).map_err(failure)
    }

    fn append_file(&mut self, path: &str, text: &str) -> Result<(), HostError> {
        let mut file = fs::OpenOptions::new().append(true).open(path).map_err(failure)?;
        file.write_all(text.as_bytes()).map_err(failure)
    }

    fn write_stdout(&mut self, text: &str) -> Result<(), HostError> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(failure)
    }

    fn write_stderr(&mut self, text: &str) {
        // There is nowhere left to tell of a failure.
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

/// WASI has no way to ask; there `COLUMNS` has to be handed in.
#[cfg(not(any(unix, windows)))]
fn columns() -> Option<u16> {
    None
}

#[cfg(any(unix, windows))]
fn columns() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(columns, _)| columns.0)
}

fn open(path: &str) -> Result<fs::File, HostError> {
    let file = fs::File::open(path).map_err(failure)?;
    // Opening a directory succeeds on some systems, and reading it fails in different words.
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(HostError { kind: HostErrorKind::IsADirectory, message: "is a directory".to_owned() });
    }
    Ok(file)
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
    // wasi-libc's words for a path below none of the directories that the runtime was given.
    if message.contains("pre-opened") {
        let message = "the runtime was not given its directory (wasmtime run --dir DIR)".to_owned();
        return HostError { kind: HostErrorKind::Other, message };
    }
    HostError { kind, message }
}
