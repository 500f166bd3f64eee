//! The command, native and WASI.

use std::io::Write;
use std::process::ExitCode;

use kubelet_audit::cli::{self, Host, StdHost};

fn main() -> ExitCode {
    // Builds abort on panic, so the code has to be given here.
    std::panic::set_hook(Box::new(|panic| {
        let _ = writeln!(std::io::stderr(), "error: a mistake of kubelet-audit itself: {panic}");
        std::process::exit(i32::from(cli::INTERNAL));
    }));
    let mut host = StdHost;
    let mut args = Vec::new();
    for (number, arg) in std::env::args_os().enumerate().skip(1) {
        match arg.into_string() {
            Ok(arg) => args.push(arg),
            Err(arg) => {
                host.write_stderr(&format!("error: argument {number} is not valid UTF-8: {arg:?}\n"));
                return ExitCode::from(cli::UNUSABLE);
            }
        }
    }
    ExitCode::from(cli::run(&args, &mut host))
}
