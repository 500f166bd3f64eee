//! Help, written from the table of options.

use crate::args::options::{self, CommandName, Group, OptionSpec, Takes};
use crate::exit;

/// Column at which explanations start; on narrow pages they go below.
const MARGIN: usize = 34;

/// Help on one command, or on all.
pub(crate) fn text(topic: Option<CommandName>, width: usize) -> String {
    let mut page = Page::new(width);
    match topic {
        Some(command) => {
            plain(&mut page, command.summary());
            page.gap();
            usage(&mut page, "Usage: ", command);
            options(&mut page, command);
        }
        None => {
            plain(&mut page, "Reads a kubelet's configuration as the kubelet itself would, and audits it");
            page.gap();
            usage(&mut page, "Usage: ", CommandName::Check);
            for command in CommandName::ALL.into_iter().filter(|command| *command != CommandName::Check) {
                usage(&mut page, "       ", command);
            }
            page.gap();
            plain(&mut page, "Commands:");
            for command in CommandName::ALL {
                entry(&mut page, command.word(), command.summary());
            }
            options(&mut page, CommandName::Check);
        }
    }
    if matches!(topic, None | Some(CommandName::Check | CommandName::Effective)) {
        page.gap();
        plain(&mut page, "Exit codes:");
        for (code, meaning) in exit::HELP {
            entry(&mut page, code, meaning);
        }
    }
    if matches!(topic, None | Some(CommandName::Check)) {
        page.gap();
        plain(&mut page, "Examples:");
        for example in [
            "kubelet-audit node.json",
            "kubectl get --raw /api/v1/nodes/NODE/proxy/configz | kubelet-audit -",
            "kubelet-audit check kubeadm.yaml   # or another file of Kubernetes objects",
            "kubelet-audit check config.json --config-dir config.json.d --args-from kubelet.service",
        ] {
            page.line(2, example);
        }
    }
    page.out
}

fn plain(page: &mut Page, text: &str) {
    page.wrapped(0, "", text);
}

fn usage(page: &mut Page, lead: &str, command: CommandName) {
    let word = if command == CommandName::Check { "[check]" } else { command.word() };
    let line = format!("kubelet-audit {word} {}", command.arguments());
    page.wrapped(0, lead, &line);
}

fn options(page: &mut Page, command: CommandName) {
    for (group, heading) in Group::ALL {
        let mut options = options::of(command).filter(|option| option.group == group).peekable();
        if options.peek().is_none() {
            continue;
        }
        page.gap();
        plain(page, &format!("{heading}:"));
        for option in options {
            entry(page, &spelling(option), &explanation(option));
        }
    }
}

/// `-v, --verbose`, `    --node NAME`
fn spelling(option: &OptionSpec) -> String {
    let short = option.short.map_or_else(|| "    ".to_owned(), |c| format!("-{c}, "));
    let value = match option.takes {
        Takes::Nothing => String::new(),
        Takes::Value(name) => format!(" {name}"),
        Takes::OneOf(_) => " WORD".to_owned(),
    };
    format!("{short}--{}{value}", option.long)
}

fn explanation(option: &OptionSpec) -> String {
    match option.takes {
        Takes::OneOf(words) => format!("{} [{}]", option.help, words.join(", ")),
        Takes::Nothing | Takes::Value(_) => option.help.to_owned(),
    }
}

fn entry(page: &mut Page, name: &str, text: &str) {
    if page.width < 2 * MARGIN {
        page.line(2, name);
        page.wrapped(8, "", text);
        return;
    }
    let lead = format!("{name:<width$}", width = MARGIN - 2);
    page.wrapped(2, &lead, text);
}

/// A text in the making.
struct Page {
    out: String,
    width: usize,
}

impl Page {
    /// Under 20 columns nothing can be laid out, so that is the least.
    fn new(width: usize) -> Self {
        Self { out: String::new(), width: width.max(20) }
    }

    /// An empty line.
    fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A line that is never wrapped.
    fn line(&mut self, indent: usize, text: &str) {
        self.out.push_str(&format!("{:indent$}{text}\n", ""));
    }

    /// `lead`, and the words of `text` wrapped beside it.
    fn wrapped(&mut self, indent: usize, lead: &str, text: &str) {
        let margin = indent.saturating_add(lead.len());
        let mut line = format!("{:indent$}{lead}", "");
        for word in text.split_whitespace() {
            let is_first = line.len() == margin;
            if !is_first && line.len().saturating_add(word.len()).saturating_add(1) > self.width {
                self.line(0, &line);
                line = " ".repeat(margin);
            } else if !is_first {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(0, line.trim_end());
    }
}
