//! The WASI command in the wasmtime crate, with a bound on fuel and memory.

use std::path::Path;

use wasmtime::{Config, Engine, Linker, Module, Result, Store, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtxBuilder};

use crate::command::{Command, Output};
use crate::place;
use crate::raw::{FUEL, MEMORY};

/// Bytes that the command may print.
const PRINTED: usize = 64 * 1024 * 1024;

struct State {
    wasi: WasiP1Ctx,
    limits: StoreLimits,
}

/// The compiled command, linked with WASI.
pub struct Wasi {
    module: Module,
    linker: Linker<State>,
}

impl Wasi {
    /// Compiles `pkg/plugins/kubelet-audit.wasi.wasm`.
    pub fn load() -> Result<Self> {
        let mut config = Config::new();
        config.consume_fuel(true);
        let engine = Engine::new(&config)?;
        let mut linker = Linker::new(&engine);
        p1::add_to_linker_sync(&mut linker, |state: &mut State| &mut state.wasi)?;
        let module = Module::from_file(&engine, place::pkg("plugins/kubelet-audit.wasi.wasm"))?;
        Ok(Self { module, linker })
    }

    /// Runs the command, which can read only below `directory`.
    pub fn run(&self, command: &Command, directory: &Path) -> Result<Output> {
        self.run_within(command, directory, FUEL)
    }

    // #region run
    /// Runs the command with limited fuel.
    pub fn run_within(&self, command: &Command, directory: &Path, fuel: u64) -> Result<Output> {
        let (stdout, stderr) = (MemoryOutputPipe::new(PRINTED), MemoryOutputPipe::new(PRINTED));
        let wasi = WasiCtxBuilder::new()
            .arg("kubelet-audit")
            .args(&command.args)
            .stdin(MemoryInputPipe::new(command.stdin.clone()))
            .stdout(stdout.clone())
            .stderr(stderr.clone())
            .preopened_dir(directory, ".", FsPerms::ReadOnly)?
            .build_p1();
        let limits = StoreLimitsBuilder::new().memory_size(MEMORY).build();
        let mut store = Store::new(self.module.engine(), State { wasi, limits });
        store.limiter(|state| &mut state.limits);
        store.set_fuel(fuel)?;
        let instance = self.linker.instantiate(&mut store, &self.module)?;
        let start = instance.get_typed_func::<(), ()>(&mut store, "_start")?;
        let code = match start.call(&mut store, ()) {
            Ok(()) => 0,
            Err(error) => error.downcast::<I32Exit>()?.0,
        };
        let text = |pipe: MemoryOutputPipe| String::from_utf8(pipe.contents().to_vec());
        Ok(Output { stdout: text(stdout)?, stderr: text(stderr)?, code })
    }
    // #endregion
}
