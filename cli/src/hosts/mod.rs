//! The hosts of the command: native and WASI through std, Node through wasm-bindgen.

#[cfg(unix)]
#[path = "directory_unix.rs"]
mod directory;
#[cfg(any(windows, target_os = "wasi"))]
#[path = "directory_std.rs"]
mod directory;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod javascript;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod native;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod outputs;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod program;
#[cfg(any(unix, windows))]
mod replace;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod temporary;
#[cfg(target_os = "wasi")]
mod wasi;
