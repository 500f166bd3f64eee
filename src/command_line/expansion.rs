//! Expansion of `$VAR` and `${VAR}` in the words of a command.
//!
//! Sources: systemd.service(5) "Command lines" and `replace_env_argv` (env-util.c).

use std::collections::{BTreeMap, BTreeSet};

use super::argument::Argument;
use super::diagnostic_sink::DiagnosticSink;
use super::environment::{Value, Variables, is_name};
use super::quoting::{Letter, Piece, text_of};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{Place, SourceId};

/// The limit of `execve` on Linux: three quarters of the default stack limit of 8 MiB.
const MAX_BYTES: usize = 6 << 20;
/// Linux counts a pointer for each argument.
const POINTER: usize = 8;

/// The arguments of a command line while it is built.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) list: Vec<Argument>,
    bytes: usize,
}

/// The error for arguments that are longer than Linux allows.
#[derive(Debug)]
pub(super) struct TooLong;

impl Arguments {
    fn push(&mut self, text: String, place: Place) -> Result<(), TooLong> {
        self.reserve(text.len())?;
        self.list.push(Argument { text, place });
        Ok(())
    }

    // INVARIANT: every byte of an expansion is counted before it is created, so that the product of two long
    // texts is never built.
    fn reserve(&mut self, bytes: usize) -> Result<(), TooLong> {
        self.bytes = self.bytes.saturating_add(bytes).saturating_add(POINTER);
        if self.bytes > MAX_BYTES { Err(TooLong) } else { Ok(()) }
    }

    /// Adds a word without expansion.
    pub(super) fn push_literal(&mut self, piece: &Piece, source: SourceId) -> Result<(), TooLong> {
        self.push(text_of(&piece.letters), Place::new(source, piece.span))
    }

    /// Adds the words of the value of a variable, each with its place in the value.
    pub(super) fn push_value(
        &mut self,
        value: &Value,
        diagnostics: &mut DiagnosticSink,
    ) -> Result<(), TooLong> {
        // INVARIANT: a value of blanks adds no word, but parsing it repeatedly also takes time.
        self.reserve(value.letters.len())?;
        for piece in value.words() {
            self.reserve(0)?;
            let place = value.place(piece.span);
            let text = text_of(&piece.letters);
            if text.starts_with('$') || text.contains("${") {
                diagnostics.push(
                    Diagnostic::warning(
                        Code::UnresolvedVariable,
                        "systemd does not expand variables inside the value of another; the kubelet receives this argument as is",
                    )
                    .at(place),
                );
            }
            self.list.push(Argument { text, place });
        }
        Ok(())
    }
}

/// The variables a command uses.
pub(super) struct Expansion<'a> {
    pub(super) variables: &'a Variables,
    pub(super) used: BTreeSet<String>,
    /// For each of them, how many arguments there are behind its last use.
    pub(super) last_use: BTreeMap<String, usize>,
    /// The variables of the word that is being expanded.
    pending: Vec<String>,
}

impl<'a> Expansion<'a> {
    pub(super) fn new(variables: &'a Variables) -> Self {
        Self { variables, used: BTreeSet::new(), last_use: BTreeMap::new(), pending: Vec::new() }
    }

    /// Adds the expansion of `piece`, a word of a command in `source`.
    pub(super) fn expand(
        &mut self,
        piece: &Piece,
        source: SourceId,
        arguments: &mut Arguments,
        diagnostics: &mut DiagnosticSink,
    ) -> Result<(), TooLong> {
        self.expand_word(piece, source, arguments, diagnostics)?;
        for name in self.pending.drain(..) {
            self.last_use.insert(name, arguments.list.len());
        }
        Ok(())
    }

    fn expand_word(
        &mut self,
        piece: &Piece,
        source: SourceId,
        arguments: &mut Arguments,
        diagnostics: &mut DiagnosticSink,
    ) -> Result<(), TooLong> {
        let place = Place::new(source, piece.span);
        let bytes: Vec<u8> = piece.letters.iter().map(|l| l.byte).collect();
        match bytes.as_slice() {
            [b'$', b'{' | b'$', ..] => {}
            [b'$', name @ ..] => {
                if let Some(value) = self.lookup(name, place, diagnostics) {
                    arguments.push_value(value, diagnostics)?;
                }
                return Ok(());
            }
            _ => {}
        }
        let text = self.substitute(&piece.letters, place, arguments, diagnostics)?;
        arguments.push(text, place)
    }

    /// The value of a variable. To systemd, an invalid name is like a variable that is not set.
    fn lookup(&mut self, name: &[u8], place: Place, diagnostics: &mut DiagnosticSink) -> Option<&'a Value> {
        let text = String::from_utf8_lossy(name);
        if !is_name(name) {
            diagnostics.push(
                Diagnostic::warning(
                    Code::UnresolvedVariable,
                    format!("`{text:.60}` is not a valid variable name; systemd replaces it with nothing"),
                )
                .help("use $$ for a dollar sign")
                .at(place),
            );
            return None;
        }
        self.pending.push(text.to_string());
        if !self.used.contains(text.as_ref()) {
            self.used.insert(text.to_string());
        }
        self.variables.get(&text)
    }

    fn substitute(
        &mut self,
        word: &[Letter],
        place: Place,
        arguments: &mut Arguments,
        diagnostics: &mut DiagnosticSink,
    ) -> Result<String, TooLong> {
        let mut out = Vec::new();
        let mut rest = word;
        while let [first, tail @ ..] = rest {
            rest = tail;
            if first.byte != b'$' {
                out.push(*first);
                continue;
            }
            match tail {
                [brace, inner @ ..] if brace.byte == b'{' => {
                    // systemd stops at `:`, which shells use for defaults.
                    let end = inner.iter().position(|l| matches!(l.byte, b'}' | b':'));
                    match end.map(|end| (inner.get(..end).unwrap_or_default(), inner.get(end..))) {
                        Some((name, Some([close, after @ ..]))) if close.byte == b'}' => {
                            let name: Vec<u8> = name.iter().map(|l| l.byte).collect();
                            if let Some(value) = self.lookup(&name, place, diagnostics) {
                                arguments.reserve(value.letters.len())?;
                                out.extend_from_slice(&value.letters);
                            }
                            rest = after;
                        }
                        Some((name, Some(after))) => {
                            // The bytes up to `:` remain unchanged.
                            out.push(*first);
                            out.push(*brace);
                            out.extend_from_slice(name);
                            out.extend(after.first());
                            rest = after.get(1..).unwrap_or_default();
                        }
                        _ => {
                            out.push(*first);
                            out.extend_from_slice(tail);
                            rest = &[];
                        }
                    }
                }
                [next, after @ ..] => {
                    out.push(*first);
                    if next.byte != b'$' {
                        out.push(*next);
                    }
                    rest = after;
                }
                [] => out.push(*first),
            }
        }
        Ok(text_of(&out))
    }
}
