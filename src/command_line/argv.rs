//! Argument vectors: exact, NUL-separated, or separated by white space.
//!
//! Source: proc(5) `/proc/PID/cmdline`. Quotes are part of the arguments, as in the output of the kernel.

use super::argument::{Argument, CommandLine, Extent, Text};
use super::program::{is_hyperkube, is_kubelet, words_of_program};
use crate::source::{Place, SourceId, Span};

pub(super) fn from_arguments(args: &[String], source: SourceId) -> CommandLine {
    let mut start = 0;
    let arguments = args.iter().map(|arg| {
        let span = Span::new(start, start + arg.len());
        start += arg.len() + 1;
        Argument { text: arg.clone(), place: Place::new(source, span) }
    });
    from_process(arguments.collect())
}

pub(super) fn from_text(text: &Text<'_>) -> CommandLine {
    let Text { source, text, .. } = *text;
    if text.contains('\0') {
        let end = text.len() - usize::from(text.ends_with('\0'));
        let mut start = 0;
        let arguments = text.get(..end).unwrap_or_default().split('\0').map(|arg| {
            let span = Span::new(start, start + arg.len());
            start += arg.len() + 1;
            Argument { text: arg.to_owned(), place: Place::new(source, span) }
        });
        return from_process(arguments.collect());
    }
    from_process(words(text, 0, source).filter(|argument| !continues_line(text, argument)).collect())
}

/// Whether the argument is a backslash at the end of a line, as in a command copied from a script.
fn continues_line(text: &str, argument: &Argument) -> bool {
    let behind = text.get(argument.place.span.end as usize..).unwrap_or_default();
    argument.text == "\\" && behind.starts_with(['\n', '\r'])
}

/// Splits `line`, which starts at the offset `start` of its source, at white space.
pub(super) fn words(line: &str, start: usize, source: SourceId) -> impl Iterator<Item = Argument> {
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
        Some(Argument { text: word.to_owned(), place })
    })
}

/// Splits the arguments of a process as `ps` joins them, with one space: two spaces stand for an empty argument.
/// A tab, which no tool prints between arguments, and spaces around it are one separator.
pub(super) fn words_between_spaces(
    line: &str,
    start: usize,
    source: SourceId,
) -> impl Iterator<Item = Argument> {
    let mut rest = (!line.is_empty()).then_some(line);
    let mut at = start;
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.find([' ', '\t']).unwrap_or(text.len());
        let (word, tail) = text.split_at(end);
        let place = Place::new(source, Span::new(at, at + end));
        let separator = match tail.len() - tail.trim_start_matches([' ', '\t']).len() {
            blanks if tail.get(..blanks).is_some_and(|blanks| blanks.contains('\t')) => blanks,
            blanks => blanks.min(1),
        };
        rest = tail.get(separator..).filter(|_| separator > 0);
        at += end + separator;
        Some(Argument { text: word.to_owned(), place })
    })
}

/// Whether a line starts like a kubelet command line.
pub(super) fn begins(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    words.next().is_some_and(|first| {
        first.starts_with('-')
            || is_kubelet(first)
            || is_hyperkube(first) && words.next().is_some_and(is_kubelet)
    })
}

/// A command line of the arguments of a process; the first may be the program.
fn from_process(mut arguments: Vec<Argument>) -> CommandLine {
    let text = |i: usize| arguments.get(i).map(|argument| argument.text.as_str());
    let program = words_of_program(text(0), text(1));
    arguments.drain(..program.unwrap_or(0));
    let extent = if program.is_some() { Extent::Full } else { Extent::Additions };
    CommandLine::of_arguments(arguments, extent)
}

#[cfg(test)]
mod tests {
    use super::super::{Extent, Form, from_argv, from_texts};
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
            assert_eq!(line.arguments.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), want, "{text:?}");
            let extent = if text.starts_with("--") { Extent::Additions } else { Extent::Full };
            assert_eq!((line.extent, line.form), (extent, Form::Argv), "{text:?}");
            for word in &line.arguments {
                assert_eq!(word.place.span.slice(text), word.text);
            }
        }
    }

    #[test]
    fn another_first_argument_is_kept() {
        let args = ["kube-proxy", "--a"].map(String::from);
        assert_eq!(from_argv(&args, SourceId(0)).arguments.len(), 2);
    }

    proptest! {
        #[test]
        fn an_exact_argv_is_kept_and_its_places_hold(args in prop::collection::vec(".*", 0..8)) {
            let mut with_program = vec!["/usr/bin/kubelet".to_owned()];
            with_program.extend(args.iter().cloned());
            let joined = with_program.join("\n");
            let line = from_argv(&with_program, SourceId(3));
            prop_assert_eq!(line.arguments.iter().map(|w| w.text.clone()).collect::<Vec<_>>(), args);
            for word in &line.arguments {
                prop_assert_eq!(word.place.span.slice(&joined), word.text.as_str());
            }
        }
    }
}
