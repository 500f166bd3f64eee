//! A policy of the OPA Wasm ABI, of a module that was linked with `--import-memory`.
//!
//! Three things are missing in such a module:
//!
//! - the ABI's version as constant globals, which Rust cannot write (an exported `static` gives its
//!   address);
//! - a small initial memory. Hosts offer two to ten pages, and reject a module that needs more;
//! - so its data cannot be there when it is instantiated. They become passive, and a start function grows
//!   the memory and copies them.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use walrus::ir::{BinaryOp, Value};
use walrus::{
    ConstExpr, DataKind, ExportItem, FunctionBuilder, GlobalKind, ImportKind, Memory, Module, ModuleConfig,
    ValType,
};

/// Pages that every host offers.
const PAGES: u64 = 2;

/// The ABI, by the names of its globals. Go's host takes no minor version but 1 and 3.
const VERSION: [(&str, i32); 2] = [("opa_wasm_abi_version", 1), ("opa_wasm_abi_minor_version", 3)];

/// What a host may import from `env`; a policy need not import all of it.
const IMPORTS: [&str; 2] = ["memory", "opa_abort"];

fn parsed(module: &[u8]) -> Result<Module> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false).preserve_code_transform(false);
    config.parse(module)
}

fn memory(module: &Module) -> Result<&Memory> {
    let mut memories = module.memories.iter();
    let memory = memories.next().context("it has no memory")?;
    ensure!(memories.next().is_none(), "it has more than one memory");
    Ok(memory)
}

/// Makes the policy.
pub(crate) fn policy(module: &[u8]) -> Result<Vec<u8>> {
    let mut module = parsed(module)?;
    for (name, version) in VERSION {
        let value = ConstExpr::Value(Value::I32(version));
        let global = module.globals.add_local(ValType::I32, false, false, value);
        module.exports.add(name, global);
    }

    let memory = memory(&module)?;
    let (memory, linked) = (memory.id(), i32::try_from(memory.initial)?);
    let mut segments = BTreeMap::new();
    for data in module.data.iter() {
        if let DataKind::Active { memory: _, offset } = &data.kind {
            let ConstExpr::Value(Value::I32(start)) = offset else {
                anyhow::bail!("a data segment starts at no constant")
            };
            segments.insert(*start, (data.id(), i32::try_from(data.value.len())?));
        }
    }
    let next = module.start;
    let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
    let mut body = builder.func_body();
    body.memory_size(memory).i32_const(linked).binop(BinaryOp::I32LtU).if_else(
        None,
        |short| {
            short.i32_const(linked).memory_size(memory).binop(BinaryOp::I32Sub).memory_grow(memory);
            short.i32_const(-1).binop(BinaryOp::I32Eq).if_else(
                None,
                |none| {
                    none.unreachable();
                },
                |_| {},
            );
        },
        |_| {},
    );
    for (start, (data, len)) in &segments {
        body.i32_const(*start).i32_const(0).i32_const(*len).memory_init(memory, *data).data_drop(*data);
    }
    if let Some(next) = next {
        body.call(next);
    }
    module.start = Some(builder.finish(vec![], &mut module.funcs));

    for (data, _) in segments.values() {
        module.data.get_mut(*data).kind = DataKind::Passive;
    }
    let memory = module.memories.get_mut(memory);
    memory.data_segments.clear();
    memory.initial = PAGES;
    memory.maximum = None;
    let policy = module.emit_wasm();
    check(&policy)?;
    Ok(policy)
}

/// Fails where the module is not what hosts expect of a policy.
pub(crate) fn check(module: &[u8]) -> Result<()> {
    let module = parsed(module)?;
    for (name, version) in VERSION {
        let export = module.exports.iter().find(|export| export.name == name);
        let item = &export.with_context(|| format!("it exports no {name}"))?.item;
        let ExportItem::Global(id) = item else { anyhow::bail!("{name} is not a global") };
        let global = module.globals.get(*id);
        ensure!(!global.mutable, "{name} is not constant");
        let is_version =
            matches!(global.kind, GlobalKind::Local(ConstExpr::Value(Value::I32(n))) if n == version);
        ensure!(is_version, "{name} is not {version}");
    }
    for import in module.imports.iter() {
        let is_known = import.module == "env" && IMPORTS.contains(&import.name.as_str());
        ensure!(is_known, "it imports {}.{}", import.module, import.name);
    }
    let memory = memory(&module)?;
    let is_imported = module.imports.iter().any(|import| matches!(import.kind, ImportKind::Memory(_)));
    ensure!(is_imported, "it does not import its memory");
    let is_exported = module.exports.iter().any(|export| matches!(export.item, ExportItem::Memory(_)));
    ensure!(is_exported, "it does not export its memory");
    ensure!(
        memory.initial <= PAGES,
        "the memory starts with {} pages; some hosts offer only {PAGES}",
        memory.initial
    );
    ensure!(memory.maximum.is_none(), "it bounds its memory, which is for the host to do");
    ensure!(module.data.iter().all(walrus::Data::is_passive), "a data segment is not passive");
    ensure!(module.start.is_some(), "it has no start function to copy its data");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_module_that_is_no_policy_is_refused() {
        // The smallest module.
        let error = check(b"\0asm\x01\0\0\0").unwrap_err();
        assert_eq!(error.to_string(), "it exports no opa_wasm_abi_version");
        assert!(check(b"no module").is_err());
    }
}
