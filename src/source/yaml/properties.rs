//! What holds for any text. `FUZZ` in the environment sets the number of texts.

use proptest::prelude::*;

use super::tests::{parse, shown, written};
use super::*;
use crate::source::diagnostic::Code;

/// Texts of the pieces YAML is made of, which get further than arbitrary ones.
fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b: ",
        "- ",
        "? ",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    ",
        "\r\n",
        "\r",
        " ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ",",
        "&x ",
        "*x",
        "!!str ",
        "!foo",
        "!",
        "!<t>",
        "<<: ",
        "|",
        ">",
        "|+\n",
        ">-2\n",
        "'",
        "\"",
        "\\",
        "\\x41",
        "\\",
        "#",
        " # c",
        "---",
        "--- ",
        "...",
        "%YAML 1.1\n",
        "%TAG ! a\n",
        "%",
        "é",
        "😀",
        "\u{85}",
        "\u{2028}",
        "\u{FEFF}",
        "~",
        "yes",
        "5",
        "0x",
        "-",
        "+",
        ".",
        "@",
        "`",
        "1.5",
        "%41",
        "\0",
        "?",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("FUZZ").map_or(1500, |n| n.parse().unwrap()), ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic_and_every_place_lies_in_the_text(text in prop_oneof![3 => yamlish(), 1 => any::<String>()]) {
        match parse(&text) {
            Ok(document) => {
                let mut found = Vec::new();
                written(&text, &document.root, &mut found);
                for d in &document.duplicates {
                    prop_assert!(text.get(d.again.start as usize..d.again.end as usize).is_some());
                }
            }
            Err(err) => {
                prop_assert_ne!(err.code, Code::Internal);
                prop_assert!(text.get(err.span.start as usize..err.span.end as usize).is_some(), "{:?}", err);
            }
        }
    }

    #[test]
    fn a_scalar_read_from_its_span_is_the_same_again(text in yamlish()) {
        fn each(text: &str, node: &Node<'_>) {
            match &node.value {
                NodeValue::Array(items) => items.iter().for_each(|item| each(text, item)),
                NodeValue::Object(members) => members.iter().for_each(|member| each(text, &member.value)),
                _ => {
                    let cut = node.place.span.slice(text);
                    // Cut out of its context a text may mean another thing: indentation, brackets, tag handles.
                    if matches!(cut, "-" | "?" | ":") || cut.starts_with(['*', '|', '>']) || cut.contains(['\n', '\r', '\u{85}', '\u{2028}', '!', '&']) {
                        return;
                    }
                    let whole = format!("- {cut}\n");
                    let again = parse(&whole).unwrap_or_else(|err| panic!("{cut:?}: {err:?}"));
                    assert_eq!(shown(&again.root), format!("[{}]", shown(node)), "{cut:?}");
                }
            }
        }
        if let Ok(document) = parse(&text) {
            each(&text, &document.root);
        }
    }

    #[test]
    fn json_is_yaml_but_for_escaped_slashes(text in r#"[\[\]{}:,"0-9a-fnrtlse.+\- \n]{0,24}"#) {
        let limits = Limits::default();
        if let (Ok(json), Ok(yaml)) = (super::super::json::read(&text, SourceId(0), &limits), parse(&text)) {
            prop_assert_eq!(json.root.value.kind(), yaml.root.value.kind());
        }
    }
}
