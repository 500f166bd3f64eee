use serde_json::json;

use super::{Change, patch};
use crate::source::Limits;

fn set(path: &str, value: serde_json::Value) -> Change {
    Change::Set { path: path.into(), value }
}

fn run(text: &str, changes: &[Change]) -> Result<String, String> {
    let patched = patch(text, changes, &Limits::default())?;
    let out = patched.text();
    let mut again = super::text::Patched::new(text);
    again.apply(&patched.edits());
    assert_eq!(again.text(), out, "edits tell the same");
    let twice = patch(&out, changes, &Limits::default()).expect("twice");
    let idempotent = changes.iter().all(|c| !matches!(c, Change::Rename { .. }));
    if idempotent {
        assert!(twice.edits().is_empty(), "twice changes nothing: {out:?} {:?}", twice.edits());
    }
    Ok(out)
}

#[track_caller]
fn gives(text: &str, change: Change, want: &str) {
    assert_eq!(run(text, &[change]).as_deref(), Ok(want));
}

const GATE: &str = "featureGates.X";

#[test]
fn a_missing_parent_is_put_at_the_end_of_what_is_written() {
    gives("a: 1\n", set(GATE, json!(true)), "a: 1\nfeatureGates:\n  X: true\n");
    gives("a: 1", set(GATE, json!(true)), "a: 1\nfeatureGates:\n  X: true");
    gives("a: 1\r\n# end\r\n", set(GATE, json!(true)), "a: 1\r\nfeatureGates:\r\n  X: true\r\n# end\r\n");
    gives("a: 1\rb: 2\r", set("c", json!(1)), "a: 1\rb: 2\rc: 1\r");
    gives("\u{FEFF}a: 1 # c\n...\n", set("c", json!("x")), "\u{FEFF}a: 1 # c\nc: x\n...\n");
    gives("---\na: 1\n---\nb: 1\n", set("c", json!("yes")), "---\na: 1\nc: \"yes\"\n---\nb: 1\n");
    gives("a:\n    b: 1\n", set("c.d.e", json!(1)), "a:\n    b: 1\nc:\n    d:\n        e: 1\n");
    gives("a: 1\n", set("l", json!(["A", "B"])), "a: 1\nl:\n- A\n- B\n");
}

#[test]
fn a_parent_without_value_gets_one() {
    gives("featureGates: # all\nb: 1\n", set(GATE, json!(true)), "featureGates: # all\n  X: true\nb: 1\n");
    gives("featureGates: null # n\nb: 1\n", set(GATE, json!(true)), "featureGates: # n\n  X: true\nb: 1\n");
    gives("featureGates: ~", set(GATE, json!(true)), "featureGates:\n  X: true");
    gives("featureGates: {}\n", set(GATE, json!(true)), "featureGates: {X: true}\n");
    gives("featureGates: { A: false }\n", set(GATE, json!(true)), "featureGates: { A: false, X: true }\n");
    gives("---\n{featureGates: }\n", set(GATE, json!(true)), "---\n{featureGates: {X: true} }\n");
    gives("---\n{a, featureGates: {}}\n", set(GATE, json!(true)), "---\n{a, featureGates: {X: true}}\n");
    gives("---\n{a: 1, }\n", set("b", json!(2)), "---\n{a: 1, b: 2 }\n");
    gives("---\n{a: 1 # one\n}\n", set("b", json!(2)), "---\n{a: 1, b: 2 # one\n}\n");
}

#[test]
fn a_value_is_replaced_in_its_place() {
    gives("a: \"true\" # c\n", set("a", json!(true)), "a: true # c\n");
    gives("a: 'Always' # c\n", set("a", json!("Web")), "a: 'Web' # c\n");
    gives("a:\nb: 1\n", set("a", json!(true)), "a: true\nb: 1\n");
    gives("a: !!str \"false\"\n", set("a", json!(true)), "a: !!str true\n".replace("!!str ", "").as_str());
    gives("a:\n  b: no # x\n  c: 1\n", set("a.b", json!(true)), "a:\n  b: true # x\n  c: 1\n");
    gives("l:\n- A # a\n- B\n# e\n- C\n", set("l", json!(["A", "C"])), "l:\n- A # a\n# e\n- C\n");
    gives("l:\n- B # b\n- A\n", set("l", json!(["A", "C"])), "l:\n- C # b\n- A\n");
    gives("l: [A, B]\n", set("l", json!(["B"])), "l: [B]\n");
    gives("l: []\n", set("l", json!(["B"])), "l: [B]\n");
}

#[test]
fn repeated_keys_are_corrected_and_comments_stay() {
    gives("a: false # first\nb: 1\na: no\n", set("a", json!(true)), "# first\nb: 1\na: true\n");
    gives("f:\n  X: false\n  Y: true\n  X: true\n", set("f.X", json!(true)), "f:\n  Y: true\n  X: true\n");
    gives("{\"a\":1,\"b\":2,\"a\":3}", set("a", json!(4)), "{\"b\":2,\"a\":4}");
    gives(
        "{\"f\":{\"X\":false},\"f\":{\"Y\":true}}",
        set("f.X", json!(true)),
        "{\"f\":{\"X\":true},\"f\":{\"Y\":true}}",
    );
}

#[test]
fn what_comes_from_an_anchor_is_overridden_where_it_is_used() {
    gives(
        "x: &d\n  e: true\nw: *d\na: *d\n",
        set("a.e", json!(false)),
        "x: &d\n  e: true\nw: *d\na: {<<: *d, e: false}\n",
    );
    gives(
        "x: &d\n  e: true\na:\n  <<: *d\n",
        set("a.e", json!(false)),
        "x: &d\n  e: true\na:\n  <<: *d\n  e: false\n",
    );
    gives("x: &v true\na: *v\n", set("a", json!(false)), "x: &v true\na: false\n");
    assert!(run("x: &v true\na: *v\n", &[set("x", json!(false))]).is_err());
    gives("x: &v true\n", set("x", json!(false)), "x: &v false\n");
}

#[test]
fn json_is_written_as_it_was() {
    gives("{\"a\":1}", set(GATE, json!(true)), "{\"a\":1,\"featureGates\":{\"X\":true}}");
    gives("{\"a\": 1, \"b\": 2}\n", set("c.d", json!("e")), "{\"a\": 1, \"b\": 2, \"c\": {\"d\": \"e\"}}\n");
    gives(
        "{\r\n\t\"a\": 1\r\n}\r\n",
        set(GATE, json!(true)),
        "{\r\n\t\"a\": 1,\r\n\t\"featureGates\": {\r\n\t\t\"X\": true\r\n\t}\r\n}\r\n",
    );
    gives(
        "{\n  \"f\": {\n    \"a\": 1\n  }\n}\n",
        set("f.b", json!(2)),
        "{\n  \"f\": {\n    \"a\": 1,\n    \"b\": 2\n  }\n}\n",
    );
    gives("{\n  \"f\": {}\n}\n", set("f.b", json!(2)), "{\n  \"f\": {\n    \"b\": 2\n  }\n}\n");
    gives("{\n  \"f\": null\n}\n", set("f.b", json!(2)), "{\n  \"f\": {\n    \"b\": 2\n  }\n}\n");
    gives("{\n  \"f\": {\"a\": 1}\n}\n", set("f.b", json!(2)), "{\n  \"f\": {\"a\": 1, \"b\": 2}\n}\n");
    gives("{\"l\":[\"A\",\"B\"]}", set("l", json!(["A", "C"])), "{\"l\":[\"A\",\"C\"]}");
}

#[test]
fn keys_are_removed_and_renamed() {
    let remove = |path: &str| Change::Remove { path: path.into() };
    gives("a: 1\nb: # c\n  - 1\n  # d\n  - 2\nc: 1\n", remove("b"), "a: 1\n# c\n  # d\nc: 1\n");
    gives("a:\n- 1\nb: 1\n", remove("a"), "b: 1\n");
    gives("f: # f\n  X: true\nb: 1", remove("f.X"), "f: {} # f\nb: 1");
    gives("a: 1\nb: 2", remove("b"), "a: 1");
    gives("{\"a\":1, \"b\":2}", remove("a"), "{\"b\":2}");
    gives("{\"a\":1, \"b\":2}", remove("b"), "{\"a\":1}");
    let rename = Change::Rename { path: "serverTlsBootstrap".into(), to: "serverTLSBootstrap".into() };
    gives("serverTlsBootstrap: true\n", rename.clone(), "serverTLSBootstrap: true\n");
    gives("{\"serverTlsBootstrap\":true}", rename, "{\"serverTLSBootstrap\":true}");
}
