//! Changes to modules that hosts require and that neither compiler nor linker can make.
//!
//! `postlink opa IN OUT` makes a policy of a module; `postlink opa-check FILE` fails where a file is
//! none (any more: the optimizer comes in between). `postlink component IN OUT` wraps a module whose WIT
//! is inside it.

#![expect(clippy::print_stderr, reason = "a build tool talks to its terminal")]

mod component;
mod opa;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("postlink: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args: Vec<_> = env::args_os().skip(1).collect();
    let words: Vec<_> = args.iter().map(Path::new).collect();
    let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    match words.as_slice() {
        [task, from, to] => {
            let module = read(from)?;
            let made = match task.to_str() {
                Some("opa") => opa::policy(&module),
                Some("component") => component::wrapped(&module),
                _ => bail!("there is no task {}", task.display()),
            };
            let made = made.with_context(|| from.display().to_string())?;
            fs::write(to, made).with_context(|| format!("cannot write {}", to.display()))
        }
        [task, file] if task.to_str() == Some("opa-check") => {
            opa::check(&read(file)?).with_context(|| file.display().to_string())
        }
        _ => bail!("usage: postlink opa IN OUT | opa-check FILE | component IN OUT"),
    }
}
