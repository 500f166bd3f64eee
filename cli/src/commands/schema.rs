//! `kubelet-audit schema`

use crate::args::options::SchemaName;

/// The JSON Schema of this name. Those of the wire types are generated from the Rust types; a test of
/// `wire-types` holds the copies here against them.
pub(crate) const fn text(name: SchemaName) -> &'static str {
    match name {
        SchemaName::Report => include_str!("schemas/report-2.json"),
        SchemaName::Request => include_str!("schemas/request-2.json"),
        SchemaName::Waivers => include_str!("schemas/waivers-1.json"),
        SchemaName::Baseline => include_str!("schemas/baseline-1.json"),
    }
}
