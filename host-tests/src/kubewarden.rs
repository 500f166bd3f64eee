//! The Kubewarden policy in what Kubewarden's policy-server is made of: the crates wapc and
//! wasmtime-provider.

use serde_json::{Value, json};
use wapc::WapcHost;
use wasmtime_provider::{ResourceLimits, WasmtimeEngineProviderBuilder};

use crate::hosts::Error;
use crate::place;

/// A policy in its host.
pub struct Kubewarden {
    host: WapcHost,
}

impl Kubewarden {
    // #region load
    /// Loads `pkg/plugins/kubelet-audit.kubewarden.wasm`, with a bound on its memory.
    pub fn load(memory_bytes: usize) -> Result<Self, Error> {
        let module = std::fs::read(place::pkg("plugins/kubelet-audit.kubewarden.wasm"))?;
        let limits = ResourceLimits { max_memory_size: Some(memory_bytes), ..ResourceLimits::default() };
        let provider = WasmtimeEngineProviderBuilder::new()
            .module_bytes(&module)
            .enable_resource_limits(limits)
            .build()?;
        Ok(Self { host: WapcHost::new(Box::new(provider), None)? })
    }

    /// One operation: `validate`, `validate_settings`, `protocol_version`.
    pub fn call(&self, operation: &str, message: &Value) -> Result<Value, Error> {
        let answer = self.host.call(operation, message.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&answer)?)
    }
    // #endregion

    /// Returns the decision on a request of the library, as a raw policy.
    pub fn decides(&self, request: &Value) -> Result<Value, Error> {
        let request = match request {
            Value::String(text) => json!({ "config": text }),
            other => other.clone(),
        };
        // The policy's own limit is higher.
        self.call("validate", &json!({ "request": request, "settings": { "maxBytes": 1024 * 1024 } }))
    }
}
