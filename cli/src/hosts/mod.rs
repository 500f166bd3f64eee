//! The machines that the command runs on, and where it is started on each.

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod javascript;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod native;
#[cfg(any(unix, windows))]
mod replace;
#[cfg(target_os = "wasi")]
mod wasi;
