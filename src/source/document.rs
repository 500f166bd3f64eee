//! Selects the JSON or the YAML reader for a document, as the kubelet does.

use super::diagnostic::Code;
use super::read_error::{ReadError, check_size, error};
use super::tree::Document;
use super::{Limits, SourceId, Span, json, yaml};

/// Reads the first document of `text`.
///
/// A text whose first character after white space is `{` is parsed as strict JSON, any other as YAML
/// (apimachinery `pkg/runtime/serializer/json`, `IsJSONBuffer`). White space is Go's `unicode.IsSpace`:
/// a text that starts with a no-break space also goes to the JSON reader, which then rejects it.
///
/// # Errors
///
/// If the text is not valid or exceeds a limit.
pub fn read<'a>(text: &'a str, source: SourceId, limits: &Limits) -> Result<Document<'a>, ReadError> {
    check_size(text.len(), limits)?;
    if text.is_empty() {
        return Err(error(
            Code::Empty,
            Span::at(0),
            "the document is empty",
            "add at least apiVersion and kind; the kubelet rejects an empty file",
        ));
    }
    if text.trim_start().starts_with('{') {
        json::read(text, source, limits)
    } else {
        yaml::read(text, source, limits)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Format, NodeValue};
    use super::*;

    #[test]
    fn the_first_character_decides_and_there_is_no_way_back() {
        let table = [
            ("{\"a\": 1}", Ok(Format::Json)),
            (" \r\n\t{\"a\": 1}", Ok(Format::Json)),
            ("{a: 1}", Err(Code::JsonSyntax)),
            ("\u{A0}{\"a\": 1}", Err(Code::JsonSyntax)),
            ("\u{B}{\"a\": 1}", Err(Code::JsonSyntax)),
            ("\u{FEFF}{\"a\": 1}", Ok(Format::Yaml)),
            ("\u{FEFF}{a: 1}", Ok(Format::Yaml)),
            ("# c\n{\"a\": 1}", Ok(Format::Yaml)),
            ("---\n{a: 1}", Ok(Format::Yaml)),
            ("// c\n{\"a\": 1}", Err(Code::YamlSyntax)),
            ("[1]", Ok(Format::Yaml)),
            ("", Err(Code::Empty)),
        ];
        for (text, want) in table {
            let got = read(text, SourceId(0), &Limits::default()).map(|d| d.format).map_err(|e| e.code);
            assert_eq!(got, want, "{text:?}");
        }
    }

    #[test]
    fn a_document_without_content_is_null() {
        for text in [
            " \n\n",
            "# x\n",
            "---",
            "---\n",
            "null",
            "--- ~",
            "\u{FEFF}",
            "\u{FEFF}\n",
            "---\n---\na: 1\n",
            "---\n...",
        ] {
            let document = read(text, SourceId(0), &Limits::default()).expect(text);
            assert!(matches!(document.root.value, NodeValue::Null), "{text:?}");
        }
    }
}
