//! Errors of the YAML reader.

use libyaml_safer::{Error, ErrorKind};

use super::mark::{BOM, offset};
use crate::source::Span;
use crate::source::diagnostic::Code;
use crate::source::read_error::{ReadError, error};

/// Returns an error with the code for YAML syntax.
pub(super) fn syntax(span: Span, message: impl Into<String>, help: impl Into<String>) -> ReadError {
    error(Code::YamlSyntax, span, message, help)
}

/// Converts an error of libyaml-safer: adds help, and a span of the whole text.
pub(super) fn failure(text: &str, err: &Error) -> ReadError {
    let base = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    if err.kind() == ErrorKind::Reader {
        // The error has no offset, but it is about the first such character.
        let found = text.char_indices().find(|(at, c)| *at >= base && !is_allowed(*c));
        let (at, c) = found.unwrap_or((text.len(), '\u{FFFD}'));
        return syntax(
            Span::new(at, at.saturating_add(c.len_utf8()).min(text.len())),
            format!("found control character U+{:04X}", u32::from(c)),
            "remove it, or use an escape in a double-quoted string",
        );
    }
    let mark = if err.problem() == "found unexpected end of stream" { err.context_mark() } else { None };
    // For an unterminated value, its start is more useful than the end of the document.
    let at = mark.or(err.problem_mark()).map_or(0, offset).saturating_add(base).min(text.len());
    let found = text.get(at..).and_then(|rest| rest.chars().next());
    let message = match err.context() {
        Some(context) => format!("{} {context}", err.problem()),
        None => err.problem().to_owned(),
    };
    let help = if found == Some('\t') || err.problem().contains("tab character") {
        "indent with spaces; YAML does not allow tabs here"
    } else if err.problem().starts_with("mapping values are not allowed") {
        "check the indentation, and quote strings that contain ': '"
    } else if matches!(found, Some('@' | '`' | '%')) && err.problem().contains("cannot start any token") {
        "quote the string; an unquoted string cannot start with this character"
    } else {
        "fix the YAML syntax; the kubelet rejects the whole document"
    };
    syntax(Span::new(at, at.saturating_add(found.map_or(0, char::len_utf8))), message, help)
}

/// Whether go-yaml v2 accepts the character (`readerc.go`).
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
}
