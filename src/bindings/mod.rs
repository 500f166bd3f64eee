//! What other languages call.

#[cfg(all(feature = "js", target_arch = "wasm32", target_os = "unknown"))]
mod js;
#[cfg(all(feature = "js-full", target_arch = "wasm32", target_os = "unknown"))]
mod js_full;
#[cfg(all(feature = "js-full", target_arch = "wasm32", target_os = "unknown"))]
mod js_object;
