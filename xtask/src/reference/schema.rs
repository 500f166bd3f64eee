//! A JSON Schema as a page: a table of members for each object, a list of values for each enumeration.

use serde_json::{Map, Value};

/// The page of a schema as schemars writes it.
pub(super) fn page(schema: &Value) -> String {
    let title = text(schema, "title");
    let mut page = format!("# {title}\n\n");
    push_type(&mut page, schema);
    let mut types: Vec<_> = schema.get("$defs").and_then(Value::as_object).into_iter().flatten().collect();
    types.sort_by_key(|(name, _)| name.as_str());
    for (name, of) in types {
        page.push_str(&format!("\n## {name}\n\n"));
        push_type(&mut page, of);
    }
    page
}

/// A type's description and what it is made of.
fn push_type(page: &mut String, of: &Value) {
    let description = text(of, "description");
    if !description.is_empty() {
        page.push_str(&format!("{}\n", description.replace('\n', " ").replace("  ", "\n\n")));
    }
    if let Some(members) = of.get("properties").and_then(Value::as_object) {
        push_members(page, members, of.get("required"));
        return;
    }
    let variants = ["oneOf", "anyOf"].iter().find_map(|key| of.get(key)?.as_array());
    match variants {
        Some(variants) => {
            page.push('\n');
            for variant in variants {
                push_variant(page, variant);
            }
        }
        None => page.push_str(&format!("\n{}\n", type_of(of))),
    }
}

fn push_members(page: &mut String, members: &Map<String, Value>, required: Option<&Value>) {
    let required: Vec<_> = required.and_then(Value::as_array).into_iter().flatten().collect();
    page.push_str("\n| Member | Type | Meaning |\n| --- | --- | --- |\n");
    for (name, member) in members {
        let is_required = required.iter().any(|one| one.as_str() == Some(name));
        let optional = if is_required { "" } else { " (optional)" };
        let meaning = cell(&text(member, "description"));
        page.push_str(&format!("| `{name}`{optional} | {} | {meaning} |\n", type_of(member)));
    }
}

/// One alternative: the values of an enumeration, or another form.
fn push_variant(page: &mut String, variant: &Value) {
    let description = cell(&text(variant, "description"));
    let description = if description.is_empty() { description } else { format!(": {description}") };
    page.push_str(&format!("- {}{description}\n", type_of(variant)));
}

/// A type in a few words, with links to the types of the page.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next()) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(value) = schema.get("const") {
        return format!("`{value}`");
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    }
    let alternatives = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)?.as_array());
    if let Some(alternatives) = alternatives {
        return alternatives.iter().map(type_of).collect::<Vec<_>>().join(" or ");
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => "any value".to_owned(),
    };
    let items = || schema.get("items").map(type_of);
    let values = || schema.get("additionalProperties").filter(|values| values.is_object()).map(type_of);
    if let Some(rest) = kind.strip_prefix("array")
        && let Some(items) = items()
    {
        return format!("list of {items}{rest}");
    }
    if let Some(rest) = kind.strip_prefix("object")
        && let Some(values) = values()
    {
        return format!("map to {values}{rest}");
    }
    kind
}

fn text(schema: &Value, key: &str) -> String {
    schema.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A text as one cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::page;

    #[test]
    fn objects_become_tables_and_enumerations_lists() {
        let schema = json!({
            "title": "Report",
            "description": "The answer.",
            "properties": {
                "targets": {"type": "array", "items": {"$ref": "#/$defs/Target"}, "description": "One a\nnode."},
                "node": {"type": ["string", "null"]},
                "origins": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/Target"}},
            },
            "required": ["targets"],
            "$defs": {
                "Target": {"oneOf": [{"const": "a", "description": "A."}, {"type": "string", "enum": ["b", "c"]}]},
            },
        });
        assert_eq!(
            page(&schema),
            "# Report\n\nThe answer.\n\n| Member | Type | Meaning |\n| --- | --- | --- |\n\
             | `node` (optional) | string or null |  |\n\
             | `origins` (optional) | map to [Target](#target) or null |  |\n\
             | `targets` | list of [Target](#target) | One a node. |\n\
             \n## Target\n\n\n- `\"a\"`: A.\n- `\"b\"`, `\"c\"`\n"
        );
    }
}
