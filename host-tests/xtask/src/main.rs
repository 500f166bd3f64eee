//! `cargo x`: the one entry to demo, build, test and check.
fn main() {}
