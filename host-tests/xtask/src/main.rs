//! `cargo x`: the one entry to demo, build, test and check.
mod vectors;
fn main() {
    let files: Vec<String> = std::env::args().skip(2).collect();
    let t = vectors::run(&files).unwrap();
    for d in &t.disagreements {
        println!("{} {} {} expected {} got {}", d.id, d.version, d.field, d.expected, d.got);
    }
    println!("agree {} of {}", t.agree, t.total);
}
