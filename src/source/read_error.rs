//! Errors that end the reading of a document.

use super::Limits;
use super::diagnostic::Code;
use super::place::Span;

/// Why a document could not be read. Boxed to keep results of the readers small.
pub type ReadError = Box<ReadFault>;

/// The content of a [`ReadError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFault {
    /// The kind of error.
    pub code: Code,
    /// What is wrong: lower-case, without a final period.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Where the error is in the text.
    pub span: Span,
}

/// Returns a [`ReadError`] made of its parts.
pub(super) fn error(
    code: Code,
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> ReadError {
    Box::new(ReadFault { code, message: message.into(), help: help.into(), span })
}

pub(super) fn check_size(bytes: usize, limits: &Limits) -> Result<(), ReadError> {
    if bytes <= limits.bytes {
        return Ok(());
    }
    Err(error(
        Code::TooLarge,
        Span::at(limits.bytes),
        format!("the document is too large: {bytes} bytes (limit {})", limits.bytes),
        "check that this is a kubelet configuration, or raise the limit",
    ))
}

pub(super) fn too_deep(span: Span, limit: usize) -> ReadError {
    error(
        Code::TooDeep,
        span,
        format!("objects and lists are nested more than {limit} levels deep"),
        "check that this is a kubelet configuration; none nests this deeply",
    )
}

pub(super) fn too_many_nodes(span: Span, limit: usize) -> ReadError {
    error(
        Code::TooManyNodes,
        span,
        format!("the document has more than {limit} values"),
        "check that this is a kubelet configuration, or raise the limit",
    )
}
