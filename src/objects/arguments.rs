//! Converts the kubelet arguments in objects to command-line arguments.

use std::borrow::Cow;

use crate::command_line::Argument;
use crate::kubelet::fields::FieldId;
use crate::kubelet::flags::{FLAGS, Flag};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::tree::{Member, Node, NodeValue};
use crate::source::{Place, ReadError, ReadFault, Span};

use super::kubelet::{ARGUMENTS, CONFIG};

/// How an object contains arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArgsForm {
    /// Flags without dashes: a map from name to value, or a list of `{name, value}`.
    Pairs,
    /// A list of strings, `--name=value` or `name=value`.
    Texts,
    /// Flags in camel case as fields of an object.
    Fields,
}

/// The settings that an object makes by arguments.
#[derive(Default)]
pub(super) struct Arguments {
    /// The arguments of the command line.
    pub(super) list: Vec<Argument>,
    /// Settings that are fields of KubeletConfiguration and have no flag.
    pub(super) fields: Vec<Member<'static>>,
    /// Notes on ignored settings.
    pub(super) notes: Vec<Diagnostic>,
}

/// Reads the arguments in `node`.
pub(super) fn read(node: &Node<'_>, form: ArgsForm) -> Result<Arguments, ReadError> {
    let mut arguments = Arguments::default();
    match (&node.value, form) {
        (NodeValue::Object(members), ArgsForm::Pairs) => {
            for member in members {
                pair(&member.key, &member.value, &mut arguments)?;
            }
        }
        (NodeValue::Array(items), ArgsForm::Pairs) => {
            for item in items {
                let name = item.get("name").and_then(Node::as_str);
                match (name, item.get("value")) {
                    (Some(name), Some(value)) => pair(name, value, &mut arguments)?,
                    (Some(name), None) => push(&mut arguments.list, &format!("--{name}="), item.place),
                    _ => return Err(wrong(item, "an object with name and value")),
                }
            }
        }
        (NodeValue::Array(items), ArgsForm::Texts) => {
            for item in items {
                text(item, &mut arguments)?;
            }
        }
        (NodeValue::String(_), ArgsForm::Texts) => text(node, &mut arguments)?,
        (NodeValue::Object(members), ArgsForm::Fields) => {
            for member in members {
                field(member, &mut arguments)?;
            }
        }
        (_, ArgsForm::Pairs) => {
            return Err(wrong(node, "an object, or a list of objects with name and value"));
        }
        (_, ArgsForm::Texts) => return Err(wrong(node, "a list of strings")),
        (_, ArgsForm::Fields) => return Err(wrong(node, "an object")),
    }
    Ok(arguments)
}

fn push(arguments: &mut Vec<Argument>, text: &str, place: Place) {
    arguments.push(Argument { text: text.to_owned(), place: of_arguments(place) });
}

/// A place of the text as one of its command line: the outermost text is a source of its own as such.
pub(super) fn of_arguments(place: Place) -> Place {
    if place.source_id() == Some(CONFIG) { Place::new(ARGUMENTS, place.span) } else { place }
}

/// Adds a flag by its name, which some write with dashes. Talos allows a list of several values.
fn pair(name: &str, value: &Node<'_>, arguments: &mut Arguments) -> Result<(), ReadError> {
    let name = name.trim_start_matches('-');
    for value in value.as_array().unwrap_or(std::slice::from_ref(value)) {
        let text = scalar(value).ok_or_else(|| wrong(value, "a string"))?;
        push(&mut arguments.list, &format!("--{name}={text}"), value.place);
    }
    Ok(())
}

/// Adds `--name=value` or `name=value`. A string with several flags is split at white space.
fn text(item: &Node<'_>, arguments: &mut Arguments) -> Result<(), ReadError> {
    let text = item.as_str().ok_or_else(|| wrong(item, "a string"))?;
    if !text.starts_with('-') {
        push(&mut arguments.list, &format!("--{text}"), item.place);
        return Ok(());
    }
    for word in text.split_ascii_whitespace() {
        push(&mut arguments.list, word, item.place);
    }
    Ok(())
}

/// Adds a flag in camel case, or a field.
fn field(member: &Member<'_>, arguments: &mut Arguments) -> Result<(), ReadError> {
    let value = &member.value;
    let Some(flag) = flag_of(&member.key) else {
        if FieldId::find(&member.key).is_some() {
            arguments.fields.push(member.to_static());
        } else {
            let message = format!("{:?} is neither a kubelet flag nor a configuration field", member.key);
            arguments.notes.push(
                Diagnostic::note(Code::UnknownField, message)
                    .help("it is ignored here; the platform may use it for its own purposes")
                    .at(of_arguments(member.key_place)),
            );
        }
        return Ok(());
    };
    let mut text = format!("--{}=", flag.name);
    joined(value, &mut text)
        .ok_or_else(|| wrong(value, "a string, a list of strings or an object with string values"))?;
    push(&mut arguments.list, &text, value.place);
    Ok(())
}

/// Appends a value in the format of a flag: items and pairs are separated by commas.
fn joined(value: &Node<'_>, out: &mut String) -> Option<()> {
    let mut add = |key: &str, value: &Node<'_>, is_first: bool| {
        for piece in
            [if is_first { "" } else { "," }, key, if key.is_empty() { "" } else { "=" }, &scalar(value)?]
        {
            out.push_str(piece);
        }
        Some(())
    };
    match &value.value {
        NodeValue::Object(members) => {
            for (at, member) in members.iter().enumerate() {
                add(&member.key, &member.value, at == 0)?;
            }
        }
        NodeValue::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                add("", item, at == 0)?;
            }
        }
        _ => add("", value, true)?,
    }
    Some(())
}

/// The flag with this name in camel case.
fn flag_of(name: &str) -> Option<&'static Flag> {
    let same = |flag: &str| {
        let letters = flag.bytes().filter(|byte| *byte != b'-');
        letters.eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
    };
    FLAGS.iter().find(|flag| same(flag.name))
}

fn scalar<'n>(node: &'n Node<'_>) -> Option<Cow<'n, str>> {
    Some(match &node.value {
        NodeValue::Null => Cow::Borrowed(""),
        NodeValue::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        NodeValue::Number(text) | NodeValue::String(text) => Cow::Borrowed(text),
        NodeValue::Array(_) | NodeValue::Object(_) => return None,
    })
}

/// The last value of a flag.
pub(super) fn value_of_flag<'a>(arguments: impl Iterator<Item = &'a Argument>, name: &str) -> Option<String> {
    let mut found = None;
    let mut is_next = false;
    for argument in arguments {
        let body = argument.text.strip_prefix("--").unwrap_or_default();
        if is_next {
            found = Some(argument.text.clone());
            is_next = false;
        } else if let Some(value) = body.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            found = Some(value.to_owned());
        } else {
            is_next = body == name;
        }
    }
    found
}

/// The error for a value of the wrong type.
pub(super) fn wrong(node: &Node<'_>, expected: &str) -> ReadError {
    fault(Code::WrongType, node.place.span, format!("found a {}, expected {expected}", node.value.kind()))
}

pub(super) fn fault(code: Code, span: Span, message: String) -> ReadError {
    let help = "fix the object; its kubelet settings could not be read".to_owned();
    Box::new(ReadFault { code, message, help, span })
}
