//! The documentation of a control, as data.

use crate::report::Status;

/// The lines that the config file of every example begins with.
pub const HEAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

/// A control for readers, in our words; the texts of the benchmarks are licensed and not copied.
#[derive(Clone, Copy, Debug)]
pub struct Docs {
    /// What it checks.
    pub checks: &'static str,
    /// Why that matters.
    pub matters: &'static str,
    /// The edition whose row judges the examples.
    pub edition: &'static str,
    /// A kubelet that complies.
    pub compliant: Example,
    /// A kubelet that does not.
    pub violating: Example,
    /// How to fix a failure.
    pub remediation: &'static str,
    /// What surprises.
    pub edge_cases: &'static [&'static str],
    /// Where to look it up.
    pub references: &'static [&'static str],
}

/// A kubelet by its config file or by its command line, with the benchmark's verdict on it. A test
/// compares.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The config file after its head; `None` for a kubelet without one.
    pub config: Option<&'static str>,
    /// The command line after `kubelet`; empty where it does not matter.
    pub args: &'static [&'static str],
    /// The verdict.
    pub verdict: Status,
}

impl Example {
    /// A config file alone.
    pub const fn config(text: &'static str, verdict: Status) -> Self {
        Self { config: Some(text), args: &[], verdict }
    }

    /// A command line alone.
    pub const fn args(args: &'static [&'static str], verdict: Status) -> Self {
        Self { config: None, args, verdict }
    }

    /// Returns the whole config file.
    pub fn document(&self) -> Option<String> {
        self.config.map(|body| format!("{HEAD}{body}"))
    }
}
