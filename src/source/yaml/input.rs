//! What libyaml-safer is given to read, and what it must not be given.
//!
//! libyaml-safer 0.3.0 panics where a block scalar or an escape runs into the end of the text, and
//! where a tag in a flow collection touches a comma; its `%TAG` table is searched line by line. No
//! text that does so may reach it.

use std::io::{self, BufRead, Read};

use libyaml_safer::{Encoding, Error, ScalarStyle, Scanner, TokenData};

use super::mark::{BOM, offset};
use super::syntax_error::{failure, syntax};
use crate::source::read_error::ReadError;
use crate::source::{Limits, Span};

/// go-yaml reads, and judges the characters of, 512 bytes at a time (`yamlprivateh.go`
/// `input_raw_buffer_size`): a control character further behind the first document goes unseen.
const CHUNK: usize = 512;

/// YAML 1.1's line breaks.
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// More directives than this before a document are refused.
const MAX_DIRECTIVES: usize = 32;

/// How far libyaml looks ahead for the `:` of a simple key, with room to spare.
const LOOK_AHEAD: usize = 2 * 1024;

/// A text in chunks, with a line break at its end.
pub(super) struct Chunks<'t> {
    rest: &'t str,
    pad: bool,
}

impl<'t> Chunks<'t> {
    /// `text` is without byte order mark.
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text, pad: needs_pad(text) }
    }
}

/// Whether `text` ends without line break, so that [`Chunks`] adds one.
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

/// Refuses what libyaml-safer cannot be given.
pub(super) fn guard(text: &str) -> Result<(), ReadError> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let base = text.len().saturating_sub(body.len());
    let directives = directives(body);
    if directives > MAX_DIRECTIVES {
        return Err(syntax(
            Span::at(base),
            format!("found {directives} directives before the document"),
            "take them out: a kubelet configuration needs none",
        ));
    }
    match tag_touching_comma(body) {
        Tags::Harmless => Ok(()),
        Tags::Broken(err) => Err(failure(text, &err)),
        Tags::TouchesComma(at) => Err(syntax(
            Span::new(base.saturating_add(at), base.saturating_add(at).saturating_add(1)),
            "found a comma directly after a tag",
            "put white space between the tag and the comma, or take the tag out",
        )),
    }
}

/// How many lines begin with a `%` before the first one that is neither blank nor a comment nor a
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

/// What [`tag_touching_comma`] has found.
enum Tags {
    Harmless,
    /// A tag token at this offset.
    TouchesComma(usize),
    /// The scanner fails, and what stands before that place has not come out of it.
    Broken(Error),
}

/// Where a tag token stands with a comma in the same word, inside a flow collection or not.
///
/// Whether a `!` starts a tag only the scanner knows. So it is given the text with an `x` in the
/// place of each such `!`: up to the first one that starts a token its state is that of the true
/// text, and at that one it makes a plain scalar, or the start of one, instead of a tag.
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
            // The reading proper meets the same error, unless it stumbles on a tag on the way: tokens
            // wait in the scanner as long as a `:` can still make a key of the first of them.
            Err(err) => {
                let waiting = suspects.iter().any(|at| *at > delivered);
                return if waiting { Tags::Broken(err) } else { Tags::Harmless };
            }
        };
        let at = offset(token.start_mark);
        delivered = at;
        // The reading proper stops at its depth limit, having looked ahead no further than this.
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

/// Every `!` with a comma after it in the same word.
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
