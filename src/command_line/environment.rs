//! Environment files and the variables of a unit.
//!
//! Sources: systemd.exec(5) `EnvironmentFile=`, and for what it leaves open
//! `parse_env_file_internal` (env-file.c) and `env_assignment_is_valid` (env-util.c).

use std::collections::BTreeMap;

use super::argument::Text;
use super::diagnostic_sink::DiagnosticSink;
use super::quoting::{Letter, Piece, Rules, is_white, letters, next_word, span_of, text_of, trim};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{Place, SourceId, Span};

/// The value of a variable and its place.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) source: SourceId,
    pub(super) letters: Vec<Letter>,
    /// The index of the file that set it in the `EnvironmentFile=` list; `None` for `Environment=`.
    pub(super) file: Option<usize>,
}

impl Value {
    /// The words that `$VAR` expands to.
    pub(super) fn words(&self) -> impl Iterator<Item = Piece> {
        let mut rest = self.letters.as_slice();
        // INVARIANT: these rules never fail, so no word is lost.
        std::iter::from_fn(move || next_word(&mut rest, Rules::Value).ok().flatten())
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }
}

/// The variables of a process; a later assignment replaces an earlier one.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Each value with the number of its assignment.
    by_name: BTreeMap<String, (usize, Value)>,
    assignments: usize,
}

impl Variables {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.by_name.get(name).map(|(_, value)| value)
    }

    pub(super) fn set(&mut self, name: String, letters: Vec<Letter>, source: SourceId, file: Option<usize>) {
        self.by_name.insert(name, (self.assignments, Value { source, letters, file }));
        self.assignments += 1;
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.by_name.remove(name);
    }

    pub(super) fn clear(&mut self) {
        self.by_name.clear();
    }

    /// The values of variables with kubelet arguments, in the order in which they were set.
    ///
    /// An unknown name, such as `KUBELET_NODE_LABELS`, is included only if its value starts with a flag.
    pub(super) fn of_kubelet(&self) -> Vec<&Value> {
        let is_flag = |value: &Value| {
            value.words().next().is_some_and(|word| word.letters.first().is_some_and(|l| l.byte == b'-'))
        };
        let mut found: Vec<_> = self
            .by_name
            .iter()
            .filter(|(name, (_, value))| {
                name.contains("KUBELET") && (ARGUMENTS.contains(&name.as_str()) || is_flag(value))
            })
            .map(|(_, numbered)| numbered)
            .collect();
        found.sort_by_key(|(assignment, _)| *assignment);
        found.into_iter().map(|(_, value)| value).collect()
    }
}

/// Variables that platforms use only for kubelet arguments.
const ARGUMENTS: [&str; 10] = [
    "KUBELET_ARGS",
    "KUBELET_FLAGS",
    "KUBELET_EXTRA_ARGS",
    "KUBELET_KUBEADM_ARGS",
    "KUBELET_OPTS",
    "KUBELET_CONFIG_ARGS",
    "KUBELET_KUBECONFIG_ARGS",
    "KUBELET_TLS_BOOTSTRAP_FLAGS",
    "KUBELET_CONFIG_FILE_FLAGS",
    "NODEADM_KUBELET_ARGS",
];

/// Whether systemd accepts `name` as the name of a variable.
pub(super) fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// Whether systemd accepts `value`: after escapes it must be UTF-8. Control characters are accepted, contrary
/// to systemd.exec(5).
pub(super) fn is_value(value: &[Letter]) -> bool {
    let bytes: Vec<u8> = value.iter().map(|l| l.byte).collect();
    std::str::from_utf8(&bytes).is_ok()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    BeforeKey,
    Key,
    /// After `=`, or after a closing quote.
    BeforeValue,
    Value,
    ValueEscape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape,
}

/// Reads an environment file into `variables`.
///
/// `shell` is true if no unit names the file: `export NAME=` is then parsed as in a shell, while systemd
/// ignores the line.
pub(super) fn read(
    text: &Text<'_>,
    shell: bool,
    file: Option<usize>,
    variables: &mut Variables,
    diagnostics: &mut DiagnosticSink,
) {
    let mut reader = Reader { text, shell, file, variables, diagnostics, key: Vec::new(), value: Vec::new() };
    let mut state = State::BeforeKey;
    // The length of `value` without trailing blanks; `usize::MAX` if there are none.
    let mut solid = usize::MAX;
    for letter in letters(text.text, 0) {
        let byte = letter.byte;
        let newline = matches!(byte, b'\n' | b'\r');
        state = match state {
            State::BeforeKey if matches!(byte, b'#' | b';') => State::Comment,
            State::BeforeKey if is_white(byte) => State::BeforeKey,
            State::BeforeKey => {
                reader.key.clear();
                reader.key.push(letter);
                State::Key
            }
            State::Key if newline => State::BeforeKey,
            State::Key if byte == b'=' => {
                reader.value.clear();
                solid = usize::MAX;
                State::BeforeValue
            }
            State::Key => {
                reader.key.push(letter);
                State::Key
            }
            State::BeforeValue if newline => {
                reader.assign();
                State::BeforeKey
            }
            State::BeforeValue => match byte {
                b'\'' => State::Single,
                b'"' => State::Double,
                b'\\' => State::ValueEscape,
                _ if is_white(byte) => State::BeforeValue,
                _ => {
                    reader.value.push(letter);
                    State::Value
                }
            },
            State::Value if newline => {
                reader.value.truncate(solid);
                reader.assign();
                State::BeforeKey
            }
            State::Value if byte == b'\\' => {
                solid = usize::MAX;
                State::ValueEscape
            }
            State::Value => {
                if !is_white(byte) {
                    solid = usize::MAX;
                } else if solid == usize::MAX {
                    solid = reader.value.len();
                }
                reader.value.push(letter);
                State::Value
            }
            State::ValueEscape => {
                if !newline {
                    reader.value.push(letter);
                }
                State::Value
            }
            State::Single if byte == b'\'' => State::BeforeValue,
            State::Double if byte == b'"' => State::BeforeValue,
            State::Double if byte == b'\\' => State::DoubleEscape,
            State::Single | State::Double => {
                reader.value.push(letter);
                state
            }
            State::DoubleEscape => {
                if !matches!(byte, b'"' | b'\\' | b'`' | b'$' | b'\n') {
                    reader.value.push(letter.as_byte(b'\\'));
                }
                if byte != b'\n' {
                    reader.value.push(letter);
                }
                State::Double
            }
            State::Comment if byte == b'\\' => State::CommentEscape,
            State::Comment if newline => State::BeforeKey,
            State::CommentEscape if newline => {
                reader.comment_continues(letter);
                State::BeforeKey
            }
            State::Comment | State::CommentEscape => State::Comment,
        };
    }
    match state {
        State::Value => {
            reader.value.truncate(solid);
            reader.assign();
        }
        State::BeforeValue | State::ValueEscape => reader.assign(),
        State::Single | State::Double | State::DoubleEscape => {
            let place = Place::new(text.source, span_of(&reader.key));
            reader.diagnostics.push(
                Diagnostic::warning(
                    Code::UnitSyntax,
                    format!("unterminated quote in {}: the value extends to the end of the file", text.name),
                )
                .at(place),
            );
            reader.assign();
        }
        State::BeforeKey | State::Key | State::Comment | State::CommentEscape => {}
    }
}

struct Reader<'a> {
    text: &'a Text<'a>,
    shell: bool,
    file: Option<usize>,
    variables: &'a mut Variables,
    diagnostics: &'a mut DiagnosticSink,
    key: Vec<Letter>,
    value: Vec<Letter>,
}

impl Reader<'_> {
    fn assign(&mut self) {
        let place = Place::new(self.text.source, span_of(trim(&self.key)));
        let key = text_of(trim(&self.key));
        let value = std::mem::take(&mut self.value);
        let exported = key
            .strip_prefix("export")
            .filter(|k| k.starts_with([' ', '\t']))
            .map(|k| k.trim_start().to_owned());
        let key = match exported {
            Some(bare) if is_name(bare.as_bytes()) => {
                let consequence =
                    if self.shell { "it is parsed here as a shell would" } else { "the line is ignored" };
                self.diagnostics.push(
                    Diagnostic::warning(
                        Code::UnitSyntax,
                        format!("systemd does not support `export` in {}; {consequence}", self.text.name),
                    )
                    .help("use NAME=VALUE without `export`")
                    .at(place),
                );
                if !self.shell {
                    return;
                }
                bare
            }
            _ => key,
        };
        if !is_name(key.as_bytes()) || !is_value(&value) {
            self.diagnostics.push(
                Diagnostic::warning(
                    Code::UnitSyntax,
                    format!("systemd ignores this assignment in {}: {key:.60}", self.text.name),
                )
                .at(place),
            );
            return;
        }
        self.variables.set(key, value, self.text.source, self.file);
    }

    fn comment_continues(&mut self, at: Letter) {
        self.diagnostics.push(
            Diagnostic::warning(
                Code::UnitSyntax,
                "comment ends with a backslash: before version 254, systemd also treats the next line as a comment",
            )
            .at(Place::new(self.text.source, span_of(&[at]))),
        );
    }
}
