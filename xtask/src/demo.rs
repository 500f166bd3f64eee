//! `cargo x demo`: one finding, from a fresh clone, in seconds. And what else only runs a program.

use std::ffi::OsString;
use std::path::absolute;

use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

const EXAMPLE: &str = "examples/aks-rotation-off.json";
const CONTROL: &str = "rotate-kubelet-server-certificate";
/// The command's exit codes for an answered input, without and with findings.
const ANSWERED: [i32; 2] = [0, 1];

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let command = format!("kubelet-audit check {EXAMPLE} --control {CONTROL}");
    let step = workspace.cargo(&command).args([
        "run",
        "--quiet",
        "--bin",
        "kubelet-audit",
        "--",
        "check",
        EXAMPLE,
        "--control",
        CONTROL,
    ]);
    let (code, step) = step.code()?;
    if !ANSWERED.contains(&code) {
        return Err(step.failed(&format!("exit code {code}")));
    }
    println!(
        "
The gate is written and true, so the benchmark's audit passes it; but nothing asks for serving
certificates from the API server, so this node would not rotate any. Both verdicts are above.

Next:
  cargo run -q -- check examples/aks-rotation-off.json   all rows of the edition, cis-aks-1.7
  cargo run -q -- check YOUR-NODE.json        your own kubelet config, or `-` for standard input
  kubectl get --raw /api/v1/nodes/NODE/proxy/configz | cargo run -q -- check -
  cargo x build                               the npm package and the WebAssembly plugins, into pkg/
  cargo x test --fast                         the everyday tests"
    );
    Ok(())
}

/// Compares our reading of the inputs in these files with what the kubelet's own code made of them.
pub(crate) fn vectors(workspace: &Workspace, files: &[OsString]) -> Outcome {
    let files = files.iter().map(absolute).collect::<Result<Vec<_>, _>>();
    let files = files.map_err(|error| Failure::new(error.to_string()))?;
    workspace.cargo("vectors").args(["run", "--quiet", "--package", "vectors", "--"]).args(files).run_bare()
}
