//! The command line, written once for every host.

pub mod host;

pub use host::Host;

/// Runs the command and says with which code to exit: 0 nothing found, 1 findings, 2 wrong usage or
/// unreadable input, 3 nothing to audit, 101 a mistake of this program.
///
/// `args` come without the program's name.
pub fn run(args: &[String], host: &mut dyn Host) -> u8 {
    let _ = (args, host);
    0
}
