//! `cargo x docs`: a page for every control, made by the command itself.

use std::fs;

use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let directory = workspace.root.join("pkg/docs");
    fs::create_dir_all(&directory).map_err(Failure::io("make", &directory))?;
    let ask = |words: &[&str]| {
        let program = ["run", "--quiet", "--bin", "kubelet-audit", "--"];
        workspace.cargo(words.join(" ")).args(program).args(words).output()
    };
    let write = |name: &str, text: &str| {
        let path = directory.join(name);
        fs::write(&path, text).map_err(Failure::io("write", &path))
    };
    write("index.md", &ask(&["controls", "--format", "markdown"])?)?;
    let listed: serde_json::Value = serde_json::from_str(&ask(&["controls", "--format", "json"])?)
        .map_err(|error| Failure::new(format!("the list of controls is not JSON: {error}")))?;
    let slugs: Vec<&str> =
        listed.as_array().into_iter().flatten().filter_map(|one| one.get("control")?.as_str()).collect();
    for slug in &slugs {
        write(&format!("{slug}.md"), &ask(&["explain", slug, "--format", "markdown"])?)?;
    }
    println!("{} pages in pkg/docs", slugs.len().saturating_add(1));
    Ok(())
}
