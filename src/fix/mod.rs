//! Fixes: what would mend a finding, as data, and made in the text.
//!
//! A fix is made in the smallest part of a text that will do, checked by reading the result anew as the
//! kubelet would, and refused where it does anything else than it should.

mod alternatives;
mod apply;
mod arguments;
mod diff;
pub mod docs;
mod door;
mod edit;
mod flow;
mod patch;
mod plan;
mod platform;
mod proof;
pub mod safety;
mod spelling;
mod text;
mod texts;
mod value;
mod yaml;

#[cfg(test)]
mod edit_properties;
#[cfg(test)]
mod edit_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub(crate) use apply::attach;
pub use apply::{Options, fix};
pub use door::{apply_fixes, apply_fixes_json};
pub use edit::{Change, edit};
pub use plan::{Route, fixes};
pub use platform::{PLATFORMS, Platform};
pub use text::Edit;
