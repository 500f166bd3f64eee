//! Link arguments of the OPA policy.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // The host brings the memory; some hosts look for it among the exports all the same.
        println!("cargo::rustc-link-arg-cdylib=--import-memory");
        println!("cargo::rustc-link-arg-cdylib=--export-memory");
        // As in the raw module: the readers bound their depth, so that this is several times the need.
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=262144");
    }
}
