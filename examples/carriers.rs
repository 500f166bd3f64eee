//! Prints the table of everything that kubelet settings are read from, as Markdown.

#![expect(clippy::print_stdout, reason = "it is what the example is for")]

use kubelet_audit::objects::CARRIERS;

fn main() {
    println!("# Carriers\n");
    println!(
        "What kubelet settings are read from, beside a kubelet's own config file, its drop-ins, its command line and"
    );
    println!(
        "the answer of `/configz`. What reaches the same kubelet is one target; flags win. A file that sets nothing for"
    );
    println!("a kubelet is named and not audited.\n");
    println!("| Carrier | Recognized by | Settings | Version | Definition |");
    println!("| --- | --- | --- | --- | --- |");
    for carrier in CARRIERS.iter().flat_map(|family| family.iter()) {
        let kinds: Vec<String> = carrier.kinds().iter().map(|kind| format!("`{kind}`")).collect();
        let kinds = if kinds.is_empty() { "its first lines".to_owned() } else { kinds.join(", ") };
        let (name, settings, version, source) =
            (carrier.name, carrier.settings, carrier.version, carrier.source);
        println!("| {name} | {kinds} | {settings} | {version} | {source} |");
    }
}
