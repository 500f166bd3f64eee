//! Argument vectors: exact, NUL-separated, or as words on a line.
//!
//! Relied on: proc(5) `/proc/PID/cmdline`. Nothing is unquoted: what the kernel shows has no quotes
//! but those that the process was given.

use super::{CommandLine, Form, Text, Word, is_hyperkube, is_kubelet};
use crate::source::{Place, SourceId, Span};

pub(super) fn from_arguments(args: &[String], source: SourceId) -> CommandLine {
    let mut start = 0;
    let words = args.iter().map(|arg| {
        let span = Span::new(start, start + arg.len());
        start += arg.len() + 1;
        Word { text: arg.clone(), place: Place::new(source, span) }
    });
    whole(words.collect())
}

pub(super) fn from_text(text: &Text<'_>) -> CommandLine {
    let Text { source, text, .. } = *text;
    if text.contains('\0') {
        let end = text.len() - usize::from(text.ends_with('\0'));
        let mut start = 0;
        let words = text.get(..end).unwrap_or_default().split('\0').map(|arg| {
            let span = Span::new(start, start + arg.len());
            start += arg.len() + 1;
            Word { text: arg.to_owned(), place: Place::new(source, span) }
        });
        return whole(words.collect());
    }
    whole(words(text, 0, source).filter(|word| !continues_line(text, word)).collect())
}

/// A backslash at the end of a line: a command copied from a script, where it is no argument.
fn continues_line(text: &str, word: &Word) -> bool {
    let behind = text.get(word.place.span.end as usize..).unwrap_or_default();
    word.text == "\\" && behind.starts_with(['\n', '\r'])
}

/// The words of `line`, which begins at `start` of its source.
pub(super) fn words(line: &str, start: usize, source: SourceId) -> impl Iterator<Item = Word> {
    let mut rest = line;
    let mut at = start;
    std::iter::from_fn(move || {
        let begun = rest.trim_ascii_start();
        at += rest.len() - begun.len();
        let end = begun.find(|c: char| c.is_ascii_whitespace()).unwrap_or(begun.len());
        let (word, tail) = begun.split_at_checked(end).filter(|(word, _)| !word.is_empty())?;
        let place = Place::new(source, Span::new(at, at + end));
        at += end;
        rest = tail;
        Some(Word { text: word.to_owned(), place })
    })
}

/// Whether a line begins as a kubelet command line does.
pub(super) fn begins(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    words.next().is_some_and(|first| {
        first.starts_with('-')
            || is_kubelet(first)
            || is_hyperkube(first) && words.next().is_some_and(is_kubelet)
    })
}

/// How many of the first words are the program and not its arguments; `None` for another program.
pub(super) fn program(first: Option<&str>, second: Option<&str>) -> Option<usize> {
    match (first, second) {
        (Some(first), _) if is_kubelet(first) => Some(1),
        (Some(first), Some(second)) if is_hyperkube(first) && is_kubelet(second) => Some(2),
        _ => None,
    }
}

fn whole(mut words: Vec<Word>) -> CommandLine {
    let text = |i: usize| words.get(i).map(|w| w.text.as_str());
    let skipped = program(text(0), text(1)).unwrap_or(0);
    words.drain(..skipped);
    CommandLine { words, form: Form::Argv, complete: true, missing: Vec::new(), diagnostics: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::super::{from_argv, from_texts};
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> CommandLine {
        from_texts(&[Text { source: SourceId(0), name: "args", text }]).unwrap()
    }

    #[test]
    fn a_line_of_words_is_split_at_blanks_and_never_unquoted() {
        for (text, want) in [
            ("kubelet --a --b", vec!["--a", "--b"]),
            ("/opt/bin/kubelet --a\t --b=c \n", vec!["--a", "--b=c"]),
            ("--a --b=c", vec!["--a", "--b=c"]),
            ("/hyperkube kubelet --a", vec!["--a"]),
            (r#"kubelet --feature-gates="A=true" 'x y'"#, vec![r#"--feature-gates="A=true""#, "'x", "y'"]),
            ("kubelet \\\n --a \\\n --b\n", vec!["--a", "--b"]),
            ("--a\n--b c\n", vec!["--a", "--b", "c"]),
            ("kubelet\0--a\0b c\0\0--d\0", vec!["--a", "b c", "", "--d"]),
            ("/usr/bin/kubelet\0", vec![]),
        ] {
            let line = read(text);
            assert_eq!(line.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), want, "{text:?}");
            assert!(line.complete && line.form == Form::Argv);
            for word in &line.words {
                assert_eq!(word.place.span.slice(text), word.text);
            }
        }
    }

    #[test]
    fn another_first_argument_is_kept() {
        let args = ["kube-proxy", "--a"].map(String::from);
        assert_eq!(from_argv(&args, SourceId(0)).words.len(), 2);
    }

    proptest! {
        #[test]
        fn an_exact_argv_is_kept_and_its_places_hold(args in prop::collection::vec(".*", 0..8)) {
            let mut with_program = vec!["/usr/bin/kubelet".to_owned()];
            with_program.extend(args.iter().cloned());
            let joined = with_program.join("\n");
            let line = from_argv(&with_program, SourceId(3));
            prop_assert_eq!(line.words.iter().map(|w| w.text.clone()).collect::<Vec<_>>(), args);
            for word in &line.words {
                prop_assert_eq!(word.place.span.slice(&joined), word.text.as_str());
            }
        }
    }
}
