//! The raw module in the wasmtime crate, as a host would embed it: with a bound on fuel and memory.

use wasmtime::{
    Config, Engine, Instance, Memory, Module, Result, Store, StoreLimits, StoreLimitsBuilder, TypedFunc,
};

use crate::place;

/// What one call may cost: far more than the largest document needs.
pub const FUEL: u64 = 200_000_000_000;
/// Bytes of memory that an instance may have.
pub const MEMORY: usize = 512 * 1024 * 1024;

/// The compiled module.
#[derive(Clone, Debug)]
pub struct Raw {
    module: Module,
}

impl Raw {
    /// Compiles `pkg/plugins/kubelet-audit.raw.wasm`.
    pub fn load() -> Result<Self> {
        let mut config = Config::new();
        config.consume_fuel(true);
        let engine = Engine::new(&config)?;
        Ok(Self { module: Module::from_file(&engine, place::pkg("plugins/kubelet-audit.raw.wasm"))? })
    }

    /// What the module imports.
    pub fn imports(&self) -> usize {
        self.module.imports().len()
    }

    // #region load
    /// Returns a new instance with a memory limit.
    pub fn instance(&self, memory_bytes: usize) -> Result<RawInstance> {
        let limits = StoreLimitsBuilder::new().memory_size(memory_bytes).build();
        let mut store = Store::new(self.module.engine(), limits);
        store.limiter(|limits| limits);
        store.set_fuel(FUEL)?;
        let instance = Instance::new(&mut store, &self.module, &[])?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| wasmtime::Error::msg("the module exports no memory"))?;
        Ok(RawInstance {
            instance,
            memory,
            abi_version: instance.get_typed_func(&mut store, "kubelet_audit_abi_version")?,
            alloc: instance.get_typed_func(&mut store, "kubelet_audit_alloc")?,
            evaluate: instance.get_typed_func(&mut store, "kubelet_audit_evaluate")?,
            free: instance.get_typed_func(&mut store, "kubelet_audit_free")?,
            store,
        })
    }
    // #endregion
}

/// An instance.
pub struct RawInstance {
    store: Store<StoreLimits>,
    instance: Instance,
    memory: Memory,
    abi_version: TypedFunc<(), i32>,
    alloc: TypedFunc<u32, u32>,
    evaluate: TypedFunc<(u32, u32), u64>,
    free: TypedFunc<(u32, u32), ()>,
}

impl RawInstance {
    /// `kubelet_audit_abi_version`
    pub fn abi_version(&mut self) -> Result<i32> {
        self.abi_version.call(&mut self.store, ())
    }

    /// Calls a function of ClickHouse's ABI with one or two numbers.
    pub fn clickhouse(&mut self, name: &str, first: u32, second: Option<u32>) -> Result<Option<u32>> {
        let Some(second) = second else {
            if name == "clickhouse_destroy_buffer" {
                let function: TypedFunc<u32, ()> = self.instance.get_typed_func(&mut self.store, name)?;
                return function.call(&mut self.store, first).map(|()| None);
            }
            let function: TypedFunc<u32, u32> = self.instance.get_typed_func(&mut self.store, name)?;
            return function.call(&mut self.store, first).map(Some);
        };
        let function: TypedFunc<(u32, u32), u32> = self.instance.get_typed_func(&mut self.store, name)?;
        function.call(&mut self.store, (first, second)).map(Some)
    }

    /// Writes to the memory.
    pub fn write(&mut self, at: u32, bytes: &[u8]) -> Result<()> {
        Ok(self.memory.write(&mut self.store, at as usize, bytes)?)
    }

    /// `kubelet_audit_alloc`
    pub fn alloc(&mut self, len: u32) -> Result<u32> {
        self.alloc.call(&mut self.store, len)
    }

    /// `kubelet_audit_free`
    pub fn free(&mut self, ptr: u32, len: u32) -> Result<()> {
        self.free.call(&mut self.store, (ptr, len))
    }

    /// `kubelet_audit_evaluate`; the report's place is freed, its text is the answer. None where the
    /// module says that the request's place is none.
    pub fn evaluate(&mut self, ptr: u32, len: u32) -> Result<Option<String>> {
        self.store.set_fuel(FUEL)?;
        let packed = self.evaluate.call(&mut self.store, (ptr, len))?;
        if packed == 0 {
            return Ok(None);
        }
        let place = u32::try_from(packed >> 32)?;
        let size = u32::try_from(packed & u64::from(u32::MAX))?;
        let mut report = vec![0; usize::try_from(size)?];
        self.memory.read(&self.store, usize::try_from(place)?, &mut report)?;
        self.free(place, size)?;
        Ok(Some(String::from_utf8(report)?))
    }

    // #region answer
    /// Evaluates a request and frees everything.
    pub fn answer(&mut self, request: &[u8]) -> Result<String> {
        let len = u32::try_from(request.len())?;
        let ptr = self.alloc(len)?;
        if ptr == 0 && len != 0 {
            return Err(wasmtime::Error::msg("no memory for the request"));
        }
        self.memory.write(&mut self.store, usize::try_from(ptr)?, request)?;
        let report = self.evaluate(ptr, len);
        // After a trap, the instance cannot free anything.
        let report = report?.ok_or_else(|| wasmtime::Error::msg("the module refused its own memory"))?;
        self.free(ptr, len)?;
        Ok(report)
    }
    // #endregion

    /// Returns the fuel left after the last call.
    pub fn fuel(&self) -> Result<u64> {
        self.store.get_fuel()
    }

    /// Sets the fuel for calls other than [`Self::evaluate`], which sets its own.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.store.set_fuel(fuel)
    }

    /// Like [`Self::answer`], with limited fuel.
    pub fn answer_within(&mut self, request: &[u8], fuel: u64) -> Result<u64> {
        let len = u32::try_from(request.len())?;
        let ptr = self.alloc(len)?;
        self.memory.write(&mut self.store, usize::try_from(ptr)?, request)?;
        self.store.set_fuel(fuel)?;
        self.evaluate.call(&mut self.store, (ptr, len))
    }

    /// Returns the instance's memory in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }
}
