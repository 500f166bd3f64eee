//! Fixes: what would mend a finding, as data, and made in the text.
//!
//! A fix is made in the smallest part of a text that will do, checked by reading the result anew as the
//! kubelet would, and refused where it does anything else than it should.

mod apply;
mod arguments;
mod diff;
mod edit;
mod flow;
mod patch;
mod plan;
mod platform;
pub mod safety;
mod spelling;
mod text;
mod value;
mod yaml;

#[cfg(test)]
mod edit_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use apply::{Applied, Options, apply_fixes, fix};
pub use edit::{Change, edit};
pub use plan::fixes;
pub use platform::{PLATFORMS, Platform};
pub use text::Edit;
