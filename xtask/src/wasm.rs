//! The WebAssembly modules: compiled so that their bytes depend on the source alone, optimized, and
//! looked at afterwards.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::artifacts::Budget;
use crate::setup;
use crate::step::{Failure, Outcome};
use crate::workspace::{Workspace, text};

/// A module to compile.
pub(crate) struct Module<'a> {
    pub(crate) title: &'a str,
    pub(crate) target: &'a str,
    pub(crate) profile: &'a str,
    /// What to build, for cargo.
    pub(crate) args: &'a [&'a str],
    /// Name of the file that cargo makes.
    pub(crate) file: &'a str,
}

/// Paths of this machine, which must not get into an artifact, and what stands for them there.
pub(crate) struct Paths(Vec<(String, &'static str)>);

impl Paths {
    pub(crate) fn find(workspace: &Workspace) -> Outcome<Self> {
        let cargo_home = env::var_os("CARGO_HOME")
            .or_else(|| env::home_dir().map(|home| home.join(".cargo").into()))
            .ok_or_else(|| Failure::new("neither CARGO_HOME nor a home directory is known"))?;
        let cargo_home = PathBuf::from(cargo_home);
        let mut paths = vec![
            (text(&workspace.root)?.to_owned(), "/kubelet-audit"),
            (text(&workspace.target)?.to_owned(), "/target"),
            (text(&setup::sysroot(workspace)?)?.to_owned(), "/rust"),
            (text(&cargo_home)?.to_owned(), "/cargo"),
        ];
        // Below this is a directory named after the registry's address, a mirror's perhaps.
        let registry = cargo_home.join("registry/src");
        if let Ok(entries) = fs::read_dir(&registry) {
            for entry in entries.flatten() {
                paths.push((text(&entry.path())?.to_owned(), "/cargo/registry"));
            }
        }
        Ok(Self(paths))
    }

    /// Compiler flags, in the form of `CARGO_ENCODED_RUSTFLAGS`. The last prefix that fits wins.
    fn flags(&self) -> OsString {
        let flags = self.0.iter().map(|(path, name)| format!("--remap-path-prefix={path}={name}"));
        flags.collect::<Vec<_>>().join("\u{1f}").into()
    }

    /// Fails if the file contains one of them.
    pub(crate) fn assert_absent(&self, file: &Path) -> Outcome {
        let bytes = fs::read(file).map_err(Failure::io("read", file))?;
        for (path, _) in &self.0 {
            if bytes.windows(path.len()).any(|window| window == path.as_bytes()) {
                return Err(Failure::new(format!("{} holds this machine's path {path}", file.display())));
            }
        }
        Ok(())
    }
}

/// Compiles a module and answers with the file.
///
/// `cargo rustc` can make a library of one kind: one that is also linked into other Rust code is not
/// optimized as a whole (LTO), which costs 4 % of the module.
pub(crate) fn compile(workspace: &Workspace, paths: &Paths, module: &Module<'_>) -> Outcome<PathBuf> {
    workspace
        .cargo(module.title)
        .args(["rustc", "--quiet", "--target", module.target, "--profile", module.profile])
        .args(module.args)
        .env("CARGO_ENCODED_RUSTFLAGS", paths.flags())
        .fix("rustup update, if the compiler is older than the manifest's rust-version")
        .run()?;
    Ok(workspace.target.join(module.target).join(module.profile).join(module.file))
}

/// The arguments of the optimizer. With `--all-features`, binaryen emits types that engines reject.
/// What a module uses is in its own `target_features` section.
/// The first KiB of memory is the stack's far end, where no object stands, as rustc's linker lays it out.
/// What is called most comes first, where its number takes one byte.
const OPTIMIZE: &[&str] =
    &["--low-memory-unused", "-Oz", "--dealign", "--reorder-functions", "--strip-debug", "--strip-producers"];

/// Writes an optimized copy. It takes longer than all else of a build where nothing changed, so the last
/// one is kept, with what it was made from.
pub(crate) fn optimize(workspace: &Workspace, from: &Path, to: &Path) -> Outcome {
    let name = to.file_name().unwrap_or_default();
    let kept = workspace.target.join("optimized").join(name);
    fs::create_dir_all(&kept).map_err(Failure::io("make", &kept))?;
    let (source, result, how) = (kept.join("from.wasm"), kept.join("to.wasm"), kept.join("how.txt"));
    let binaryen = workspace.js().join("node_modules/binaryen");
    let manifest = binaryen.join("package.json");
    let tool = fs::read_to_string(&manifest).map_err(Failure::io("read", &manifest))?;
    let recipe = format!("{OPTIMIZE:?} {tool}");
    let same = fs::read(&source).ok() == fs::read(from).ok()
        && fs::read_to_string(&how).ok() == Some(recipe.clone());
    if !same || !result.is_file() {
        // From here on, the kept files are stale.
        fs::write(&how, "").map_err(Failure::io("write", &how))?;
        workspace
            .node(format!("wasm-opt {}", name.display()))
            .args([binaryen.join("bin/wasm-opt").as_path(), from])
            .args(OPTIMIZE)
            .args(["--output".as_ref(), result.as_path()])
            .fix("npm ci --prefix js")
            .run()?;
        fs::copy(from, &source).map_err(Failure::io("write", &source))?;
        fs::write(&how, recipe).map_err(Failure::io("write", &how))?;
    }
    fs::copy(&result, to).map_err(Failure::io("write", to)).map(drop)
}

/// What must be true of a module.
pub(crate) struct Contract<'a> {
    /// Modules that it may import from.
    pub(crate) imports: &'a [&'a str],
    /// The only exports allowed; `None` allows any.
    pub(crate) exports: Option<&'a [&'a str]>,
    /// Custom sections that it must have.
    pub(crate) sections: &'a [&'a str],
    /// The size limit.
    pub(crate) budget: Budget,
}

/// Fails where the module is not as its contract says.
pub(crate) fn inspect(workspace: &Workspace, file: &Path, contract: &Contract<'_>) -> Outcome {
    let mut step = workspace
        .node(format!("inspect {}", file.file_name().unwrap_or_default().display()))
        .args(["js/tools/inspect-wasm.js", text(file)?])
        .args(["--imports", &contract.imports.join(",")])
        .args(["--sections", &contract.sections.join(",")])
        .args(["--max-bytes", &contract.budget.plain.to_string()])
        .args(["--max-brotli", &contract.budget.brotli.to_string()]);
    if let Some(exports) = contract.exports {
        step = step.args(["--exports", &exports.join(",")]);
    }
    step.run()
}
