//! Detects the form of a command line.

use super::argument::{CommandLine, Text};
use super::program::{is_hyperkube, is_kubelet};
use super::{argv, environment, journal, process_list, service, unit};
use crate::kubelet::flags;
use crate::source::SourceId;
use crate::source::diagnostic::{Code, Diagnostic};

/// The command line of the exact arguments of a process; the first one may be the program.
///
/// Places point into the arguments joined by `\n`.
pub fn from_argv(args: &[String], source: SourceId) -> CommandLine {
    argv::from_arguments(args, source)
}

/// The command line in one text, or in a unit with its drop-ins and environment files, in the order in which
/// systemd reads them.
///
/// # Errors
///
/// If the texts contain no kubelet command line, more than one, or one that is longer than Linux allows.
pub fn from_texts(texts: &[Text<'_>]) -> Result<CommandLine, Diagnostic> {
    let mut kinds: Vec<TextKind> = texts.iter().map(|t| TextKind::of(t.text)).collect();
    if kinds.contains(&TextKind::Unit) {
        // Beside a unit, a text of unknown form is an environment file with lines that systemd ignores.
        for (kind, text) in kinds.iter_mut().zip(texts) {
            if *kind == TextKind::ProcessList && process_list::from_text(text).is_err() {
                *kind = TextKind::Environment;
            }
        }
    }
    let process = kinds.iter().zip(texts).find(|(kind, _)| kind.is_process());
    match (process, texts) {
        (Some((TextKind::Argv, text)), [_]) => Ok(argv::from_text(text)),
        (Some((TextKind::Journal, text)), [_]) => journal::from_text(text),
        (Some((_, text)), [_]) => process_list::from_text(text),
        (Some((_, text)), _) => Err(Diagnostic::error(
            Code::InvalidRequest,
            format!("{} is a whole command line and cannot be combined with other files", text.name),
        )
        .help("pass either the command line of the running process, or the unit with its drop-ins and environment files")),
        (None, _) if kinds.iter().all(|kind| *kind == TextKind::Blank) => {
            Err(Diagnostic::error(Code::Empty, "the command line is empty"))
        }
        (None, _) => {
            let of = |wanted: &[TextKind]| -> Vec<Text<'_>> {
                texts.iter().zip(&kinds).filter(|(_, k)| wanted.contains(k)).map(|(t, _)| *t).collect()
            };
            service::from_texts(&of(&[TextKind::Unit]), &of(&[TextKind::Environment, TextKind::Blank]))
        }
    }
}

/// Whether a text is a kubelet's command line: a unit that starts one, a file with its variables, or the line of
/// its process.
pub fn is_command_line(text: &str) -> bool {
    let one = Text { source: SourceId(0), name: "", text };
    match TextKind::of(text) {
        TextKind::Blank => false,
        TextKind::Argv => {
            let mut words = text.split_ascii_whitespace();
            let flag = |word: &str| {
                let name = word.strip_prefix("--").unwrap_or_default();
                flags::lookup(name.split('=').next().unwrap_or_default()).is_some()
            };
            words.next().is_some_and(|first| is_kubelet(first) || is_hyperkube(first) || flag(first))
        }
        TextKind::Unit | TextKind::Environment | TextKind::Journal | TextKind::ProcessList => {
            from_texts(&[one]).is_ok()
        }
    }
}

/// What a text is, as detected from its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextKind {
    Argv,
    Journal,
    ProcessList,
    Unit,
    Environment,
    /// Only blanks and comments, like an environment file that sets nothing.
    Blank,
}

impl TextKind {
    fn is_process(self) -> bool {
        matches!(self, Self::Argv | Self::Journal | Self::ProcessList)
    }

    fn of(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::Blank;
        }
        if text.contains('\0') {
            return Self::Argv;
        }
        if journal::is_journal(text) {
            return Self::Journal;
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
