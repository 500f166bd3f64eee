//! The command, native and for WASI.

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
fn main() -> std::process::ExitCode {
    kubelet_audit_cli::hosts::program::main()
}

/// There are neither arguments nor files; Node's command comes through the library.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
fn main() {}
