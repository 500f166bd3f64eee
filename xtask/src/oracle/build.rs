//! `cargo x oracle build MINOR`: the oracle of one release.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::Value;

use super::minors::Minor;
use super::{cover, gomod};
use crate::step::{Failure, Outcome, Step};
use crate::workspace::{Workspace, text};

/// What is vendored beside the harness, which does not compile before it.
const IMPORTS: &str = "\
package main

import (
\t_ \"k8s.io/component-base/logs/json/register\"
\t_ \"k8s.io/component-base/metrics/prometheus/version\"
\t_ \"k8s.io/kubernetes/cmd/kubelet/app\"
)

func main() {}
";

/// Where a release's version is stamped.
const VERSION: &str = "k8s.io/component-base/version";

/// Says where a minor's oracle is.
pub(crate) fn program(workspace: &Workspace, minor: &Minor) -> PathBuf {
    workspace.target.join("oracle/bin").join(format!("oracle-{}", minor.name()))
}

/// The same, built to count the statements it reaches.
pub(crate) fn covering(workspace: &Workspace, minor: &Minor) -> PathBuf {
    program(workspace, minor).with_extension(format!("{}-cover", minor.minor))
}

/// Builds it, and removes what was vendored.
pub(crate) fn run(workspace: &Workspace, minor: &Minor, covers: bool) -> Outcome {
    let start = Instant::now();
    let directory = workspace.target.join("oracle").join(minor.name());
    let sources = workspace.root.join("oracle");
    vendor(minor, &directory)?;
    let overlay = directory.join("overlay");
    fs::create_dir_all(&overlay).map_err(Failure::io("create", &overlay))?;
    rewrite(&sources, minor, &directory, &overlay)?;
    harness(&sources.join("harness"), minor, &directory)?;
    let program = if covers { covering(workspace, minor) } else { program(workspace, minor) };
    let covered = if covers { Some(cover::Table::read(workspace)?) } else { None };
    if covers {
        place(&overlay)?;
    }
    compile(minor, &directory, &overlay, &program, covered.as_ref())?;
    fs::remove_dir_all(&directory).map_err(Failure::io("remove", &directory))?;
    let size = fs::metadata(&program).map_err(Failure::io("read", &program))?.len() / 1_000_000;
    println!("   {}: {} s, {size} MB, {}", minor.release(), start.elapsed().as_secs(), program.display());
    Ok(())
}

/// A Go command that uses the Go that is there and a part of the machine.
fn go(title: String, minor: &Minor, directory: &Path) -> Step {
    Step::new(title, "nice", directory)
        .args(["-n", "10", "go"])
        .env("CGO_ENABLED", "0")
        .env("GOTOOLCHAIN", "local")
        .env("GONOSUMDB", minor.without_sum_database.join(","))
}

fn vendor(minor: &Minor, directory: &Path) -> Outcome {
    let release = minor.release();
    if directory.exists() {
        fs::remove_dir_all(directory).map_err(Failure::io("remove", directory))?;
    }
    fs::create_dir_all(directory).map_err(Failure::io("create", directory))?;
    let module = format!("k8s.io/kubernetes@{release}");
    let found =
        go(module.clone(), minor, directory).args(["mod", "download", "-json", module.as_str()]).output()?;
    let found: Value = serde_json::from_str(&found).map_err(|error| Failure::new(error.to_string()))?;
    let source = found.get("Dir").and_then(Value::as_str).map(PathBuf::from);
    let source = source.ok_or_else(|| Failure::new(format!("{module} is nowhere")))?;
    let read = |name: &str| {
        let path = source.join(name);
        fs::read_to_string(&path).map_err(Failure::io("read", &path))
    };
    write(&directory.join("go.mod"), &gomod::make(&read("go.mod")?, minor))?;
    write(&directory.join("go.sum"), &read("go.sum")?)?;
    write(&directory.join("main.go"), IMPORTS)?;
    // The first adds the staging modules' sums to go.sum.
    go(format!("{release}: modules"), minor, directory)
        .args(["list", "-deps", "./..."])
        .env("GOFLAGS", "-mod=mod")
        .output()?;
    go(format!("{release}: vendor"), minor, directory)
        .args(["mod", "vendor"])
        .env("GOFLAGS", "-mod=mod")
        .run()
}

/// Marks the stages in the release's own source.
fn rewrite(sources: &Path, minor: &Minor, directory: &Path, overlay: &Path) -> Outcome {
    let number = minor.minor.to_string();
    Step::new(format!("{}: stages", minor.release()), "go", sources)
        .env("GOTOOLCHAIN", "local")
        .args(["run", "rewrite/docs.go", "rewrite/main.go", "rewrite/rules.go", "-minor", &number])
        .args(["-kubernetes", text(&directory.join("vendor/k8s.io/kubernetes"))?])
        .args(["-overlay", text(&sources.join("overlay"))?, "-out", text(overlay)?])
        .args(["-docs", text(&directory.join("docs.go"))?])
        .run()
}

/// Writes the overlay's files into the vendored tree: Go's tool for coverage reads no overlay.
fn place(overlay: &Path) -> Outcome {
    let path = overlay.join("overlay.json");
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let files: Value = serde_json::from_str(&text).map_err(|error| Failure::new(error.to_string()))?;
    for (to, from) in files.get("Replace").and_then(Value::as_object).into_iter().flatten() {
        let from = from.as_str().unwrap_or_default();
        fs::copy(from, to).map_err(Failure::io("copy", Path::new(from)))?;
    }
    Ok(())
}

fn harness(from: &Path, minor: &Minor, directory: &Path) -> Outcome {
    for entry in fs::read_dir(from).map_err(Failure::io("read", from))? {
        let path = entry.map_err(Failure::io("read", from))?.path();
        if let Some(name) = path.file_name() {
            fs::copy(&path, directory.join(name)).map_err(Failure::io("copy", &path))?;
        }
    }
    let Minor { minor: number, .. } = minor;
    let constants =
        format!("package main\n\nconst (\n\tminor   = {number}\n\trelease = \"{}\"\n)\n", minor.release());
    write(&directory.join("generated.go"), &constants)
}

fn compile(
    minor: &Minor,
    directory: &Path,
    overlay: &Path,
    program: &Path,
    covered: Option<&cover::Table>,
) -> Outcome {
    let Minor { minor: number, .. } = minor;
    let tags: Vec<_> = (26..=*number).map(|from| format!("from1_{from}")).collect();
    let stamp = format!(
        "-s -w -X {VERSION}.gitVersion={} -X {VERSION}.gitMajor=1 -X {VERSION}.gitMinor={number} \
         -X {VERSION}.gitTreeState=clean",
        minor.release()
    );
    let overlay = overlay.join("overlay.json");
    let step = go(format!("{}: build", minor.release()), minor, directory)
        .env("GOFLAGS", "-mod=vendor -p=2 -trimpath")
        .args(["build", "-tags", &tags.join(","), "-overlay", text(&overlay)?, "-ldflags", &stamp]);
    // Go writes counts at the end of a program only where its main package is counted too.
    let step = match covered {
        Some(table) => step.args(["-cover", &format!("-coverpkg=oracle,{}", table.packages().join(","))]),
        None => step,
    };
    step.args(["-o", text(program)?, "."]).run()
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(Failure::io("write", path))
}
