//! The component in the wasmtime crate's component API.

use wasmtime::component::{Component, Instance, Linker, TypedFunc};
use wasmtime::{Engine, Result, Store};

use crate::bounded::Bounded;
use crate::place;

/// An instance.
pub struct Plugin {
    store: Store<Bounded>,
    evaluate: TypedFunc<(String,), (String,)>,
}

// #region load
/// Loads `pkg/plugins/kubelet-audit.component.wasm`, with nothing to import.
fn instance() -> Result<(Store<Bounded>, Instance)> {
    let engine = Engine::default();
    let component = Component::from_file(&engine, place::pkg("plugins/kubelet-audit.component.wasm"))?;
    let mut store = Store::new(&engine, Bounded::default());
    store.limiter(|limits| limits);
    let instance = Linker::new(&engine).instantiate(&mut store, &component)?;
    Ok((store, instance))
}
// #endregion

impl Plugin {
    /// Loads the component.
    pub fn load() -> Result<Self> {
        let (mut store, instance) = instance()?;
        let missing = || wasmtime::Error::msg("the component does not export it");
        let (_, policy) =
            instance.get_export(&mut store, None, "kubelet-audit:plugin/policy@0.1.0").ok_or_else(missing)?;
        let (_, evaluate) = instance.get_export(&mut store, Some(&policy), "evaluate").ok_or_else(missing)?;
        let evaluate = instance.get_typed_func(&mut store, evaluate)?;
        Ok(Self { store, evaluate })
    }

    /// Returns the report for a request.
    pub fn answer(&mut self, request: &str) -> Result<String> {
        let (report,) = self.evaluate.call(&mut self.store, (request.to_owned(),))?;
        Ok(report)
    }

    /// Returns the instance's memory in bytes.
    pub fn memory_bytes(&self) -> u64 {
        self.store.data().bytes as u64
    }
}
