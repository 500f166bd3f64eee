//! The members of a report that hold prose.

use serde_json::{Map, Value};

/// How the prose of a member is separated from its facts.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// All of it is prose. Only whether there is any is compared: an empty `fix` means that nothing is to be
    /// done.
    Text,
    /// Names and `name: value` pairs, which are compared, or sentences.
    Names,
    /// Shell commands, which are compared, with a comment behind ` # `.
    Commands,
}

/// Members by the names on the way to them. Every other member is compared: also `benchmark.title`, which is
/// the benchmark's own text, and `waived.reason`, which is the caller's.
const MEMBERS: &[(&str, Kind)] = &[
    // What an issue says; its code, severity and location are its facts.
    ("notices.message", Kind::Text),
    ("notices.help", Kind::Text),
    ("targets.errors.message", Kind::Text),
    ("targets.errors.help", Kind::Text),
    ("targets.kubelet.errors.message", Kind::Text),
    ("targets.kubelet.errors.help", Kind::Text),
    ("targets.kubelet.warnings.message", Kind::Text),
    ("targets.kubelet.warnings.help", Kind::Text),
    // Layers have names; what a platform adds has none and is described.
    ("targets.kubelet.missingLayers", Kind::Names),
    // What a finding says; the verdicts, evidence, settings and edits are its facts.
    ("targets.findings.title", Kind::Text),
    ("targets.findings.failureTitle", Kind::Text),
    ("targets.findings.message", Kind::Text),
    ("targets.findings.why", Kind::Text),
    ("targets.findings.fix", Kind::Text),
    ("targets.findings.effective.missing", Kind::Names),
    ("targets.findings.effective.notes", Kind::Text),
    ("targets.findings.remediation.routes.summary", Kind::Text),
    ("targets.findings.remediation.commands.summary", Kind::Text),
    ("targets.findings.remediation.commands.commands", Kind::Commands),
    ("targets.findings.fixes.title", Kind::Text),
    ("targets.findings.fixes.reason", Kind::Text),
    ("targets.findings.fixes.refused", Kind::Text),
    ("targets.findings.fixes.before", Kind::Commands),
    ("targets.findings.fixes.after", Kind::Commands),
    // Copied from the findings.
    ("summary.groups.message", Kind::Text),
    ("summary.groups.fix", Kind::Text),
];

/// The members of two versions of the report that hold prose.
pub(super) struct Prose {
    /// Members that only one of the versions has are removed from both.
    members: Vec<(&'static str, Option<Kind>)>,
}

impl Prose {
    /// Checks the list against the schemas of both versions; fails for a member that neither has.
    pub(super) fn of(before: &Value, after: &Value) -> Result<Self, String> {
        let mut members = Vec::new();
        for (path, kind) in MEMBERS {
            match (has(before, path), has(after, path)) {
                (true, true) => members.push((*path, Some(*kind))),
                (false, false) => return Err(format!("no report has the member {path}")),
                _ => members.push((*path, None)),
            }
        }
        Ok(Self { members })
    }

    /// Returns the report with a placeholder for each prose text.
    pub(super) fn set_aside(&self, report: Value) -> Value {
        self.visit(report, "")
    }

    fn visit(&self, value: Value, path: &str) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.visit(item, path)).collect(),
            Value::Object(members) => Value::Object(self.visit_members(members, path)),
            other => other,
        }
    }

    fn visit_members(&self, members: Map<String, Value>, path: &str) -> Map<String, Value> {
        let mut kept = Map::new();
        for (name, value) in members {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match self.members.iter().find(|(member, _)| *member == path) {
                None => kept.insert(name, self.visit(value, &path)),
                Some((_, Some(kind))) => kept.insert(name, kind.facts(value)),
                Some((_, None)) => continue,
            };
        }
        kept
    }
}

impl Kind {
    /// What is compared of a member.
    fn facts(self, value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.facts(item)).collect(),
            Value::String(text) => self.facts_of_text(&text).into(),
            other => other,
        }
    }

    fn facts_of_text(self, text: &str) -> String {
        let prose = || if text.is_empty() { String::new() } else { "(prose)".to_owned() };
        match self {
            Self::Text => prose(),
            Self::Names => {
                let (name, _) = text.split_once(": ").unwrap_or((text, ""));
                if name.contains(' ') { prose() } else { text.to_owned() }
            }
            Self::Commands => {
                text.split_once(" # ").map_or(text, |(command, _)| command.trim_end()).to_owned()
            }
        }
    }
}

/// Whether a schema describes a member.
fn has(schema: &Value, path: &str) -> bool {
    path.split('.').try_fold(schema, |at, name| property(schema, at, name)).is_some()
}

/// The schema of a member, behind references, alternatives and lists.
fn property<'a>(root: &'a Value, at: &'a Value, name: &str) -> Option<&'a Value> {
    if let Some(found) = at.get("properties").and_then(|properties| properties.get(name)) {
        return Some(found);
    }
    let referenced = at.get("$ref").and_then(Value::as_str);
    let referenced = referenced.and_then(|to| root.pointer(to.trim_start_matches('#')));
    let alternatives = ["anyOf", "oneOf", "allOf"].iter().filter_map(|key| at.get(key)?.as_array()).flatten();
    referenced.into_iter().chain(at.get("items")).chain(alternatives).find_map(|at| property(root, at, name))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Kind, MEMBERS, Prose};

    /// A schema with every listed member, behind a reference and an alternative.
    fn schema() -> Value {
        let mut root = json!({});
        for (path, _) in MEMBERS {
            let mut at = &mut root;
            for name in path.split('.') {
                at = at
                    .as_object_mut()
                    .unwrap()
                    .entry("items")
                    .or_insert(json!({}))
                    .as_object_mut()
                    .unwrap()
                    .entry("properties")
                    .or_insert(json!({}))
                    .as_object_mut()
                    .unwrap()
                    .entry(name)
                    .or_insert(json!({}));
            }
        }
        json!({"anyOf": [{"type": "null"}, {"$ref": "#/$defs/Report"}], "$defs": {"Report": root}})
    }

    fn report(status: &str, why: &str) -> Value {
        json!({"targets": [{"findings": [{"status": status, "why": why, "title": "t"}]}]})
    }

    #[test]
    fn prose_is_set_aside_and_a_verdict_is_not() {
        let prose = Prose::of(&schema(), &schema()).unwrap();
        let aside = |status, why| prose.set_aside(report(status, why));
        assert_eq!(aside("pass", "one sentence"), aside("pass", "another"));
        assert_ne!(aside("pass", "one sentence"), aside("fail", "one sentence"));
        assert_ne!(aside("pass", "one sentence"), aside("pass", ""), "whether there is a reason is compared");
    }

    #[test]
    fn a_member_that_one_version_lacks_is_skipped_and_one_that_none_has_is_an_error() {
        let mut before = schema();
        let findings = "/$defs/Report/items/properties/targets/items/properties/findings/items/properties";
        before.pointer_mut(findings).unwrap().as_object_mut().unwrap().remove("why");
        let prose = Prose::of(&before, &schema()).unwrap();
        assert_eq!(prose.set_aside(report("pass", "a")), prose.set_aside(report("pass", "")));
        assert!(Prose::of(&before, &before).err().unwrap().contains("targets.findings.why"));
    }

    #[test]
    fn names_and_commands_are_compared_without_sentences_and_comments() {
        for (kind, text, facts) in [
            (Kind::Names, "args", "args"),
            (Kind::Names, "readOnlyPort: 0", "readOnlyPort: 0"),
            (Kind::Names, "the settings that kubeadm adds", "(prose)"),
            (Kind::Names, "the feature gate: it is off", "(prose)"),
            (Kind::Commands, "kubectl get csr  # something must approve", "kubectl get csr"),
            (Kind::Commands, "systemctl restart kubelet", "systemctl restart kubelet"),
        ] {
            assert_eq!(kind.facts_of_text(text), facts);
        }
    }
}
