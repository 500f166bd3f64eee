//! Strict JSON with spans.
//!
//! The grammar is that of Go's `encoding/json` (`scanner.go`, `decode.go`), of which the kubelet's
//! `sigs.k8s.io/json` is a copy: RFC 8259 without extensions, with unpaired surrogates replaced by U+FFFD.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::diagnostic::Code;
use super::duplicates::repeats;
use super::read_error::{ReadError, check_size, error, too_deep, too_many_nodes};
use super::tree::{Document, DuplicateKey, Format, Member, Node, NodeValue};
use super::{Limits, Place, SourceId, Span};

/// Reads `text` as one JSON value. Spans of strings and keys include their quotes.
pub fn read<'a>(text: &'a str, source: SourceId, limits: &Limits) -> Result<Document<'a>, ReadError> {
    check_size(text.len(), limits)?;
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        source,
        depth: limits.levels(),
        nodes_left: limits.nodes,
        nodes: limits.nodes,
        duplicates: Vec::new(),
    };
    let root = reader.document()?;
    let mut duplicates = reader.duplicates;
    // Objects report when they end, the inner ones first.
    duplicates.sort_by_key(|duplicate| duplicate.again.start);
    Ok(Document { root, format: Format::Json, duplicates })
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    source: SourceId,
    depth: usize,
    nodes_left: usize,
    nodes: usize,
    duplicates: Vec<DuplicateKey>,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Node<'a>, ReadError> {
        let root = self.value(0)?;
        self.space();
        if self.at == self.bytes.len() { Ok(root) } else { Err(self.unexpected("the end of the document")) }
    }

    /// INVARIANT: recurses no deeper than `self.depth`.
    fn value(&mut self, depth: usize) -> Result<Node<'a>, ReadError> {
        self.space();
        let start = self.at;
        match self.nodes_left.checked_sub(1) {
            Some(left) => self.nodes_left = left,
            None => return Err(too_many_nodes(Span::at(start), self.nodes)),
        }
        let value = match self.peek() {
            Some(b'"') => NodeValue::String(self.string()?),
            Some(b'{') => NodeValue::Object(self.members(depth)?),
            Some(b'[') => NodeValue::Array(self.items(depth)?),
            Some(b't') => self.literal("true", NodeValue::Bool(true))?,
            Some(b'f') => self.literal("false", NodeValue::Bool(false))?,
            Some(b'n') => self.literal("null", NodeValue::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node::new(Place::new(self.source, Span::new(start, self.at)), value))
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node<'a>>, ReadError> {
        let mut items = Vec::new();
        self.enter(depth)?;
        if self.eat(b']') {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth.saturating_add(1))?);
            if !self.is_continued(b']', "',' or ']'")? {
                return Ok(items);
            }
        }
    }

    fn members(&mut self, depth: usize) -> Result<Vec<Member<'a>>, ReadError> {
        let mut members: Vec<Member<'a>> = Vec::new();
        self.enter(depth)?;
        if self.eat(b'}') {
            return Ok(members);
        }
        let mut expected = "a key in double quotes or '}'";
        loop {
            let (key, key_place) = self.key(expected)?;
            let value = self.value(depth.saturating_add(1))?;
            members.push(Member { key, key_place, value });
            if !self.is_continued(b'}', "',' or '}'")? {
                break;
            }
            self.space();
            expected = "a key in double quotes";
        }
        for (first, again) in repeats(members.iter().map(|member| &*member.key).enumerate()) {
            if let (Some(first), Some(again)) = (members.get(first), members.get(again)) {
                self.duplicates.push(DuplicateKey::new(first, again));
            }
        }
        Ok(members)
    }

    /// Steps over what follows an item: true for a comma, false for the closing bracket.
    fn is_continued(&mut self, close: u8, expected: &str) -> Result<bool, ReadError> {
        self.space();
        if self.eat(b',') {
            return Ok(true);
        }
        if self.eat(close) { Ok(false) } else { Err(self.unexpected(expected)) }
    }

    /// Steps over an opening bracket and the white space after it.
    fn enter(&mut self, depth: usize) -> Result<(), ReadError> {
        if depth >= self.depth {
            return Err(too_deep(Span::new(self.at, self.at.saturating_add(1)), self.depth));
        }
        self.step();
        self.space();
        Ok(())
    }

    fn key(&mut self, expected: &str) -> Result<(Cow<'a, str>, Place), ReadError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(expected));
        }
        let key = self.string()?;
        let place = Place::new(self.source, Span::new(start, self.at));
        self.space();
        if self.eat(b':') { Ok((key, place)) } else { Err(self.unexpected("':' after the key")) }
    }

    fn literal(&mut self, literal: &str, value: NodeValue<'a>) -> Result<NodeValue<'a>, ReadError> {
        let end = self.at.saturating_add(literal.len());
        if self.bytes.get(self.at..end) == Some(literal.as_bytes()) {
            self.at = end;
            return Ok(value);
        }
        Err(self.unexpected("a value"))
    }

    fn number(&mut self) -> Result<NodeValue<'a>, ReadError> {
        let start = self.at;
        self.eat(b'-');
        // INVARIANT: after a leading zero no digit may follow; the caller then finds it in the way.
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step();
            }
            self.digits()?;
        }
        Ok(NodeValue::Number(Cow::Borrowed(self.text.get(start..self.at).unwrap_or(""))))
    }

    fn digits(&mut self) -> Result<(), ReadError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
        if self.at > start { Ok(()) } else { Err(self.unexpected("a digit")) }
    }

    /// A string from its opening quote on; borrowed unless it has escapes.
    fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        let open = self.at;
        self.step();
        let mut from = self.at;
        let mut owned = String::new();
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            // INVARIANT: all three stops are ASCII, so `self.at` stays on a character boundary.
            let plain =
                rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)).unwrap_or(rest.len());
            self.at = self.at.saturating_add(plain);
            let run = self.text.get(from..self.at).unwrap_or("");
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    if owned.is_empty() && from == open.saturating_add(1) {
                        return Ok(Cow::Borrowed(run));
                    }
                    owned.push_str(run);
                    return Ok(Cow::Owned(owned));
                }
                Some(b'\\') => {
                    owned.push_str(run);
                    self.step();
                    owned.push(self.escape()?);
                    from = self.at;
                }
                None => {
                    return Err(error(
                        Code::JsonSyntax,
                        Span::new(open, open.saturating_add(1)),
                        "unterminated string",
                        "add the closing double quote",
                    ));
                }
                Some(control) => {
                    return Err(error(
                        Code::JsonSyntax,
                        Span::new(self.at, self.at.saturating_add(1)),
                        format!("found control character U+{control:04X} inside a string"),
                        "use an escape, such as \\n for a line break",
                    ));
                }
            }
        }
    }

    /// The character of an escape, from after its backslash on.
    fn escape(&mut self) -> Result<char, ReadError> {
        let found = self.peek();
        let plain = match found {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.step();
                return self.unicode_escape();
            }
            _ => return Err(self.unexpected("one of \" \\ / b f n r t u after a backslash")),
        };
        self.step();
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char, ReadError> {
        let unit = self.hex4()?;
        if let Some(c) = char::from_u32(u32::from(unit)) {
            return Ok(c);
        }
        // Half a surrogate pair: with its other half one character, else U+FFFD, and what follows
        // is then read by itself (`unquoteBytes`).
        let after = self.at;
        if (0xD800..0xDC00).contains(&unit) && self.bytes.get(after..after.saturating_add(2)) == Some(b"\\u")
        {
            self.at = after.saturating_add(2);
            let low = self.hex4()?;
            if (0xDC00..0xE000).contains(&low) {
                let rest = u32::from(unit & 0x3FF) << 10 | u32::from(low & 0x3FF);
                return Ok(
                    char::from_u32(0x1_0000_u32.saturating_add(rest)).unwrap_or(char::REPLACEMENT_CHARACTER)
                );
            }
            self.at = after;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Result<u16, ReadError> {
        let mut unit = 0_u16;
        for _ in 0..4 {
            let digit = self
                .peek()
                .and_then(|byte| char::from(byte).to_digit(16))
                .and_then(|digit| u16::try_from(digit).ok());
            let Some(digit) = digit else { return Err(self.unexpected("four hexadecimal digits after \\u")) };
            unit = (unit << 4) | digit;
            self.step();
        }
        Ok(unit)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn eat(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        if here {
            self.step();
        }
        here
    }

    fn unexpected(&self, expected: &str) -> ReadError {
        let found = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        let (shown, length) = match found {
            None => ("the end of the document".to_owned(), 0),
            Some(c) if c.is_control() || (c.is_whitespace() && !c.is_ascii()) => {
                (format!("U+{:04X}", u32::from(c)), c.len_utf8())
            }
            Some(c) => (format!("'{c}'"), c.len_utf8()),
        };
        let help = match found {
            Some('/' | '#') => "JSON does not allow comments; remove them, or convert the file to YAML",
            Some('}' | ']') => "JSON does not allow trailing commas; remove this one",
            Some('\'') => "use double quotes for strings",
            // Curly quotes too are a sign of text without straight ones.
            Some(c) if c.is_ascii_alphabetic() || !c.is_ascii() => {
                "a file that starts with '{' is parsed as strict JSON; use double quotes for strings and keys, or start a YAML file with '---'"
            }
            None => "complete the document",
            _ => "fix the JSON syntax; a file that starts with '{' is never parsed as YAML",
        };
        error(
            Code::JsonSyntax,
            Span::new(self.at, self.at.saturating_add(length)),
            format!("found {shown}, expected {expected}"),
            help,
        )
    }
}
