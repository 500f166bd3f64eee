//! Positions of libyaml-safer.

use libyaml_safer::Mark;

/// The byte order mark, which the scanner neither reads nor counts.
pub(super) const BOM: char = '\u{FEFF}';

/// The offset of a mark in bytes.
///
/// INVARIANT: libyaml-safer counts bytes here, whatever libyaml's own marks count.
pub(super) fn offset(mark: Mark) -> usize {
    usize::try_from(mark.index).unwrap_or(usize::MAX)
}
