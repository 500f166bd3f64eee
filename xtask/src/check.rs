//! `cargo x check`: what can be said of the sources without running them.

use std::fs;

use crate::artifacts::EVERYDAY;
use crate::generate;
use crate::setup::{self, Need};
use crate::step::{Failure, Outcome, Step};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    setup::run(workspace, &[Need::WasmTargets])?;
    everyday(workspace)?;
    host_tests(workspace)?;
    println!("\ncargo x check: ok");
    Ok(())
}

/// All of it, save for the crate whose dependencies take minutes.
pub(crate) fn everyday(workspace: &Workspace) -> Outcome {
    generate::check(workspace)?;
    lock_files(workspace)?;
    workspace.cargo("cargo fmt").args(["fmt", "--all", "--check"]).fix("cargo fmt --all").run()?;
    clippy(workspace, "clippy, native", EVERYDAY, &["--all-targets"])?;
    let plugins =
        ["kubelet-audit-component", "kubelet-audit-kubewarden", "kubelet-audit-opa", "kubelet-audit-raw"];
    let mut modules = vec!["--package", "kubelet-audit", "--package", "kubelet-audit-cli"];
    modules.extend(plugins.iter().flat_map(|name| ["--package", name]));
    clippy(workspace, "clippy, wasm32-unknown-unknown", &modules, &["--target", "wasm32-unknown-unknown"])?;
    let library = ["--package", "kubelet-audit", "--no-default-features", "--features", "js"];
    clippy(
        workspace,
        "clippy, the library for JavaScript",
        &library,
        &["--target", "wasm32-unknown-unknown"],
    )?;
    let command = ["--package", "kubelet-audit-cli", "--package", "kubelet-audit-bin"];
    clippy(workspace, "clippy, wasm32-wasip1", &command, &["--target", "wasm32-wasip1"])?;
    workspace
        .cargo("cargo doc")
        .args(["doc", "--quiet", "--no-deps", "--document-private-items"])
        .args(&modules)
        .env("RUSTDOCFLAGS", "--deny warnings")
        .run()
}

/// The rest.
pub(crate) fn host_tests(workspace: &Workspace) -> Outcome {
    clippy(workspace, "clippy, host-tests", &["--package", "host-tests"], &["--all-targets"])
}

fn clippy(workspace: &Workspace, title: &str, packages: &[&str], more: &[&str]) -> Outcome {
    workspace
        .cargo(title)
        .args(["clippy", "--quiet"])
        .args(packages)
        .args(more)
        .args(["--", "--deny", "warnings"])
        .run()
}

/// Lock files fit their manifests and name nobody's mirror.
fn lock_files(workspace: &Workspace) -> Outcome {
    workspace
        .cargo("Cargo.lock")
        .args(["metadata", "--locked", "--format-version", "1"])
        .fix("cargo metadata > /dev/null, and commit Cargo.lock")
        .output()?;
    let listed = Step::new("git ls-files", "git", &workspace.root).args(["ls-files", "-z"]).output()?;
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        let allowed: &[&str] = match name.rsplit('/').next() {
            Some("Cargo.lock") => &["https://github.com/rust-lang/crates.io-index"],
            // Funding links of package authors.
            Some("package-lock.json") => &[],
            _ => continue,
        };
        let path = workspace.root.join(name);
        let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
        for (number, line) in text.lines().enumerate() {
            let source = line.contains("source = ") || line.contains("\"resolved\": \"http");
            if source && !allowed.iter().any(|host| line.contains(host)) {
                let line_number = number.saturating_add(1);
                return Err(Failure::new(format!("{name}:{line_number} names a registry: {}", line.trim()))
                    .fix("npm install --prefix DIRECTORY --omit-lockfile-registry-resolved"));
            }
        }
    }
    Ok(())
}
