//! Installs what a fresh machine needs. Each part is listed before it is installed. All of it goes below the
//! clone, except what belongs to the toolchain (wasm targets) or to the system (Chromium).

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Failure, Outcome, Step};
use crate::workspace::{Workspace, text};

/// The version of wasm-pack that the tests run.
const WASM_PACK: &str = "0.15.1";

/// What a task can need.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Need {
    WasmTargets,
    NpmPackages,
    PythonTools,
    WasmPack,
    Chromium,
}

/// One thing that is missing.
struct Missing {
    what: String,
    where_to: String,
    steps: Vec<Step>,
    /// A file that identifies what was installed, and the path of its copy.
    stamp: Option<(PathBuf, PathBuf)>,
}

/// Installs the missing parts of `needs`.
pub(crate) fn run(workspace: &Workspace, needs: &[Need]) -> Outcome {
    let mut missing = Vec::new();
    for need in needs {
        missing.extend(match need {
            Need::WasmTargets => wasm_targets(workspace)?,
            Need::NpmPackages => npm_packages(workspace)?,
            Need::PythonTools => python_tools(workspace),
            Need::WasmPack => wasm_pack(workspace)?,
            Need::Chromium => chromium_package(workspace)?,
        });
    }
    if missing.is_empty() {
        return Ok(());
    }
    println!("── Setup: to be installed");
    for part in &missing {
        println!("   {} → {}", part.what, part.where_to);
    }
    for part in missing {
        for step in part.steps {
            step.run()?;
        }
        if let Some((from, to)) = part.stamp {
            fs::copy(&from, &to).map_err(Failure::io("write", &to))?;
        }
    }
    Ok(())
}

fn wasm_targets(workspace: &Workspace) -> Outcome<Option<Missing>> {
    let sysroot = sysroot(workspace)?;
    let absent: Vec<_> = ["wasm32-unknown-unknown", "wasm32-wasip1"]
        .into_iter()
        .filter(|target| !sysroot.join("lib/rustlib").join(target).join("lib").is_dir())
        .collect();
    if absent.is_empty() {
        return Ok(None);
    }
    let names = absent.join(" ");
    Ok(Some(Missing {
        what: format!("Rust targets {names}"),
        where_to: "the Rust toolchain".to_owned(),
        steps: vec![
            Step::new("rustup target add", "rustup", &workspace.root)
                .args(["target", "add"])
                .args(&absent)
                .fix(format!("rustup target add {names} (or your distribution's packages of these)")),
        ],
        stamp: None,
    }))
}

/// The toolchain's directory.
pub(crate) fn sysroot(workspace: &Workspace) -> Outcome<PathBuf> {
    let rustc = Step::new("rustc --print sysroot", "rustc", &workspace.root).args(["--print", "sysroot"]);
    Ok(PathBuf::from(rustc.output()?.trim()))
}

/// Fails where Node is missing or older than the package's `engines` say.
fn node(workspace: &Workspace) -> Outcome {
    let fix = "install Node 20.19 or newer, with npm";
    let version = workspace.node("node --version").args(["--version"]).fix(fix).output()?;
    let mut numbers = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let (major, minor): (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if (major, minor) < (20, 19) {
        return Err(Failure::new(format!("Node {} is too old", version.trim())).fix(fix));
    }
    Ok(())
}

fn npm_packages(workspace: &Workspace) -> Outcome<Option<Missing>> {
    node(workspace)?;
    let js = workspace.js();
    let (lock, stamp) = (js.join("package-lock.json"), js.join("node_modules/.installed-from.json"));
    if same(&lock, &stamp) {
        return Ok(None);
    }
    Ok(Some(Missing {
        what: "npm packages of js/package-lock.json".to_owned(),
        where_to: "js/node_modules".to_owned(),
        steps: vec![
            Step::new("npm ci", "npm", &js)
                .args(["ci", "--no-audit", "--no-fund"])
                .fix("npm ci --prefix js (with Node 20.19 or newer)"),
        ],
        stamp: Some((lock, stamp)),
    }))
}

/// The directory of the Python tools.
pub(crate) fn venv(workspace: &Workspace) -> PathBuf {
    workspace.target.join("venv")
}

fn python_tools(workspace: &Workspace) -> Option<Missing> {
    let venv = venv(workspace);
    let requirements = workspace.root.join("host-tests/requirements.txt");
    let stamp = venv.join("installed-from.txt");
    if same(&requirements, &stamp) {
        return None;
    }
    let python = venv.join("bin/python");
    let directory = venv.display().to_string();
    let steps = vec![
        Step::new("python3 -m venv", "python3", &workspace.root)
            .args(["-m", "venv", "--clear", &directory])
            .fix(format!("python3 -m venv {directory} (Debian: apt-get install python3-venv)")),
        Step::new("pip install", &python, &workspace.root)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .args([&requirements])
            .fix(format!("{directory}/bin/pip install -r host-tests/requirements.txt")),
        // Its wheel comes without the executable bit.
        Step::new("chmod +x wasmtime", &python, &workspace.root).args([
            "-c",
            "import os, pathlib, wasmtime_cli as w\n\
             for f in pathlib.Path(w.__file__).parent.glob('wasmtime*'):\n    \
             f.is_file() and f.suffix in ('', '.exe') and os.chmod(f, 0o755)",
        ]),
    ];
    Some(Missing {
        what: "Python tools of host-tests/requirements.txt".to_owned(),
        where_to: directory,
        steps,
        stamp: Some((requirements, stamp)),
    })
}

/// wasm-pack: the one on PATH, or ours.
pub(crate) fn wasm_pack_path(workspace: &Workspace) -> Option<PathBuf> {
    let ours = workspace.tools().join("bin/wasm-pack");
    if ours.is_file() { Some(ours) } else { on_path(&["wasm-pack"]) }
}

fn wasm_pack(workspace: &Workspace) -> Outcome<Option<Missing>> {
    if wasm_pack_path(workspace).is_some() {
        return Ok(None);
    }
    let tools = workspace.tools();
    let root = text(&tools)?;
    let args = ["install", "wasm-pack", "--version", WASM_PACK, "--locked", "--root", root];
    Ok(Some(Missing {
        what: format!("wasm-pack {WASM_PACK}, from crates.io"),
        where_to: root.to_owned(),
        steps: vec![
            workspace
                .cargo("cargo install wasm-pack (two minutes)")
                .args(args)
                // Debug symbols and optimization are not needed for a tool that only starts others.
                .args(["--debug"])
                .fix(format!("cargo {}", args.join(" "))),
        ],
        stamp: None,
    }))
}

/// The browser for the tests.
pub(crate) fn chromium() -> Option<PathBuf> {
    match env::var_os("CHROMIUM") {
        Some(path) => Some(path.into()),
        None => on_path(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]),
    }
}

fn chromium_package(workspace: &Workspace) -> Outcome<Option<Missing>> {
    if chromium().is_some() {
        return Ok(None);
    }
    let command = "apt-get update && apt-get install -y --no-install-recommends chromium";
    let id = Step::new("id -u", "id", &workspace.root).args(["-u"]).output().unwrap_or_default();
    if id.trim() != "0" || on_path(&["apt-get"]).is_none() {
        return Err(Failure::new("no Chromium found, which the browser tests need").fix(format!(
            "install it (Debian: sudo sh -c '{command}'), or name it in the variable CHROMIUM, or run \
             cargo x test --fast"
        )));
    }
    let apt = |title: &str| {
        Step::new(title, "apt-get", &workspace.root).env("DEBIAN_FRONTEND", "noninteractive").fix(command)
    };
    Ok(Some(Missing {
        what: "Debian's chromium".to_owned(),
        where_to: "the system".to_owned(),
        steps: vec![
            apt("apt-get update").args(["-qq", "update"]),
            apt("apt-get install chromium").args([
                "-qq",
                "-y",
                "-o=Dpkg::Use-Pty=0",
                "--no-install-recommends",
                "install",
                "chromium",
            ]),
        ],
        stamp: None,
    }))
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        env::split_paths(&path).map(|directory| directory.join(name)).find(|file| file.is_file())
    })
}

fn same(left: &Path, right: &Path) -> bool {
    matches!((fs::read(left), fs::read(right)), (Ok(left), Ok(right)) if left == right)
}
