//! Whether two reports are the same.

use serde_json::Value;

/// Whether two values are the same as canonical JSON (RFC 8785): the order of members does not count, and
/// a number is what a double makes of it.
pub fn canonically(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| canonically(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| canonically(value, other)))
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::canonically;

    #[test]
    fn spelling_and_order_do_not_count_and_all_else_does() {
        assert!(canonically(&json!({"a": 1, "b": [2.0]}), &json!({"b": [2], "a": 1.0})));
        for (left, right) in [
            (json!({"a": 1}), json!({"a": 1, "b": null})),
            (json!({"a": 1, "b": null}), json!({"a": 1})),
            (json!({"a": null}), json!({"b": null})),
            (json!([1, 2]), json!([2, 1])),
            (json!(1), json!("1")),
            (json!([1]), json!([1, 1])),
        ] {
            assert!(!canonically(&left, &right), "{left} {right}");
        }
    }
}
