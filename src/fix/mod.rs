//! Fixes: what would mend a finding, as data, and made in the text.
//!
//! A fix is made in the smallest part of a text that will do, checked by reading the result anew as the
//! kubelet would, and refused where it does anything else than it should.

mod alternatives;
mod apply;
mod arguments;
mod diff;
pub mod docs;
mod edit;
mod patch;
mod plan;
mod planner;
mod platform;
mod proof;
mod report_fixes;
pub mod safety;
mod spelling;
mod texts;

#[cfg(test)]
mod edit_properties;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub(crate) use apply::attach;
pub use apply::{Options, fix};
pub use edit::text::Edit;
pub use edit::{Change, edit};
pub use plan::fixes;
pub use planner::Route;
pub use platform::{PLATFORMS, Platform};
pub use report_fixes::{apply_fixes, apply_fixes_json};
