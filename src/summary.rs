//! Counts over targets, and the report that many targets make together.

use crate::report::{Report, SCHEMA_VERSION, Status, Summary, Target, Tool};

impl Report {
    /// The report on these targets, with their counts.
    pub fn of(targets: Vec<Target>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION.into(),
            tool: Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() },
            summary: Summary::of(&targets),
            targets,
        }
    }
}

impl Summary {
    /// Counts the findings of `targets` by status, and the targets that hold errors.
    pub fn of(targets: &[Target]) -> Self {
        let mut summary = Self {
            targets: u32::try_from(targets.len()).unwrap_or(u32::MAX),
            unreadable: 0,
            pass: 0,
            fail: 0,
            manual: 0,
            not_applicable: 0,
            error: 0,
        };
        for target in targets {
            if !target.errors.is_empty() {
                add_one(&mut summary.unreadable);
            }
            for finding in &target.findings {
                add_one(match finding.status {
                    Status::Pass => &mut summary.pass,
                    Status::Fail => &mut summary.fail,
                    Status::Manual => &mut summary.manual,
                    Status::NotApplicable => &mut summary.not_applicable,
                    Status::Error => &mut summary.error,
                });
            }
        }
        summary
    }
}

fn add_one(count: &mut u32) {
    *count = count.saturating_add(1);
}
