use std::fmt::Write as _;

use super::super::tree::Member;
use super::*;
use crate::source::diagnostic::Code;

pub(super) fn parse(text: &str) -> Result<Document<'_>, ReadError> {
    read(text, SourceId(0), &Limits::default())
}

/// The document as JSON text, keys in their order.
fn json(text: &str) -> Result<String, Code> {
    parse(text).map(|document| shown(&document.root)).map_err(|err| err.code)
}

pub(super) fn shown(node: &Node<'_>) -> String {
    let list = |parts: Vec<String>| parts.join(",");
    match &node.value {
        NodeValue::Null => "null".to_owned(),
        NodeValue::Bool(value) => value.to_string(),
        NodeValue::Number(text) => text.to_string(),
        NodeValue::String(text) => format!("{text:?}"),
        NodeValue::Array(items) => format!("[{}]", list(items.iter().map(shown).collect())),
        NodeValue::Object(members) => {
            format!(
                "{{{}}}",
                list(members.iter().map(|m| format!("{:?}:{}", m.key, shown(&m.value))).collect())
            )
        }
    }
}

#[track_caller]
fn check(table: &[(&str, Result<&str, Code>)]) {
    for (text, want) in table {
        assert_eq!(json(text), want.map(str::to_owned), "{text:?}");
    }
}

/// Every node and key as it is written.
pub(super) fn written<'t>(text: &'t str, node: &Node<'_>, out: &mut Vec<&'t str>) {
    out.push(node.place.span.slice(text));
    match &node.value {
        NodeValue::Array(items) => items.iter().for_each(|item| written(text, item, out)),
        NodeValue::Object(members) => {
            for Member { key_place, value, .. } in members {
                out.push(key_place.span.slice(text));
                written(text, value, out);
            }
        }
        _ => {}
    }
}

#[test]
fn values_become_what_go_prints_as_json() {
    check(&[
        ("a: yes\nb: Off\nc: ~\nd:\ne: y", Ok(r#"{"a":true,"b":false,"c":null,"d":null,"e":true}"#)),
        ("[010, 0x10, 0b101, 1_000, 0777, +7, -0]", Ok("[8,16,5,1000,511,7,0]")),
        ("[5.0, 5.5, 1e1, 1e21, 1e-7, 08]", Ok("[5,5.5,10,1e+21,1e-7,8]")),
        ("['5', \"yes\", !!str 5, !foo true, ! 5]", Ok(r#"["5","yes","5","true","5"]"#)),
        ("[!!bool yes, !!int '5', !!float 5, !!binary aGk=]", Ok(r#"[true,5,5,"hi"]"#)),
        ("[2001-01-01, 1:30, tRue, true#c, ${X}]", Err(Code::YamlSyntax)),
        (
            "- 2001-01-01\n- 1:30\n- tRue\n- true#c\n- ${X}",
            Ok(r#"["2001-01-01","1:30","tRue","true#c","${X}"]"#),
        ),
        ("a: !!int x", Err(Code::YamlSyntax)),
        ("a: .inf", Err(Code::YamlSyntax)),
        ("a: [.nan]", Err(Code::YamlSyntax)),
        ("a: .inf\na: 1", Ok(r#"{"a":1}"#)),
        ("a: !!bool\nb: !!null\n", Err(Code::YamlSyntax)),
        ("a: !!str\nb: !!null\n", Ok(r#"{"a":"","b":null}"#)),
    ]);
}

#[test]
fn keys_become_text() {
    check(&[
        (
            "1: a\n0x10: b\n1.5: c\nyes: d\n1e6: e",
            Ok(r#"{"1":"a","16":"b","1.5":"c","true":"d","1e+06":"e"}"#),
        ),
        ("~: 1", Err(Code::InvalidKey)),
        ("?\n: 1", Err(Code::InvalidKey)),
        (": 1", Err(Code::YamlSyntax)),
        ("18446744073709551615: 1", Err(Code::InvalidKey)),
        ("? [a]\n: 1", Err(Code::InvalidKey)),
        ("{{a: 1}: 2}", Err(Code::InvalidKey)),
        ("a: {~: 1}\na: 2", Ok(r#"{"a":2}"#)),
        ("a: &k x\n*k : 2", Ok(r#"{"a":"x","x":2}"#)),
        (".nan: 1\n.inf: 2", Ok(r#"{".nan":1,".inf":2}"#)),
        // Two keys to go-yaml's strict decoding, one in JSON.
        ("true: 1\n\"true\": 2", Ok(r#"{"true":2}"#)),
    ]);
    assert_eq!(parse("true: 1\n\"true\": 2").unwrap().duplicates, []);
}

#[test]
fn the_last_of_equal_keys_wins_and_the_others_are_listed() {
    let text = "a: {x: 1, x: 2}\nb: 1\na: 3\nyes: 1\non: 2\na: 4\n";
    let document = parse(text).unwrap();
    assert_eq!(shown(&document.root), r#"{"b":1,"true":2,"a":4}"#);
    let found: Vec<_> =
        document.duplicates.iter().map(|d| (d.key.as_str(), d.first.start, d.again.start)).collect();
    assert_eq!(found, [("x", 4, 10), ("a", 0, 21), ("true", 26, 33), ("a", 0, 39)]);
}

#[test]
fn merge_keys_are_set_in_document_order() {
    let table = [
        ("x: &a {k: 1}\nz: {<<: *a, k: 2}", "{\"x\":{\"k\":1},\"z\":{\"k\":2}}", 1),
        ("x: &a {k: 1}\nz: {k: 2, <<: *a}", "{\"x\":{\"k\":1},\"z\":{\"k\":1}}", 1),
        ("x: &a {k: 1}\nz: {<<: *a, j: 2}", "{\"x\":{\"k\":1},\"z\":{\"k\":1,\"j\":2}}", 0),
        ("- &a {k: 1}\n- &b {k: 2}\n- {<<: [*a, *b]}", "[{\"k\":1},{\"k\":2},{\"k\":1}]", 1),
        ("<<: {s: true}\ns: false", "{\"s\":false}", 1),
        ("<<: {<<: {s: 1}, t: 2}", "{\"s\":1,\"t\":2}", 0),
        ("\"<<\": {s: 1}", "{\"<<\":{\"s\":1}}", 0),
        ("!!merge \"<<\": {s: 1}", "{\"s\":1}", 0),
        ("! <<: {s: 1}", "{\"s\":1}", 0),
        ("- <<", "[\"<<\"]", 0),
        ("<<: []", "{}", 0),
    ];
    for (text, want, duplicates) in table {
        let document = parse(text).unwrap_or_else(|err| panic!("{text:?}: {err:?}"));
        assert_eq!(
            (shown(&document.root).as_str(), document.duplicates.len()),
            (want, duplicates),
            "{text:?}"
        );
    }
    for text in ["<<: 1", "<<:", "<<: [1]", "a: &a [1]\n<<: *a", "a: &a [1]\n<<: [*a]", "<<: [[{a: 1}]]"] {
        assert_eq!(json(text), Err(Code::YamlSyntax), "{text:?}");
    }
}

#[test]
fn aliases_stand_where_they_are_used() {
    let text = "a: &x\n  k: [1, 2]\nb: *x\n";
    let document = parse(text).unwrap();
    let b = document.root.get("b").unwrap();
    assert_eq!(shown(b), "{\"k\":[1,2]}");
    assert_eq!(b.place.span.slice(text), "*x");
    assert_eq!(b.get("k").unwrap().place.span.slice(text), "[1, 2]");
    check(&[
        ("a: *x", Err(Code::YamlSyntax)),
        ("a: *x\nb: &x 1", Err(Code::YamlSyntax)),
        ("a: &x 1\nb: &x 2\nc: *x", Ok(r#"{"a":1,"b":2,"c":2}"#)),
        ("a: &x [*x]", Err(Code::ExcessiveAliasing)),
        ("a: &x {<<: *x}", Err(Code::ExcessiveAliasing)),
        ("&x [a]", Ok(r#"["a"]"#)),
    ]);
}

#[test]
fn documents_begin_and_end_as_in_go_yaml() {
    check(&[
        ("---\na: 1\n...\n", Ok(r#"{"a":1}"#)),
        ("a: 1\n---\n}{ @garbage", Ok(r#"{"a":1}"#)),
        ("a: 1\n...\n}{ @garbage", Ok(r#"{"a":1}"#)),
        ("---\n---\na: 1", Ok("null")),
        ("%YAML 1.1\n---\na: 1", Ok(r#"{"a":1}"#)),
        ("%YAML 1.2\n---\na: 1", Err(Code::YamlSyntax)),
        ("%YAML 2.0\n---\na: 1", Err(Code::YamlSyntax)),
        ("%TAG ! tag:yaml.org,2002:\n---\na: !int '5'", Ok(r#"{"a":5}"#)),
        ("%FOO\n---\na: 1", Err(Code::YamlSyntax)),
        ("a: 1\rb: 2\r", Ok(r#"{"a":1,"b":2}"#)),
        ("a: 1\r\nb: 2\r\n", Ok(r#"{"a":1,"b":2}"#)),
        ("\u{FEFF}a: 1", Ok(r#"{"a":1}"#)),
        ("\u{FEFF}{\"a\": [1,], // x}", Ok(r#"{"a":[1],"// x":null}"#)),
        ("\u{FEFF}{\"a\": 1} xyz", Ok(r#"{"a":1}"#)),
        ("ｋ: 1", Ok(r#"{"ｋ":1}"#)),
        ("\ta: 1", Err(Code::YamlSyntax)),
        ("a:\n\tb: 1", Err(Code::YamlSyntax)),
        ("a: 1\n b: 2\n", Err(Code::YamlSyntax)),
        ("a: \"abc\n", Err(Code::YamlSyntax)),
        ("a: b: c", Err(Code::YamlSyntax)),
        ("a: @x", Err(Code::YamlSyntax)),
        ("a: \u{1}", Err(Code::YamlSyntax)),
        ("// c\n{\"a\": 1}", Err(Code::YamlSyntax)),
        // go-yaml's libyaml and a later one disagree.
        ("a: \"\\/\"", Err(Code::YamlSyntax)),
        ("a: \"\\\\/\"", Ok(r#"{"a":"\\/"}"#)),
        ("{a: what?}", Err(Code::YamlSyntax)),
        ("a: what?", Ok(r#"{"a":"what?"}"#)),
    ]);
}

#[test]
fn a_missing_last_line_break_changes_nothing_but_what_go_yaml_changes() {
    check(&[
        ("a: |\n  x", Ok(r#"{"a":"x"}"#)),
        ("a: |\n  x\n", Ok(r#"{"a":"x\n"}"#)),
        ("a: |\n  x\n ", Ok(r#"{"a":"x\n"}"#)),
        ("a: |\n  x\n    ", Ok(r#"{"a":"x\n  "}"#)),
        ("a: |+\n  x", Ok(r#"{"a":"x"}"#)),
        ("a: |+\n  x\n\n", Ok(r#"{"a":"x\n\n"}"#)),
        ("a: |+\n  x\n  ", Ok(r#"{"a":"x\n"}"#)),
        ("a: |-\n  x", Ok(r#"{"a":"x"}"#)),
        ("a: >\n  x\n  y", Ok(r#"{"a":"x y"}"#)),
        ("a: >\n  x\\", Ok(r#"{"a":"x\\"}"#)),
        ("a: |", Ok(r#"{"a":""}"#)),
        ("a: |+\n", Ok(r#"{"a":""}"#)),
        ("a: b\\", Ok(r#"{"a":"b\\"}"#)),
        ("a: \"b\\", Err(Code::YamlSyntax)),
        ("a: 'b", Err(Code::YamlSyntax)),
        ("a: b", Ok(r#"{"a":"b"}"#)),
        ("a: # c", Ok(r#"{"a":null}"#)),
    ]);
}

#[test]
fn no_tag_touches_a_comma() {
    check(&[
        ("[!foo, a]", Err(Code::YamlSyntax)),
        ("{a: !!str, b: 1}", Err(Code::YamlSyntax)),
        ("[&x !<t>, a]", Err(Code::YamlSyntax)),
        ("[!foo, |", Err(Code::YamlSyntax)),
        ("- !foo, bar", Err(Code::YamlSyntax)),
        (
            "a: \"hi!, x\"\nb: 'it!,'\nc: hi!, x\nd: |\n  !x, y\n# !x, y\n",
            Ok(r#"{"a":"hi!, x","b":"it!,","c":"hi!, x","d":"!x, y\n"}"#),
        ),
        ("[a!, b!c, \"!d\",e]", Ok(r#"["a!","b!c","!d","e"]"#)),
        ("[!foo a, !!str 5]", Ok(r#"["a","5"]"#)),
        ("a: 1\n---\n[!foo, a]", Ok(r#"{"a":1}"#)),
    ]);
    let err = parse("\u{FEFF}a: é\nb: [!foo, a]\n").unwrap_err();
    assert_eq!(err.span.start, 13);
}

#[test]
fn spans_hold_what_is_written_and_no_more() {
    let table: &[(&str, &[&str])] = &[
        (
            "a: 1  # c\nb:\n  - x\n\n# c\nc: 2\n",
            &["a: 1  # c\nb:\n  - x\n\n# c\nc: 2", "a", "1", "b", "- x", "x", "c", "2"],
        ),
        ("é: \"ü\"\nß: 'ö'\n", &["é: \"ü\"\nß: 'ö'", "é", "\"ü\"", "ß", "'ö'"]),
        ("\u{FEFF}é: ü\n", &["é: ü", "é", "ü"]),
        (
            "a: |\n  x\n  y\n\n\nb: >-\n  z\n",
            &["a: |\n  x\n  y\n\n\nb: >-\n  z", "a", "|\n  x\n  y", "b", ">-\n  z"],
        ),
        (
            "a: x\n  y\nb: [ 1 , {c: d} ] # c\n",
            &["a: x\n  y\nb: [ 1 , {c: d} ]", "a", "x\n  y", "b", "[ 1 , {c: d} ]", "1", "{c: d}", "c", "d"],
        ),
        ("a: !!str true\nb: &x [1]\n", &["a: !!str true\nb: &x [1]", "a", "!!str true", "b", "&x [1]", "1"]),
        ("[a: b, c]\n", &["[a: b, c]", "a: b", "a", "b", "c"]),
        ("- - a\n  - b\n- c\n", &["- - a\n  - b\n- c", "- a\n  - b", "a", "b", "c"]),
        ("a:\n- b\n", &["a:\n- b", "a", "- b", "b"]),
    ];
    for (text, want) in table {
        let document = parse(text).unwrap_or_else(|err| panic!("{text:?}: {err:?}"));
        let mut found = Vec::new();
        written(text, &document.root, &mut found);
        assert_eq!(&found, want, "{text:?}");
    }
}

#[test]
fn an_empty_value_stands_right_behind_its_indicator() {
    let table = [
        ("a:\nb: 1", 2),
        ("a:   # c\nb: 1", 2),
        ("a:\n\n# c\n", 2),
        ("{a: , b: 1}", 3),
        ("{a, b: 1}", 2),
        ("{a :\n}", 4),
        ("é: \nb: 1", 3),
        ("? a\n? b", 3),
        ("? a\n:  # c\n", 5),
    ];
    for (text, at) in table {
        let document = parse(text).unwrap_or_else(|err| panic!("{text:?}: {err:?}"));
        let value = &document.root.as_object().unwrap()[0].value;
        assert_eq!(value.place.span, Span::at(at), "{text:?}");
    }
    assert_eq!(parse("-\n- x").unwrap().root.place.span, Span::new(0, 5));
    assert_eq!(parse("---  \n").unwrap().root.place.span, Span::at(3));
}

#[test]
fn errors_say_where_what_and_why() {
    let table = [
        ("é: [1\nb: 2\n", 8, "did not find expected ',' or ']' while parsing a flow sequence"),
        ("ü: b: c", 5, "mapping values are not allowed in this context"),
        ("\u{FEFF}é: *x", 7, "found alias '*x' without an anchor '&x' before it"),
        ("é: \"x\n\n", 4, "found unexpected end of stream while scanning a quoted scalar"),
        ("é: \u{7}x", 4, "found control character U+0007"),
        ("a: !!int é", 3, "found a !!str value tagged as !!int"),
        ("~: 1", 0, "found null as a key, expected a string, a number or a boolean"),
    ];
    for (text, at, message) in table {
        let err = parse(text).map(|d| shown(&d.root)).unwrap_err();
        assert_eq!((err.span.start, err.message.as_str()), (at, message), "{text:?}");
        assert!(!err.help.is_empty() && text.is_char_boundary(err.span.end as usize));
    }
}

#[test]
fn plain_and_simple_quoted_text_is_borrowed() {
    use std::borrow::Cow;
    let text = "a: text\nb: 'x'\nc: !!str y\nd: 5\ne: \"x\\n\"\n";
    let document = parse(text).unwrap();
    for (key, borrowed) in [("a", true), ("b", true), ("c", true), ("d", true), ("e", false)] {
        let is = match &document.root.get(key).unwrap().value {
            NodeValue::String(text) | NodeValue::Number(text) => matches!(text, Cow::Borrowed(_)),
            _ => false,
        };
        assert_eq!(is, borrowed, "{key}");
    }
}

#[test]
fn hostile_texts_end_cleanly() {
    let mib = 1024 * 1024;
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    let mut chain = "a0: &a0 {k: 1}\n".to_owned();
    for level in 1..20_000 {
        writeln!(chain, "a{level}: &a{level} {{<<: *a{}}}", level - 1).unwrap();
    }
    let long = format!("a: &a \"{}\\n\"\nb: [{}]", "x".repeat(500_000), "*a, ".repeat(90));
    let keys: String = (0..60_000).fold(String::new(), |mut text, n| {
        writeln!(text, "k{}: 1", n % 30_000).unwrap();
        text
    });
    let table: Vec<(&str, String, Result<(), Code>)> = vec![
        ("brackets", "[".repeat(20_000), Err(Code::TooDeep)),
        ("a MiB of brackets", "[".repeat(mib), Err(Code::TooDeep)),
        ("brackets and a tag", format!("{}!a,", "[".repeat(mib - 10)), Err(Code::TooDeep)),
        ("braces", "{a: ".repeat(20_000), Err(Code::TooDeep)),
        ("dashes", "- ".repeat(20_000), Err(Code::TooDeep)),
        ("question marks", "? ".repeat(20_000), Err(Code::TooDeep)),
        (
            "steps",
            (0..1400).fold(String::new(), |text, n| text + &" ".repeat(n) + "a:\n"),
            Err(Code::TooDeep),
        ),
        ("bomb", bomb, Err(Code::ExcessiveAliasing)),
        ("chain of merges", chain, Err(Code::TooDeep)),
        ("long text named often", long, Err(Code::ExcessiveAliasing)),
        ("equal keys", keys, Ok(())),
        ("list", format!("[{}1]", "1,".repeat(mib / 2 - 2)), Ok(())),
        ("list of tags", format!("[{}1]", "!!str ,".repeat(mib / 7 - 2)), Ok(())),
        ("directives", "%TAG !a! b\n".repeat(mib / 11), Err(Code::YamlSyntax)),
        ("one line", "x".repeat(mib), Ok(())),
        ("blank", " ".repeat(mib), Ok(())),
        ("blank lines", "\n".repeat(mib), Ok(())),
        ("comments", "#\n".repeat(mib / 2), Ok(())),
        ("empty values", "a:\n".repeat(mib / 3), Ok(())),
        ("anchors", (0..60_000).fold(String::new(), |text, n| text + &format!("- &a{n} x\n")), Ok(())),
        ("quotes", format!("\"{}\"", "\\\\".repeat(mib / 2 - 1)), Ok(())),
        ("exclamation marks", format!("[{}a]", "!,".repeat(mib / 2 - 2)), Err(Code::YamlSyntax)),
        ("commas in a text", format!("a: {}", "!,".repeat(mib / 2 - 2)), Err(Code::YamlSyntax)),
        ("commas in quotes", format!("a: '{}'", "!,".repeat(mib / 2 - 3)), Ok(())),
        ("folded", format!("a: >\n{}", "  x\n\n".repeat(mib / 5 - 2)), Ok(())),
        ("size", "x".repeat(mib + 1), Err(Code::TooLarge)),
    ];
    for (name, text, want) in table {
        assert_eq!(parse(&text).map(|_| ()).map_err(|err| err.code), want, "{name}");
    }
}

#[test]
fn the_deepest_nesting_is_read_and_dropped() {
    let deepest = Limits { depth: usize::MAX, ..Limits::default() };
    let code = |text: &str| read(text, SourceId(0), &deepest).map(|_| ()).map_err(|err| err.code);
    assert_eq!(code(&format!("{}{}", "[".repeat(256), "]".repeat(256))), Ok(()));
    assert_eq!(code(&"- ".repeat(256)), Ok(()));
    assert_eq!(code(&"[".repeat(257)), Err(Code::TooDeep));
    // Aliases nest too, where the text does not.
    let rung = |n: usize, inner: &str| format!("- &a{n} {}{inner}{}\n", "[".repeat(90), "]".repeat(90));
    let ladder: String = (1..4).fold(rung(0, "x"), |text, n| text + &rung(n, &format!("*a{}", n - 1)));
    assert_eq!(code(&ladder), Err(Code::TooDeep));
}

#[test]
fn more_nodes_than_the_limit_are_refused() {
    let few = Limits { nodes: 50, ..Limits::default() };
    let code = |text: &str| read(text, SourceId(0), &few).map(|_| ()).map_err(|err| err.code);
    assert_eq!(code(&format!("[{}]", "1, ".repeat(60))), Err(Code::TooManyNodes));
    assert_eq!(code(&format!("a: &a [1, 2, 3, 4, 5]\nb: [{}]", "*a, ".repeat(20))), Err(Code::TooManyNodes));
    assert_eq!(code("[1, 2]"), Ok(()));
}
