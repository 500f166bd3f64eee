//! The raw module in wasmi, an interpreter: what a host without a compiler does.

use wasmi::{Engine, Instance, Memory, Module, Store, TypedFunc};

use crate::place;

/// An instance.
pub struct Interpreter {
    store: Store<()>,
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    evaluate: TypedFunc<(u32, u32), u64>,
    free: TypedFunc<(u32, u32), ()>,
}

impl Interpreter {
    // #region load
    /// Loads `pkg/plugins/kubelet-audit.raw.wasm`.
    pub fn load() -> Result<Self, wasmi::Error> {
        let path = place::pkg("plugins/kubelet-audit.raw.wasm");
        let bytes = std::fs::read(path).map_err(|error| wasmi::Error::new(error.to_string()))?;
        let engine = Engine::default();
        let module = Module::new(&engine, bytes)?;
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[])?;
        let memory =
            instance.get_memory(&store, "memory").ok_or_else(|| wasmi::Error::new("it exports no memory"))?;
        Ok(Self {
            memory,
            alloc: instance.get_typed_func(&store, "kubelet_audit_alloc")?,
            evaluate: instance.get_typed_func(&store, "kubelet_audit_evaluate")?,
            free: instance.get_typed_func(&store, "kubelet_audit_free")?,
            store,
        })
    }

    /// Evaluates a request and frees everything.
    pub fn answer(&mut self, request: &str) -> Result<String, wasmi::Error> {
        let outside = || wasmi::Error::new("outside the memory");
        let len = u32::try_from(request.len()).map_err(|_| outside())?;
        let place = self.alloc.call(&mut self.store, len)?;
        self.memory.write(&mut self.store, place as usize, request.as_bytes())?;
        let packed = self.evaluate.call(&mut self.store, (place, len))?;
        self.free.call(&mut self.store, (place, len))?;
        let (start, len) = ((packed >> 32) as u32, packed as u32);
        let mut report = vec![0; len as usize];
        self.memory.read(&self.store, start as usize, &mut report)?;
        self.free.call(&mut self.store, (start, len))?;
        String::from_utf8(report).map_err(|_| outside())
    }
    // #endregion

    /// Returns the instance's memory in bytes.
    pub fn memory_bytes(&self) -> u64 {
        self.memory.data_size(&self.store) as u64
    }
}
