//! Parses the kubelet's command line as spf13/pflag does (1.0.5 and 1.0.10, `flag.go`).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Map, Value as Json};

use crate::command_line::Argument;
use crate::kubelet::fields::Kind;
use crate::kubelet::flags::{FLAGS, Flag, FlagKind, UNSUPPORTED_FLAGS, lookup};
use crate::kubelet::{Minors, Version};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::nearest::nearest;
use crate::source::{Place, Span};

use super::flag_value;
use super::read_value::clip;
use super::value::{MapEntry, Value};

/// One occurrence of a flag.
#[derive(Clone, Debug)]
pub struct GivenFlag {
    /// The flag.
    pub flag: &'static Flag,
    /// Its value, in the type of the field that it sets. What `--feature-gates` sets is in `gates`.
    pub value: Value,
    /// The feature gates that it names, in order; one may be named twice.
    pub gates: Vec<MapEntry>,
    /// Its text: the argument with its name and, if the value is an argument of its own, that one.
    pub text: String,
    /// The place of its value; of the flag if it has no value.
    pub place: Place,
    /// The place of the argument with its name.
    pub flag_place: Place,
}

/// The flags of a command line.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The flags in order.
    pub given: Vec<GivenFlag>,
    /// The last setting of each feature gate.
    gates: BTreeMap<String, (bool, Place)>,
    /// The place of `--help=false`, which the kubelet ignores only when it parses the first time.
    pub(super) help: Option<Place>,
}

impl Flags {
    /// The last occurrence of a flag, which wins unless the flag accumulates.
    pub fn last(&self, name: &str) -> Option<&GivenFlag> {
        self.given.iter().rev().find(|given| given.flag.name == name)
    }

    /// The value of a string flag; `None` if it is not set or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.last(name)?.value {
            Value::Str(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean flag, if it is set.
    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.last(name)?.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The feature gates that flags set, in order; the last setting of each wins.
    pub fn gates(&self) -> impl DoubleEndedIterator<Item = &MapEntry> {
        self.given.iter().flat_map(|given| &given.gates)
    }

    /// The settings without a field in this version, by the name of their flag. Credentials are hidden.
    pub fn without_field(&self, version: Version) -> Map<String, Json> {
        let mut values: BTreeMap<&str, Value> = BTreeMap::new();
        let others = self
            .given
            .iter()
            .filter(|given| given.flag.kind != FlagKind::BoolMap && given.flag.field(version).is_none());
        for given in others {
            match values.entry(given.flag.name) {
                Entry::Vacant(entry) => drop(entry.insert(given.value.clone())),
                Entry::Occupied(mut entry) => flag_value::add(entry.get_mut(), &given.value, given.place),
            }
        }
        let shown = |(name, value): (&str, Value)| {
            let is_secret = name == "storage-driver-password";
            // A flag that was given has a value, so the kind does not matter.
            let value = if is_secret { Json::from("(hidden)") } else { value.to_json(Kind::Str) };
            (name.to_owned(), value)
        };
        values.into_iter().map(shown).collect()
    }

    /// The setting of a gate by flags, and its place.
    pub fn gate(&self, name: &str) -> Option<(bool, Place)> {
        self.gates.get(name).copied()
    }
}

/// The flags of a command line, and why the kubelet exits if it does.
pub(super) struct ParsedArguments {
    /// The flags that could be parsed: all of them unless there are errors.
    pub flags: Flags,
    /// Every reason why the kubelet exits.
    pub errors: Vec<Diagnostic>,
}

/// Parses arguments. Parsing continues after an error, so that every error is reported.
pub(super) fn parse(arguments: &[Argument], version: Version) -> ParsedArguments {
    let mut parser = Parser { version, flags: Flags::default(), errors: Vec::new() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.text.as_str();
        if text == "--" {
            // Everything after it is a positional argument, and the kubelet accepts none.
            rest.by_ref().for_each(|argument| parser.positional(argument));
        } else if let Some(body) = text.strip_prefix("--") {
            parser.long(argument, body, &mut rest);
        } else if text.len() > 1 && text.starts_with('-') {
            parser.short(argument, text.get(1..).unwrap_or(""), &mut rest);
        } else {
            parser.positional(argument);
        }
    }
    ParsedArguments { flags: parser.flags, errors: parser.errors }
}

struct Parser {
    version: Version,
    flags: Flags,
    errors: Vec<Diagnostic>,
}

impl Parser {
    fn positional(&mut self, argument: &Argument) {
        let shown = clip(&argument.text);
        let previous = self.flags.given.last().filter(|given| given.flag.kind.needs_no_value());
        let help = match previous {
            Some(given) if !given.text.contains('=') => {
                format!("set a boolean flag with an equals sign: --{}={shown}", given.flag.name)
            }
            _ => "remove the argument".into(),
        };
        self.errors.push(
            Diagnostic::error(
                Code::UnexpectedArgument,
                format!("unexpected argument {shown:?}: the kubelet accepts only flags and exits"),
            )
            .help(help)
            .at(argument.place),
        );
    }

    fn long(&mut self, argument: &Argument, body: &str, rest: &mut std::slice::Iter<'_, Argument>) {
        let (name, value) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (body, None),
        };
        if name.is_empty() || name.starts_with('-') {
            let message = format!("invalid flag {:?}: the kubelet exits", clip(&argument.text));
            self.errors.push(
                Diagnostic::error(Code::UnknownFlag, message)
                    .help("write flags as --name=value")
                    .at(argument.place),
            );
            return;
        }
        // The normalization of component-base (`WordSepNormalizeFunc`) is case-sensitive.
        let normal = name.replace('_', "-");
        if normal == "help" {
            self.flags.help = Some(argument.place);
            self.exits_at_once(argument, value, "prints its help");
            return;
        }
        let Some(flag) = lookup(&normal).filter(|flag| flag.exists_in(self.version)) else {
            self.unknown(argument, name, &normal);
            return;
        };
        let (text, place, next) = match value {
            Some(value) => (value, self.value_place(argument, value), None),
            None if flag.kind.needs_no_value() => ("true", argument.place, None),
            None => match rest.next() {
                // The next argument is the value even if it looks like a flag.
                Some(next) => (next.text.as_str(), next.place, Some(next)),
                None => {
                    self.errors.push(
                        Diagnostic::error(
                            Code::InvalidFlagValue,
                            format!("--{normal} requires a value; the kubelet exits"),
                        )
                        .help(format!("expected {}", flag.kind.expects()))
                        .at(argument.place),
                    );
                    return;
                }
            },
        };
        self.set(flag, text, place, argument, next);
    }

    fn short(&mut self, argument: &Argument, letters: &str, rest: &mut std::slice::Iter<'_, Argument>) {
        // What a program under `go test` would take for its own is skipped (pflag `isGotestShorthandFlag`).
        if letters.starts_with("test.") {
            return;
        }
        let mut chars = letters.chars();
        match chars.next() {
            Some('h') => self.exits_at_once(argument, None, "prints its help"),
            Some('v') => {
                let Some(flag) = lookup("v") else { return };
                let after = chars.as_str();
                let (value, next) = match after.strip_prefix('=') {
                    Some(value) => (value, None),
                    None if !after.is_empty() => (after, None),
                    None => rest.next().map_or(("", None), |next| (next.text.as_str(), Some(next))),
                };
                self.set(flag, value, argument.place, argument, next);
            }
            _ => {
                let name = letters.split_once('=').map_or(letters, |(name, _)| name);
                let known = lookup(&name.replace('_', "-")).is_some();
                let help = if known {
                    format!("use two dashes: --{letters}")
                } else {
                    "the only short flags of the kubelet are -h and -v".into()
                };
                let message = format!("unknown flag -{}: the kubelet exits", clip(name));
                self.errors.push(Diagnostic::error(Code::UnknownFlag, message).help(help).at(argument.place));
            }
        }
    }

    fn exits_at_once(&mut self, argument: &Argument, value: Option<&str>, what: &str) {
        if value == Some("false") {
            return;
        }
        let message = format!("with {} the kubelet {what} and exits", argument.text);
        self.errors.push(
            Diagnostic::error(Code::UnexpectedArgument, message).help("remove the flag").at(argument.place),
        );
    }

    fn unknown(&mut self, argument: &Argument, name: &str, normal: &str) {
        let diagnostic = if let Some(flag) = lookup(normal) {
            let Minors { first, last } = flag.minors;
            Diagnostic::error(
                Code::FlagNotInVersion,
                format!("unknown flag --{normal} in Kubernetes {}: the kubelet exits", self.version),
            )
            .help(if self.version.minor() > last {
                format!("remove it; Kubernetes 1.{last} was the last version with this flag")
            } else {
                format!("remove it; Kubernetes 1.{first} is the first version with this flag")
            })
        } else {
            let message = format!("unknown flag --{}: the kubelet exits", clip(name));
            let known = FLAGS.iter().filter(|flag| flag.exists_in(self.version)).map(|flag| flag.name);
            let help = if let Some((_, help)) = UNSUPPORTED_FLAGS.iter().find(|(flag, _)| *flag == name) {
                (*help).into()
            } else if let Some(flag) = nearest(normal, known) {
                format!("did you mean --{flag}?")
            } else {
                "remove it".into()
            };
            Diagnostic::error(Code::UnknownFlag, message).help(help)
        };
        self.errors.push(diagnostic.at(name_place(argument, name)));
    }

    /// Sets a flag to the value `text`; `next` is the argument after the flag if that is the value.
    fn set(
        &mut self,
        flag: &'static Flag,
        text: &str,
        place: Place,
        argument: &Argument,
        next: Option<&Argument>,
    ) {
        let read = match flag.kind {
            FlagKind::BoolMap => flag_value::gates(text, place).map(|gates| (Value::Absent, gates)),
            _ => flag_value::read(flag.kind_in(self.version), text, place).map(|value| (value, Vec::new())),
        };
        match read {
            Ok((Value::Bool(true), _)) if flag.kind == FlagKind::Version => {
                self.exits_at_once(argument, None, "prints its version");
            }
            Ok((value, gates)) => {
                let mut full_text = argument.text.clone();
                if let Some(next) = next {
                    full_text.push(' ');
                    full_text.push_str(&next.text);
                }
                let settings = gates.iter().map(|gate| (gate.key.clone(), (gate.is_true(), gate.place)));
                self.flags.gates.extend(settings);
                self.flags.given.push(GivenFlag {
                    flag,
                    value,
                    gates,
                    text: full_text,
                    place,
                    flag_place: argument.place,
                });
            }
            Err(reason) => {
                let shown = match flag.kind {
                    FlagKind::Headers => "value".into(),
                    _ => format!("value {:?}", clip(text)),
                };
                self.errors.push(
                    Diagnostic::error(
                        Code::InvalidFlagValue,
                        format!("invalid {shown} for --{}: {reason}; the kubelet exits", flag.name),
                    )
                    .help(format!("expected {}", flag.kind.expects()))
                    .at(place),
                );
            }
        }
    }

    /// The place of the value of `--name=value`; of the whole argument if it has quotes or escapes in its source.
    fn value_place(&self, argument: &Argument, value: &str) -> Place {
        let span = argument.place.span;
        let length = span.end.saturating_sub(span.start) as usize;
        if length != argument.text.len() {
            return argument.place;
        }
        let start = (span.end as usize).saturating_sub(value.len());
        argument.place.with_span(Span::new(start, span.end as usize))
    }
}

/// The place of `--name` in an argument `--name=value`; of the whole argument if it has quotes or escapes in its
/// source.
fn name_place(argument: &Argument, name: &str) -> Place {
    let span = argument.place.span;
    if span.end.saturating_sub(span.start) as usize != argument.text.len() {
        return argument.place;
    }
    let start = span.start as usize;
    argument.place.with_span(Span::new(start, start.saturating_add(name.len()).saturating_add(2)))
}
