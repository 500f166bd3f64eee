//! The npm package in Node: one process that answers line by line.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::place;

/// The process.
#[derive(Debug)]
pub struct Node {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Node {
    /// Starts it.
    pub fn start() -> io::Result<Self> {
        let mut child = Command::new("node")
            .arg(place::root().join("host-tests/node/answer.js"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { child, stdin, stdout: BufReader::new(stdout) })
    }

    /// The report for one request, or the code of the error that was thrown.
    pub fn answer(&mut self, request: &Value) -> io::Result<Result<String, String>> {
        let stdin = self.stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(stdin, "{request}")?;
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        let line = line.trim_end_matches('\n');
        Ok(match line.strip_prefix('!') {
            Some(code) => Err(code.to_owned()),
            None => Ok(line.to_owned()),
        })
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // The end of its input ends it.
        drop(self.stdin.take());
        drop(self.child.wait());
    }
}
