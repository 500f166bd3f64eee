//! Command lines, their arguments and the texts they come from.

use crate::source::diagnostic::Diagnostic;
use crate::source::{Place, SourceId};

/// One argument of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The argument as the kubelet receives it.
    pub text: String,
    /// Where it comes from.
    pub place: Place,
}

/// The form a command line was given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An argument vector.
    Argv,
    /// The output of `ps` or `pgrep -a`.
    ProcessList,
    /// Unit files and drop-ins, with or without environment files.
    Unit,
    /// Environment files alone.
    Environment,
}

/// The arguments of a kubelet, or the part of them that the given texts show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// The arguments after argv\[0\].
    pub arguments: Vec<Argument>,
    /// The form they were given in.
    pub form: Form,
    /// Whether this is the whole command line of a kubelet and not a fragment.
    pub complete: bool,
    /// What a fragment is missing, as noun phrases for messages: `ExecStart of kubelet.service`.
    pub missing: Vec<String>,
    /// How many arguments stand before the last place where variables without a known value may add others.
    /// They can replace what an argument before them sets.
    pub gap: Option<usize>,
    /// Errors, warnings and notes about the texts.
    pub diagnostics: Vec<Diagnostic>,
}

impl CommandLine {
    /// A whole command line with these arguments after argv\[0\].
    pub fn of_arguments(arguments: Vec<Argument>) -> Self {
        Self {
            arguments,
            form: Form::Argv,
            complete: true,
            missing: Vec::new(),
            gap: None,
            diagnostics: Vec::new(),
        }
    }
}

/// A text as the caller gave it.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The source that places point into.
    pub source: SourceId,
    /// Its path on the node or its file name, which `EnvironmentFile=` is matched against.
    pub name: &'a str,
    /// Its content.
    pub text: &'a str,
}
