//! Prepares text for libyaml-safer and rejects text that it cannot handle.
//!
//! libyaml-safer 0.3.0 panics if a block scalar or an escape runs into the end of the text, and if a tag in
//! a flow collection touches a comma. Its `%TAG` table is searched linearly.

use std::io::{self, BufRead, Read};

use libyaml_safer::{Encoding, Error, ScalarStyle, Scanner, TokenData};

use super::mark::{BOM, offset};
use super::syntax_error::{failure, syntax};
use crate::source::read_error::ReadError;
use crate::source::{Limits, Span};

/// go-yaml reads and checks 512 bytes at a time (`yamlprivateh.go` `input_raw_buffer_size`), so a control
/// character further after the first document is not found.
const CHUNK: usize = 512;

/// YAML 1.1's line breaks.
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// The maximum number of directives before a document.
const MAX_DIRECTIVES: usize = 32;

/// An upper bound on how far libyaml looks ahead for the `:` of a simple key.
const LOOK_AHEAD: usize = 2 * 1024;

/// Reads a text in chunks and adds a line break at its end if there is none.
pub(super) struct Chunks<'t> {
    rest: &'t str,
    pad: bool,
}

impl<'t> Chunks<'t> {
    /// A reader of `text`, which must not start with a byte order mark.
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text, pad: needs_pad(text) }
    }
}

/// Whether `text` ends without a line break, so that [`Chunks`] adds one.
pub(super) fn needs_pad(text: &str) -> bool {
    !text.ends_with(BREAKS)
}

impl BufRead for Chunks<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.rest.is_empty() {
            return Ok(if self.pad { b"\n" } else { b"" });
        }
        let mut end = self.rest.len().min(CHUNK);
        while !self.rest.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        Ok(self.rest.as_bytes().get(..end).unwrap_or(&[]))
    }

    fn consume(&mut self, amount: usize) {
        if self.rest.is_empty() {
            self.pad = self.pad && amount == 0;
        } else {
            self.rest = self.rest.get(amount..).unwrap_or("");
        }
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut chunk = self.fill_buf()?;
        let amount = chunk.read(out)?;
        self.consume(amount);
        Ok(amount)
    }
}

/// Rejects texts that libyaml-safer cannot handle.
pub(super) fn guard(text: &str) -> Result<(), ReadError> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let base = text.len().saturating_sub(body.len());
    let directives = directives(body);
    if directives > MAX_DIRECTIVES {
        return Err(syntax(
            Span::at(base),
            format!("found {directives} directives before the document"),
            "remove them; a kubelet configuration needs none",
        ));
    }
    match tag_touching_comma(body) {
        Tags::Harmless => Ok(()),
        Tags::Broken(err) => Err(failure(text, &err)),
        Tags::TouchesComma(at) => Err(syntax(
            Span::new(base.saturating_add(at), base.saturating_add(at).saturating_add(1)),
            "found a comma directly after a tag",
            "put a space between the tag and the comma, or remove the tag",
        )),
    }
}

/// The number of lines that start with `%` before the first line that is not blank, a comment or a
/// directive.
fn directives(body: &str) -> usize {
    let mut count = 0_usize;
    let mut line = body.trim_start();
    while line.starts_with(['#', '%']) {
        let before = body.get(..body.len().saturating_sub(line.len())).unwrap_or("");
        if line.starts_with('%') && (before.is_empty() || !needs_pad(before)) {
            count = count.saturating_add(1);
        }
        line = line.trim_start_matches(|c| !BREAKS.contains(&c)).trim_start();
    }
    count
}

/// The result of [`tag_touching_comma`].
enum Tags {
    Harmless,
    /// A tag token at this offset.
    TouchesComma(usize),
    /// The scanner failed before it returned every token in front of the error.
    Broken(Error),
}

/// Finds the first tag token with a comma in the same run of non-blank characters, whether or not it is in
/// a flow collection.
///
/// Only the scanner can tell whether a `!` starts a tag. It is therefore run on the text with each such `!`
/// replaced by `x`. Up to the first one that starts a token, its state is that of the original text. At that
/// one it returns a plain scalar instead of a tag.
fn tag_touching_comma(body: &str) -> Tags {
    let suspects = suspects(body);
    let Some(last) = suspects.last().copied() else { return Tags::Harmless };
    let mut harmless = body.as_bytes().to_vec();
    for at in &suspects {
        if let Some(byte) = harmless.get_mut(*at) {
            *byte = b'x';
        }
    }
    let Ok(harmless) = String::from_utf8(harmless) else { return Tags::Harmless };
    let mut scanner = Scanner::new();
    scanner.set_encoding(Encoding::Utf8);
    scanner.set_input(Chunks::new(&harmless));
    let mut depth = 0_usize;
    let mut deep_since: Option<usize> = None;
    let mut started = false;
    let mut delivered = 0;
    for token in scanner {
        let token = match token {
            Ok(token) => token,
            // The real parse meets the same error, unless a tag makes it panic before: the scanner holds
            // tokens back as long as a `:` can still make the first of them a key.
            Err(err) => {
                let waiting = suspects.iter().any(|at| *at > delivered);
                return if waiting { Tags::Broken(err) } else { Tags::Harmless };
            }
        };
        let at = offset(token.start_mark);
        delivered = at;
        // The real parse stops at its depth limit and does not look ahead further than this.
        if at > last || deep_since.is_some_and(|since| at > since.saturating_add(LOOK_AHEAD)) {
            return Tags::Harmless;
        }
        match token.data {
            TokenData::StreamEnd | TokenData::DocumentEnd => return Tags::Harmless,
            TokenData::DocumentStart if started => return Tags::Harmless,
            TokenData::StreamStart { .. }
            | TokenData::VersionDirective { .. }
            | TokenData::TagDirective { .. } => continue,
            TokenData::FlowSequenceStart | TokenData::FlowMappingStart => depth = depth.saturating_add(1),
            TokenData::FlowSequenceEnd | TokenData::FlowMappingEnd => depth = depth.saturating_sub(1),
            TokenData::Scalar { style: ScalarStyle::Plain, .. } if suspects.binary_search(&at).is_ok() => {
                return Tags::TouchesComma(at);
            }
            _ => {}
        }
        started = true;
        if depth <= Limits::MAX_DEPTH {
            deep_since = None;
        } else if deep_since.is_none() {
            deep_since = Some(at);
        }
    }
    Tags::Harmless
}

/// The offset of every `!` with a comma after it in the same run of non-blank characters.
fn suspects(body: &str) -> Vec<usize> {
    let bytes = body.as_bytes();
    let mut found = Vec::new();
    let mut comma = false;
    for (at, byte) in bytes.iter().enumerate().rev() {
        match byte {
            b',' => comma = true,
            b'!' if comma => found.push(at),
            b' ' | b'\t' | b'\n' | b'\r' => comma = false,
            _ => {}
        }
    }
    found.reverse();
    found
}
