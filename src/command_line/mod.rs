//! Kubelet command lines: argv, process listings, systemd units and environment files.
//!
//! Each form becomes one list of arguments with places; `resolve` parses the flags.
//!
//! The form of a text is detected from its content, in this order:
//!
//! 1. a NUL byte: an argv as `/proc/PID/cmdline` shows it;
//! 2. a line with `Running kubelet --`: the journal of k3s or RKE2;
//! 3. a line `[Unit]`, `[Service]` or `[Install]`, or one that sets `ExecStart=`, `Environment=`,
//!    `EnvironmentFile=`, `PassEnvironment=` or `UnsetEnvironment=`: a unit file or drop-in, or several
//!    as `systemctl cat` prints them;
//! 4. nothing but blanks and comments, or a first line `NAME=`: an environment file;
//! 5. the first word is a flag or the kubelet, and every further line begins with a flag: an argv, its
//!    arguments separated by white space, with quotes as part of the arguments as in `ps`;
//! 6. anything else: a process listing.
//!
//! The line is *full* if it names the kubelet's program, or comes from a journal, a unit or a process listing,
//! and nothing of it is hidden: no variable is undefined, no environment file is missing, no end is cut off.
//! Flags without a program are additions to a line of which nothing else is known.
//!
//! The place of an argument is where its text is: in the value of a variable for `$VAR`, in `ExecStart=`
//! for an argument with `${VAR}`. It runs from the first to the last byte of the argument and includes
//! quotes that belong to the argument, but not the quotes around a whole value in an environment file.

mod argument;
mod argv;
mod detect;
mod diagnostic_sink;
mod environment;
mod expansion;
mod journal;
mod process_list;
mod program;
mod quoting;
mod service;
mod unit;

#[cfg(test)]
mod platform_tests;
#[cfg(test)]
mod systemd_tests;

pub use argument::{Argument, CommandLine, Extent, Form, Text};
pub use detect::{from_argv, from_texts, is_command_line};
pub use program::arguments_of_kubelet;
pub(crate) use unit::is_unit;
