//! Where two JSON values differ.

use std::fmt;

use serde_json::Value;

/// One place in which two values differ.
#[derive(Debug, PartialEq)]
pub(super) struct Difference {
    /// JSON Pointer of the place.
    pub(super) pointer: String,
    /// The members on the way to it, without indices: `report.targets.findings.status`.
    pub(super) member: String,
    /// Absent where the place does not exist.
    before: Option<Value>,
    after: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| value.as_ref().map_or("absent".into(), Value::to_string);
        write!(f, "{}\n  before: {}\n  after:  {}", self.pointer, shown(&self.before), shown(&self.after))
    }
}

/// Every place in which the values differ.
pub(super) fn all(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    visit(Some(before), Some(after), String::new(), String::new(), &mut found);
    found
}

fn visit(
    before: Option<&Value>,
    after: Option<&Value>,
    pointer: String,
    member: String,
    found: &mut Vec<Difference>,
) {
    match (before, after) {
        (before, after) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let added = after.keys().filter(|name| !before.contains_key(*name));
            for name in before.keys().chain(added) {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                let member = if member.is_empty() { name.clone() } else { format!("{member}.{name}") };
                visit(before.get(name), after.get(name), format!("{pointer}/{escaped}"), member, found);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            for index in 0..before.len().max(after.len()) {
                let pointer = format!("{pointer}/{index}");
                visit(before.get(index), after.get(index), pointer, member.clone(), found);
            }
        }
        (before, after) => {
            found.push(Difference { pointer, member, before: before.cloned(), after: after.cloned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::all;

    #[test]
    fn every_difference_has_its_pointer_and_member() {
        let before = json!({"targets": [{"status": "pass", "a/b": 1}, {"gone": 0}]});
        let after = json!({"targets": [{"status": "fail", "a/b": 1, "new": 2}]});
        let found: Vec<_> = all(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "/targets/0/status\n  before: \"pass\"\n  after:  \"fail\"",
                "/targets/0/new\n  before: absent\n  after:  2",
                "/targets/1\n  before: {\"gone\":0}\n  after:  absent",
            ]
        );
        assert_eq!(all(&before, &after).first().unwrap().member, "targets.status");
    }

    #[test]
    fn equal_values_have_none() {
        let value = json!({"a": [1, {"b": null}]});
        assert_eq!(all(&value, &value), []);
    }
}
