//! Kubelet command lines: argv, process listings, systemd units, environment files.
//!
//! Each form becomes one vector of words with places; what the flags mean is decided elsewhere.
//!
//! The form of a text is told from its content, in this order:
//!
//! 1. a NUL byte: an argv as `/proc/PID/cmdline` shows it;
//! 2. a line `[Unit]`, `[Service]` or `[Install]`, or one that sets `ExecStart=`, `Environment=`,
//!    `EnvironmentFile=`, `PassEnvironment=` or `UnsetEnvironment=`: a unit file or drop-in, or several
//!    as `systemctl cat` prints them;
//! 3. nothing but blanks and comments, or a first line `NAME=`: an environment file;
//! 4. the first word a flag or the kubelet, and every further line beginning with a flag: an argv, its
//!    words separated by white space, quotes being part of the words as they are in `ps`;
//! 5. anything else: a process listing.
//!
//! The place of a word is where it was written: in the value of a variable for a word of `$VAR`, in
//! `ExecStart=` for one with `${VAR}`. It runs from the word's first to its last byte and includes
//! quotes that belong to the word; the quotes around a whole value in an environment file do not.

mod argv;
mod environment;
mod expansion;
mod process_list;
mod quoting;
mod service;
mod unit;

#[cfg(test)]
mod platforms;
#[cfg(test)]
mod rules;

use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{Place, SourceId};

/// One argument and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The argument as the kubelet gets it.
    pub text: String,
    /// Where it was written.
    pub place: Place,
}

/// The form a command line was given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An argument vector.
    Argv,
    /// The output of `ps` or `pgrep -a`.
    ProcessList,
    /// One or several unit files and drop-ins, with or without environment files.
    Unit,
    /// Environment files alone.
    Environment,
}

/// The arguments of a kubelet, or what the given texts tell of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// The arguments after argv\[0\].
    pub words: Vec<Word>,
    /// The form they were given in.
    pub form: Form,
    /// True where this is the whole command line of a kubelet; false for a fragment.
    pub complete: bool,
    /// What a fragment lacks, in words for a message: `ExecStart of kubelet.service`.
    pub missing: Vec<String>,
    /// What is wrong with, or worth knowing of, the texts.
    pub diagnostics: Vec<Diagnostic>,
}

/// A text as the caller gave it.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The source that places point into.
    pub source: SourceId,
    /// Its path on the node or its file name: environment files are matched by it.
    pub name: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// The exact arguments of a process; the first is left out where it is the program.
///
/// Places point into the arguments joined by `\n`.
pub fn from_argv(args: &[String], source: SourceId) -> CommandLine {
    argv::from_arguments(args, source)
}

/// One text, or a unit with its drop-ins and environment files in the order systemd reads them.
///
/// # Errors
///
/// Where the texts hold no kubelet command line, more than one, or one that no process can be given.
pub fn from_texts(texts: &[Text<'_>]) -> Result<CommandLine, Diagnostic> {
    let mut kinds: Vec<Kind> = texts.iter().map(|t| Kind::of(t.text)).collect();
    if kinds.contains(&Kind::Unit) {
        // Beside a unit, a text of no known form is an environment file with lines that systemd skips.
        for (kind, text) in kinds.iter_mut().zip(texts) {
            if *kind == Kind::ProcessList && process_list::from_text(text).is_err() {
                *kind = Kind::Environment;
            }
        }
    }
    let process = kinds.iter().zip(texts).find(|(kind, _)| kind.is_process());
    match (process, texts) {
        (Some((Kind::Argv, text)), [_]) => Ok(argv::from_text(text)),
        (Some((_, text)), [_]) => process_list::from_text(text),
        (Some((_, text)), _) => Err(Diagnostic::error(
            Code::InvalidRequest,
            format!("{} is a whole command line and was given together with other texts", text.name),
        )
        .help("give either the command line of the running process, or the unit with its drop-ins and environment files")),
        (None, _) if kinds.iter().all(|kind| *kind == Kind::Blank) => {
            Err(Diagnostic::error(Code::Empty, "the text of the command line holds nothing"))
        }
        (None, _) => {
            let of = |wanted: &[Kind]| -> Vec<Text<'_>> {
                texts.iter().zip(&kinds).filter(|(_, k)| wanted.contains(k)).map(|(t, _)| *t).collect()
            };
            service::from_texts(&of(&[Kind::Unit]), &of(&[Kind::Environment, Kind::Blank]))
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Argv,
    ProcessList,
    Unit,
    Environment,
    /// Nothing but blanks and comments: as an environment file it sets nothing.
    Blank,
}

impl Kind {
    fn is_process(self) -> bool {
        matches!(self, Self::Argv | Self::ProcessList)
    }

    fn of(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::Blank;
        }
        if text.contains('\0') {
            return Self::Argv;
        }
        if unit::is_unit(text) {
            return Self::Unit;
        }
        let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', ';']));
        let Some(first) = lines.next() else { return Self::Blank };
        let key = first.split_once('=').map_or("", |(key, _)| key.trim());
        let key = key.strip_prefix("export ").unwrap_or(key).trim();
        if environment::is_name(key.as_bytes()) {
            return Self::Environment;
        }
        if argv::begins(first) && lines.all(|line| line.starts_with('-')) {
            return Self::Argv;
        }
        Self::ProcessList
    }
}

/// Whether `program` is the kubelet's binary, under whatever directory.
fn is_kubelet(program: &str) -> bool {
    program.rsplit('/').next() == Some("kubelet")
}

/// Whether `program` is the binary that held all of Kubernetes until 1.18: its first argument says which part.
fn is_hyperkube(program: &str) -> bool {
    program.rsplit('/').next() == Some("hyperkube")
}

/// Diagnostics of hostile texts are as many as their lines: the first hundred are enough.
#[derive(Debug, Default)]
struct Report {
    list: Vec<Diagnostic>,
}

impl Report {
    fn push(&mut self, diagnostic: Diagnostic) {
        const MOST: usize = 100;
        if self.list.len() < MOST {
            self.list.push(diagnostic);
        }
    }
}
