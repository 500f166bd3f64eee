//! The program: native and for WASI.

use std::io::{self, Write};
use std::process::ExitCode;

use super::native::StdHost;
use crate::exit;
use crate::host::Host;

/// Runs the command with the arguments of the process.
pub fn main() -> ExitCode {
    // Builds abort on panic, so the exit code is set here.
    std::panic::set_hook(Box::new(|panic| {
        let _ = writeln!(io::stderr(), "error: internal error, please report it: {panic}");
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
