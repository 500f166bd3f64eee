//! The page of limits, with the values that the sources have.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// One limit: what it bounds, where its constant is, what is counted, and what happens beyond it.
struct Limit {
    bounds: &'static str,
    file: &'static str,
    constant: &'static str,
    unit: Unit,
    beyond: &'static str,
}

enum Unit {
    Bytes,
    Count,
}

const LIMITS: &[Limit] = &[
    Limit {
        bounds: "Size of a document, by default",
        file: "src/source/limits.rs",
        constant: "DEFAULT_BYTES",
        unit: Unit::Bytes,
        beyond: "error `too-large`; `--max-bytes` and `maxBytes` set another limit",
    },
    Limit {
        bounds: "Size of a document, at most",
        file: "src/source/limits.rs",
        constant: "MAX_BYTES",
        unit: Unit::Bytes,
        beyond: "error `too-large`",
    },
    Limit {
        bounds: "Levels of nested objects and lists",
        file: "src/source/limits.rs",
        constant: "DEPTH",
        unit: Unit::Count,
        beyond: "error `too-deep`",
    },
    Limit {
        bounds: "Nodes of a document, with expanded aliases: as many as its limit in bytes, and at least this many",
        file: "src/source/limits.rs",
        constant: "MIN_NODES",
        unit: Unit::Count,
        beyond: "error `too-many-nodes`; `excessive-aliasing` where go-yaml refuses first",
    },
    Limit {
        bounds: "Kubelets in one text of Kubernetes objects",
        file: "src/objects/kubelet.rs",
        constant: "MAX_KUBELETS",
        unit: Unit::Count,
        beyond: "an error; split the text",
    },
    Limit {
        bounds: "The kubelet's arguments after variables are expanded",
        file: "src/command_line/expansion.rs",
        constant: "MAX_BYTES",
        unit: Unit::Bytes,
        beyond: "error `too-large`; Linux starts no process with more",
    },
    Limit {
        bounds: "Diagnostics of one command line",
        file: "src/command_line/diagnostic_sink.rs",
        constant: "MOST",
        unit: Unit::Count,
        beyond: "later ones are dropped",
    },
    Limit {
        bounds: "Files and directories below one directory (command)",
        file: "cli/src/inputs/layers.rs",
        constant: "MOST_ENTRIES",
        unit: Unit::Count,
        beyond: "error `too-large`",
    },
    Limit {
        bounds: "Size of a waivers or baseline file (command)",
        file: "cli/src/gate/own_file.rs",
        constant: "MOST",
        unit: Unit::Bytes,
        beyond: "exit code 2",
    },
    Limit {
        bounds: "Groups of equal answers for one control (`summary.groups`)",
        file: "cli/src/output/fleet.rs",
        constant: "MOST_ANSWERS",
        unit: Unit::Count,
        beyond: "one more group holds all others",
    },
];

pub(super) fn page(root: &Path) -> Result<String, String> {
    let mut text = "# Limits\n\nA limit that is reached is an error with a code of its own. Nothing is read in part and then \
                    judged.\n\n| What is bounded | Limit | Beyond it |\n| --- | --- | --- |\n"
        .to_owned();
    for limit in LIMITS {
        let path = root.join(limit.file);
        let source = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let value = constant(&source, limit.constant);
        let value = value.ok_or_else(|| format!("{} has no constant {}", limit.file, limit.constant))?;
        let value = match limit.unit {
            Unit::Bytes => bytes(value),
            Unit::Count => grouped(value),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {} | {value} | {} |", limit.bounds, limit.beyond);
    }
    Ok(text)
}

/// The value of `const NAME: TYPE = ...;`: numbers with `*` or `<<` between them.
fn constant(source: &str, name: &str) -> Option<u64> {
    let (_, definition) = source.split_once(&format!("const {name}: "))?;
    let (_, value) = definition.split_once(';')?.0.split_once('=')?;
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
    match value.split_once("<<") {
        Some((base, shift)) => number(base)?.checked_shl(u32::try_from(number(shift)?).ok()?),
        None => value.split('*').try_fold(1_u64, |product, factor| product.checked_mul(number(factor)?)),
    }
}

fn bytes(count: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    match count {
        _ if count.is_multiple_of(MIB) => format!("{} MiB", count / MIB),
        _ if count.is_multiple_of(KIB) => format!("{} KiB", count / KIB),
        _ => format!("{} bytes", grouped(count)),
    }
}

/// A number with a comma between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (left, digit) in (0..digits.len()).rev().zip(digits.chars()) {
        text.push(digit);
        if left > 0 && left % 3 == 0 {
            text.push(',');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{bytes, constant, grouped};

    #[test]
    fn constants_are_read_with_their_products_and_shifts() {
        let source = "const A: usize = 16 * 1024 * 1024;\n    pub const B: u64 = 6 << 20;\nconst C: usize = 10_000;\nconst D: usize = A + 1;\n";
        assert_eq!(
            ["A", "B", "C"].map(|name| constant(source, name)),
            [Some(16 << 20), Some(6 << 20), Some(10_000)]
        );
        assert_eq!(["D", "E"].map(|name| constant(source, name)), [None, None]);
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!([16 << 20, 64 << 10, 1500].map(bytes), ["16 MiB", "64 KiB", "1,500 bytes"]);
        assert_eq!([7, 100, 10_000, 1_234_567].map(grouped), ["7", "100", "10,000", "1,234,567"]);
    }
}
