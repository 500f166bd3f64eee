//! Values that are not known: placeholders of templates, and parts that a condition may leave out.

use crate::command_line::{Argument, CommandLine};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::template::{Masked, is_placeholder};
use crate::source::tree::{Document, Node, NodeValue};
use crate::source::{MissingLayer, Place, UnknownValue};

use super::kubelet::ConfiguredKubelet;

/// Why a value of a template is open.
const PLACEHOLDER: &str = "a placeholder of a template";
/// Why a value within a condition is open.
const CONDITION: &str = "a condition of a template decides it";
/// What expressions that produce whole lines may add.
const LINES: MissingLayer = MissingLayer::Base("the lines that expressions of the template produce");
/// The most notes on single values.
const MOST_NOTES: usize = 50;

/// What was taken out of the layers of a kubelet because its value is not known.
#[derive(Default)]
pub(crate) struct Unknown {
    /// The values, as layers that are missing.
    pub(crate) missing: Vec<MissingLayer>,
    /// A note for each of them.
    pub(crate) notes: Vec<Diagnostic>,
}

impl Unknown {
    fn value(&mut self, path: &str, why: &'static str, place: Place) {
        if self.notes.len() < MOST_NOTES {
            let message = format!("{path} has no known value: the text is an unrendered template");
            self.notes.push(
                Diagnostic::warning(Code::UnknownValue, message)
                    .help("render the template and audit the result; what does not depend on it is audited here")
                    .at(place),
            );
        }
        self.missing.push(MissingLayer::Value(UnknownValue {
            path: path.to_owned(),
            why,
            place: Some(place),
        }));
    }

    fn lines(&mut self) {
        if !self.missing.contains(&LINES) {
            self.missing.push(LINES);
        }
    }
}

/// Takes the unknown values out of the layers of a kubelet.
pub(super) fn take(kubelet: &mut ConfiguredKubelet, masked: Option<&Masked>) {
    let mut unknown = Unknown::default();
    if let Some(Ok(document)) = &mut kubelet.config {
        unknown = take_from(document, masked);
    }
    if let Some(line) = &mut kubelet.command_line {
        take_arguments(line, masked, &mut unknown);
    }
    kubelet.missing.append(&mut unknown.missing);
    kubelet.notes.append(&mut unknown.notes);
}

/// Takes the unknown values out of a configuration.
pub(crate) fn take_from(document: &mut Document<'_>, masked: Option<&Masked>) -> Unknown {
    let mut unknown = Unknown::default();
    if masked.is_some_and(|masked| masked.has_lost_lines) {
        unknown.lines();
    }
    take_members(&mut document.root, &mut String::new(), masked, &mut unknown);
    if let Some(masked) = masked {
        document.duplicates.retain(|duplicate| !masked.is_conditional(duplicate.again.start));
    }
    unknown
}

fn take_members(node: &mut Node<'_>, path: &mut String, masked: Option<&Masked>, unknown: &mut Unknown) {
    let NodeValue::Object(members) = &mut node.value else { return };
    let parent = path.len();
    members.retain_mut(|member| {
        if is_placeholder(&member.key) {
            unknown.lines();
            return false;
        }
        if parent > 0 {
            path.push('.');
        }
        path.push_str(&member.key);
        let is_conditional = masked.is_some_and(|masked| masked.is_conditional(member.key_place.span.start));
        let why = if is_conditional {
            Some(CONDITION)
        } else if !matches!(member.value.value, NodeValue::Object(_)) && has_placeholder(&member.value) {
            Some(PLACEHOLDER)
        } else {
            take_members(&mut member.value, path, masked, unknown);
            None
        };
        if let Some(why) = why {
            unknown.value(path, why, member.value.place);
        }
        path.truncate(parent);
        why.is_none()
    });
}

fn has_placeholder(node: &Node<'_>) -> bool {
    match &node.value {
        NodeValue::String(text) => is_placeholder(text),
        NodeValue::Array(items) => items.iter().any(has_placeholder),
        NodeValue::Object(members) => {
            members.iter().any(|member| is_placeholder(&member.key) || has_placeholder(&member.value))
        }
        _ => false,
    }
}

/// Takes the arguments without a known value out of a command line. A flag that is set again behind one
/// is known.
fn take_arguments(line: &mut CommandLine, masked: Option<&Masked>, unknown: &mut Unknown) {
    let mut kept: Vec<Argument> = Vec::with_capacity(line.arguments.len());
    let mut open: Vec<(String, &'static str, Place)> = Vec::new();
    for argument in std::mem::take(&mut line.arguments) {
        let is_conditional = masked.is_some_and(|masked| masked.is_conditional(argument.place.span.start));
        let flag = argument.text.split_once('=').map_or(argument.text.as_str(), |(name, _)| name);
        let is_flag = flag.starts_with("--") && !is_placeholder(flag);
        if is_flag {
            open.retain(|(name, ..)| name != flag);
        }
        if !is_conditional && !is_placeholder(&argument.text) {
            kept.push(argument);
            continue;
        }
        let why = if is_conditional { CONDITION } else { PLACEHOLDER };
        if is_flag {
            open.push((flag.to_owned(), why, argument.place));
            continue;
        }
        // The value of a flag may be an argument of its own.
        let before = kept.pop_if(|before| before.text.starts_with("--") && !before.text.contains('='));
        match before {
            Some(before) => open.push((before.text, why, argument.place)),
            None => line.gap = Some(kept.len()),
        }
    }
    for (flag, why, place) in open {
        unknown.value(&flag, why, place);
    }
    line.arguments = kept;
}
