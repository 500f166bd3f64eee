//! Hosts that are programs of their own: one process that answers line by line.
//!
//! A line is a request as JSON, the answer is a line: the report, or `!` and what was thrown.
//! `js/tests/hosts/serve.js` and `host-tests/python/host.py` are the other side.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::place;

/// The process.
#[derive(Debug)]
pub struct Lines {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Lines {
    /// Starts a program.
    pub fn start<S: AsRef<OsStr>>(program: S, args: &[S]) -> io::Result<Self> {
        let mut child =
            Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { child, stdin, stdout: BufReader::new(stdout) })
    }

    /// A script of Node's, below the clone.
    pub fn node(script: &str, args: &[PathBuf]) -> io::Result<Self> {
        let mut words = vec![place::root().join(script)];
        words.extend_from_slice(args);
        Self::start("node".into(), &words)
    }

    /// A host of `host-tests/python`.
    ///
    /// # Panics
    ///
    /// If the Python packages are not installed.
    pub fn python(host: &str, module: PathBuf) -> io::Result<Self> {
        let script = place::root().join("host-tests/python/host.py");
        Self::start(place::python(), &[script, host.into(), module])
    }

    /// Returns the answer to one line, or the error that was thrown.
    pub fn ask(&mut self, line: &str) -> io::Result<Result<String, String>> {
        let stdin = self.stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(stdin, "{line}")?;
        let mut answer = String::new();
        if self.stdout.read_line(&mut answer)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let answer = answer.trim_end_matches('\n');
        Ok(match answer.strip_prefix('!') {
            Some(thrown) => Err(thrown.to_owned()),
            None => Ok(answer.to_owned()),
        })
    }

    /// Sends a request `count` times and returns the bytes of memory after a tenth of them and at the end.
    pub fn repeated(&mut self, count: u32, line: &str) -> io::Result<(u64, u64)> {
        let answer = self.ask(&format!("#{count} {line}"))?.map_err(io::Error::other)?;
        let mut sizes = answer.split(' ').map(str::parse);
        match (sizes.next(), sizes.next(), sizes.next()) {
            (Some(Ok(before)), Some(Ok(after)), None) => Ok((before, after)),
            _ => Err(io::Error::other(answer)),
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // The process exits at the end of its input.
        drop(self.stdin.take());
        drop(self.child.wait());
    }
}
