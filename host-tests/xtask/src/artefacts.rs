//! `cargo x build`: the npm package and the plugins.

use std::fs;
use std::path::Path;

use crate::npm;
use crate::setup::{self, Need};
use crate::step::{Failure, Outcome, Step};
use crate::wasm::{self, Contract, Module, Paths};
use crate::workspace::{Workspace, text};

/// The native selection of packages: all but the one with wasmtime. Always the same one, so that
/// cargo finds the same features wanted and rebuilds nothing.
pub(crate) const EVERYDAY: &[&str] = &["--workspace", "--exclude", "host-tests"];

/// Most bytes of a module, plain and compressed. The goal of the npm package's is 300 and 110 KiB; this
/// is where it stands, so that it does not grow unnoticed.
const BYTES: u32 = 712 * 1024;
const BROTLI: u32 = 254 * 1024;

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    setup::run(workspace, &[Need::WasmTargets, Need::NpmPackages])?;
    native_tools(workspace)?;
    build(workspace)?;
    demo_page(workspace)?;
    println!("\n{} is complete. Next: cargo x test --fast", workspace.pkg.display());
    Ok(())
}

/// The generators that the rest is made with, and the native command.
pub(crate) fn native_tools(workspace: &Workspace) -> Outcome {
    // The running program is one of the workspace's; it is up to date, or it would not run.
    workspace
        .cargo("native command and generators")
        .args(["build", "--quiet", "--bins"])
        .args(EVERYDAY)
        .run()?;
    // Under the name by which wasm-pack looks for it.
    let tools = workspace.tools().join("bin");
    fs::create_dir_all(&tools).map_err(Failure::io("make", &tools))?;
    let to = tools.join("wasm-bindgen").with_extension(std::env::consts::EXE_EXTENSION);
    fs::copy(workspace.native("bindgen"), &to).map_err(Failure::io("write", &to))?;
    Ok(())
}

/// Makes everything generated in `workspace.pkg`.
pub(crate) fn build(workspace: &Workspace) -> Outcome {
    // The flags name directories that exist once the sources are there.
    workspace.cargo("cargo fetch").args(["fetch", "--quiet"]).run()?;
    let paths = Paths::find(workspace)?;
    npm::clean(workspace)?;

    bindings(workspace, &paths)?;
    let plugins = workspace.pkg.join("plugins");
    fs::create_dir_all(&plugins).map_err(Failure::io("make", &plugins))?;
    raw(workspace, &paths, &plugins.join("kubelet-audit.raw.wasm"))?;
    wasi(workspace, &paths, &plugins.join("kubelet-audit.wasi.wasm"))?;
    types(workspace)?;
    npm::assemble(workspace)?;

    for file in npm::files(&workspace.pkg)? {
        paths.assert_absent(&workspace.pkg.join(file))?;
    }
    Ok(())
}

/// The module of the npm package, with the JavaScript that wasm-bindgen makes for it.
fn bindings(workspace: &Workspace, paths: &Paths) -> Outcome {
    let module = Module {
        title: "module of the npm package",
        target: "wasm32-unknown-unknown",
        profile: "wasm",
        args: &["--package", "kubelet-audit", "--lib", "--no-default-features", "--features", "js"],
        file: "kubelet_audit.wasm",
    };
    let compiled = wasm::compile(workspace, paths, &module)?;
    let generated = workspace.target.join("bindgen");
    Step::new("wasm-bindgen", workspace.tools().join("bin/wasm-bindgen"), &workspace.root)
        .args(["--target", "web", "--omit-default-module-path", "--experimental-reset-state-function"])
        .args(["--out-dir", text(&generated)?, text(&compiled)?])
        .run()?;
    let made = workspace.pkg.join("kubelet_audit_bg.wasm");
    wasm::optimise(workspace, &generated.join("kubelet_audit_bg.wasm"), &made)?;
    for name in ["kubelet_audit.js", "kubelet_audit.d.ts"] {
        let to = workspace.pkg.join(name);
        fs::copy(generated.join(name), &to).map_err(Failure::io("write", &to))?;
    }
    let contract =
        Contract { imports: &["./kubelet_audit_bg.js"], exports: None, bytes: BYTES, brotli: BROTLI };
    wasm::inspect(workspace, &made, &contract)
}

/// The module for any runtime.
fn raw(workspace: &Workspace, paths: &Paths, to: &Path) -> Outcome {
    let module = Module {
        title: "raw module",
        target: "wasm32-unknown-unknown",
        profile: "wasm-plugin",
        args: &["--package", "kubelet-audit-raw"],
        file: "kubelet_audit_raw.wasm",
    };
    wasm::optimise(workspace, &wasm::compile(workspace, paths, &module)?, to)?;
    let contract = Contract {
        imports: &[],
        exports: Some(&[
            "memory",
            "kubelet_audit_abi_version",
            "kubelet_audit_alloc",
            "kubelet_audit_evaluate",
            "kubelet_audit_free",
            // The toolchain's own.
            "__data_end",
            "__heap_base",
        ]),
        bytes: BYTES,
        brotli: BROTLI,
    };
    wasm::inspect(workspace, to, &contract)
}

/// The command for WASI preview 1.
fn wasi(workspace: &Workspace, paths: &Paths, to: &Path) -> Outcome {
    let module = Module {
        title: "WASI command",
        target: "wasm32-wasip1",
        profile: "wasm",
        args: &[
            "--package",
            "kubelet-audit",
            "--bin",
            "kubelet-audit",
            "--no-default-features",
            "--features",
            "cli",
        ],
        file: "kubelet-audit.wasm",
    };
    wasm::optimise(workspace, &wasm::compile(workspace, paths, &module)?, to)?;
    let contract = Contract {
        imports: &["wasi_snapshot_preview1"],
        // `__main_void` is the toolchain's own.
        exports: Some(&["memory", "_start", "__main_void"]),
        bytes: BYTES,
        brotli: BROTLI,
    };
    wasm::inspect(workspace, to, &contract)
}

/// The page that audits while one types, into js/demo/dist. It is made of the package, not part of it.
fn demo_page(workspace: &Workspace) -> Outcome {
    workspace.node("demo page").args(["js/demo/build.js"]).mend("npm ci --prefix js").run()
}

/// Schemas and declarations.
fn types(workspace: &Workspace) -> Outcome {
    Step::new("schemas and declarations", workspace.native("wire-types"), &workspace.root)
        .args([&workspace.pkg])
        .run()
}
