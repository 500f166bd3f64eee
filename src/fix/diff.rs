//! Unified diffs of fixed texts, as `git apply` and `patch` read them.

use std::ops::Range;

use similar::{DiffOp, DiffTag, TextDiff};

use crate::source::redaction::secret_ranges;
use crate::source::visible::visible;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Returns the changes from `old` to `new` as a unified diff; empty if there are none.
///
/// Lines end at `\n` alone: a lone CR does not end a line for `patch`. Diffs end up in logs, so context that holds
/// credentials is left out, and the diff is empty if a changed line holds one.
pub(super) fn unified(name: &str, old: &str, new: &str, is_new: bool) -> String {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let diff = TextDiff::configure().diff_slices(&old_lines, &new_lines);
    let secret = secret_lines(old, &old_lines);
    let hunks = hunks(diff.grouped_ops(CONTEXT), &secret);
    let secret_new = secret_lines(new, &new_lines);
    let shows_secret = |op: &DiffOp| {
        op.tag() != DiffTag::Equal && (any_in(&secret, op.old_range()) || any_in(&secret_new, op.new_range()))
    };
    if hunks.is_empty() || diff.ops().iter().any(shows_secret) {
        return String::new();
    }
    let name = visible(name);
    let name = name.trim_start_matches('/');
    let mut out = if is_new { "--- /dev/null\n".to_owned() } else { format!("--- a/{name}\n") };
    out.push_str(&format!("+++ b/{name}\n"));
    for hunk in &hunks {
        out.push_str(&header(hunk));
        for op in hunk {
            let (removed, added) = match op {
                DiffOp::Equal { old_index, len, .. } => {
                    write(&mut out, ' ', &old_lines, *old_index..old_index + len);
                    continue;
                }
                op => (op.old_range(), op.new_range()),
            };
            write(&mut out, '-', &old_lines, removed);
            write(&mut out, '+', &new_lines, added);
        }
    }
    out
}

/// Returns the line of a hunk that says which lines it changes.
fn header(hunk: &[DiffOp]) -> String {
    let range = |of: fn(&DiffOp) -> Range<usize>| {
        let start = hunk.first().map_or(0, |op| of(op).start);
        let end = hunk.last().map_or(0, |op| of(op).end);
        let count = end.saturating_sub(start);
        // An empty range is named by the line before it.
        format!("{},{count}", start.saturating_add(usize::from(count > 0)))
    };
    format!("@@ -{} +{} @@\n", range(DiffOp::old_range), range(DiffOp::new_range))
}

/// Returns the changes that are close to each other, with their context. `secrets` are the old lines that no
/// context may show, in order: a hunk ends before them, and the next starts after them.
fn hunks(groups: Vec<Vec<DiffOp>>, secrets: &[usize]) -> Vec<Vec<DiffOp>> {
    let mut hunks = Vec::new();
    for group in groups {
        let mut hunk = Vec::new();
        for op in group {
            let Range { start, end } = op.old_range();
            let before = |line: usize| secrets.partition_point(|secret| *secret < line);
            let hidden = secrets.get(before(start)..before(end)).unwrap_or_default();
            if let (DiffOp::Equal { new_index, .. }, [first, ..]) = (op, hidden) {
                let next = hidden.last().unwrap_or(first) + 1;
                let equal = |from: usize, to: usize| DiffOp::Equal {
                    old_index: from,
                    new_index: new_index + (from - start),
                    len: to - from,
                };
                hunk.push(equal(start, *first));
                hunks.push(std::mem::replace(&mut hunk, vec![equal(next, end)]));
            } else {
                hunk.push(op);
            }
        }
        hunks.push(hunk);
    }
    hunks.retain(|hunk| hunk.iter().any(|op| op.tag() != DiffTag::Equal));
    hunks
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Whether one of the numbers, which are in order, is in the range.
fn any_in(numbers: &[usize], range: Range<usize>) -> bool {
    let first = numbers.partition_point(|number| *number < range.start);
    numbers.get(first).is_some_and(|number| range.contains(number))
}

/// Returns the numbers of the lines that hold a credential.
fn secret_lines(text: &str, lines: &[&str]) -> Vec<usize> {
    let mut secrets = secret_ranges(text).into_iter().peekable();
    let mut start = 0;
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let end = start + line.len();
        while secrets.next_if(|secret| secret.end <= start).is_some() {}
        if secrets.peek().is_some_and(|secret| secret.start < end) {
            found.push(number);
        }
        start = end;
    }
    found
}

/// Writes lines with a mark in front.
fn write(out: &mut String, mark: char, lines: &[&str], range: Range<usize>) {
    for line in lines.get(range).unwrap_or_default() {
        out.push(mark);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn a_diff_names_its_lines_and_shows_three_around() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
        let new = "1\n2\n3\n4\nnew\n5\n6\n7\n8\n9\n10\n11\ntwelve\n";
        assert_eq!(
            unified("/etc/f.yaml", old, new, false),
            "--- a/etc/f.yaml\n+++ b/etc/f.yaml\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n@@ -9,4 +10,4 @@\n 9\n 10\n 11\n-12\n+twelve\n"
        );
    }

    #[test]
    fn a_missing_line_break_at_the_end_is_told() {
        assert_eq!(
            unified("f", "a: 1", "a: 1\nb: 2", false),
            "--- a/f\n+++ b/f\n@@ -1,1 +1,2 @@\n-a: 1\n\\ No newline at end of file\n+a: 1\n+b: 2\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn credentials_are_not_shown_around_a_change() {
        let old = "a: 1\nstaticPodURLHeader:\n  X: [s3cret]\nb: 1\n";
        for new in [format!("c: 2\n{old}"), format!("{old}c: 2\n")] {
            let diff = unified("f", old, &new, false);
            assert!(diff.contains("+c: 2") && !diff.contains("s3cret"), "{diff}");
        }
    }

    #[test]
    fn a_changed_line_with_a_credential_is_not_shown() {
        let old = "a: 1\nX=\"kubelet --token abc --v=2\"\n";
        assert_eq!(unified("f", old, &old.replace("v=2", "v=3"), false), "");
    }

    #[test]
    fn two_edits_on_one_line_are_one_change() {
        assert_eq!(unified("f", "a b\n", "A C\n", false), "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a b\n+A C\n");
    }

    #[test]
    fn neighboring_changes_keep_their_text() {
        let old = "authorization:\n  mode: AlwaysAllow\nreadOnlyPort: 10255";
        let new = "authorization:\n  mode: Webhook\nreadOnlyPort: 0";
        let diff = unified("f", old, new, false);
        assert!(
            diff.ends_with("+  mode: Webhook\n+readOnlyPort: 0\n\\ No newline at end of file\n"),
            "{diff}"
        );
    }

    #[test]
    fn a_new_file_and_an_emptied_one_name_line_zero() {
        assert_eq!(unified("f", "", "a\n", true), "--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n");
        assert_eq!(unified("f", "a\n", "", false), "--- a/f\n+++ b/f\n@@ -1,1 +0,0 @@\n-a\n");
        assert_eq!(unified("f", "a\n", "a\n", false), "");
    }
}
