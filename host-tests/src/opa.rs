//! The policy in the crate opa-wasm.

use opa_wasm::{DefaultContext, Policy, Runtime};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime as Executor};
use wasmtime::{Engine, Module, Store};

use crate::bounded::Bounded;
use crate::place;

/// What its functions fail with.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// A policy with its data.
pub struct Opa {
    executor: Executor,
    store: Store<Bounded>,
    policy: Policy<DefaultContext>,
}

impl Opa {
    /// Loads `pkg/plugins/kubelet-audit.opa.wasm`, with this data document.
    pub fn load(data: &Value) -> Result<Self, Error> {
        let executor = Builder::new_current_thread().build()?;
        let (store, policy) = executor.block_on(load(data))?;
        Ok(Self { executor, store, policy })
    }

    /// Returns the result set of an entrypoint for an input.
    pub fn evaluate(&mut self, entrypoint: &str, input: &Value) -> Result<Value, Error> {
        // #region evaluate
        let answer = self.policy.evaluate(&mut self.store, entrypoint, input);
        let results = self.executor.block_on(answer)?;
        // #endregion
        Ok(results)
    }

    /// Returns the instance's memory in bytes.
    pub fn memory_bytes(&self) -> u64 {
        self.store.data().bytes as u64
    }
}

// #region load
async fn load(data: &Value) -> Result<(Store<Bounded>, Policy<DefaultContext>), Error> {
    let engine = Engine::default();
    let module = Module::from_file(&engine, place::pkg("plugins/kubelet-audit.opa.wasm"))?;
    let mut store = Store::new(&engine, Bounded::default());
    store.limiter(|limits| limits);
    let runtime = Runtime::new(&mut store, &module).await?;
    let policy = runtime.with_data(&mut store, data).await?;
    Ok((store, policy))
}
// #endregion
