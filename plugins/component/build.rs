//! Link arguments of the component's module.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // As in the raw module: the readers bound their depth, so that this is several times the need.
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=262144");
    }
}
