//! `cargo x new-control SLUG`: a control's file and its registration.

use std::fs;
use std::path::Path;

/// The list of controls.
const LIST: &str = "src/controls/mod.rs";

/// Writes `src/controls/SLUG.rs` and registers it; gives the files touched and what is left to do.
pub(crate) fn run(root: &Path, slug: &str) -> Result<Vec<String>, String> {
    let is_kebab = !slug.is_empty()
        && slug.split('-').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
    if !is_kebab {
        return Err(format!(
            "{slug:?} is no slug: write small letters and digits with single dashes between"
        ));
    }
    let module = slug.replace('-', "_");
    let file = format!("src/controls/{module}.rs");
    if root.join(&file).exists() {
        return Err(format!("{file} is there already"));
    }
    let list = fs::read_to_string(root.join(LIST)).map_err(|error| format!("{LIST}: {error}"))?;
    let list = register(&list, &module)?;
    fs::write(root.join(&file), template(slug)).map_err(|error| format!("{file}: {error}"))?;
    fs::write(root.join(LIST), list).map_err(|error| format!("{LIST}: {error}"))?;
    Ok(vec![
        format!("wrote {file}: fill in its texts, settings and effect"),
        format!("registered it in {LIST}: move it to its place in the order of benchmarks"),
        "add rows that name it to src/benchmark/editions/*.toml, then run cargo x gen".into(),
        "add inputs for it to src/tests/rules.rs; cargo x test says what is still missing".into(),
    ])
}

/// The list with the module, in alphabetical order among the others, and the control at the end.
fn register(list: &str, module: &str) -> Result<String, String> {
    let declared: Vec<&str> =
        list.lines().filter(|line| line.starts_with("mod ") || line.starts_with("pub mod ")).collect();
    let name = |line: &str| {
        line.trim_start_matches("pub ").trim_start_matches("mod ").trim_end_matches(';').to_owned()
    };
    let before = declared.iter().find(|line| name(line).as_str() > module).or(declared.last());
    let before = before.ok_or_else(|| format!("{LIST} declares no module"))?;
    let list = list.replacen(before, &format!("mod {module};\n{before}"), 1);
    let (start, end) = list.split_once("const WRITTEN").ok_or_else(|| format!("{LIST} has no WRITTEN"))?;
    let (body, rest) = end.split_once("];").ok_or_else(|| format!("{LIST}: WRITTEN does not end"))?;
    Ok(format!("{start}const WRITTEN{body}    &{module}::CONTROL,\n];{rest}"))
}

fn template(slug: &str) -> String {
    format!(
        r#"//! `{slug}`

use crate::kubelet::fields::id;
use crate::report::{{Effect, Severity}};

use super::{{Control, Docs, Example, Says, Setting, Want, Wanted}};

const SETTING: Setting = Setting::Field(id::ANONYMOUS_ENABLED);

pub(super) const CONTROL: Control = Control {{
    slug: "{slug}",
    title: "",
    severity: Severity::Medium,
    why: "",
    field: "",
    settings: &[SETTING],
    says: Says {{ whether: "", yes: "", no: "", partly: "" }},
    wants: &[Want {{ setting: SETTING, value: Wanted::Bool(true) }}],
    effect: |running| {{
        if running.configuration.bool(id::ANONYMOUS_ENABLED) {{ Effect::Yes }} else {{ Effect::No }}
    }},
    docs: &Docs {{
        checks: "",
        matters: "",
        compliant: Example::config(""),
        violating: Example::config(""),
        remediation: "",
        edge_cases: &[],
        references: &[],
        ..Docs::EMPTY
    }},
    ..Control::BASE
}};
"#
    )
}

#[cfg(test)]
mod tests {
    use super::{register, run, template};

    const LIST: &str = "mod a;\nmod c;\npub mod d;\n\nconst WRITTEN: &[&Control] = &[\n    &a::CONTROL,\n];\n\nfn rest() {}\n";

    #[test]
    fn a_control_is_declared_in_order_and_listed() {
        let list = register(LIST, "b").unwrap();
        assert!(list.contains("mod a;\nmod b;\nmod c;\n"), "{list}");
        assert!(list.contains("    &a::CONTROL,\n    &b::CONTROL,\n];\n\nfn rest"), "{list}");
        assert!(template("a-b").contains("slug: \"a-b\""));
    }

    #[test]
    fn slugs_are_checked_before_anything_is_written() {
        for slug in ["", "A", "a_b", "a--b", "-a", "../x"] {
            assert!(run(std::path::Path::new("/nonexistent"), slug).is_err(), "{slug}");
        }
    }
}
