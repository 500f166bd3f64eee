//! Bytes to text.

use std::borrow::Cow;

use super::tree::ReadError;
use super::{Limits, Span};
use crate::diagnostic::Code;

/// The text in `bytes`.
pub fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError {
            code: Code::TooLarge,
            message: format!("the text is larger than {} bytes", limits.bytes),
            help: String::new(),
            span: Span::at(limits.bytes),
        });
    }
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| ReadError {
        code: Code::InvalidUtf8,
        message: "the bytes are not valid UTF-8".into(),
        help: String::new(),
        span: Span::new(error.valid_up_to(), error.valid_up_to().saturating_add(1)),
    })
}
