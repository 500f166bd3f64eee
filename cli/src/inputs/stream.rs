//! What is read piece by piece: a document as a whole, or JSON values one after another, of which no
//! more than one is held.

use kubelet_audit::report::Point;
use kubelet_audit::source::Limits;

use crate::host::{Host, HostError, HostErrorKind};
use crate::inputs::rows;

/// Most bytes of one value. It is one more than any document may have: whether a document is too large,
/// and for which limit, is for its reader to say, in the same words for every host.
const MOST: usize = Limits::MAX_BYTES + 1;
/// Bytes handed out that may stay in memory before the rest is moved down.
const HANDED_OUT: usize = 256 * 1024;
/// Levels of nesting that are followed. No configuration has so many, and so the lines that one broken
/// value can swallow are limited.
const DEEPEST: usize = 128;

/// How a stream is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As one document.
    Whole,
    /// As JSON objects, one after another: NDJSON, or answers of `kubectl get --raw` in a row.
    Sequence,
    /// As a JSON list of objects.
    List,
}

/// A file or standard input while it is read.
#[derive(Debug)]
pub(crate) struct Stream {
    bytes: Vec<u8>,
    /// Where the bytes begin that were not handed out yet.
    at: usize,
    /// Where that is in the file.
    place: Point,
    ended: bool,
    form: Form,
    /// Up to here values are cut by lines alone, for one of them is broken.
    fence: usize,
}

/// A value cut out of a stream.
#[derive(Debug)]
pub(crate) struct Record {
    /// Its bytes; whether they are JSON is not known.
    pub(crate) bytes: Vec<u8>,
    /// Where it starts in the file.
    pub(crate) start: Point,
    /// Why it cannot be read, where that is known.
    pub(crate) fault: Option<Fault>,
}

/// What is wrong with a record beyond its own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It has more bytes than any document may have.
    TooLarge,
    /// The list that it should stand in does not end.
    Unfinished,
}

/// How a value ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Before this byte.
    At(usize),
    /// Never: it is broken at this byte.
    Broken(usize),
    /// Past all limits.
    TooLarge,
}

impl Stream {
    /// Opens a file, or standard input for `-`, and looks how it is to be read.
    pub(crate) fn open(path: &str, host: &mut dyn Host) -> Result<Self, HostError> {
        host.open(path)?;
        let place = Point { offset: 0, line: 1, column: 1 };
        let mut stream = Self { bytes: Vec::new(), at: 0, place, ended: false, form: Form::Whole, fence: 0 };
        stream.form = stream.find_form(path, host)?;
        Ok(stream)
    }

    /// How it is to be read.
    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// The whole document.
    pub(crate) fn whole(mut self, host: &mut dyn Host) -> Result<Vec<u8>, HostError> {
        while !self.ended {
            if self.bytes.len() > MOST {
                let message = format!("more than {MOST} bytes");
                return Err(HostError { kind: HostErrorKind::TooLarge, message });
            }
            self.fill(host)?;
        }
        Ok(self.bytes)
    }

    /// The next value; `None` behind the last.
    pub(crate) fn next(&mut self, host: &mut dyn Host) -> Result<Option<Record>, HostError> {
        self.forget();
        let in_list = self.form == Form::List;
        let Some((at, byte)) = self.past(self.at, if in_list { b"," } else { b"" }, host)? else {
            self.advance(self.bytes.len());
            // Whatever stood behind the last element is lost, so this must not look complete.
            self.form = Form::Sequence;
            return Ok(in_list.then(|| self.faulty(Fault::Unfinished)));
        };
        self.advance(at);
        if in_list && byte == b']' {
            self.advance(at.saturating_add(1));
            self.form = Form::Sequence;
            return self.next(host);
        }
        let whole = byte == b'{' && at >= self.fence;
        match if whole { self.value(at, host)? } else { End::Broken(at) } {
            End::At(end) => Ok(Some(self.record(end))),
            End::TooLarge => self.skip(host).map(Some),
            End::Broken(broken) => self.broken(broken, host).map(Some),
        }
    }

    /// Hands out a value that does not end where it should, and leaves what is whole behind it.
    fn broken(&mut self, broken: usize, host: &mut dyn Host) -> Result<Record, HostError> {
        if broken >= self.fence {
            self.fence = match self.line_that_opens(broken, host)? {
                Some(fence) => fence,
                None => return self.skip(host),
            };
        }
        // The lines in between may be values of their own.
        let from = self.at.saturating_add(1);
        let line = self.bytes.get(from..self.fence).and_then(opening_line);
        let line = line.map_or(self.fence, |line| line.saturating_add(from));
        let end = match Scan::from(self.at).go_on(self.bytes.get(..line).unwrap_or_default()) {
            Some(End::At(end)) => end,
            _ => line,
        };
        if end == self.bytes.len() && self.ended {
            // Told already: the end of a list is not missed as well.
            self.form = Form::Sequence;
        }
        Ok(self.record(end))
    }

    /// The next line that starts with `{`, or the end; `None` where that is too far away.
    fn line_that_opens(&mut self, from: usize, host: &mut dyn Host) -> Result<Option<usize>, HostError> {
        let mut from = from.saturating_sub(1).max(self.at);
        loop {
            let rest = self.bytes.get(from..).unwrap_or_default();
            match opening_line(rest) {
                Some(line) => return Ok(Some(from.saturating_add(line))),
                None if self.ended => return Ok(Some(self.bytes.len())),
                None if self.bytes.len().saturating_sub(self.at) > MOST => return Ok(None),
                None => {}
            }
            from = self.bytes.len().saturating_sub(1).max(from);
            self.fill(host)?;
        }
    }

    /// Passes over a value that is too large, without holding it.
    fn skip(&mut self, host: &mut dyn Host) -> Result<Record, HostError> {
        let record = self.faulty(Fault::TooLarge);
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            // The line break may be the last byte there is, and what it leads to not read yet.
            let line = opening_line(rest);
            let to = line.unwrap_or_else(|| rest.len().saturating_sub(usize::from(!self.ended)));
            self.advance(self.at.saturating_add(to));
            if line.is_some() {
                return Ok(record);
            }
            if self.ended {
                self.form = Form::Sequence;
                return Ok(record);
            }
            self.forget();
            self.fill(host)?;
        }
    }

    fn record(&mut self, end: usize) -> Record {
        let start = self.place;
        let bytes = self.bytes.get(self.at..end).unwrap_or_default().trim_ascii_end();
        // All of it may have come at once.
        let is_too_large = bytes.len() > MOST;
        let bytes = if is_too_large { Vec::new() } else { bytes.to_vec() };
        self.advance(end);
        Record { bytes, start, fault: is_too_large.then_some(Fault::TooLarge) }
    }

    fn faulty(&self, fault: Fault) -> Record {
        Record { bytes: Vec::new(), start: self.place, fault: Some(fault) }
    }

    fn find_form(&mut self, path: &str, host: &mut dyn Host) -> Result<Form, HostError> {
        let lines = rows::is_name_of_lines(path);
        let otherwise = if lines { Form::Sequence } else { Form::Whole };
        match self.past(0, b"", host)? {
            Some((at, b'[')) => match self.past(at.saturating_add(1), b"", host)? {
                Some((at, b'{')) => {
                    self.advance(at);
                    Ok(Form::List)
                }
                _ => Ok(otherwise),
            },
            Some((at, b'{')) => match self.value(at, host)? {
                End::At(end) => {
                    // Behind a configuration nothing else may stand: so the kubelet reads a file.
                    let is_row = rows::is_row(self.bytes.get(at..end).unwrap_or_default());
                    let others = match self.past(end, b"", host)? {
                        Some((_, b'{')) => true,
                        Some((at, _)) => self.line_that_opens(at, host)? != Some(self.bytes.len()),
                        None => false,
                    };
                    Ok(if others && (is_row || path == "-") { Form::Sequence } else { otherwise })
                }
                End::TooLarge => Ok(otherwise),
                End::Broken(broken) => {
                    // So no document looks that is laid out in lines, broken or not.
                    let Some(line) = self.line_that_opens(broken, host)? else { return Ok(otherwise) };
                    let key = line.saturating_add(1);
                    let is_compact = self.past(key, b"", host)? == Some((key, b'"'));
                    Ok(if is_compact { Form::Sequence } else { otherwise })
                }
            },
            _ => Ok(otherwise),
        }
    }

    /// The first byte at or behind `from` that is neither white space nor one of `also`.
    fn past(
        &mut self,
        from: usize,
        also: &[u8],
        host: &mut dyn Host,
    ) -> Result<Option<(usize, u8)>, HostError> {
        let mut from = from;
        loop {
            let rest = self.bytes.get(from..).unwrap_or_default();
            let found = rest.iter().position(|byte| !is_space(*byte) && !also.contains(byte));
            match found.and_then(|at| Some((from.saturating_add(at), *rest.get(at)?))) {
                Some(found) => return Ok(Some(found)),
                None if self.ended => return Ok(None),
                None => {}
            }
            from = self.bytes.len();
            // White space alone must not fill the memory either.
            if self.form != Form::Whole && from > HANDED_OUT {
                self.advance(from);
                self.forget();
                from = 0;
            } else if from > MOST {
                return Ok(None);
            }
            self.fill(host)?;
        }
    }

    /// Where the object ends that starts at `from`.
    fn value(&mut self, from: usize, host: &mut dyn Host) -> Result<End, HostError> {
        let mut scan = Scan::from(from);
        loop {
            match scan.go_on(&self.bytes) {
                Some(end) => return Ok(end),
                None if self.ended => return Ok(End::Broken(self.bytes.len())),
                None if self.bytes.len().saturating_sub(from) > MOST => return Ok(End::TooLarge),
                None => self.fill(host)?,
            }
        }
    }

    fn fill(&mut self, host: &mut dyn Host) -> Result<(), HostError> {
        let piece = host.read()?;
        self.ended = piece.is_empty();
        self.bytes.extend_from_slice(&piece);
        Ok(())
    }

    /// Moves on, and counts lines and columns as [`kubelet_audit::source::LineIndex`] does.
    fn advance(&mut self, to: usize) {
        let passed = self.bytes.get(self.at..to).unwrap_or_default();
        let mut bytes = passed.iter().peekable();
        while let Some(byte) = bytes.next() {
            let ends_line = *byte == b'\n' || *byte == b'\r' && bytes.peek() != Some(&&b'\n');
            if ends_line {
                self.place.line = self.place.line.saturating_add(1);
                self.place.column = 1;
            } else {
                // UTF-16 code units of the character that the byte opens.
                let units = if *byte >= 0xF0 { 2 } else { u32::from(*byte & 0xC0 != 0x80) };
                self.place.column = self.place.column.saturating_add(units);
            }
        }
        let count = u32::try_from(passed.len()).unwrap_or(u32::MAX);
        self.place.offset = self.place.offset.saturating_add(count);
        self.at = self.at.max(to.min(self.bytes.len()));
    }

    /// Lets go of what was handed out. Places in `bytes` that were told before mean others then.
    fn forget(&mut self) {
        if self.at > HANDED_OUT || self.at == self.bytes.len() {
            self.bytes.drain(..self.at);
            self.fence = self.fence.saturating_sub(self.at);
            self.at = 0;
        }
    }
}

/// Where the first `{` stands that a line starts with, the first line excepted.
fn opening_line(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair == b"\n{").map(|at| at.saturating_add(1))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Follows the brackets of one JSON value. It is no reader: it refuses only what lets a broken value
/// swallow the ones behind it.
struct Scan {
    at: usize,
    /// Brackets that are open.
    open: Vec<u8>,
    in_string: bool,
    escaped: bool,
    /// The last byte outside of strings that is not white space; `0` for words and numbers.
    last: u8,
}

impl Scan {
    /// Before the first byte of a value.
    fn from(at: usize) -> Self {
        Self { at, open: Vec::new(), in_string: false, escaped: false, last: b':' }
    }

    /// Looks at the bytes behind those it has seen; `None` where the value goes on.
    fn go_on(&mut self, bytes: &[u8]) -> Option<End> {
        for (at, byte) in bytes.iter().enumerate().skip(self.at) {
            self.at = at.saturating_add(1);
            if self.in_string {
                match byte {
                    b'\n' => return Some(End::Broken(at)),
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            if is_space(*byte) {
                continue;
            }
            let in_list = self.open.last() == Some(&b'[');
            let value_may_stand = match self.last {
                b':' | b'[' => true,
                b',' => in_list,
                _ => false,
            };
            match byte {
                b'{' | b'[' => {
                    if !value_may_stand || self.open.len() == DEEPEST {
                        return Some(End::Broken(at));
                    }
                    self.open.push(*byte);
                }
                b'}' | b']' => {
                    // An opening bracket is two less in ASCII.
                    if self.open.pop() != Some(byte.saturating_sub(2)) {
                        return Some(End::Broken(at));
                    }
                    if self.open.is_empty() {
                        return Some(End::At(self.at));
                    }
                }
                b'"' => self.in_string = true,
                _ => {}
            }
            self.last = match byte {
                b'{' | b'[' | b':' | b',' => *byte,
                _ => 0,
            };
        }
        None
    }
}

#[cfg(test)]
mod tests;
