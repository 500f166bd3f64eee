//! Command lines, their arguments and the texts they come from.

use crate::kubelet::flags;
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

impl Argument {
    /// Whether this is a flag whose value is the next argument.
    pub(super) fn takes_the_next(&self) -> bool {
        let name = self.text.strip_prefix("--").filter(|name| !name.contains('='));
        let flag = name.and_then(|name| flags::lookup(&name.replace('_', "-")));
        flag.is_some_and(|flag| !flag.kind.needs_no_value())
    }
}

/// How much of a kubelet's command line is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole line.
    Full,
    /// Flags without the kubelet's program: additions to the rest of the line, about which nothing is said.
    Additions,
    /// A part of the line; something of it is hidden.
    Part,
}

/// The form a command line was given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An argument vector.
    Argv,
    /// A line of a journal: `Running kubelet --a --b`.
    Journal,
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
    /// How much of the kubelet's command line the arguments are.
    pub extent: Extent,
    /// What is hidden of a part, as noun phrases for messages: `ExecStart of kubelet.service`.
    pub missing: Vec<String>,
    /// How many arguments stand before the last place where variables without a known value may add others.
    /// They can replace what an argument before them sets.
    pub gap: Option<usize>,
    /// Whether the text lost something between the arguments, so that their meaning is not certain.
    pub is_garbled: bool,
    /// Errors, warnings and notes about the texts.
    pub diagnostics: Vec<Diagnostic>,
}

impl CommandLine {
    /// A command line with these arguments after argv\[0\], of which nothing is hidden.
    pub fn of_arguments(arguments: Vec<Argument>, extent: Extent) -> Self {
        Self {
            arguments,
            form: Form::Argv,
            extent,
            missing: Vec::new(),
            gap: None,
            is_garbled: false,
            diagnostics: Vec::new(),
        }
    }

    /// Removes the last argument, of which only the beginning is known, and a flag whose value it is.
    pub(super) fn remove_cut_argument(&mut self) {
        self.arguments.pop();
        self.arguments.pop_if(|last| last.takes_the_next());
    }

    /// Whether nothing of the line is known to be hidden.
    pub fn is_complete(&self) -> bool {
        self.extent != Extent::Part
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
