//! Benchmark editions as data: which controls they have, under which numbers, and what each asks.
//!
//! A control's identity is our slug; numbers, titles, levels and pass conditions belong to the
//! edition. Titles and numbers are the benchmarks' names for their controls.

use crate::report::Assessment;

/// An edition of a benchmark.
#[derive(Debug)]
pub struct Edition {
    /// Its name: `cis-aks-1.7`.
    pub id: &'static str,
    /// Other names it is known by, kube-bench's among them.
    pub aliases: &'static [&'static str],
    /// Its rows, in its order.
    pub rows: &'static [Row],
}

/// One control as an edition has it.
#[derive(Debug)]
pub struct Row {
    /// Its number there.
    pub number: &'static str,
    /// Its title there.
    pub title: &'static str,
    /// Our slug.
    pub control: &'static str,
    /// Profile level; `None` where no source tells.
    pub level: Option<u8>,
    /// By a program or by a person.
    pub assessment: Assessment,
    /// What it asks for.
    pub rule: Rule,
}

/// What a row asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The feature gate is written and true; absent is a failure although the gate is on by default.
    GateWrittenTrue,
}

/// The edition used where none is named: the one this product began with.
pub const DEFAULT_EDITION: &str = "cis-aks-1.7";

/// Every edition.
pub const EDITIONS: &[Edition] = &[Edition {
    id: "cis-aks-1.7",
    aliases: &["aks-1.7"],
    rows: &[Row {
        number: "3.2.9",
        title: "Ensure that the RotateKubeletServerCertificate argument is set to true",
        control: "rotate-kubelet-server-certificate",
        level: Some(1),
        assessment: Assessment::Automated,
        rule: Rule::GateWrittenTrue,
    }],
}];

/// The edition of this name.
pub fn edition(name: &str) -> Option<&'static Edition> {
    EDITIONS.iter().find(|edition| edition.id == name || edition.aliases.contains(&name))
}
