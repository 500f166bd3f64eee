//! The actions on a recipe's page.

use std::fmt;

/// A recipe.
pub(super) struct Page {
    pub(super) name: String,
    pub(super) actions: Vec<Action>,
}

/// What a recipe has its reader do.
#[derive(Debug, PartialEq)]
pub(super) enum Action {
    /// Run commands. `line` is where they stand on the page.
    Run { line: usize, script: String },
    /// Create a file.
    Write { path: String, text: String },
    /// Add lines to a file.
    Insert { line: usize, path: String, place: Place, text: String },
}

/// A place in a file. A line is given without its indentation.
#[derive(Debug, PartialEq)]
pub(super) enum Place {
    Above(String),
    Below(String),
    End,
}

impl Place {
    /// The text with lines inserted; `None` where no line is the one looked for.
    pub(super) fn insert(&self, text: &str, lines: &str) -> Option<String> {
        let (Self::Above(wanted) | Self::Below(wanted)) = self else {
            return Some([text, lines].concat());
        };
        let mut before = 0;
        for line in text.split_inclusive('\n') {
            let after = before + line.len();
            if line.trim() == wanted {
                let at = if matches!(self, Self::Above(_)) { before } else { after };
                let (head, tail) = text.split_at_checked(at)?;
                return Some([head, lines, tail].concat());
            }
            before = after;
        }
        None
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Above(line) | Self::Below(line) => write!(f, "line {line:?}"),
            Self::End => f.write_str("end"),
        }
    }
}

impl Page {
    pub(super) fn read(name: &str, text: &str) -> Result<Self, String> {
        let mut actions = Vec::new();
        let mut comment = None;
        let mut lines = text.lines().zip(1..);
        while let Some((line, number)) = lines.next() {
            if let Some(inner) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
                comment = Some(inner);
            } else if let Some(language) = line.strip_prefix("```") {
                let body: String = lines
                    .by_ref()
                    .map_while(|(line, _)| (line != "```").then(|| format!("{line}\n")))
                    .collect();
                let action = action(number, language, comment.take(), body);
                actions.extend(action.map_err(|error| format!("{name}:{number}: {error}"))?);
            } else if !line.is_empty()
                && let Some(comment) = comment.take()
            {
                return Err(format!("{name}:{number}: no fence below <!-- {comment} -->"));
            }
        }
        Ok(Self { name: name.to_owned(), actions })
    }
}

fn action(
    line: usize,
    language: &str,
    comment: Option<&str>,
    text: String,
) -> Result<Option<Action>, String> {
    let Some(comment) = comment else {
        return match language {
            "sh" => Ok(Some(Action::Run { line, script: text })),
            _ => Err(format!("a fence of {language:?} needs a comment above it that says what it is for")),
        };
    };
    if comment == "show" {
        return Ok(None);
    }
    if let Some(path) = comment.strip_prefix("write: ") {
        return Ok(Some(Action::Write { path: path.to_owned(), text }));
    }
    if let Some(path) = comment.strip_prefix("append: ") {
        return Ok(Some(Action::Insert { line, path: path.to_owned(), place: Place::End, text }));
    }
    let insert = comment.strip_prefix("insert: ").and_then(|rest| {
        let above = rest.split_once(" above: ").map(|(path, line)| (path, Place::Above(line.to_owned())));
        above
            .or_else(|| rest.split_once(" below: ").map(|(path, line)| (path, Place::Below(line.to_owned()))))
    });
    match insert {
        Some((path, place)) => Ok(Some(Action::Insert { line, path: path.to_owned(), place, text })),
        None => Err(format!("unknown comment <!-- {comment} -->")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Page, Place};

    #[test]
    fn fences_become_actions_in_their_order() {
        let text = "# A\n\n<!-- show -->\n```yaml\na: 1\n```\n\n```sh\nls\npwd\n```\n<!-- write: a/b -->\n\n```toml\nx = 1\n```\n\
                    <!-- insert: c below: mod a; -->\n```rust\nmod b;\n```\n";
        let page = Page::read("p", text).unwrap();
        let below = Place::Below("mod a;".into());
        assert_eq!(
            page.actions,
            [
                Action::Run { line: 8, script: "ls\npwd\n".into() },
                Action::Write { path: "a/b".into(), text: "x = 1\n".into() },
                Action::Insert { line: 18, path: "c".into(), place: below, text: "mod b;\n".into() },
            ]
        );
    }

    #[test]
    fn what_a_script_cannot_follow_is_an_error() {
        for (text, error) in [
            ("```rust\nfn f() {}\n```\n", "p:1: a fence of \"rust\" needs a comment"),
            ("<!-- show -->\ntext\n", "p:2: no fence below <!-- show -->"),
            ("<!-- delete: x -->\n```sh\n```\n", "p:2: unknown comment <!-- delete: x -->"),
        ] {
            let found = Page::read("p", text).err().unwrap();
            assert!(found.starts_with(error), "{found}");
        }
    }

    #[test]
    fn lines_are_inserted_above_or_below_the_first_line_that_reads_so() {
        let text = "a {\n    b,\n    b,\n}\n";
        assert_eq!(
            Place::Below("b,".into()).insert(text, "    c,\n").unwrap(),
            "a {\n    b,\n    c,\n    b,\n}\n"
        );
        assert_eq!(
            Place::Above("a {".into()).insert(text, "// x\n").unwrap(),
            "// x\na {\n    b,\n    b,\n}\n"
        );
        assert_eq!(Place::Above("z".into()).insert(text, "x\n"), None);
        assert_eq!(Place::End.insert("a\n", "b\n").unwrap(), "a\nb\n");
    }
}
