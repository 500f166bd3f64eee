//! Plugins that need more than a compiler: the OPA policy and the component.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

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

/// The bundle of the OPA policy, for OPA's server and Go SDK: a manifest and the module.
///
/// Source: <https://www.openpolicyagent.org/docs/management-bundles>. The same module gives the same bytes.
pub(crate) fn opa_bundle(policy: &Path, to: &Path) -> Outcome {
    let module = fs::read(policy).map_err(Failure::io("read", policy))?;
    let entrypoints =
        OPA_ENTRYPOINTS.map(|entrypoint| json!({ "entrypoint": entrypoint, "module": "/policy.wasm" }));
    let manifest = json!({
        "revision": env!("CARGO_PKG_VERSION"),
        "roots": ["kubelet_audit"],
        "wasm": entrypoints,
    });
    let file = fs::File::create(to).map_err(Failure::io("write", to))?;
    let mut bundle = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::best()));
    for (name, bytes) in [("/.manifest", manifest.to_string().as_bytes()), ("/policy.wasm", &module)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        header.set_mode(0o644);
        // Bundles name their files from the root, which `append_data` refuses.
        header.as_mut_bytes().iter_mut().zip(name.as_bytes()).for_each(|(field, byte)| *field = *byte);
        header.set_cksum();
        bundle.append(&header, bytes).map_err(Failure::io("write", to))?;
    }
    let written = bundle.into_inner().and_then(flate2::write::GzEncoder::finish);
    written.map_err(Failure::io("write", to)).map(drop)
}

/// The entrypoints of the OPA policy, `plugins/opa/src/entrypoint.rs`.
const OPA_ENTRYPOINTS: [&str; 4] =
    ["kubelet_audit/report", "kubelet_audit/allow", "kubelet_audit/deny", "kubelet_audit/findings"];

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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read as _;

    use super::{OPA_ENTRYPOINTS, opa_bundle};

    #[test]
    fn a_bundle_is_a_manifest_and_the_module() {
        let directory = std::env::temp_dir().join(format!("kubelet-audit-bundle-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let (policy, bundle) = (directory.join("policy.wasm"), directory.join("bundle.tar.gz"));
        fs::write(&policy, b"\0asm\x01\0\0\0").unwrap();
        opa_bundle(&policy, &bundle).unwrap();
        let bytes = fs::read(&bundle).unwrap();
        opa_bundle(&policy, &bundle).unwrap();
        assert_eq!(fs::read(&bundle).unwrap(), bytes, "the same module gives the same bytes");

        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let mut files = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().to_string_lossy().into_owned();
            let mut text = Vec::new();
            entry.read_to_end(&mut text).unwrap();
            files.push((name, text));
        }
        fs::remove_dir_all(&directory).unwrap();
        let [(manifest, text), (module, code)] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!((manifest.as_str(), module.as_str()), ("/.manifest", "/policy.wasm"));
        assert_eq!(code, b"\0asm\x01\0\0\0");
        let manifest: serde_json::Value = serde_json::from_slice(text).unwrap();
        assert_eq!(manifest["roots"], serde_json::json!(["kubelet_audit"]));
        let names: Vec<&str> = manifest["wasm"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["entrypoint"].as_str().unwrap())
            .collect();
        assert_eq!(names, OPA_ENTRYPOINTS);
        let source = include_str!("../../plugins/opa/src/entrypoint.rs");
        for name in names {
            assert!(source.contains(&format!("(\"{name}\", ")), "{name}");
        }
        assert_eq!(source.matches("(\"kubelet_audit/").count(), OPA_ENTRYPOINTS.len());
    }
}
