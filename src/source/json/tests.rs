use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Document<'_>, ReadError> {
    read(text, SourceId(0), &Limits::default())
}

fn accepts(text: &str) -> bool {
    parse(text).is_ok()
}

#[test]
fn what_go_refuses_is_refused_where_it_stands() {
    let table = [
        ("", 0, "found the end of the document, expected a value"),
        ("{\"a\":05}", 6, "found '5', expected ',' or '}'"),
        ("{\"a\":0x5}", 6, "found 'x', expected ',' or '}'"),
        ("{\"a\":+1}", 5, "found '+', expected a value"),
        ("{\"a\":1.}", 7, "found '}', expected a digit"),
        ("{\"a\":.5}", 5, "found '.', expected a value"),
        ("{\"a\":-}", 6, "found '}', expected a digit"),
        ("{\"a\":1e}", 7, "found '}', expected a digit"),
        ("{\"a\":yes}", 5, "found 'y', expected a value"),
        ("{\"a\":True}", 5, "found 'T', expected a value"),
        ("{\"a\":nul}", 5, "found 'n', expected a value"),
        ("{\"a\":1,}", 7, "found '}', expected a key in double quotes"),
        ("[1,]", 3, "found ']', expected a value"),
        ("{a:1}", 1, "found 'a', expected a key in double quotes or '}'"),
        ("{'a':1}", 1, "found ''', expected a key in double quotes or '}'"),
        ("{\"a\" 1}", 5, "found '1', expected ':' after the key"),
        ("{\"a\":1} xyz", 8, "found 'x', expected the end of the document"),
        ("{\"a\":1}{}", 7, "found '{', expected the end of the document"),
        ("{\"a\":1} # c", 8, "found '#', expected the end of the document"),
        ("{// c\n}", 1, "found '/', expected a key in double quotes or '}'"),
        ("{\"a\":1 \"b\":2}", 7, "found '\"', expected ',' or '}'"),
        ("[1}", 2, "found '}', expected ',' or ']'"),
        ("{\"a", 1, "unterminated string"),
        ("{\"a\nb\":1}", 3, "found control character U+000A inside a string"),
        ("{\"\\x\":1}", 3, "found 'x', expected one of \" \\ / b f n r t u after a backslash"),
        ("{\"\\'\":1}", 3, "found ''', expected one of \" \\ / b f n r t u after a backslash"),
        ("{\"\\u12g4\":1}", 6, "found 'g', expected four hexadecimal digits after \\u"),
        ("\u{A0}{}", 0, "found U+00A0, expected a value"),
        ("\u{FEFF}{}", 0, "found '\u{FEFF}', expected a value"),
        ("[", 1, "found the end of the document, expected a value"),
    ];
    for (text, at, message) in table {
        let err = parse(text).map(|d| format!("{:?}", d.root.value)).expect_err(text);
        assert_eq!(
            (err.code, err.span.start, err.message.as_str()),
            (Code::JsonSyntax, at, message),
            "{text:?}"
        );
        assert!(!err.help.is_empty());
    }
}

#[test]
fn escapes_become_the_characters_go_makes_of_them() {
    let table = [
        (r#""""#, ""),
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (r#""\u00e9\u20AC""#, "é€"),
        (r#""\ud83d\ude00!""#, "😀!"),
        (r#""\ud83d""#, "\u{FFFD}"),
        (r#""\ude00x""#, "\u{FFFD}x"),
        (r#""\ud83d\u0041""#, "\u{FFFD}A"),
        (r#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (r#""\u0000""#, "\0"),
    ];
    for (text, want) in table {
        let document = parse(text).expect(text);
        assert_eq!(document.root.as_str(), Some(want), "{text}");
    }
    let document = parse(r#"{"tl\u0073CertFile": 1}"#).expect("escapes in keys");
    assert!(document.root.get("tlsCertFile").is_some());
}

#[test]
fn numbers_and_plain_strings_stay_as_written_and_borrowed() {
    for text in ["0", "-0", "5.0", "1e1", "1E+10", "-0.5e-3", "123456789012345678901234567890"] {
        let document = parse(text).expect(text);
        assert!(matches!(document.root.value, NodeValue::Number(Cow::Borrowed(n)) if n == text), "{text}");
    }
    let document = parse("\"é\"").expect("text");
    assert!(matches!(document.root.value, NodeValue::String(Cow::Borrowed("é"))));
}

#[test]
fn repeated_keys_all_stay_and_are_listed() {
    let text = r#"{"a":{"x":1,"x":2},"a":1,"b":2,"\u0061":3}"#;
    let document = parse(text).expect(text);
    assert_eq!(document.root.as_object().map(<[_]>::len), Some(4));
    let found: Vec<_> = document
        .duplicates
        .iter()
        .map(|d| (d.key.as_str(), d.first.slice(text), d.again.slice(text)))
        .collect();
    assert_eq!(found, [("x", "\"x\"", "\"x\""), ("a", "\"a\"", "\"a\""), ("a", "\"a\"", "\"\\u0061\"")]);
    assert_eq!(document.duplicates.first().map(|d| d.first.start), Some(6));
}

#[test]
fn hostile_texts_end_soon_and_cleanly() {
    let code = |text: &str| parse(text).map(|_| ()).map_err(|e| e.code);
    assert_eq!(code(&"[".repeat(20_000)), Err(Code::TooDeep));
    assert_eq!(code(&"{\"a\":".repeat(20_000)), Err(Code::TooDeep));
    assert_eq!(code(&format!("{}{}", "[".repeat(100), "]".repeat(100))), Ok(()));
    assert_eq!(code(&format!("{}{}", "[".repeat(101), "]".repeat(101))), Err(Code::TooDeep));
    let keys: String = (0..60_000).map(|n| format!("\"k{}\":1,", n % 30_000)).collect();
    let text = format!("{{{keys}\"z\":1}}");
    assert_eq!(parse(&text).map(|d| d.duplicates.len()).map_err(|e| e.code), Ok(30_000));
    let deepest = Limits { depth: usize::MAX, ..Limits::default() };
    let read_deepest = |text: &str| read(text, SourceId(0), &deepest).map(|_| ()).map_err(|e| e.code);
    assert_eq!(read_deepest(&format!("{}{}", "[".repeat(256), "]".repeat(256))), Ok(()));
    assert_eq!(read_deepest(&"[".repeat(257)), Err(Code::TooDeep));
    let few = Limits { nodes: 10, ..Limits::default() };
    let list = format!("[{}1]", "1,".repeat(20));
    assert_eq!(read(&list, SourceId(0), &few).map(|_| ()).map_err(|e| e.code), Err(Code::TooManyNodes));
    assert_eq!(
        read(&list, SourceId(0), &Limits::for_bytes(8)).map(|_| ()).map_err(|e| e.code),
        Err(Code::TooLarge)
    );
}

/// Checks that every scalar's span, read by itself, gives the scalar again.
fn check_spans(text: &str, node: &Node<'_>) {
    let written = node.place.span.slice(text);
    match &node.value {
        NodeValue::Array(items) => {
            assert!(written.starts_with('[') && written.ends_with(']'));
            items.iter().for_each(|item| check_spans(text, item));
        }
        NodeValue::Object(members) => {
            assert!(written.starts_with('{') && written.ends_with('}'));
            for member in members {
                let key = parse(member.key_place.span.slice(text)).expect("key");
                assert_eq!(key.root.as_str(), Some(&*member.key));
                check_spans(text, &member.value);
            }
        }
        scalar => {
            let again = parse(written).expect("scalar");
            assert_eq!(format!("{:?}", again.root.value), format!("{scalar:?}"));
        }
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_grammar_is_that_of_serde_json(text in r#"[\[\]{}:,"\\/u0-9a-fnrtlse.+\- \n\t]{0,24}"#) {
        // `IgnoredAny` checks the grammar alone: no ranges of numbers, no surrogates.
        let want = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(accepts(&text), want);
    }

    #[test]
    fn valid_documents_are_read_and_cut_ones_refused(value in json(), cut in any::<prop::sample::Index>()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        let document = parse(&text).unwrap();
        check_spans(&text, &document.root);
        let mut at = cut.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let part = &text[..at];
        prop_assert_eq!(accepts(part), serde_json::from_str::<serde::de::IgnoredAny>(part).is_ok());
    }

    #[test]
    fn every_text_is_read_or_refused_at_a_place_in_it(text in any::<String>(), is_open in any::<bool>()) {
        let text = if is_open { format!("{{\"{text}") } else { text };
        match parse(&text) {
            Ok(document) => check_spans(&text, &document.root),
            Err(error) => {
                prop_assert_ne!(error.code, Code::Internal);
                let (start, end) = (error.span.start as usize, error.span.end as usize);
                prop_assert!(text.get(start..end).is_some(), "{:?}", error);
                prop_assert!(!error.help.is_empty());
            }
        }
    }
}
