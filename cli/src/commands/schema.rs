//! `kubelet-audit schema`

use crate::args::SchemaName;

/// Returns the JSON Schema of a file format. The copies here are generated from the Rust types, which a test of
/// `wire-types` verifies.
pub(crate) const fn text(name: SchemaName) -> &'static str {
    match name {
        SchemaName::Report => include_str!("schemas/report-2.json"),
        SchemaName::Request => include_str!("schemas/request-2.json"),
        SchemaName::Waivers => include_str!("schemas/waivers-1.json"),
        SchemaName::Baseline => include_str!("schemas/baseline-1.json"),
    }
}
