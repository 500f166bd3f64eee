//! Unit files and drop-ins: the settings of `[Service]` that make up a command line.
//!
//! Sources: systemd.syntax(7), systemd.service(5) `ExecStart=`, systemd.exec(5) "Environment", and
//! for what those leave open `config_parse` (conf-parser.c), `config_parse_exec`,
//! `config_parse_environ`, `config_parse_unit_env_file` (load-fragment.c).

use std::collections::BTreeSet;

use super::argument::Text;
use super::diagnostic_sink::DiagnosticSink;
use super::environment::{Variables, is_name, is_value};
use super::quoting::{
    Letter, Piece, Rules, UnknownSpecifier, is_white, letters, next_word, span_of, specifiers, text_of, trim,
};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{Place, SourceId};

/// One command of `ExecStart=`.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) source: SourceId,
    /// The path of the program, without prefixes.
    pub(super) path: String,
    /// The words after argv\[0\].
    pub(super) words: Vec<Piece>,
    /// Whether variables are expanded: not with the prefix `:`.
    pub(super) expands: bool,
    /// Whether a login shell runs the command: with the prefix `|`.
    pub(super) by_shell: bool,
    pub(super) place: Place,
}

/// A file named by `EnvironmentFile=`.
#[derive(Debug)]
pub(super) struct FileReference {
    pub(super) path: String,
    pub(super) place: Place,
}

/// The combined settings of the unit files read so far.
#[derive(Debug, Default)]
pub(super) struct Service {
    pub(super) commands: Vec<Command>,
    pub(super) environment: Variables,
    pub(super) files: Vec<FileReference>,
    pub(super) passed: BTreeSet<String>,
    /// Names, or whole assignments, of `UnsetEnvironment=`.
    pub(super) unset: BTreeSet<String>,
    pub(super) oneshot: bool,
    /// Whether systemd refuses to load the unit.
    pub(super) refused: bool,
    /// Whether the drop-ins are complete: more than one file was supplied, or the output of `systemctl cat`.
    pub(super) drop_ins_known: bool,
    begun: bool,
}

/// Whether `text` is a unit file: it has a section header of a service unit, or a line with one of the
/// settings that are read here.
pub(crate) fn is_unit(text: &str) -> bool {
    has_section(text) || text.lines().any(|line| setting(line).is_some())
}

fn has_section(text: &str) -> bool {
    text.lines().any(|line| matches!(without_mark(line).trim(), "[Unit]" | "[Service]" | "[Install]"))
}

/// The line without a byte order mark, which systemd skips at the start of a unit file.
fn without_mark(line: &str) -> &str {
    line.strip_prefix('\u{feff}').unwrap_or(line)
}

fn setting(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    Some(key.trim()).filter(|k| {
        matches!(*k, "ExecStart" | "Environment" | "EnvironmentFile" | "PassEnvironment" | "UnsetEnvironment")
    })
}

impl Service {
    /// Reads a unit file or drop-in. Its settings add to those of earlier files, or reset them.
    pub(super) fn read(&mut self, text: &Text<'_>, diagnostics: &mut DiagnosticSink) {
        let first = text.text.lines().find(|line| !line.trim().is_empty());
        self.drop_ins_known |= self.begun || first.is_some_and(is_heading);
        self.begun = true;
        let mut in_service = !has_section(text.text);
        if in_service {
            diagnostics.push(
                Diagnostic::warning(
                    Code::UnitSyntax,
                    format!("{} has no section header; it is parsed as part of [Service]", text.name),
                )
                .help("add [Service]; systemd ignores settings outside of a section"),
            );
        }
        let mut logical: Vec<Letter> = Vec::new();
        let mut continued = false;
        for (start, raw) in physical_lines(text.text) {
            let line = without_mark(raw);
            let start = start + (raw.len() - line.len());
            if line.trim_start_matches([' ', '\t']).starts_with(['#', ';']) {
                continue;
            }
            // INVARIANT: only the backslashes at the end matter, because any other byte ends an escape.
            let slashes = line.bytes().rev().take_while(|b| *b == b'\\').count();
            logical.extend(letters(line, start));
            continued = slashes % 2 == 1;
            if continued {
                if let Some(last) = logical.last_mut() {
                    *last = last.as_byte(b' ');
                }
                continue;
            }
            self.line(text, &logical, &mut in_service, diagnostics);
            logical.clear();
        }
        if continued {
            self.line(text, &logical, &mut in_service, diagnostics);
        }
    }

    fn line(
        &mut self,
        text: &Text<'_>,
        line: &[Letter],
        in_service: &mut bool,
        diagnostics: &mut DiagnosticSink,
    ) {
        let line = trim(line);
        let place = Place::new(text.source, span_of(line));
        let Some(first) = line.first() else { return };
        if first.byte == b'[' {
            let name = text_of(line);
            *in_service = name == "[Service]";
            if !name.ends_with(']') {
                self.refused = true;
                diagnostics
                    .push(Diagnostic::error(Code::UnitSyntax, "unterminated section header").at(place));
            }
            return;
        }
        if !*in_service {
            return;
        }
        let Some(equals) = line.iter().position(|l| l.byte == b'=') else {
            diagnostics.push(
                Diagnostic::warning(Code::UnitSyntax, "systemd ignores this line because it has no `=`")
                    .at(place),
            );
            return;
        };
        let (key, value) = line.split_at(equals);
        let value = trim(value.get(1..).unwrap_or_default());
        match text_of(trim(key)).as_str() {
            "ExecStart" => self.exec_start(text.source, value, place, diagnostics),
            "Environment" => self.environment(text.source, value, place, diagnostics),
            "EnvironmentFile" => self.environment_file(value, place, diagnostics),
            "PassEnvironment" => names(&mut self.passed, value, Rules::Value),
            "UnsetEnvironment" => names(&mut self.unset, value, Rules::Assignment),
            "Type" => self.oneshot = text_of(value) == "oneshot",
            _ => {}
        }
    }

    fn exec_start(
        &mut self,
        source: SourceId,
        value: &[Letter],
        place: Place,
        diagnostics: &mut DiagnosticSink,
    ) {
        if value.is_empty() {
            self.commands.clear();
            return;
        }
        let mut rest = value;
        loop {
            let mut ignore = false;
            match command(source, &mut rest, place, &mut ignore, diagnostics) {
                Ok(Some(command)) => self.commands.push(command),
                Ok(None) => return,
                Err(Refusal(message)) => {
                    let weight = if ignore { Diagnostic::warning } else { Diagnostic::error };
                    diagnostics.push(weight(Code::UnitSyntax, message).at(place));
                    self.refused |= !ignore;
                    return;
                }
            }
            if rest.is_empty() {
                return;
            }
        }
    }

    fn environment(
        &mut self,
        source: SourceId,
        value: &[Letter],
        place: Place,
        diagnostics: &mut DiagnosticSink,
    ) {
        if value.is_empty() {
            self.environment.clear();
            return;
        }
        let mut rest = value;
        loop {
            let piece = match next_word(&mut rest, Rules::Assignment) {
                Ok(Some(piece)) => piece,
                Ok(None) => return,
                Err(_) => {
                    diagnostics.push(
                        Diagnostic::warning(
                            Code::UnitSyntax,
                            "systemd ignores the rest of this line because of an unterminated quote or an unknown escape",
                        )
                        .at(place),
                    );
                    return;
                }
            };
            let at = Place::new(source, piece.span);
            let Some(word) = resolve(piece.letters, at, diagnostics) else { continue };
            let equals = word.iter().position(|l| l.byte == b'=').unwrap_or(word.len());
            let (name, value) = word.split_at(equals);
            let name = text_of(name);
            let value = value.split_first().map(|(_, value)| value).filter(|v| is_value(v));
            match value {
                Some(value) if is_name(name.as_bytes()) => {
                    self.environment.set(name, value.to_vec(), source, None);
                }
                _ => diagnostics.push(
                    Diagnostic::warning(
                        Code::UnitSyntax,
                        "systemd ignores this because it is not NAME=VALUE",
                    )
                    .help("quote the whole assignment: \"NAME=value with spaces\"")
                    .at(at),
                ),
            }
        }
    }

    fn environment_file(&mut self, value: &[Letter], place: Place, diagnostics: &mut DiagnosticSink) {
        if value.is_empty() {
            self.files.clear();
            return;
        }
        let Some(path) = resolve(value.to_vec(), place, diagnostics) else { return };
        let path = text_of(&path);
        let path = path.strip_prefix('-').unwrap_or(&path);
        if path.starts_with('/') {
            self.files.push(FileReference { path: path.to_owned(), place });
        } else {
            diagnostics.push(
                Diagnostic::warning(Code::UnitSyntax, "systemd ignores this path because it is not absolute")
                    .at(place),
            );
        }
    }
}

/// The comment that `systemctl cat` prints above each file.
fn is_heading(line: &str) -> bool {
    line.strip_prefix("# /").is_some_and(|path| {
        !path.contains(char::is_whitespace) && (path.ends_with(".service") || path.ends_with(".conf"))
    })
}

/// The lines with their offsets. A line ends with `\n`, `\r` or both.
fn physical_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = (start, rest.get(..end)?);
        let tail = rest.get(end..)?;
        let ending = if tail.starts_with("\r\n") || tail.starts_with("\n\r") { 2 } else { 1 };
        start += end + ending;
        Some(line)
    })
}

/// Adds the names of a list. An empty list resets it, and a malformed name ends it.
fn names(list: &mut BTreeSet<String>, value: &[Letter], rules: Rules) {
    if value.is_empty() {
        list.clear();
    }
    let mut rest = value;
    while let Ok(Some(piece)) = next_word(&mut rest, rules) {
        list.insert(text_of(&piece.letters));
    }
}

/// A word with its specifiers replaced; `None`, with a warning, if systemd rejects it for an unknown one.
fn resolve(word: Vec<Letter>, place: Place, diagnostics: &mut DiagnosticSink) -> Option<Vec<Letter>> {
    let message = match specifiers(word) {
        Ok((word, None)) => return Some(word),
        Ok((word, Some(specifier))) => {
            let message =
                format!("the value of %{specifier} is known only on the node, so it is not expanded");
            diagnostics.push(Diagnostic::warning(Code::UnresolvedVariable, message).at(place));
            return Some(word);
        }
        Err(UnknownSpecifier(letter)) => {
            format!("unknown specifier %{letter}: systemd rejects this setting")
        }
    };
    diagnostics
        .push(Diagnostic::warning(Code::UnitSyntax, message).help("use %% for a percent sign").at(place));
    None
}

/// Why systemd rejects the setting.
struct Refusal(&'static str);

/// The next command of an `ExecStart=`. Lone semicolons separate commands.
fn command(
    source: SourceId,
    rest: &mut &[Letter],
    place: Place,
    ignore: &mut bool,
    diagnostics: &mut DiagnosticSink,
) -> Result<Option<Command>, Refusal> {
    const QUOTE: &str = "unterminated quote in ExecStart=: systemd rejects the unit";
    const SPECIFIER: &str = "unknown specifier in ExecStart=: systemd rejects the unit";
    let first = match next_word(rest, Rules::Command) {
        Ok(Some(first)) => first,
        Ok(None) => return Ok(None),
        Err(_) => {
            *ignore = true;
            return Err(Refusal("unterminated quote in the program of ExecStart=: systemd ignores the line"));
        }
    };
    let (mut own_name, mut expands, mut by_shell) = (false, true, false);
    let mut path = first.letters.as_slice();
    while let [prefix, tail @ ..] = path {
        match prefix.byte {
            b'-' => *ignore = true,
            b'@' => own_name = true,
            b':' => expands = false,
            b'|' => by_shell = true,
            b'+' | b'!' => {}
            _ => break,
        }
        path = tail;
    }
    let path = text_of(&resolve(path.to_vec(), place, diagnostics).ok_or(Refusal(SPECIFIER))?);
    if path.is_empty() || path.ends_with('/') {
        return Err(Refusal("ExecStart= names no program: systemd rejects the unit"));
    }
    let mut words = Vec::new();
    while let Some(next) = rest.first() {
        let is_end = |l: Option<&Letter>| l.is_none_or(|l| is_white(l.byte));
        if next.byte == b';' && is_end(rest.get(1)) {
            *rest = trim(rest.get(1..).unwrap_or_default());
            break;
        }
        if next.byte == b'\\' && rest.get(1).is_some_and(|l| l.byte == b';') && is_end(rest.get(2)) {
            let (escaped, tail) = rest.split_at(2);
            let letters = escaped.get(1..).unwrap_or_default().to_vec();
            words.push(Piece { letters, span: span_of(escaped), unknown_escape: false });
            *rest = trim(tail);
            continue;
        }
        let piece = next_word(rest, Rules::Command).map_err(|_| Refusal(QUOTE))?;
        let Some(mut piece) = piece else { break };
        let at = Place::new(source, piece.span);
        if piece.unknown_escape {
            diagnostics.push(
                Diagnostic::warning(Code::UnitSyntax, "unknown escape: systemd keeps the backslash")
                    .help(r"use \\ for a backslash; a backslash that continues a line must be its last character")
                    .at(at),
            );
        }
        piece.letters = resolve(piece.letters, at, diagnostics).ok_or(Refusal(SPECIFIER))?;
        words.push(piece);
    }
    if own_name {
        if words.is_empty() {
            return Err(Refusal(
                "the prefix `@` requires argv[0] as a second word: systemd rejects the unit",
            ));
        }
        words.remove(0);
    }
    Ok(Some(Command { source, path, words, expands, by_shell, place }))
}
