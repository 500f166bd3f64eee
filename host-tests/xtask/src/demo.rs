//! `cargo x demo`: one finding, from a fresh clone, in seconds.

use crate::step::Outcome;
use crate::workspace::Workspace;

const EXAMPLE: &str = "examples/aks-rotation-off.json";
/// The command's exit code for findings: what the example is there to show.
const FINDINGS: i32 = 1;

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let command = format!("kubelet-audit check {EXAMPLE}");
    let step = workspace.cargo(&command).args([
        "run",
        "--quiet",
        "--package",
        "kubelet-audit",
        "--bin",
        "kubelet-audit",
        "--",
        "check",
        EXAMPLE,
    ]);
    let (code, step) = step.code()?;
    if code != FINDINGS {
        return Err(step.failed(&format!("exit code {code}, where {FINDINGS} (findings) was expected")));
    }
    println!(
        "
The gate is written and true, so the benchmark's audit passes it; but nothing asks for serving
certificates from the API server, so this node would not rotate any. Both verdicts are above.

Next:
  cargo run -q -- check YOUR-NODE.json        your own kubelet config, or `-` for standard input
  kubectl get --raw /api/v1/nodes/NODE/proxy/configz | cargo run -q -- check -
  cargo x build                               the npm package and the WebAssembly plugins, into pkg/
  cargo x test --fast                         the everyday tests"
    );
    Ok(())
}
