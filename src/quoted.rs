//! Texts in quotes, for messages.

/// The text in double quotes, with every character that is not seen as itself written as an escape.
pub(crate) fn quoted(text: &str) -> String {
    format!("{text:?}")
}
