//! What other languages call.

#[cfg(all(feature = "js", target_arch = "wasm32", target_os = "unknown"))]
mod js;
