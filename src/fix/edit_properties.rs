//! Properties of edits over generated documents.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::Change;
use super::edit::text::Patched;
use super::edit::tree::{put, same, take};
use super::properties::{comments, read, style, write};
use crate::source::Limits;

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        any::<bool>().prop_map(Json::from),
        (-5..5_i64).prop_map(Json::from),
        "[a-z/:# \"']{0,6}".prop_map(Json::from),
        proptest::collection::vec("[A-D]", 0..4).prop_map(Json::from),
        Just(Json::Null),
    ]
}

fn tree() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(3, 20, 4, |inner| {
        proptest::collection::btree_map("[a-d]", inner, 0..4)
            .prop_map(|map| Json::Object(map.into_iter().collect()))
    })
}

fn root() -> impl Strategy<Value = Json> {
    proptest::collection::btree_map("[a-e]", tree(), 1..5)
        .prop_map(|map| Json::Object(map.into_iter().collect::<Map<_, _>>()))
}

fn wanted() -> impl Strategy<Value = Json> {
    prop_oneof![
        any::<bool>().prop_map(Json::from),
        (-5..5_i64).prop_map(Json::from),
        "[a-zA-Z:/#\"' ]{0,6}".prop_map(Json::from),
        Just(json!(["A"])),
        Just(json!(["A", "C"])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_changes_one_value_and_keeps_all_else(
        root in root(), style in style(), path in "[a-f](\\.[a-f]){0,2}", value in wanted(), remove in any::<bool>(),
    ) {
        let text = write(&root, &style);
        prop_assume!(read(&text) == root);
        let change = if remove { Change::Remove { path: path.clone() } } else { Change::Set { path: path.clone(), value: value.clone() } };
        let patched = match super::edit::patch(&text, std::slice::from_ref(&change), &Limits::default()) {
            Ok(patched) => patched,
            Err(reason) => {
                // Allowed: a path through a non-object, a multi-line value, and the last key of a document.
                let allowed = reason.contains("not an object") || reason.contains("spans several lines")
                    || reason.contains("is empty")
                    || reason.contains("is not an object");
                prop_assert!(allowed, "{reason}\n{text}\n{change:?}");
                return Ok(());
            }
        };
        let out = patched.text();
        let keys: Vec<&str> = path.split('.').collect();
        let (mut expected, mut found) = (root.clone(), read(&out));
        if remove {
            take(&mut expected, &keys);
        } else {
            put(&mut expected, &keys, &value);
            take(&mut expected, &keys);
            let now = take(&mut found, &keys);
            prop_assert!(now.is_some_and(|now| same(&now, &value)), "{text:?} {out:?}");
        }
        prop_assert_eq!(&expected, &found, "{:?} {:?}", text, out);
        if style.kind == 3 && style.comments {
            for comment in comments(&text) {
                prop_assert!(out.contains(comment), "{comment} {text:?} {out:?}");
            }
        }
        let edits = patched.edits();
        let mut again = Patched::new(&text);
        again.apply(&edits);
        prop_assert_eq!(again.text(), &out[..]);
        prop_assert_eq!(text.ends_with(['\n', '\r']), out.ends_with(['\n', '\r']), "{:?} {:?}", text, out);
        let eols = |text: &str| (text.matches("\r\n").count(), text.replace("\r\n", "").contains('\r'), text.replace("\r\n", "").contains('\n'));
        let tells = text.contains(style.eol);
        if tells && style.eol == "\r\n" { let e = eols(&out); prop_assert!(!e.1 && !e.2, "{out:?}"); }
        if tells && style.eol == "\r" { prop_assert!(!out.contains('\n'), "{out:?}"); }
        let twice = super::edit::patch(&out, &[change], &Limits::default()).unwrap();
        prop_assert!(twice.edits().is_empty(), "{text:?} {out:?} {:?}", twice.text());
    }
}
