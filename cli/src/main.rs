//! The command, native and WASI.

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
fn main() -> std::process::ExitCode {
    kubelet_audit::cli::std_main()
}

/// There are neither arguments nor files; Node's command comes through the library.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
fn main() {}
