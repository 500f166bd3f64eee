//! Command lines in shell scripts: what bootstrap scripts of node images hand to the kubelet.

use crate::command_line::Argument;
use crate::source::Span;

use super::arguments::of_arguments;
use super::embedded::Embedded;

/// A word of a command.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its text, without quotes.
    pub(super) text: String,
    start: usize,
    end: usize,
    /// The offset of each byte of the text in the script.
    offsets: Vec<usize>,
}

/// A file that a script writes with a here-document.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) path: String,
    pub(super) content: Embedded,
}

/// The commands of a script.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    /// Its commands, each as words.
    pub(super) commands: Vec<Vec<Word>>,
    /// The files that it writes.
    pub(super) files: Vec<Written>,
}

impl Script {
    /// Reads a script. Nothing is expanded: a word with a variable keeps it.
    pub(super) fn read(script: &Embedded) -> Self {
        let text = script.text.as_str();
        let mut out = Self::default();
        let mut at = 0;
        while at < text.len() {
            let (commands, end) = line(text, at);
            at = end.max(at + 1);
            if let Some(tag) = commands.iter().find_map(|words| here_document(words)) {
                let body = at;
                let mut stop = text.len();
                let mut line_start = body;
                for row in text.get(body..).unwrap_or_default().split_inclusive('\n') {
                    if row.trim() == tag {
                        stop = line_start;
                        at = line_start + row.len();
                        break;
                    }
                    line_start += row.len();
                    at = line_start;
                }
                if let Some(path) = commands.iter().find_map(|words| target(words)) {
                    out.files.push(Written { path, content: script.part(body, stop) });
                }
            }
            out.commands.extend(commands.into_iter().filter(|words| !words.is_empty()));
        }
        out
    }

    /// The arguments that follow a program, whatever stands before it: `sudo`, `exec`, an assignment.
    pub(super) fn arguments_of<'s>(
        &'s self,
        program: impl Fn(&str) -> bool + 's,
    ) -> impl Iterator<Item = &'s [Word]> {
        self.commands.iter().filter_map(move |words| {
            let at = words.iter().position(|word| program(&word.text))?;
            words.get(at.saturating_add(1)..)
        })
    }
}

/// The value of an option, `--name value` or `--name=value`, the last one if it is repeated.
pub(super) fn option(words: &[Word], name: &str) -> Option<Word> {
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        if word.text == name {
            found = words.get(at.saturating_add(1)).cloned();
        } else if let Some(rest) = word.text.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            found = Some(word.tail(word.text.len().saturating_sub(rest.len())));
        }
    }
    found
}

impl Word {
    /// A text that is one word as it is.
    pub(super) fn whole(text: &str) -> Self {
        let offsets = (0..text.len()).collect();
        Self { text: text.to_owned(), start: 0, end: text.len(), offsets }
    }

    /// The word from an offset of its text on.
    fn tail(&self, from: usize) -> Self {
        let offsets = self.offsets.get(from..).unwrap_or_default().to_vec();
        let start = offsets.first().copied().unwrap_or(self.end);
        Self { text: self.text.get(from..).unwrap_or_default().to_owned(), start, end: self.end, offsets }
    }

    /// The word without quotes that belong to its text: k0s and other tools unquote a second time.
    pub(super) fn unquoted(&self) -> Self {
        let quoted =
            |quote: char| self.text.len() > 1 && self.text.starts_with(quote) && self.text.ends_with(quote);
        if !quoted('"') && !quoted('\'') {
            return self.clone();
        }
        let mut inner = self.tail(1);
        inner.text.pop();
        inner.offsets.pop();
        inner
    }

    /// The arguments in the word, separated by white space, with their places.
    pub(super) fn split(&self, script: &Embedded) -> Vec<Argument> {
        let mut out = Vec::new();
        let mut at = 0;
        for piece in self.text.split(|c: char| c.is_ascii_whitespace()) {
            let end = at + piece.len();
            if !piece.is_empty() {
                let start = self.offsets.get(at).copied().unwrap_or(self.start);
                let last =
                    self.offsets.get(end.saturating_sub(1)).map_or(self.end, |last| last.saturating_add(1));
                let place = of_arguments(script.place(Span::new(start, last)));
                // Shells remove quotes within the argument when they run the kubelet.
                out.push(Argument { text: piece.to_owned(), place });
            }
            at = end + 1;
        }
        out
    }

    /// The word as one argument.
    pub(super) fn argument(&self, script: &Embedded) -> Argument {
        let place = of_arguments(script.place(Span::new(self.start, self.end)));
        Argument { text: self.text.clone(), place }
    }
}

/// Reads the commands from `at` to the end of the line, and returns where the next one starts.
fn line(text: &str, at: usize) -> (Vec<Vec<Word>>, usize) {
    let bytes = text.as_bytes();
    let mut commands: Vec<Vec<Word>> = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote: Option<u8> = None;
    let mut i = at;
    while let Some(&byte) = bytes.get(i) {
        let next = bytes.get(i + 1).copied();
        let push = |byte: u8, offset: usize, word: &mut Option<Word>| {
            let word = word.get_or_insert_with(|| Word {
                text: String::new(),
                start: offset,
                end: offset,
                offsets: Vec::new(),
            });
            // INVARIANT: bytes are pushed in order, so whole characters arrive together below.
            word.text.push(char::from(byte));
            word.offsets.push(offset);
            word.end = offset + 1;
        };
        match (quote, byte) {
            (_, b'\\') if quote != Some(b'\'') && next == Some(b'\n') => i += 1,
            (_, b'\\') if quote != Some(b'\'') && next.is_some_and(|next| next.is_ascii()) => {
                i += 1;
                push(next.unwrap_or(b' '), i, &mut word);
            }
            (Some(open), byte) if byte == open => {
                quote = None;
                if let Some(word) = &mut word {
                    word.end = i + 1;
                }
            }
            (Some(_), byte) if byte.is_ascii() => push(byte, i, &mut word),
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                word.get_or_insert_with(|| Word {
                    text: String::new(),
                    start: i,
                    end: i + 1,
                    offsets: Vec::new(),
                });
            }
            (None, b'\n') => {
                words.extend(word);
                commands.push(words);
                return (commands, i + 1);
            }
            (None, b'#') if word.is_none() => {
                let line = text.get(i..).and_then(|rest| rest.find('\n'));
                commands.push(words);
                return (commands, line.map_or(text.len(), |line| i + line + 1));
            }
            (None, b';' | b'|' | b'&') => {
                words.extend(word.take());
                commands.push(std::mem::take(&mut words));
            }
            (None, b' ' | b'\t' | b'\r') => words.extend(word.take()),
            (_, byte) if byte.is_ascii() => push(byte, i, &mut word),
            _ => {
                let character = text.get(i..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
                let length = character.len_utf8();
                let start = i;
                let word = word.get_or_insert_with(|| Word {
                    text: String::new(),
                    start,
                    end: start,
                    offsets: Vec::new(),
                });
                word.text.push(character);
                word.offsets.extend(std::iter::repeat_n(start, length));
                word.end = start + length;
                i += length - 1;
            }
        }
        i += 1;
    }
    words.extend(word);
    commands.push(words);
    (commands, text.len())
}

/// The tag of a here-document that the command reads.
fn here_document(words: &[Word]) -> Option<String> {
    words.iter().enumerate().find_map(|(at, word)| {
        let rest = word.text.strip_prefix("<<")?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let tag = if rest.is_empty() { words.get(at + 1).map(|word| word.text.as_str())? } else { rest };
        (!tag.is_empty() && !tag.starts_with('<')).then(|| tag.to_owned())
    })
}

/// The file that a command with a here-document writes: behind `>` or `tee`.
fn target(words: &[Word]) -> Option<String> {
    words.iter().enumerate().find_map(|(at, word)| {
        let next = || words.get(at + 1).map(|word| word.text.clone());
        let is_tee = word.text == "tee" || word.text.ends_with("/tee");
        match word.text.strip_prefix('>') {
            Some(rest) => {
                let rest = rest.strip_prefix('>').unwrap_or(rest);
                if rest.is_empty() { next() } else { Some(rest.to_owned()) }
            }
            None if is_tee => {
                words.get(at + 1..)?.iter().map(|word| &word.text).find(|text| text.starts_with('/')).cloned()
            }
            None => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use proptest::prelude::*;

    fn script(text: &str) -> (Embedded, Script) {
        let text = Embedded::whole(text, SourceId(0));
        let script = Script::read(&text);
        (text, script)
    }

    #[test]
    fn options_of_bootstrap_scripts_are_found() {
        for text in [
            "#!/bin/bash\n/etc/eks/bootstrap.sh demo --kubelet-extra-args '--a=1 --b=2'\n",
            "exec sudo /etc/eks/bootstrap.sh demo \\\n  --kubelet-extra-args=\"--a=1 --b=2\" # c\n",
            "set -x; /etc/eks/bootstrap.sh --kubelet-extra-args \"--a=1  --b=2\"",
        ] {
            let (text, script) = script(text);
            let words = script.arguments_of(|word| word.ends_with("bootstrap.sh")).next().unwrap();
            let arguments = option(words, "--kubelet-extra-args").unwrap().split(&text);
            let texts: Vec<_> = arguments.iter().map(|one| one.text.as_str()).collect();
            assert_eq!(texts, ["--a=1", "--b=2"], "{}", text.text);
            for one in &arguments {
                assert_eq!(one.place.span.slice(&text.text), one.text);
            }
        }
    }

    #[test]
    fn here_documents_are_files() {
        for text in [
            "cat > /a.yaml <<EOF\nx: 1\nEOF\necho\n",
            "cat <<'EOF' >/a.yaml\nx: 1\nEOF\n",
            "cat <<-EOF | sudo tee -a /a.yaml\nx: 1\nEOF\n",
        ] {
            let (_, script) = script(text);
            let found: Vec<_> =
                script.files.iter().map(|file| (file.path.as_str(), file.content.text.as_str())).collect();
            assert_eq!(found, [("/a.yaml", "x: 1\n")], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_script_is_read(text in "([a-z é'\"\\\\\n;#<>$-]|EOF|<<){0,60}") {
            let (text, script) = script(&text);
            for word in script.commands.iter().flatten() {
                prop_assert!(word.end <= text.text.len());
                prop_assert_eq!(word.text.len(), word.offsets.len());
                word.split(&text);
            }
        }
    }
}
