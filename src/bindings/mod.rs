//! What other languages call.

#[cfg(all(feature = "js", target_arch = "wasm32", target_os = "unknown"))]
mod js;
#[cfg(all(feature = "js-cli", target_arch = "wasm32", target_os = "unknown"))]
mod js_cli;
