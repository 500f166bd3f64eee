//! Which of a vector's files its command line names, as the oracle's program puts the line together
//! (docs/oracle.md): `--config` and `--config-dir` come first unless the arguments are the whole line.

use serde_json::Value;

pub(crate) const CONFIG: &str = "/var/lib/kubelet/config.yaml";
pub(crate) const DROP_INS: &str = "/etc/kubernetes/kubelet.conf.d";

/// The vector without the files that its line does not name; none where it names others, of which the
/// vector says nothing.
pub(crate) fn named(vector: &Value) -> Option<Value> {
    let args = vector.get("args").and_then(Value::as_array).into_iter().flatten();
    let args: Vec<&str> = args.filter_map(Value::as_str).collect();
    let is_full = vector.get("full") == Some(&Value::Bool(true));
    let mut out = vector.clone();
    for (flag, member, path) in [("--config", "config", CONFIG), ("--config-dir", "dropIns", DROP_INS)] {
        match value(&args, flag) {
            None if !is_full => {}
            Some(named) if named.trim_end_matches('/') == path => {}
            None | Some("") => {
                out.as_object_mut()?.remove(member);
            }
            Some(_) => return None,
        }
    }
    Some(out)
}

/// The value that a flag has last; `_` in its name is `-`.
fn value<'a>(args: &[&'a str], flag: &str) -> Option<&'a str> {
    args.iter().enumerate().rev().find_map(|(at, arg)| match arg.split_once('=') {
        Some((name, value)) => (name.replace('_', "-") == flag).then_some(value),
        None if arg.replace('_', "-") == flag => args.get(at + 1).copied(),
        None => None,
    })
}

#[cfg(test)]
mod tests {
    use super::named;
    use serde_json::json;

    #[test]
    fn a_file_is_read_where_the_line_names_it() {
        let vector = json!({"config": "x", "args": ["-v=2"]});
        assert_eq!(named(&vector), Some(vector));
        let emptied = json!({"config": "x", "args": ["--config="]});
        assert_eq!(named(&emptied), Some(json!({"args": ["--config="]})));
        let full = json!({"config": "x", "args": [], "full": true});
        assert_eq!(named(&full), Some(json!({"args": [], "full": true})));
        let full = json!({"config": "x", "args": ["--config", "/var/lib/kubelet/config.yaml"], "full": true});
        assert_eq!(named(&full), Some(full));
        assert_eq!(named(&json!({"config": "x", "args": ["--config=/y"]})), None);
    }
}
