//! The documents of a YAML stream.

/// The ranges of the documents. A line that starts with `---` always starts a document, because no scalar can
/// start with it at the left margin. The text before the first such line is a document unless it contains
/// only comments and directives.
pub(super) fn documents(text: &str) -> Vec<(usize, usize)> {
    // A text that starts with a brace is a single JSON document.
    if text.trim_start().starts_with('{') {
        return vec![(0, text.len())];
    }
    let mut found = Vec::new();
    let (mut start, mut at) = (0_usize, 0_usize);
    let mut is_blank = true;
    for line in text.split_inclusive(['\n', '\r']) {
        let is_start = line
            .strip_prefix("---")
            .is_some_and(|rest| matches!(rest.bytes().next(), None | Some(b' ' | b'\t' | b'\n' | b'\r')));
        if is_start && !is_blank {
            found.push((start, at));
            start = at;
        }
        let first = line.chars().find(|c| !matches!(c, '\u{FEFF}' | ' ' | '\t' | '\n' | '\r'));
        is_blank = is_blank && !is_start && matches!(first, None | Some('#' | '%'));
        at = at.saturating_add(line.len());
    }
    found.push((start, at));
    found
}
