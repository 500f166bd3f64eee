//! The command, native and WASI.
fn main() {}
