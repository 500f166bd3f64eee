//! Unified diffs. The edits are known, so nothing has to be searched for.

use std::ops::Range;

use super::edit::text::{self, Edit, cut};

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// Whole lines of the old text and what they become.
struct Hunk {
    start: usize,
    end: usize,
    text: String,
}

/// The edits of `old` as a unified diff; empty where there are none.
pub(super) fn unified(name: &str, old: &str, edits: &[Edit], is_new: bool) -> String {
    let hunks = hunks(old, edits);
    if hunks.is_empty() {
        return String::new();
    }
    let name = crate::source::visible::visible(name);
    let secrets = crate::source::redaction::secret_ranges(old);
    let name = name.trim_start_matches('/');
    let mut out = if is_new { "--- /dev/null\n".to_owned() } else { format!("--- a/{name}\n") };
    out.push_str(&format!("+++ b/{name}\n"));
    let mut rest = hunks.as_slice();
    // How many lines the new text is ahead by.
    let (mut added, mut removed) = (0_usize, 0_usize);
    while let Some(first) = rest.first() {
        let from = shown_from(&secrets, back(old, first.start), first.start);
        let mut to = ahead(old, first.end);
        let mut count = 1_usize;
        while let Some(next) = rest.get(count).filter(|next| {
            next.start <= ahead(old, to) && !secrets.iter().any(|s| s.start < next.start && s.end > to)
        }) {
            to = ahead(old, next.end);
            count = count.saturating_add(1);
        }
        let (group, others) = rest.split_at(count);
        to = shown_to(old, &secrets, group.last().map_or(to, |last| last.end), to);
        let mut body = String::new();
        let (mut minus, mut plus) = (0_usize, 0_usize);
        let mut at = from;
        for hunk in group {
            let kept = write(&mut body, ' ', cut(old, at..hunk.start));
            let gone = write(&mut body, '-', cut(old, hunk.start..hunk.end));
            let new = write(&mut body, '+', &hunk.text);
            minus = minus.saturating_add(kept).saturating_add(gone);
            plus = plus.saturating_add(kept).saturating_add(new);
            at = hunk.end;
        }
        let kept = write(&mut body, ' ', cut(old, at..to));
        (minus, plus) = (minus.saturating_add(kept), plus.saturating_add(kept));
        let before = lines(cut(old, 0..from)).count();
        let after = before.saturating_add(added).saturating_sub(removed);
        // A range without lines is named by the line in front of it.
        let number = |before: usize, count: usize| before.saturating_add(usize::from(count > 0));
        out.push_str(&format!("@@ -{},{minus} +{},{plus} @@\n", number(before, minus), number(after, plus)));
        out.push_str(&body);
        (added, removed) = (added.saturating_add(plus), removed.saturating_add(minus));
        rest = others;
    }
    out
}

/// Context starts behind a credential: a diff is shown, and ends up in logs.
fn shown_from(secrets: &[Range<usize>], from: usize, start: usize) -> usize {
    let hidden = secrets.iter().any(|secret| secret.start < start && secret.end > from);
    if hidden { start } else { from }
}

/// And ends in front of one.
fn shown_to(old: &str, secrets: &[Range<usize>], end: usize, to: usize) -> usize {
    match secrets.iter().find(|secret| secret.start < to && secret.end > end) {
        Some(secret) => start_of_line(old, secret.start).max(end),
        None => to,
    }
}

fn hunks(old: &str, edits: &[Edit]) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for edit in edits {
        let (mut start, mut end) = (start_of_line(old, edit.start), edit.end);
        let is_whole = start == edit.start && starts_line(old, end) && ends_line(&edit.text);
        if !is_whole {
            end = text::next_line(old, end);
        }
        let mut new = String::new();
        match hunks.last_mut() {
            Some(last) if last.end > start || (last.end == start && !is_whole && last.end > last.start) => {
                // The line was already rewritten by the edit before: go on in it.
                let tail = cut(old, edit.start..last.end).len();
                new = std::mem::take(&mut last.text);
                new.truncate(new.len().saturating_sub(tail));
                start = last.start;
                end = end.max(last.end);
                hunks.pop();
            }
            _ => new.push_str(cut(old, start..edit.start)),
        }
        new.push_str(&edit.text);
        new.push_str(cut(old, edit.end..end));
        hunks.push(Hunk { start, end, text: new });
    }
    hunks.iter_mut().for_each(|hunk| trim(old, hunk));
    hunks.retain(|hunk| hunk.start < hunk.end || !hunk.text.is_empty());
    hunks
}

/// Leaves out lines that are the same on both sides.
fn trim(old: &str, hunk: &mut Hunk) {
    loop {
        let line = lines(cut(old, hunk.start..hunk.end)).next().unwrap_or("");
        if line.is_empty() || lines(&hunk.text).next() != Some(line) {
            break;
        }
        hunk.text.drain(..line.len());
        hunk.start = hunk.start.saturating_add(line.len());
    }
    loop {
        let line = lines(cut(old, hunk.start..hunk.end)).last().unwrap_or("");
        if line.is_empty() || lines(&hunk.text).last() != Some(line) {
            break;
        }
        hunk.text.truncate(hunk.text.len().saturating_sub(line.len()));
        hunk.end = hunk.end.saturating_sub(line.len());
    }
}

fn start_of_line(text: &str, at: usize) -> usize {
    let start = text::line_start(text, at);
    // A byte order mark is part of its line here.
    if start == '\u{FEFF}'.len_utf8() && text.starts_with('\u{FEFF}') { 0 } else { start }
}

fn starts_line(text: &str, at: usize) -> bool {
    start_of_line(text, at) == at
}

fn ends_line(text: &str) -> bool {
    text.is_empty() || text.ends_with(['\n', '\r'])
}

fn back(text: &str, mut at: usize) -> usize {
    for _ in 0..CONTEXT {
        at = at.checked_sub(1).map_or(0, |before| {
            let before = if cut(text, 0..at).ends_with("\r\n") { before.saturating_sub(1) } else { before };
            start_of_line(text, before)
        });
    }
    at
}

fn ahead(text: &str, mut at: usize) -> usize {
    for _ in 0..CONTEXT {
        at = text::next_line(text, at);
    }
    at
}

/// Writes lines with a mark in front and says how many. Line breaks stay as they are, so that `patch`
/// finds them; a lone CR is no line break to it.
fn write(out: &mut String, mark: char, text: &str) -> usize {
    let mut count = 0_usize;
    for line in lines(text) {
        out.push(mark);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
        count = count.saturating_add(1);
    }
    count
}

fn lines(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split_inclusive('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_names_its_lines_and_shows_three_around() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
        let edits = [Edit::insert(8, "new\n"), Edit::new(24, 26, "twelve")];
        assert_eq!(
            unified("/etc/f.yaml", old, &edits, false),
            "--- a/etc/f.yaml\n+++ b/etc/f.yaml\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n@@ -9,4 +10,4 @@\n 9\n 10\n 11\n-12\n+twelve\n"
        );
    }

    #[test]
    fn a_missing_line_break_at_the_end_is_told() {
        assert_eq!(
            unified("f", "a: 1", &[Edit::insert(4, "\nb: 2")], false),
            "--- a/f\n+++ b/f\n@@ -1,1 +1,2 @@\n-a: 1\n\\ No newline at end of file\n+a: 1\n+b: 2\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn credentials_are_not_shown_around_a_change() {
        let old = "a: 1\nstaticPodURLHeader:\n  X: [s3cret]\nb: 1\n";
        for at in [0, old.len()] {
            let diff = unified("f", old, &[Edit::insert(at, "c: 2\n")], false);
            assert!(diff.contains("+c: 2") && !diff.contains("s3cret"), "{diff}");
        }
    }

    #[test]
    fn two_edits_on_one_line_are_one_change() {
        let edits = [Edit::new(0, 1, "A"), Edit::new(2, 3, "C")];
        assert_eq!(unified("f", "a b\n", &edits, false), "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a b\n+A C\n");
    }
}
