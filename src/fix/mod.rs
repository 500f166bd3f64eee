//! Fixes: what would mend a finding, as data, and made in the text.
//!
//! A fix is made in the smallest part of a text that will do, checked by reading the result anew as the
//! kubelet would, and refused where it does anything else than it should.

mod edit;
mod flow;
mod text;
mod value;
mod yaml;

#[cfg(test)]
mod edit_tests;

pub use edit::{Change, edit};
pub use text::Edit;
