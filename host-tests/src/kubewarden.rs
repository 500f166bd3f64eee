//! The Kubewarden policy in what Kubewarden's policy-server is made of: the crates wapc and
//! wasmtime-provider.

use serde_json::{Value, json};
use wapc::WapcHost;
use wasmtime_provider::{ResourceLimits, WasmtimeEngineProviderBuilder};

use crate::doors::Error;
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

    /// What the policy decides on a request of the library, as a raw policy.
    pub fn decides(&self, request: &Value) -> Result<Value, Error> {
        let request = match request {
            Value::String(text) => json!({ "config": text }),
            other => other.clone(),
        };
        // The policy's own limit is higher.
        self.call("validate", &json!({ "request": request, "settings": { "maxBytes": 1024 * 1024 } }))
    }
}

/// Whether a decision follows from a report of the same request; why not, where it does not.
pub fn follows(report: &Value, decision: &Value) -> Result<(), String> {
    let targets = report["targets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (mut reasons, mut is_unreadable) = (Vec::new(), false);
    for target in targets {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let errors = list(&target["errors"]);
        is_unreadable |= !errors.is_empty();
        let stops = target["kubelet"]["starts"] == false;
        let is_partial = !list(&target["kubelet"]["missingLayers"]).is_empty();
        if stops && errors.is_empty() {
            reasons.extend(list(&target["kubelet"]["errors"]).iter().map(|error| error["message"].clone()));
        }
        reasons.extend(errors.iter().map(|error| error["message"].clone()));
        for finding in list(&target["findings"]) {
            // What an object leaves to others is a warning; what follows from a kubelet that stops is said once.
            let is_refused =
                finding["status"] == "fail" || finding["status"] == "error" && !is_partial && !stops;
            if is_refused && !target["kubelet"].is_null() {
                reasons.push(finding["message"].clone());
            }
        }
    }
    let accepted = reasons.is_empty();
    if decision["accepted"] != accepted {
        return Err(format!("accepted is {}, and the report has {reasons:?}", decision["accepted"]));
    }
    let code = match (accepted, is_unreadable) {
        (true, _) => Value::Null,
        (false, true) => 400.into(),
        (false, false) => 403.into(),
    };
    if decision["code"] != code {
        return Err(format!("code is {}, not {code}", decision["code"]));
    }
    let message = decision["message"].as_str().unwrap_or_default();
    let missing = reasons.iter().filter_map(Value::as_str).find(|reason| !message.contains(reason));
    match missing {
        Some(reason) => Err(format!("the message does not say {reason:?}: {message}")),
        None => Ok(()),
    }
}
