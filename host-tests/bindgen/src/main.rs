//! `wasm-bindgen`, as far as our build and wasm-pack need it.
//!
//! The generator itself is wasm-bindgen's own (`wasm-bindgen-cli-support`, the same version as the
//! runtime crate). Its command comes with a test runner and a web server, eight times the build; this
//! one takes the same options under the same names, so that wasm-pack, which looks for
//! `wasm-bindgen` on PATH, finds it and downloads nothing. (`cargo x` puts it there under that name; a
//! crate called so, with a version like ours, is refused by rustc as an outdated wasm-bindgen.)

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a build tool talks to its terminal")]

use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::{Long, Short, Value, ValueExt};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasm-bindgen: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                eprintln!("  because: {cause}");
                source = cause.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    let mut input = None;
    let mut out_dir: Option<PathBuf> = None;
    let mut target = OsString::from("bundler");
    let mut typescript = true;

    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Short('V') | Long("version") => {
                // wasm-pack compares the second word with the version in Cargo.lock.
                println!("wasm-bindgen {}", wasm_bindgen_cli_support_version());
                return Ok(());
            }
            Long("out-dir") => out_dir = Some(args.value()?.into()),
            Long("out-name") => drop(bindgen.out_name(&args.value()?.string()?)),
            Long("target") => target = args.value()?,
            Long("typescript") => typescript = true,
            Long("no-typescript") => typescript = false,
            Long("debug") => drop(bindgen.debug(true)),
            Long("keep-debug") => drop(bindgen.keep_debug(true)),
            Long("no-demangle") => drop(bindgen.demangle(false)),
            // The module states whether it uses them.
            Long("reference-types") => {}
            Long("remove-name-section") => drop(bindgen.remove_name_section(true)),
            Long("remove-producers-section") => drop(bindgen.remove_producers_section(true)),
            Long("omit-default-module-path") => drop(bindgen.omit_default_module_path(true)),
            Long("experimental-reset-state-function") => drop(bindgen.reset_state_function(true)),
            Value(path) if input.is_none() => input = Some(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }

    match target.to_str() {
        Some("web") => drop(bindgen.web(true)?),
        Some("bundler") => drop(bindgen.bundler(true)?),
        Some("nodejs") => drop(bindgen.nodejs(true)?),
        Some("no-modules") => drop(bindgen.no_modules(true)?),
        Some("deno") => drop(bindgen.deno(true)?),
        _ => return Err(format!("unknown target {}", target.display()).into()),
    }
    bindgen.typescript(typescript).input_path(input.ok_or("which module?")?);
    bindgen.generate(out_dir.ok_or("--out-dir is needed")?)?;
    Ok(())
}

/// The generator's version. The crate does not say it at run time, but it refuses a module made with
/// another version of the runtime crate; both are pinned in the workspace, and a test compares this.
fn wasm_bindgen_cli_support_version() -> &'static str {
    "0.2.130"
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_is_the_pinned_one() {
        let manifest = include_str!("../../../Cargo.toml");
        let version = super::wasm_bindgen_cli_support_version();
        for name in ["wasm-bindgen", "wasm-bindgen-cli-support"] {
            assert!(manifest.contains(&format!("\n{name} = \"={version}\"")), "{name} is not ={version}");
        }
    }
}
