//! Edits of flags in unit files, their drop-ins and environment files.

use serde_json::Value as Json;

use super::edit::text::{self, Edit, cut};
use crate::command_line::{Argument, Form, Text, from_texts};
use crate::json::json_text;
use crate::resolve::{GivenFlag, Layers, Resolved, Value};
use crate::source::{Layer, Place, SourceId, Sources};

/// The command line of a node and the texts that set it.
pub(super) struct Arguments<'s> {
    layers: &'s Layers<'s>,
    resolved: &'s Resolved,
    sources: &'s Sources<'s>,
    form: Option<Form>,
    /// The separator between arguments.
    separator: char,
}

/// Edits with the text that each belongs to.
pub(super) type Edits = Vec<(SourceId, Edit)>;

impl<'s> Arguments<'s> {
    pub(super) fn new(layers: &'s Layers<'s>, resolved: &'s Resolved, sources: &'s Sources<'s>) -> Self {
        let flags = || sources.iter().filter(|(_, source)| source.layer == Layer::Flag);
        let is_vector = flags().any(|(_, source)| !source.has_positions);
        let texts: Vec<Text<'_>> =
            flags().map(|(id, source)| Text { source: id, name: &source.name, text: &source.text }).collect();
        let is_split = layers.arguments().iter().any(|argument| argument.text.contains('\n'));
        let form = match (is_vector, texts.is_empty()) {
            (true, _) => Some(Form::Argv).filter(|_| !is_split),
            (false, true) => None,
            (false, false) => from_texts(&texts).ok().map(|line| line.form),
        };
        let separator = match flags().next() {
            Some(_) if is_vector => '\n',
            Some((_, source)) if source.text.contains('\0') => '\0',
            _ => ' ',
        };
        Self { layers, resolved, sources, form, separator }
    }

    /// Whether the texts only show the running command line, rather than configure it.
    pub(super) fn is_shown(&self) -> bool {
        matches!(self.form, Some(Form::Argv | Form::ProcessList))
    }

    /// Returns the occurrences of a flag; for `--feature-gates`, those that name the gate.
    pub(super) fn given(&self, flag: &str, gate: Option<&str>) -> Vec<&'s GivenFlag> {
        let names =
            |given: &GivenFlag| gate.is_none_or(|gate| given.gates.iter().any(|entry| entry.key == gate));
        self.resolved.flags.given.iter().filter(|given| given.flag.name == flag && names(given)).collect()
    }

    /// Whether the flag is given, even if no kubelet version knows it.
    pub(super) fn has(&self, flag: &str, gate: Option<&str>) -> bool {
        !self.given(flag, gate).is_empty() || self.unknown(flag).next().is_some()
    }

    /// Returns the occurrences of a flag that no kubelet version knows, each with the next argument.
    fn unknown(&self, flag: &str) -> impl Iterator<Item = (&'s Argument, Option<&'s Argument>)> {
        let arguments = self.layers.arguments();
        let is_unknown = crate::kubelet::flags::lookup(flag).is_none();
        let flag = flag.to_owned();
        arguments.iter().enumerate().filter_map(move |(at, argument)| {
            let name = argument.text.strip_prefix("--").filter(|_| is_unknown)?;
            let is_it = name.split('=').next() == Some(flag.as_str());
            is_it.then(|| (argument, arguments.get(at.saturating_add(1))))
        })
    }

    /// Returns the edits that change the value of a given flag; null removes the flag.
    pub(super) fn change(&self, flag: &str, gate: Option<&str>, value: &Json) -> Result<Edits, String> {
        let given = self.given(flag, gate);
        self.check_editable()?;
        if value.is_null() {
            let mut edits = Vec::new();
            for given in &given {
                self.remove(given.flag_place, given.place, &mut edits)?;
            }
            for (argument, next) in self.unknown(flag) {
                let value = next.filter(|next| !argument.text.contains('=') && !next.text.starts_with('-'));
                self.remove(argument.place, value.unwrap_or(argument).place, &mut edits)?;
            }
            return Ok(edits);
        }
        let Some((last, earlier)) = given.split_last() else { return Ok(Vec::new()) };
        if let Some(gate) = gate {
            return self.change_gate(last, gate, value);
        }
        let new = argument_of(value)?;
        let mut edits = Vec::new();
        if matches!(last.value, Value::List(_)) {
            // List flags accumulate, so earlier occurrences would remain in effect.
            for given in earlier {
                self.remove(given.flag_place, given.place, &mut edits)?;
            }
        }
        let span = last.place.span;
        if last.place == last.flag_place {
            if self.sources.text_at(last.flag_place).contains('=') {
                return Err(format!("the value of --{flag} contains quotes or escapes"));
            }
            edits.push((source_of(last.flag_place)?, Edit::insert(span.end as usize, format!("={new}"))));
        } else {
            edits.push((source_of(last.place)?, Edit::new(span.start as usize, span.end as usize, new)));
        }
        Ok(edits)
    }

    fn change_gate(&self, given: &GivenFlag, gate: &str, value: &Json) -> Result<Edits, String> {
        let mut edits = Vec::new();
        for entry in given.gates.iter().filter(|entry| entry.key == gate) {
            let place = entry.place;
            let pair = self.sources.text_at(place);
            let Some((_, old)) = pair.split_once('=').filter(|(name, _)| name.trim() == gate) else {
                return Err("the value of --feature-gates contains quotes or escapes".into());
            };
            let old = old.trim_start();
            let start = (place.span.end as usize).saturating_sub(old.len());
            let end = start.saturating_add(old.trim_end().len());
            edits.push((source_of(place)?, Edit::new(start, end, json_text(value))));
        }
        Ok(edits)
    }

    /// Deletes a flag and its value, with the blanks before them.
    fn remove(&self, flag: Place, value: Place, edits: &mut Edits) -> Result<(), String> {
        let is_apart = value.source != flag.source || value.span.start >= flag.span.end;
        let mut places = vec![flag];
        if is_apart {
            places.push(value);
        }
        for place in places {
            let Some(source) = self.sources.at(place) else {
                return Err(NOT_IN_A_TEXT.into());
            };
            let (start, end) = (place.span.start as usize, place.span.end as usize);
            let before = cut(&source.text, 0..start);
            let blanks =
                before.len().saturating_sub(before.trim_end_matches([' ', '\t', self.separator]).len());
            let line = text::line_start(&source.text, start);
            let rest = cut(&source.text, end..text::line_end(&source.text, end));
            if start.saturating_sub(blanks) == line && rest.trim() == "\\" {
                // The line contains nothing else.
                edits.push((source_of(place)?, Edit::delete(line..text::next_line(&source.text, end))));
            } else {
                // The separator of the first argument follows it.
                let own = cut(&source.text, end..source.text.len()).starts_with(self.separator);
                let end = end.saturating_add(usize::from(start == 0 && own));
                edits.push((source_of(place)?, Edit::delete(start.saturating_sub(blanks)..end)));
            }
        }
        Ok(())
    }

    /// Returns the edit that adds a flag after the last argument that is in a text.
    pub(super) fn add(&self, flag: &str, value: &Json) -> Result<Edits, String> {
        self.check_editable()?;
        let new = argument_of(value)?;
        let Some(last) =
            self.layers.arguments().iter().rev().find(|argument| self.is_argument(argument.place))
        else {
            return Err("no file with a variable for kubelet arguments was supplied".into());
        };
        Ok(vec![(
            source_of(last.place)?,
            Edit::insert(last.place.span.end as usize, format!("{}--{flag}={new}", self.separator)),
        )])
    }

    /// Whether another argument can follow this one: `${VAR}` is always a single argument.
    fn is_argument(&self, place: Place) -> bool {
        let written = self.sources.text_at(place);
        !written.is_empty() && !written.contains('$') && !written.starts_with(['"', '\''])
    }

    fn check_editable(&self) -> Result<(), String> {
        match self.form {
            Some(_) => Ok(()),
            None => Err("no command line with separable arguments was supplied".into()),
        }
    }
}

const NOT_IN_A_TEXT: &str = "the flag is not in a supplied text";

fn source_of(place: Place) -> Result<SourceId, String> {
    place.source_id().ok_or_else(|| NOT_IN_A_TEXT.to_owned())
}

/// Returns a value as an argument that needs no quotes.
fn argument_of(value: &Json) -> Result<String, String> {
    let argument = match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => {
            let items: Vec<&str> = items.iter().filter_map(Json::as_str).collect();
            items.join(",")
        }
        other => json_text(other),
    };
    let is_plain = argument.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_.,:=-".contains(&byte));
    if is_plain && !argument.is_empty() { Ok(argument) } else { Err("the value would require quotes".into()) }
}
