//! `cargo x new-control SLUG`: a control's file and its registration.

use std::fs;
use std::path::Path;

/// The file that a new control begins with. The library compiles it in its tests.
const TEMPLATE: &str = "src/controls/template.rs";

/// The list of controls.
const LIST: &str = "src/controls/rules.rs";

/// Writes `src/controls/rules/SLUG.rs` and registers it; returns what was done and what is left to do.
pub(crate) fn run(root: &Path, slug: &str) -> Result<Vec<String>, String> {
    let is_kebab = !slug.is_empty()
        && slug.split('-').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
    if !is_kebab {
        return Err(format!(
            "{slug:?} is not a slug: use lower-case letters and digits, with single dashes between words"
        ));
    }
    let module = slug.replace('-', "_");
    let file = format!("src/controls/rules/{module}.rs");
    if root.join(&file).exists() {
        return Err(format!("{file} exists already"));
    }
    let read = |path: &str| fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"));
    let name = type_name(slug);
    let list = register(&read(LIST)?, &module, &name)?;
    let control = read(TEMPLATE)?.replace("new-control", slug).replace("NewControl", &name);
    fs::write(root.join(&file), control).map_err(|error| format!("{file}: {error}"))?;
    fs::write(root.join(LIST), list).map_err(|error| format!("{LIST}: {error}"))?;
    Ok(vec![
        format!(
            "wrote {file}: fill in its texts, settings and effect (src/controls/control.rs is the guide)"
        ),
        format!("registered it in {LIST}: move it to its place in the order of benchmarks"),
        "add rows that name it to src/benchmark/editions/*.toml, then run cargo x gen".into(),
        "cargo test shows what is still missing".into(),
    ])
}

/// `read-only-port` as `ReadOnlyPort`.
pub(crate) fn type_name(slug: &str) -> String {
    let capitalized = |part: &str| {
        let mut chars = part.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    slug.split('-').map(capitalized).collect()
}

/// Returns the list with the module, in alphabetical order among the others, and the control at the end.
fn register(list: &str, module: &str, name: &str) -> Result<String, String> {
    let declared = |line: &str| line.strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned);
    let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
    let next = lines.iter().position(|line| declared(line).is_some_and(|other| *other > *module));
    let after_last = || Some(lines.iter().rposition(|line| declared(line).is_some())? + 1);
    let at = next.or_else(after_last).ok_or_else(|| format!("{LIST} declares no module"))?;
    lines.insert(at, format!("mod {module};"));
    let start = lines.iter().position(|line| line.contains("static CONTROLS"));
    let end = start.and_then(|start| Some(start + lines.iter().skip(start).position(|line| line == "];")?));
    let end = end.ok_or_else(|| format!("{LIST} has no list of CONTROLS"))?;
    lines.insert(end, format!("    &{module}::{name},"));
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::{env, fs, process};

    use super::{LIST, TEMPLATE, register, run};

    const FEW: &str = "mod a;\nmod c;\nmod d;\n\npub static CONTROLS: &[&dyn Control] = &[\n    &a::A,\n];\n\nfn rest() {}\n";

    #[test]
    fn a_control_is_declared_in_order_and_listed() {
        let list = register(FEW, "b_b", "BB").unwrap();
        assert!(list.contains("mod a;\nmod b_b;\nmod c;\n"), "{list}");
        assert!(list.contains("    &a::A,\n    &b_b::BB,\n];\n\nfn rest"), "{list}");
        assert!(register(FEW, "e", "E").unwrap().contains("mod d;\nmod e;\n\npub static"));
        assert!(register("", "e", "E").is_err());
    }

    /// The files of this repository, in a directory of the test's own.
    #[test]
    fn a_new_control_is_the_template_under_its_own_name() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let copy = env::temp_dir().join(format!("new-control-{}", process::id()));
        fs::create_dir_all(copy.join("src/controls/rules")).unwrap();
        for path in [TEMPLATE, LIST] {
            fs::copy(root.join(path), copy.join(path)).unwrap();
        }
        run(&copy, "max-pods-2").unwrap();
        let control = fs::read_to_string(copy.join("src/controls/rules/max_pods_2.rs")).unwrap();
        let list = fs::read_to_string(copy.join(LIST)).unwrap();
        let again = run(&copy, "max-pods-2");
        fs::remove_dir_all(&copy).unwrap();
        assert!(control.contains("slug: \"max-pods-2\","), "{control}");
        assert!(control.contains("impl Control for MaxPods2 {"), "{control}");
        assert!(!control.contains("new-control") && !control.contains("NewControl"), "{control}");
        assert!(list.contains("mod make_iptables_util_chains;\nmod max_pods_2;\n"), "{list}");
        assert!(list.contains("    &max_pods_2::MaxPods2,\n];"), "{list}");
        assert!(again.unwrap_err().contains("exists already"));
    }

    #[test]
    fn slugs_are_checked_before_anything_is_written() {
        for slug in ["", "A", "a_b", "a--b", "-a", "../x"] {
            assert!(run(Path::new("/nonexistent"), slug).is_err(), "{slug}");
        }
    }
}
