//! `cargo x build`: the npm package and the plugins.

use std::fs;
use std::path::Path;

use crate::npm;
use crate::plugins;
use crate::setup::{self, Need};
use crate::step::{Failure, Outcome, Step};
use crate::wasm::{self, Contract, Module, Paths};
use crate::workspace::{Workspace, text};

/// The native selection of packages: all but the one with wasmtime. Always the same one, so that
/// cargo finds the same features wanted and rebuilds nothing.
pub(crate) const EVERYDAY: &[&str] = &["--workspace", "--exclude", "host-tests"];

/// The largest that a module may be.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    /// Uncompressed bytes.
    pub(crate) plain: u32,
    /// Bytes compressed with brotli.
    pub(crate) brotli: u32,
}

impl Budget {
    /// The library, for JavaScript and as a plugin: where it stands. The goal is 1.5 MiB and 450 KiB
    /// (docs/adr/0011-budgets.md).
    pub(crate) const LIBRARY: Self = Self { plain: 1_600_000, brotli: 540_000 };
    /// The command, for Node and for WASI: where it stands. The goal is 1.8 MiB.
    const COMMAND: Self = Self { plain: 2_600_000, brotli: 900_000 };
}

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
    // Cargo built the running program, so it is up to date.
    workspace
        .cargo("native command and generators")
        .args(["build", "--quiet", "--bins"])
        .args(EVERYDAY)
        .run()?;
    // wasm-pack looks for this name.
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

    bindings(workspace, &paths, &LIBRARY)?;
    bindings(workspace, &paths, &COMMAND)?;
    let directory = workspace.pkg.join("plugins");
    fs::create_dir_all(&directory).map_err(Failure::io("make", &directory))?;
    raw(workspace, &paths, &directory.join("kubelet-audit.raw.wasm"))?;
    wasi(workspace, &paths, &directory.join("kubelet-audit.wasi.wasm"))?;
    let policy = directory.join("kubelet-audit.opa.wasm");
    plugins::opa(workspace, &paths, &policy)?;
    plugins::opa_bundle(&policy, &directory.join("kubelet-audit.opa-bundle.tar.gz"))?;
    plugins::component(workspace, &paths, &directory.join("kubelet-audit.component.wasm"))?;
    kubewarden(workspace, &paths, &directory.join("kubelet-audit.kubewarden.wasm"))?;
    types(workspace)?;
    npm::assemble(workspace)?;

    for file in npm::files(&workspace.pkg)? {
        paths.assert_absent(&workspace.pkg.join(file))?;
    }
    Ok(())
}

/// A module of the npm package.
struct Bindings {
    title: &'static str,
    profile: &'static str,
    /// What to build, for cargo.
    args: &'static [&'static str],
    /// What its files are named after.
    name: &'static str,
    budget: Budget,
}

const LIBRARY: Bindings = Bindings {
    title: "the npm package's library",
    profile: "wasm",
    args: &[
        "--package",
        "kubelet-audit",
        "--lib",
        "--no-default-features",
        "--features",
        "js",
        "--crate-type",
        "cdylib",
    ],
    name: "kubelet_audit",
    budget: Budget::LIBRARY,
};

/// Only `cli.js` loads it.
const COMMAND: Bindings = Bindings {
    title: "the npm package's command",
    profile: "wasm-cli",
    args: &["--package", "kubelet-audit-cli", "--lib", "--crate-type", "cdylib"],
    name: "kubelet_audit_cli",
    budget: Budget::COMMAND,
};

/// One of the npm package's modules, with the JavaScript that wasm-bindgen makes for it.
fn bindings(workspace: &Workspace, paths: &Paths, bindings: &Bindings) -> Outcome {
    let &Bindings { title, profile, args, name, budget } = bindings;
    let file = format!("{name}.wasm");
    let module = Module { title, target: "wasm32-unknown-unknown", profile, args, file: &file };
    let compiled = wasm::compile(workspace, paths, &module)?;
    let generated = workspace.target.join("bindgen");
    Step::new(format!("wasm-bindgen {name}"), workspace.tools().join("bin/wasm-bindgen"), &workspace.root)
        .args(["--target", "web", "--omit-default-module-path", "--experimental-reset-state-function"])
        .args(["--out-name", name, "--out-dir", text(&generated)?, text(&compiled)?])
        .run()?;
    let file = format!("{name}_bg.wasm");
    let made = workspace.pkg.join(&file);
    wasm::optimize(workspace, &generated.join(&file), &made)?;
    for name in [format!("{name}.js"), format!("{name}.d.ts")] {
        let to = workspace.pkg.join(&name);
        fs::copy(generated.join(&name), &to).map_err(Failure::io("write", &to))?;
    }
    let imports = format!("./{name}_bg.js");
    wasm::inspect(workspace, &made, &Contract { imports: &[&imports], exports: None, sections: &[], budget })
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
    wasm::optimize(workspace, &wasm::compile(workspace, paths, &module)?, to)?;
    let contract = Contract {
        imports: &[],
        exports: Some(&[
            "memory",
            "kubelet_audit_abi_version",
            "kubelet_audit_alloc",
            "kubelet_audit_evaluate",
            "kubelet_audit_free",
            "clickhouse_create_buffer",
            "clickhouse_destroy_buffer",
            "kubelet_findings",
            "kubelet_report",
            // Added by the toolchain.
            "__data_end",
            "__heap_base",
        ]),
        sections: &[],
        budget: Budget::LIBRARY,
    };
    wasm::inspect(workspace, to, &contract)
}

/// The command for WASI preview 1.
fn wasi(workspace: &Workspace, paths: &Paths, to: &Path) -> Outcome {
    let module = Module {
        title: "WASI command",
        target: "wasm32-wasip1",
        profile: "wasm",
        args: &["--package", "kubelet-audit-bin", "--bin", "kubelet-audit"],
        file: "kubelet-audit.wasm",
    };
    wasm::optimize(workspace, &wasm::compile(workspace, paths, &module)?, to)?;
    let contract = Contract {
        imports: &["wasi_snapshot_preview1"],
        // The toolchain adds `__main_void`.
        exports: Some(&["memory", "_start", "__main_void"]),
        sections: &[],
        budget: Budget::COMMAND,
    };
    wasm::inspect(workspace, to, &contract)
}

/// The policy for Kubewarden.
fn kubewarden(workspace: &Workspace, paths: &Paths, to: &Path) -> Outcome {
    let module = Module {
        title: "Kubewarden policy",
        target: "wasm32-unknown-unknown",
        profile: "wasm-plugin",
        args: &["--package", "kubelet-audit-kubewarden"],
        file: "kubelet_audit_kubewarden.wasm",
    };
    wasm::optimize(workspace, &wasm::compile(workspace, paths, &module)?, to)?;
    let contract = Contract {
        imports: &["wapc"],
        exports: Some(&["memory", "__guest_call", "wapc_init", "__data_end", "__heap_base"]),
        sections: &["io.kubewarden.metadata"],
        budget: Budget::LIBRARY,
    };
    wasm::inspect(workspace, to, &contract)
}

/// The page that audits while one types, into js/demo/dist. It is made of the package, not part of it.
fn demo_page(workspace: &Workspace) -> Outcome {
    workspace.node("demo page").args(["js/demo/build.js"]).fix("npm ci --prefix js").run()
}

/// Schemas and declarations.
fn types(workspace: &Workspace) -> Outcome {
    Step::new("schemas and declarations", workspace.native("wire-types"), &workspace.root)
        .args([&workspace.pkg])
        .run()
}
