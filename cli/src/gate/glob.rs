//! Patterns of targets.

/// Whether `text` is as `pattern` says: `?` is one character, `*` any number of them within a part of a
/// path, `**` any number, slashes too; everything else is itself.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // Row by row of the table "the first n of the pattern match the first m of the text": no pattern
    // takes more than their product.
    let mut row: Vec<bool> = std::iter::once(true).chain(text.iter().map(|_| false)).collect();
    let mut at = 0_usize;
    while let Some(c) = pattern.get(at) {
        let deep = *c == '*' && pattern.get(at.saturating_add(1)) == Some(&'*');
        at = at.saturating_add(if deep { 2 } else { 1 });
        let mut next = Vec::with_capacity(row.len());
        let mut left = false;
        let mut diagonal = false;
        for (above, seen) in row.iter().zip(std::iter::once(None).chain(text.iter().map(Some))) {
            let cell = match (c, seen) {
                ('*', None) => *above,
                ('*', Some(seen)) => *above || (left && (deep || *seen != '/')),
                (_, None) => false,
                ('?', Some(seen)) => diagonal && *seen != '/',
                (c, Some(seen)) => diagonal && c == seen,
            };
            next.push(cell);
            (left, diagonal) = (cell, *above);
        }
        row = next;
    }
    row.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_as_shells_have_it() {
        for (pattern, text, want) in [
            ("node.yaml", "node.yaml", true),
            ("node.yaml", "node.yamlx", false),
            ("aks-*", "aks-pool1-000", true),
            ("*", "", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("nodes/**/x.yaml", "nodes/a/b/x.yaml", true),
            ("nodes/*/x.yaml", "nodes/a/b/x.yaml", false),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("a?c", "ac", false),
            ("*ä*", "xäy", true),
            ("", "", true),
            ("", "a", false),
            ("*a*b*c", "aabbcc", true),
        ] {
            assert_eq!(matches(pattern, text), want, "{pattern} {text}");
        }
        assert!(!matches(&"*a".repeat(200), &"a".repeat(199)));
    }
}
