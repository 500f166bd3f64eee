//! Lines of a journal in which k3s and RKE2 log the arguments of the kubelet that they run inside their own
//! process.
//!
//! Source: k3s-io/k3s `pkg/daemons/agent/agent.go`, which logs `Running kubelet ` and all arguments with logrus:
//! as text, `time="..." level=info msg="Running kubelet --a=b"` with the escapes of Go's `%q`.

use super::argument::{Argument, CommandLine, Extent, Form, Text};
use super::argv::words_between_spaces;
use crate::source::diagnostic::{Code, Diagnostic};

const MARK: &str = "Running kubelet --";

/// Whether a text is such a journal.
pub(super) fn is_journal(text: &str) -> bool {
    text.contains(MARK)
}

/// The arguments of the last start in the journal.
pub(super) fn from_text(text: &Text<'_>) -> Result<CommandLine, Diagnostic> {
    let (before, after) = text
        .text
        .rsplit_once(MARK)
        .ok_or_else(|| Diagnostic::error(Code::NoKubeletCommand, "the journal shows no kubelet"))?;
    let line = after.split(['\n', '\r']).next().unwrap_or_default();
    let is_quoted = before.ends_with("msg=\"");
    let end = if is_quoted { closing_quote(line) } else { Some(line.trim_end().len()) };
    let shown = line.get(..end.unwrap_or(line.len())).unwrap_or_default();
    // The dashes are a part of the mark.
    let start = before.len() + MARK.len() - 2;
    let shown = text.text.get(start..start + 2 + shown.len()).unwrap_or_default();
    let mut arguments: Vec<Argument> = words_between_spaces(shown, start, text.source).collect();
    if is_quoted {
        for argument in &mut arguments {
            argument.text = unescaped(&argument.text);
        }
    }
    let is_cut = end.is_none() || arguments.last().is_some_and(|last| last.text.ends_with('…'));
    let mut line = CommandLine {
        arguments,
        form: Form::Journal,
        extent: Extent::Full,
        missing: Vec::new(),
        gap: None,
        is_garbled: false,
        diagnostics: Vec::new(),
    };
    if is_cut {
        line.remove_cut_argument();
        line.extent = Extent::Part;
        line.missing.push("the end of the kubelet's command line (the journal cuts it off)".to_owned());
        let message = format!("{} does not show the whole kubelet command line", text.name);
        line.diagnostics.push(
            Diagnostic::warning(Code::IncompleteInput, message)
                .help("print whole lines: `journalctl --no-pager -l`"),
        );
    }
    Ok(line)
}

/// The offset of the first quote that no backslash escapes.
fn closing_quote(line: &str) -> Option<usize> {
    let mut is_escaped = false;
    line.bytes().position(|byte| {
        let closes = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        closes
    })
}

/// The text without the two escapes of Go's `%q` that occur in arguments.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        out.push(if c == '\\' { rest.next().unwrap_or(c) } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Extent, Form, from_texts};
    use super::*;
    use crate::source::SourceId;

    fn read(text: &str) -> CommandLine {
        from_texts(&[Text { source: SourceId(0), name: "k3s.log", text }]).unwrap()
    }

    fn texts(line: &CommandLine) -> Vec<&str> {
        line.arguments.iter().map(|w| w.text.as_str()).collect()
    }

    #[test]
    fn the_last_start_is_read_and_it_is_the_whole_line() {
        let text = "Feb 03 07:11:09 a k3s[8]: time=\"x\" level=info msg=\"Running kubelet --v=1\"\n\
            Feb 03 08:11:09 a k3s[9]: time=\"x\" level=info msg=\"Running kubelet --a=b --labels= --c=\\\"d\\\" --e  --f\"\n\
            Feb 03 08:11:10 a k3s[9]: time=\"x\" level=info msg=\"other\"\n";
        let line = read(text);
        assert_eq!(texts(&line), ["--a=b", "--labels=", "--c=\"d\"", "--e", "", "--f"]);
        assert_eq!((line.form, line.extent), (Form::Journal, Extent::Full));
        assert_eq!(line.arguments[0].place.span.slice(text), "--a=b");
        assert_eq!(texts(&read("I0203 Running kubelet --a --b \n")), ["--a", "--b"]);
    }

    #[test]
    fn a_line_that_is_cut_off_is_a_part() {
        for text in ["msg=\"Running kubelet --a --b", "msg=\"Running kubelet --a --lab…\"\n"] {
            let line = read(text);
            assert_eq!((line.extent, line.missing.len()), (Extent::Part, 1), "{text}");
        }
    }
}
