//! Values as text: JSON, and YAML in flow and block style.

use serde_json::Value as Json;

use crate::json::json_text;

/// The layout of a document, used for added text.
#[derive(Clone, Copy, Debug)]
pub(in crate::fix) struct Layout<'t> {
    /// The line break.
    pub(in crate::fix) eol: &'t str,
    /// One step of indentation.
    pub(in crate::fix) unit: &'t str,
    /// The quote of keys and strings, if any.
    pub(in crate::fix) quote: Option<char>,
    /// The text between a key and its value.
    pub(in crate::fix) colon: &'t str,
    /// Whether added objects span several lines.
    pub(in crate::fix) multiline: bool,
}

/// Returns a value in flow style, on one line or, as JSON, on several.
pub(in crate::fix) fn flow(value: &Json, layout: &Layout<'_>, indent: &str) -> String {
    let mut out = String::new();
    write_flow(&mut out, value, layout, indent);
    out
}

fn write_flow(out: &mut String, value: &Json, layout: &Layout<'_>, indent: &str) {
    match value {
        Json::Object(members) => {
            let inner = format!("{indent}{}", layout.unit);
            out.push('{');
            for (number, (key, value)) in members.iter().enumerate() {
                separate(out, number, layout, &inner);
                out.push_str(&text(key, layout.quote));
                out.push_str(layout.colon);
                write_flow(out, value, layout, &inner);
            }
            close(out, members.is_empty(), layout, indent);
            out.push('}');
        }
        Json::Array(items) => {
            let inner = format!("{indent}{}", layout.unit);
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                separate(out, number, layout, &inner);
                write_flow(out, item, layout, &inner);
            }
            close(out, items.is_empty(), layout, indent);
            out.push(']');
        }
        scalar => out.push_str(&self::scalar(scalar, layout.quote)),
    }
}

fn separate(out: &mut String, number: usize, layout: &Layout<'_>, indent: &str) {
    if number > 0 {
        out.push(',');
    }
    if layout.multiline {
        out.push_str(layout.eol);
        out.push_str(indent);
    } else if number > 0 && layout.colon.ends_with(' ') {
        out.push(' ');
    }
}

fn close(out: &mut String, is_empty: bool, layout: &Layout<'_>, indent: &str) {
    if layout.multiline && !is_empty {
        out.push_str(layout.eol);
        out.push_str(indent);
    }
}

/// Returns `key: value` in block style, without the indentation of the first line and the break of the last.
pub(in crate::fix) fn block(key: &str, value: &Json, layout: &Layout<'_>, indent: &str) -> String {
    let mut out = text(key, None);
    out.push(':');
    match value {
        Json::Object(members) if !members.is_empty() => {
            let inner = format!("{indent}{}", layout.unit);
            for (key, value) in members {
                out.push_str(layout.eol);
                out.push_str(&inner);
                out.push_str(&block(key, value, layout, &inner));
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for item in items {
                out.push_str(layout.eol);
                out.push_str(indent);
                out.push_str("- ");
                write_flow(&mut out, item, &Layout { colon: ": ", multiline: false, ..*layout }, "");
            }
        }
        value => {
            out.push(' ');
            write_flow(&mut out, value, &Layout { colon: ": ", multiline: false, ..*layout }, "");
        }
    }
    out
}

/// Returns a scalar. Strings have the given quote, or none if YAML allows it.
pub(in crate::fix) fn scalar(value: &Json, quote: Option<char>) -> String {
    match value {
        Json::String(value) => text(value, quote),
        other => json_text(other),
    }
}

fn text(value: &str, quote: Option<char>) -> String {
    match quote {
        Some('\'') => format!("'{}'", value.replace('\'', "''")),
        Some(_) => json_text(value),
        None if is_plain(value) => value.to_owned(),
        None => json_text(value),
    }
}

/// Whether YAML 1.1 reads the unquoted value as a string. Deliberately strict.
fn is_plain(value: &str) -> bool {
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "~"];
    let Some(first) = value.chars().next() else { return false };
    // A duration starts with a digit and ends with its unit, which no number does.
    let is_number = first.is_ascii_digit() && !value.ends_with(['s', 'm', 'h']);
    (first.is_ascii_alphanumeric() || first == '/')
        && !is_number
        && value.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-".contains(c))
        && !WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_yaml_reads_as_other_types_are_quoted() {
        for (value, want) in [
            ("Webhook", "Webhook"),
            ("4h0m0s", "4h0m0s"),
            ("yes", "\"yes\""),
            ("10", "\"10\""),
            ("", "\"\""),
            ("a: b", "\"a: b\""),
        ] {
            assert_eq!(text(value, None), want);
        }
    }
}
