//! Link arguments of the Kubewarden policy.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // The linker's own megabyte is most of what an instance costs. The readers bound their depth,
        // so that this is several times what they need (a host test goes to the bound).
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=262144");
    }
}
