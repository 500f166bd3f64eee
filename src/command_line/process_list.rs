//! Process listings: `ps -ef`, `ps aux`, `ps -eo args`, `pgrep -a` and the like.
//!
//! Sources: ps(1) "Output format control" and "Standard format specifiers". The kubelet is
//! identified by its argv\[0\], so that `grep kubelet` or a shell that runs one does not match.

use super::argument::{Argument, CommandLine, Extent, Form, Text};
use super::argv::{words, words_between_spaces};
use super::program::words_of_program;
use crate::source::diagnostic::{Code, Diagnostic};

pub(super) fn from_text(text: &Text<'_>) -> Result<CommandLine, Diagnostic> {
    let mut header = None;
    let mut found: Vec<(usize, Vec<Argument>)> = Vec::new();
    let mut widest = (0, 0);
    let mut start = 0;
    for line in text.text.split_inclusive('\n') {
        let parsed = Line::of(line, start, text);
        start += line.len();
        let width = line.trim_end_matches(['\n', '\r']).chars().count();
        widest = match widest {
            (widest, count) if width == widest => (widest, count + 1),
            (widest, _) if width > widest => (width, 1),
            other => other,
        };
        if let Some(columns) = Header::of(&parsed) {
            header = Some(columns);
            continue;
        }
        if let Some(arguments) = parsed.kubelet(header.as_ref()) {
            found.push((width, arguments));
        }
    }
    let mut found = found.into_iter();
    let Some((width, arguments)) = found.next() else { return Err(none(text)) };
    let others = found.count();
    if others > 0 {
        return Err(Diagnostic::error(
            Code::NoKubeletCommand,
            format!("found {} kubelet processes in {}, expected one", others + 1, text.name),
        )
        .help("pass the line of one kubelet"));
    }
    let mut line = CommandLine {
        arguments,
        form: Form::ProcessList,
        extent: Extent::Full,
        missing: Vec::new(),
        gap: None,
        is_garbled: false,
        diagnostics: Vec::new(),
    };
    let cut = line.arguments.last().is_some_and(|w| w.text.ends_with('…'));
    // Several lines of the maximum width are lines that were truncated at the width of a terminal.
    let full = width >= 80 && widest.0 == width && widest.1 > 1;
    if header.is_some_and(|h| h.names_only) || line.arguments.is_empty() {
        line.missing.push("the kubelet's arguments (the listing shows only its name)".to_owned());
    } else if cut || full {
        line.remove_cut_argument();
        line.missing.push("the end of the kubelet's command line (the listing is truncated)".to_owned());
    }
    if let Some(Argument { text: flag, place }) = swallowing(&line.arguments).cloned() {
        line.is_garbled = true;
        line.missing.push(format!("the value of {flag} (the listing lost it)"));
        let message = format!(
            "{flag} has no value in {}, although the process runs: the listing lost an empty argument",
            text.name
        );
        let help = "pass /proc/PID/cmdline, which keeps every argument";
        line.diagnostics.push(Diagnostic::warning(Code::IncompleteInput, message).help(help).at(place));
    } else if !line.missing.is_empty() {
        let message = format!("{} does not show the whole kubelet command line", text.name);
        let help = "list processes with `ps -eww -o args`, or pass /proc/PID/cmdline";
        line.diagnostics.push(Diagnostic::warning(Code::IncompleteInput, message).help(help));
    }
    if !line.missing.is_empty() {
        line.extent = Extent::Part;
    }
    Ok(line)
}

/// The first flag that would take the next flag for its value, or that has none at the end of the line.
fn swallowing(arguments: &[Argument]) -> Option<&Argument> {
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        // A negative number is a value: `--oom-score-adj -999`.
        let is_flag = |next: &Argument| next.text.starts_with('-') && next.text.parse::<f64>().is_err();
        if argument.takes_the_next() && rest.next().is_none_or(is_flag) {
            return Some(argument);
        }
    }
    None
}

fn none(text: &Text<'_>) -> Diagnostic {
    let embedded = text.text.split_ascii_whitespace().any(|word| {
        matches!(word.rsplit('/').next(), Some("k3s" | "rke2" | "microk8s" | "kubelite" | "k0s"))
    });
    let help = if embedded {
        "the kubelet of this node runs inside another process and has no command line; pass its configuration files or its /configz"
    } else {
        "pass an argv, a line of `ps -ef`, a systemd unit or an environment file; the process must be the kubelet itself, not a shell, sudo or grep"
    };
    Diagnostic::error(Code::NoKubeletCommand, format!("no kubelet process found in {}", text.name)).help(help)
}

/// The header of a listing.
struct Header {
    columns: usize,
    /// The column of `lstart`, which has one header and five words.
    long_start: Option<usize>,
    /// Whether it is the format of `ps -e`, without arguments.
    names_only: bool,
}

impl Header {
    fn of(line: &Line<'_>) -> Option<Self> {
        let names = line.texts();
        let columns = names.iter().position(|name| matches!(*name, "CMD" | "COMMAND" | "ARGS"))?;
        let is_header = names.iter().all(|n| !n.contains(|c: char| c.is_ascii_lowercase() || c == '-'));
        is_header.then(|| Self {
            columns,
            long_start: names.iter().position(|name| *name == "STARTED"),
            names_only: names == ["PID", "TTY", "TIME", "CMD"],
        })
    }
}

/// A line, with its first words: enough for every column before a command.
struct Line<'a> {
    line: &'a str,
    start: usize,
    text: &'a Text<'a>,
    first: Vec<Argument>,
}

impl<'a> Line<'a> {
    const MOST: usize = 32;

    fn of(line: &'a str, start: usize, text: &'a Text<'a>) -> Self {
        // `systemctl status` draws a tree in front of the process id.
        let bare = line.trim_start().trim_start_matches(['├', '└', '│', '─', ' ']);
        let start = start + (line.len() - bare.len());
        Self { line: bare, start, text, first: words(bare, start, text.source).take(Self::MOST).collect() }
    }

    fn texts(&self) -> Vec<&str> {
        self.first.iter().map(|w| w.text.as_str()).collect()
    }

    /// The arguments of the kubelet, if the line is its process.
    fn kubelet(&self, header: Option<&Header>) -> Option<Vec<Argument>> {
        let texts = self.texts();
        let command = match header {
            Some(header) => {
                let is_day = |at: usize| texts.get(at).is_some_and(|word| DAYS.contains(word));
                header.columns + header.long_start.filter(|at| is_day(*at)).map_or(0, |_| 4)
            }
            None => columns(&texts),
        };
        // `ps f` draws the tree of processes in front of the command.
        let drawn = texts.iter().skip(command).take_while(|w| matches!(**w, "|" | "\\_" | "`-")).count();
        let command = command + drawn;
        let skipped = words_of_program(texts.get(command).copied(), texts.get(command + 1).copied())?;
        // The columns before the command are aligned; behind it, every space separates two arguments.
        let program = self.first.get(command + skipped - 1)?.place.span.end as usize - self.start;
        let arguments = self.line.get(program..)?.trim_end();
        let spaces = arguments.len() - arguments.trim_start_matches([' ', '\t']).len();
        let first = if arguments.get(..spaces)?.contains('\t') { spaces } else { spaces.min(1) };
        let start = self.start + program + first;
        Some(words_between_spaces(arguments.get(first..)?, start, self.text.source).collect())
    }
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The number of columns before the command in a listing without a header.
fn columns(texts: &[&str]) -> usize {
    let number =
        |at: usize| texts.get(at).is_some_and(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit()));
    let decimal = |at: usize| {
        texts.get(at).is_some_and(|w| {
            w.bytes().all(|b| b.is_ascii_digit() || b == b'.') && w.starts_with(|c: char| c.is_ascii_digit())
        })
    };
    let time = |at: usize| {
        texts.get(at).is_some_and(|w| {
            w.contains(':')
                && w.starts_with(|c: char| c.is_ascii_digit())
                && w.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'-' | b'.'))
        })
    };
    // A program with a number and a command as arguments looks like the columns USER and PID.
    let user = |at: usize| {
        texts.get(at).is_some_and(|w| {
            !w.contains('/')
                && !w.starts_with('-')
                && !["timeout", "nice", "ionice", "chrt", "taskset", "prlimit", "watch", "sleep"].contains(w)
        })
    };
    if user(0) && number(1) && number(2) && number(3) && time(6) {
        7 // ps -ef
    } else if user(0) && number(1) && decimal(2) && decimal(3) && number(4) && number(5) && time(9) {
        10 // ps aux
    } else if number(0) && time(3) {
        4 // ps ax
    } else if number(0) && time(2) {
        3 // ps -e -o pid,tty,time,args; BusyBox
    } else if number(1) && number(3) && number(4) && time(13) {
        14 // ps -elf
    } else if number(0) && number(1) {
        2 // -o pid,ppid,args
    } else if user(0) && number(1) {
        2 + usize::from(number(2)) // -o user,pid,args and -o user,pid,ppid,args
    } else if number(0) {
        let named = words_of_program(texts.get(1).copied(), texts.get(2).copied()).is_none() && user(1);
        let kubelet_next = words_of_program(texts.get(2).copied(), texts.get(3).copied()).is_some();
        // -o pid,user,args or pgrep -a: only root, the account that runs kubelets, is recognized.
        1 + usize::from(named && kubelet_next && texts.get(1) == Some(&"root"))
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::super::from_texts;
    use super::*;
    use crate::source::SourceId;

    fn read(text: &str) -> Result<CommandLine, Diagnostic> {
        from_texts(&[Text { source: SourceId(0), name: "ps.txt", text }])
    }

    fn texts(line: &CommandLine) -> Vec<&str> {
        line.arguments.iter().map(|w| w.text.as_str()).collect()
    }

    #[test]
    fn the_kubelet_is_found_in_every_layout() {
        for text in [
            "UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 10:00 ? 00:00:09 /sbin/init splash\nroot 1234 1 2 Aug21 ? 1-00:01:02 /usr/bin/kubelet --a=b --c\nroot 9 8 0 10:01 pts/0 00:00:00 grep kubelet --x\n",
            "root        1234       1  2 10:00 ?        00:01:02 /usr/bin/kubelet --a=b --c",
            "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\nroot 1234 1.5 0.9 2000 900 ? Ssl 10:00 1:02 /usr/bin/kubelet --a=b --c\n",
            "root 1234 1.5 0.9 2000 900 ? Ssl Aug21 1:02 /usr/bin/kubelet --a=b --c\n",
            "COMMAND\n/sbin/init\n[kthreadd]\nkubelet --a=b --c\n",
            "/sbin/init\n[Service-worker]\n/usr/bin/kubelet --a=b --c\n",
            "  PID TTY      STAT   TIME COMMAND\n 1234 ?        Ssl    1:02  \\_ /usr/bin/kubelet --a=b --c\n",
            " 1234 ?        Ssl    1:02 /usr/bin/kubelet --a=b --c\n",
            "1234 /usr/bin/kubelet --a=b --c\n",
            "             └─2236 /usr/bin/kubelet --a=b --c\n",
            "root 1234 /usr/bin/kubelet --a=b --c\n",
            "1234 root /usr/bin/kubelet --a=b --c\n",
            "PID STARTED CMD\n1234 Fri Aug 21 10:00:00 2026 kubelet --a=b --c\n",
            "PID   USER     TIME  COMMAND\n 77 root      0:01 kubelet --a=b --c\n",
            "UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 10:00 ? 00:00:09 /hyperkube kubelet --a=b --c\n",
            "UID PID PPID C STIME TTY TIME CMD\r\nroot 1 0 0 10:00 ? 00:00:09 kubelet --a=b --c\r\n",
        ] {
            let line = read(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
            assert_eq!(texts(&line), ["--a=b", "--c"], "{text}");
            assert!(line.extent == Extent::Full && line.form == Form::ProcessList, "{text}");
            for word in &line.arguments {
                assert_eq!(word.place.span.slice(text), word.text);
            }
        }
    }

    #[test]
    fn what_only_mentions_the_kubelet_is_not_taken_for_it() {
        for command in [
            "grep --color=auto kubelet",
            "grep kubelet",
            "kube-proxy --kubelet-x=kubelet",
            "/bin/sh -c kubelet --a",
            "sudo kubelet --a",
            "sudo -E /usr/bin/kubelet --a",
            "timeout 30 kubelet --a",
            "/usr/bin/kubelet-wrapper --a",
            "/usr/local/bin/k3s agent",
            "[kubelet] <defunct>",
            "vi /etc/default/kubelet",
        ] {
            for text in [
                format!("root 12 1 0 10:00 ? 00:00:00 {command}\n"),
                format!("UID PID PPID C STIME TTY TIME CMD\nroot 12 1 0 10:00 ? 00:00:00 {command}\n"),
                format!("{command}\n"),
                format!("12 {command}\n"),
            ] {
                assert_eq!(read(&text).unwrap_err().code, Code::NoKubeletCommand, "{text}");
            }
        }
        assert!(read("/usr/local/bin/k3s server").unwrap_err().help.contains("inside another process"));
    }

    #[test]
    fn two_kubelets_are_an_error() {
        let error = read("/sbin/init\nkubelet --a\n/usr/bin/kubelet --a\n").unwrap_err();
        assert!(error.message.starts_with("found 2 kubelet processes"), "{}", error.message);
    }

    #[test]
    fn a_listing_that_does_not_show_the_whole_line_is_incomplete() {
        let cut =
            format!("{:<100}\n{:<100}\n", "root 1 1 0 10:00 ? 00:00:00 /sbin/init", "").replace(' ', "x");
        let row = "root 1 1 0 10:00 ? 00:00:00 kubelet --a=b";
        for text in [
            "    PID TTY          TIME CMD\n   1234 ?        00:01:02 kubelet\n".to_owned(),
            "/sbin/init\nkubelet\n".to_owned(),
            "└─2236 /usr/bin/kubelet --config=/etc/kubernet…\n".to_owned(),
            format!("{cut}{row}{}\n", "c".repeat(100 - row.len())),
        ] {
            let line = read(&text).unwrap();
            assert!(
                line.extent == Extent::Part && line.missing.len() == 1 && line.diagnostics.len() == 1,
                "{text}"
            );
        }
    }
}
