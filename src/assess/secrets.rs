//! Keeps credentials of the input out of the report.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Texts;
use crate::json::{json_text, read_value};
use crate::kubelet::fields::FieldId;
use crate::report::Target;
use crate::report::locate::Locator;
use crate::request::{ArgsInput, Request};
use crate::source::Sources;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::redaction::{HIDDEN, secret_ranges};

/// Shorter texts are not looked for: they would be found everywhere.
const SHORTEST: usize = 5;

/// Hides credentials of the request's texts wherever a target quotes them: in messages, values, and notes.
///
/// This is the last step of an audit, so no rule, message, or note can forget it. Texts without credentials,
/// nearly all, cost one search and no more.
pub(super) fn hide(request: &Request, texts: &Texts<'_>, targets: &mut [Target]) {
    let mut secrets = BTreeSet::new();
    let drop_ins = request.drop_ins.iter().flatten().map(|file| file.text.as_str());
    // A text that is too large is not read, so nothing quotes it.
    let limit = super::limits_of(request).bytes;
    let read = texts.config_text().into_iter().chain(drop_ins).filter(|text| text.len() <= limit);
    read.for_each(|text| add(text, &mut secrets));
    match &request.args {
        Some(ArgsInput::Text(text)) => add(text, &mut secrets),
        Some(ArgsInput::Files(files)) => files.iter().for_each(|file| add(&file.text, &mut secrets)),
        Some(ArgsInput::Argv(args)) => add(&json_text(args), &mut secrets),
        None => {}
    }
    if secrets.is_empty() {
        return;
    }
    // The longest first: one may be a part of another.
    let mut secrets: Vec<String> = secrets.into_iter().collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for target in targets {
        // By way of its text, as reports are written and read elsewhere: every other reader and writer of a
        // report takes some 100 KB of a module.
        let hidden = serde_json::from_str(&json_text(target)).map(|mut value| {
            replace(&mut value, &secrets);
            value
        });
        let hidden = hidden.map_err(|error| error.to_string()).and_then(|value| read_value(&value));
        // A target that cannot be read back says nothing, rather than a credential.
        *target = hidden.unwrap_or_else(|_| {
            let error = Diagnostic::error(
                Code::Unreadable,
                "the report cannot be shown without credentials of the input",
            )
            .help("remove the credentials from the input, and report this as a bug");
            let errors = Locator::new(&Sources::default()).issues(&[error]);
            Target {
                kubelet: None,
                findings: Vec::new(),
                errors,
                source: target.source.clone(),
                node: request.node.clone(),
                object: None,
            }
        });
    }
}

/// Adds the credentials of a text, whole and in words: arguments are split at spaces.
fn add(text: &str, secrets: &mut BTreeSet<String>) {
    for range in secret_ranges(text) {
        let secret = text.get(range).unwrap_or_default();
        let quotes = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
        let whole = secret.trim_matches(quotes);
        if whole.len() >= SHORTEST && !whole.contains('\n') {
            secrets.insert(whole.to_owned());
        }
        let ends = |c: char| quotes(c) || matches!(c, ',' | '[' | ']' | '{' | '}' | ':' | '=' | ';');
        secrets.extend(secret.split(ends).filter(|word| is_telling(word)).map(str::to_owned));
    }
}

/// Whether a word of a credential is one itself, and not the name of a header or of a scheme.
fn is_telling(word: &str) -> bool {
    const NAMES: [&str; 4] = ["Authorization", "Bearer", "Basic", HIDDEN];
    let is_plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
    // A range that is too long may hold other arguments.
    let is_known = || word.starts_with('-') || FieldId::find(word).is_some();
    word.len() >= if is_plain { 12 } else { SHORTEST } && !NAMES.contains(&word) && !is_known()
}

fn replace(value: &mut Value, secrets: &[String]) {
    match value {
        Value::String(text) => {
            for secret in secrets {
                if text.contains(secret.as_str()) {
                    *text = text.replace(secret.as_str(), HIDDEN);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, secrets)),
        Value::Object(members) => members.values_mut().for_each(|member| replace(member, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
