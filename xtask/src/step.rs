//! Runs one command after the other.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The steps that ran, with their times.
static TIMES: Mutex<Vec<(String, Duration)>> = Mutex::new(Vec::new());

/// Prints the time of every step that ran, and the total.
pub(crate) fn print_times() {
    let times = TIMES.lock().unwrap_or_else(PoisonError::into_inner);
    let all = ("all steps".to_owned(), times.iter().map(|(_, time)| *time).sum());
    println!("\n── time of each step");
    for (title, time) in times.iter().chain([&all]) {
        println!("{:>8.1} s  {title}", time.as_secs_f32());
    }
}

/// Why a step failed, and the command that fixes it, if known.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) fix: Option<String>,
}

pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), fix: None }
    }

    pub(crate) fn fix(mut self, command: impl Into<String>) -> Self {
        self.fix = Some(command.into());
        self
    }

    /// A file operation that failed.
    pub(crate) fn io(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let message = format!("cannot {what} {}", path.display());
        move |error| Self::new(format!("{message}: {error}"))
    }
}

/// One command.
pub(crate) struct Step {
    title: String,
    command: Command,
    fix: Option<String>,
}

impl Step {
    pub(crate) fn new(title: impl Into<String>, program: impl AsRef<OsStr>, directory: &Path) -> Self {
        let mut command = Command::new(program);
        command.current_dir(directory);
        Self { title: title.into(), command, fix: None }
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets the working directory.
    pub(crate) fn directory(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Sets the hint that is shown if the step fails.
    pub(crate) fn fix(mut self, command: impl Into<String>) -> Self {
        self.fix = Some(command.into());
        self
    }

    /// Runs the command; its output is shown.
    pub(crate) fn run(self) -> Outcome {
        match self.code()? {
            (0, _) => Ok(()),
            (code, step) => Err(step.failed(&format!("exit code {code}"))),
        }
    }

    /// Runs the command and returns its exit code.
    pub(crate) fn code(mut self) -> Outcome<(i32, Self)> {
        println!("\n── {}", self.title);
        let start = Instant::now();
        let status = self.command.status().map_err(|error| self.failed(&error.to_string()))?;
        let time = start.elapsed();
        println!("   {:.1} s", time.as_secs_f32());
        TIMES.lock().unwrap_or_else(PoisonError::into_inner).push((self.title.clone(), time));
        match status.code() {
            Some(code) => Ok((code, self)),
            None => Err(self.failed("ended by a signal")),
        }
    }

    /// Runs the command without a headline or a time.
    pub(crate) fn run_bare(mut self) -> Outcome {
        let status = self.command.status().map_err(|error| self.failed(&error.to_string()))?;
        if status.success() { Ok(()) } else { Err(self.failed(&status.to_string())) }
    }

    /// Runs the command and returns its standard output.
    pub(crate) fn output(mut self) -> Outcome<String> {
        let output = self
            .command
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| self.failed(&error.to_string()))?;
        if !output.status.success() {
            return Err(self.failed(&output.status.to_string()));
        }
        String::from_utf8(output.stdout).map_err(|_| self.failed("its output is not text"))
    }

    pub(crate) fn failed(&self, why: &str) -> Failure {
        let mut words = vec![self.command.get_program().to_string_lossy()];
        words.extend(self.command.get_args().map(OsStr::to_string_lossy));
        let failure = Failure::new(format!("{}: {why}\n  {}", self.title, words.join(" ")));
        match &self.fix {
            Some(fix) => failure.fix(fix),
            None => failure,
        }
    }
}
