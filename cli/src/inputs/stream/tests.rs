use kubelet_audit::source::LineIndex;

use super::{Fault, Form, Stream};
use crate::host::{Entry, Host, HostError, Terminal};

/// Gives a text so many bytes at a time.
struct Pieces<'a>(&'a [u8], usize);

impl Host for Pieces<'_> {
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>, HostError> {
        Ok(Vec::new())
    }
    fn read_stdin(&mut self, _: usize) -> Result<Vec<u8>, HostError> {
        Ok(Vec::new())
    }
    fn open(&mut self, _: &str) -> Result<(), HostError> {
        Ok(())
    }
    fn read(&mut self) -> Result<Vec<u8>, HostError> {
        let (piece, rest) = self.0.split_at(self.1.min(self.0.len()));
        self.0 = rest;
        Ok(piece.to_vec())
    }
    fn list_directory(&mut self, _: &str) -> Result<Vec<Entry>, HostError> {
        Ok(Vec::new())
    }
    fn is_directory(&mut self, _: &str) -> bool {
        false
    }
    fn write_stdout(&mut self, _: &str) -> Result<(), HostError> {
        Ok(())
    }
    fn write_stderr(&mut self, _: &str) {}
    fn variable(&self, _: &str) -> Option<String> {
        None
    }
    fn stdout_terminal(&self) -> Option<Terminal> {
        None
    }
}

/// The form of a text, and its records; each must stand in the text where it says it does.
fn cut(path: &str, text: &str, piece: usize) -> (Form, Vec<String>) {
    let mut host = Pieces(text.as_bytes(), piece);
    let mut stream = Stream::open(path, &mut host).unwrap();
    let form = stream.form();
    if form == Form::Whole {
        return (form, vec![String::from_utf8(stream.whole(&mut host).unwrap()).unwrap()]);
    }
    let index = LineIndex::new(text);
    let mut records = Vec::new();
    while let Some(record) = stream.next(&mut host).unwrap() {
        if let Some(fault) = record.fault {
            records.push(format!("{fault:?}"));
            continue;
        }
        let bytes = String::from_utf8(record.bytes).unwrap();
        assert!(text[record.start.offset as usize..].starts_with(&bytes), "{bytes}");
        let position = index.position(record.start.offset);
        assert_eq!((record.start.line, record.start.column), (position.line, position.column), "{bytes}");
        records.push(bytes);
    }
    (form, records)
}

const A: &str = r#"{"kubeletconfig":{"a":[1,{"b":"}{\"]"}]}}"#;
const B: &str = r#"{"node":"😀é","kubeletconfig":{}}"#;
const PRETTY: &str = "{\n  \"kubeletconfig\": {\n    \"x\": [\n      {}\n    ]\n  }\n}";
const PLAIN: &str = r#"{"kind":"KubeletConfiguration"}"#;

#[test]
fn values_in_a_row_are_told_from_documents() {
    for (path, text, records) in [
        ("a", format!("{A}\n{B}\n"), vec![A, B]),
        ("a", format!("{B}{A}{PRETTY}"), vec![B, A, PRETTY]),
        ("a", format!("\r\n {PRETTY}\r\n\r\n{B}\r{A}"), vec![PRETTY, B, A]),
        ("a", format!("[{B},{A}]"), vec![B, A]),
        ("a", format!(" [\n  {PRETTY},\n  {B}\n]\n"), vec![PRETTY, B]),
        ("a.ndjson", format!("{A}\n"), vec![A]),
        ("a.jsonl", PLAIN.to_owned(), vec![PLAIN]),
        ("-", format!("{PLAIN}\n{PLAIN}"), vec![PLAIN, PLAIN]),
        // One row of a node that did not answer, and others.
        ("a", format!("{}\n{A}", r#"{"node":"n","error":"x"}"#), vec![r#"{"node":"n","error":"x"}"#, A]),
        ("a.ndjson", String::new(), vec![]),
        ("a.ndjson", " \n\n".to_owned(), vec![]),
    ] {
        for piece in [1, 2, 7, 1 << 20] {
            let (form, cut) = cut(path, &text, piece);
            assert_ne!(form, Form::Whole, "{text}");
            assert_eq!(cut, records, "{text}");
        }
    }
    for (path, text) in [
        ("a", ""),
        ("a", " \n"),
        ("a", A),
        ("-", "\n{\"kind\": 1}\n"),
        ("a", "kind: KubeletConfiguration\n---\nkind: x\n"),
        ("a", "[1, {}]"),
        ("a", "[]"),
        ("-", "{ broken"),
        ("-", "{\n\"a\":\n{\n\"b\": 1"),
        ("a", &format!("{A} and more")),
        // The kubelet refuses such a file, and so it must be seen as a whole.
        ("a", &format!("{PLAIN}\n{PLAIN}\n")),
        ("a", "\u{feff}{}{}"),
    ] {
        for piece in [1, 3, 1 << 20] {
            assert_eq!(cut(path, text, piece), (Form::Whole, vec![text.to_owned()]), "{text}");
        }
    }
}

#[test]
fn a_broken_value_hides_none_of_the_others() {
    for broken in [
        r#"{"kubeletconfig":{"a":1"#,
        r#"{"kubeletconfig":{"a":"#,
        r#"{"kubeletconfig":{"a":["#,
        r#"{"kubeletconfig":{"a":"x"#,
        r#"{"kubeletconfig":{"a":1]}"#,
        r#"{"kubeletconfig":{"a":1}}}"#,
        "garbage",
        "null",
        r#"error: "x" {"#,
        "{",
        "\u{fffd}😀",
        "Error from server (NotFound): nodes \"x\" not found\nand more",
    ] {
        for (before, behind) in [(A, A), (A, PRETTY), (PRETTY, B)] {
            let text = format!("{before}\n{broken}\n{behind}\n{B}\n");
            for piece in [1, 5, 1 << 20] {
                let (form, records) = cut("-", &text, piece);
                assert_eq!(form, Form::Sequence);
                assert_eq!(records.first().unwrap(), before, "{text}");
                assert!(records.len() >= 4, "{text}: {records:?}");
                assert!(records.ends_with(&[behind.to_owned(), B.to_owned()]), "{text}: {records:?}");
                assert!(records.concat().contains(broken.trim_end_matches('}')), "{text}: {records:?}");
            }
        }
    }
    // The first line broken.
    for (path, text) in [
        ("a", "{\"a\": {\"b\n"),
        ("a.ndjson", "# collected today\n"),
        ("a", "{\"a\": [1}\n"),
        ("a", "{\"a\": 1\n"),
    ] {
        let (form, records) = cut(path, &format!("{text}{A}\n{B}\n"), 3);
        assert_eq!((form, records), (Form::Sequence, vec![text.trim_end().to_owned(), A.into(), B.into()]));
    }
}

#[test]
fn a_list_that_does_not_end_is_told() {
    assert_eq!(cut("a", &format!("[{A},\n{B}\n"), 9).1, [A, B, "Unfinished"]);
    assert_eq!(cut("a", &format!("[{A},"), 9).1, [A, "Unfinished"]);
    assert_eq!(cut("a", &format!("[{A}, 7, {B}]"), 9).1, [A, &format!("7, {B}]")]);
    assert_eq!(cut("a", &format!("[{A},{{\"a\": \n{B},\n{A}\n]"), 9).1, [A, "{\"a\":", B, A]);
    assert_eq!(cut("a", &format!("[{A}] {B}"), 9).1, [A, B]);
    assert_eq!(cut("a", &format!("[{A}] tail"), 9).1, [A, "tail"]);
}

#[test]
fn a_value_without_end_is_passed_over_and_not_held() {
    let endless = "[1,\n".repeat((4 << 20) + 9);
    let (_, records) = cut("-", &format!("{A}\n{endless}\n{B}\n"), 1 << 16);
    assert_eq!(records, [A, "TooLarge", B]);
    let long = "x".repeat((16 << 20) + 9);
    let (_, records) = cut("-", &format!("{A}\n{{\"a\":\"{long}\"}}\n{B}\n"), 1 << 30);
    assert_eq!(records, [A, "TooLarge", B]);
    let (_, records) = cut("-", &format!("{A}{A}{}{B}", "\n ".repeat(1 << 20)), 1 << 16);
    assert_eq!(records, [A, A, B]);
    // Nested deeper than any value may be: each line is looked at a few times, not once for each before.
    let nested = "{\"a\":\n".repeat(100_000);
    let (_, records) = cut("a.ndjson", &format!("{nested}{A}"), 1 << 16);
    assert_eq!(records.last().unwrap(), A);
    assert_eq!(records.len(), 100_001);
}

#[test]
fn what_was_read_is_let_go() {
    let line = format!("{A}\n");
    let text = line.repeat(50_000);
    let mut host = Pieces(text.as_bytes(), 64 * 1024);
    let mut stream = Stream::open("-", &mut host).unwrap();
    let mut count = 0;
    while let Some(record) = stream.next(&mut host).unwrap() {
        assert_eq!((record.fault, record.bytes.len()), (None::<Fault>, A.len()));
        count += 1;
    }
    assert_eq!(count, 50_000);
    assert!(stream.bytes.capacity() < 1 << 20, "{}", stream.bytes.capacity());
}
