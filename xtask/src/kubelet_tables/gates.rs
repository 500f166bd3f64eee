//! The table of feature gates.

use super::{Row, Table, Universe};

/// What stands before the rows.
const HEAD: &str = r#"//! Every feature gate of a kubelet, by minor version. Generated from `oracle/tables/gates.json` by `cargo x gen`.

use super::Minors;
use super::gate::{FeatureSpec, Gate, Maturity};

const fn spec(maturity: Maturity, first: u8, last: u8) -> FeatureSpec {
    let default = matches!(maturity, Maturity::Ga);
    FeatureSpec { minors: Minors { first, last }, maturity, default, locked: false }
}

/// Alpha in these minor versions: off by default unless [`FeatureSpec::on`].
const fn alpha(first: u8, last: u8) -> FeatureSpec {
    spec(Maturity::Alpha, first, last)
}

/// Beta in these minor versions: off by default unless [`FeatureSpec::on`].
const fn beta(first: u8, last: u8) -> FeatureSpec {
    spec(Maturity::Beta, first, last)
}

/// Generally available in these minor versions: on by default unless [`FeatureSpec::off`].
const fn ga(first: u8, last: u8) -> FeatureSpec {
    spec(Maturity::Ga, first, last)
}

/// Deprecated in these minor versions: off by default unless [`FeatureSpec::on`].
const fn deprecated(first: u8, last: u8) -> FeatureSpec {
    spec(Maturity::Deprecated, first, last)
}

impl FeatureSpec {
    /// The same spec, on by default.
    const fn on(self) -> Self {
        Self { default: true, ..self }
    }
@OFF@
    /// The same spec, locked to its default.
    const fn locked(self) -> Self {
        Self { locked: true, ..self }
    }
}

const fn gate(name: &'static str, specs: &'static [FeatureSpec]) -> Gate {
    Gate { name, specs }
}

/// Every gate, sorted by name, with its specs by version, oldest first.
#[rustfmt::skip]
pub(super) static GATES: &[Gate] = &[
"#;

/// A method that the table needs only with a gate that is off although generally available.
const OFF: &str = r"
    /// The same spec, off by default.
    const fn off(self) -> Self {
        Self { default: false, ..self }
    }
";

/// The text of the file. The two gates that stand for all of a maturity are no gates of their own.
pub(super) fn written(table: &Table, universe: &Universe) -> String {
    let gates = table.iter().filter(|(name, _)| !matches!(name.as_str(), "AllAlpha" | "AllBeta"));
    let rows: String = gates.map(|(name, rows)| line(name, rows, universe)).collect();
    let head = if rows.contains(".off()") {
        HEAD.replace("@OFF@", OFF)
    } else {
        HEAD.replace("@OFF@", "").replace(" unless [`FeatureSpec::off`]", "")
    };
    format!("{head}{rows}];\n")
}

fn line(name: &str, rows: &[Row], universe: &Universe) -> String {
    let mut specs: Vec<(u8, String)> = Vec::new();
    for row in rows {
        for (first, last) in universe.runs(&row.minors) {
            specs.push((first, format!("{}({first}, {last}){}", maturity(row), suffix(row))));
        }
    }
    specs.sort();
    let specs: Vec<String> = specs.into_iter().map(|(_, spec)| spec).collect();
    format!("    gate({name:?}, &[{}]),\n", specs.join(", "))
}

fn maturity(row: &Row) -> &'static str {
    match row.text("stage") {
        "ALPHA" => "alpha",
        "BETA" => "beta",
        "DEPRECATED" => "deprecated",
        _ => "ga",
    }
}

fn suffix(row: &Row) -> String {
    let default = match (maturity(row), row.is("default")) {
        ("ga", false) => ".off()",
        ("ga", true) | (_, false) => "",
        (_, true) => ".on()",
    };
    let locked = if row.is("lockToDefault") { ".locked()" } else { "" };
    format!("{default}{locked}")
}
