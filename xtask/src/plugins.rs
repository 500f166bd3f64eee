//! Plugins that need more than a compiler: the OPA policy and the component.

use std::fs;
use std::path::{Path, PathBuf};

use crate::artifacts::Budget;
use crate::step::{Failure, Outcome, Step};
use crate::wasm::{self, Contract, Module, Paths};
use crate::workspace::Workspace;

/// Where what comes between a linker and a plugin is kept.
fn between(workspace: &Workspace, name: &str) -> Outcome<PathBuf> {
    let directory = workspace.target.join("postlink");
    fs::create_dir_all(&directory).map_err(Failure::io("make", &directory))?;
    Ok(directory.join(name))
}

fn postlink(workspace: &Workspace, task: &str, files: &[&Path]) -> Outcome {
    Step::new(format!("postlink {task}"), workspace.native("postlink"), &workspace.root)
        .args([task])
        .args(files)
        .run()
}

/// The policy for hosts of the OPA Wasm ABI.
pub(crate) fn opa(workspace: &Workspace, paths: &Paths, to: &Path) -> Outcome {
    let module = Module {
        title: "OPA policy",
        target: "wasm32-unknown-unknown",
        profile: "wasm-plugin",
        args: &["--package", "kubelet-audit-opa"],
        file: "kubelet_audit_opa.wasm",
    };
    let policy = between(workspace, "opa.wasm")?;
    postlink(workspace, "opa", &[&wasm::compile(workspace, paths, &module)?, &policy])?;
    wasm::optimize(workspace, &policy, to)?;
    postlink(workspace, "opa-check", &[to])?;
    let contract = Contract {
        imports: &["env"],
        exports: Some(&[
            "memory",
            "opa_wasm_abi_version",
            "opa_wasm_abi_minor_version",
            "builtins",
            "entrypoints",
            "eval",
            "opa_eval",
            "opa_eval_ctx_new",
            "opa_eval_ctx_set_input",
            "opa_eval_ctx_set_data",
            "opa_eval_ctx_set_entrypoint",
            "opa_eval_ctx_get_result",
            "opa_malloc",
            "opa_free",
            "opa_value_free",
            "opa_json_parse",
            "opa_json_dump",
            "opa_value_parse",
            "opa_value_dump",
            "opa_value_add_path",
            "opa_value_remove_path",
            "opa_heap_ptr_get",
            "opa_heap_ptr_set",
            "opa_heap_blocks_stash",
            "opa_heap_blocks_restore",
            "opa_heap_stash_clear",
            // Added by the toolchain.
            "__data_end",
            "__heap_base",
        ]),
        sections: &[],
        budget: Budget::LIBRARY,
    };
    wasm::inspect(workspace, to, &contract)
}

/// The component, and its world beside it.
pub(crate) fn component(workspace: &Workspace, paths: &Paths, to: &Path) -> Outcome {
    let module = Module {
        title: "module of the component",
        target: "wasm32-unknown-unknown",
        profile: "wasm-plugin",
        args: &["--package", "kubelet-audit-component"],
        file: "kubelet_audit_component.wasm",
    };
    let core = between(workspace, "component-core.wasm")?;
    wasm::optimize(workspace, &wasm::compile(workspace, paths, &module)?, &core)?;
    // Fails if the component imports anything.
    postlink(workspace, "component", &[&core, to])?;
    let contract = Contract { imports: &[], exports: None, sections: &[], budget: Budget::LIBRARY };
    wasm::inspect(workspace, to, &contract)?;
    let (world, copy) = ("plugins/component/wit/world.wit", to.with_extension("wit"));
    fs::copy(workspace.root.join(world), &copy).map_err(Failure::io("write", &copy)).map(drop)
}
