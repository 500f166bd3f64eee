//! `cargo x test`: runs all tests.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use crate::artifacts::{self, EVERYDAY};
use crate::setup::{self, Need};
use crate::step::{self, Failure, Outcome, Step};
use crate::workspace::Workspace;
use crate::{again, check, npm, recipes};

const SKIPPED: &str = "recipes, wasmtime, policy hosts, Python, live nodes, Deno, Bun, workerd, bundlers, browser, \
                         wasm-pack, second build, pre-commit, WASI command line";

pub(crate) fn run(workspace: &Workspace, fast: bool) -> Outcome {
    let outcome = everything(workspace, fast);
    step::print_times();
    println!("\n{}", outcome?);
    Ok(())
}

/// Runs all steps and returns the line with the result.
fn everything(workspace: &Workspace, fast: bool) -> Outcome<String> {
    let start = Instant::now();
    let everyday = [Need::WasmTargets, Need::NpmPackages];
    let all = [Need::WasmTargets, Need::NpmPackages, Need::PythonTools, Need::WasmPack, Need::Chromium];
    setup::run(workspace, if fast { &everyday } else { &all })?;

    check::everyday(workspace)?;
    artifacts::native_tools(workspace)?;
    artifacts::build(workspace)?;
    workspace.cargo("cargo test").args(["test", "--quiet"]).args(EVERYDAY).run()?;
    types(workspace)?;
    let native = workspace.native("kubelet-audit").into();
    node_tests(workspace, "npm tests", "js/tests", &[("KUBELET_AUDIT", native)])?;
    if !fast {
        slow(workspace)?;
    }

    let seconds = start.elapsed().as_secs();
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let skipped = if fast { format!(" (skipped by --fast: {SKIPPED})") } else { String::new() };
    Ok(format!("test result: ok. cargo x test passed in {minutes} min {seconds} s{skipped}"))
}

fn slow(workspace: &Workspace) -> Outcome {
    again::run(workspace)?;
    wasm_pack(workspace)?;
    let made = workspace.root.join("target/wasm-pack");
    node_tests(workspace, "wasm-pack package", "js/tests/wasm-pack", &[("WASM_PACK_OUT", made.into())])?;
    node_tests(workspace, "Deno, Bun and workerd", "js/tests/runtimes", &[])?;
    let chromium = setup::chromium().ok_or_else(|| Failure::new("no Chromium found"))?;
    node_tests(workspace, "bundlers and browser", "js/tests/browser", &[("CHROMIUM", chromium.into())])?;
    let pre_commit = setup::venv(workspace).join("bin/pre-commit");
    node_tests(workspace, "pre-commit", "js/tests/pre-commit", &[("PRE_COMMIT", pre_commit.into())])?;
    let kubectl = setup::venv(workspace).join("bin/kubectl");
    node_tests(
        workspace,
        "live nodes, with a real kubectl",
        "js/tests/live",
        &[("KUBECTL", kubectl.into())],
    )?;
    check::host_tests(workspace)?;
    recipes::run(workspace, None)?;
    let python = setup::venv(workspace).join("bin");
    workspace
        .cargo("host tests (their first build takes minutes)")
        .args(["test", "--quiet", "--package", "host-tests", "--", "--nocapture"])
        .env("WASMTIME", python.join("wasmtime"))
        .env("HOST_TESTS_PYTHON", python.join("python"))
        .env("KUBELET_AUDIT", workspace.native("kubelet-audit"))
        .run()
}

/// The hand-written JavaScript against its declarations, and a strict consumer of the package.
fn types(workspace: &Workspace) -> Outcome {
    for project in ["js/tsconfig.json", "js/tests/consumer/tsconfig.json"] {
        workspace
            .node(format!("tsc {project}"))
            .args(["js/node_modules/typescript/bin/tsc", "--project", project])
            .fix("npm ci --prefix js")
            .run()?;
    }
    Ok(())
}

/// Runs the test files directly in a directory.
fn node_tests(workspace: &Workspace, title: &str, directory: &str, env: &[(&str, OsString)]) -> Outcome {
    let files = npm::files(&workspace.root.join(directory))?;
    let tests = files
        .iter()
        .filter(|file| file.parent() == Some("".as_ref()) && file.to_string_lossy().ends_with(".test.js"));
    let mut step = workspace
        .node(title)
        .args(["--test", "--test-reporter=dot"])
        .args(tests.map(|file| PathBuf::from(directory).join(file)));
    for (name, value) in env {
        step = step.env(name, value);
    }
    step.fix(format!("for details, run: node --test {directory}")).run()
}

/// Builds the crate with wasm-pack, which finds our generator on PATH.
fn wasm_pack(workspace: &Workspace) -> Outcome {
    let wasm_pack = setup::wasm_pack_path(workspace).ok_or_else(|| Failure::new("no wasm-pack found"))?;
    let mut path = vec![workspace.tools().join("bin")];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let path = env::join_paths(path).map_err(|error| Failure::new(error.to_string()))?;
    Step::new("wasm-pack build --target web --out-dir target/wasm-pack", wasm_pack, &workspace.root)
        .args(["build", "--target", "web", "--out-dir", "target/wasm-pack"])
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .run()
}
