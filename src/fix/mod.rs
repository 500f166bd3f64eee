//! Fixes of findings, as data and as edits of the texts.
//!
//! A fix edits the smallest possible part of a text. The result is read again as the kubelet reads it, and the
//! fix is refused if it has any other effect.

mod alternatives;
mod apply;
mod arguments;
mod diff;
pub mod docs;
mod edit;
mod edited_text;
mod patch;
mod plan;
mod planner;
mod platform;
mod proof;
mod report_fixes;
pub mod spelling;

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
