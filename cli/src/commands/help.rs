//! Help, written from the table of options.

use super::exit;
use super::options::{self, CommandName, Group, OptionSpec, Takes};
use crate::render::page::{Color, Page, Piece, Style};

/// Column at which explanations start; on narrow pages they go below.
const MARGIN: usize = 34;

/// Help on one command, or on all.
pub(crate) fn text(topic: Option<CommandName>, width: usize) -> String {
    let mut page = Page::new(width, Color::Off);
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
            page.line(2, &[Piece(Style::Plain, example)]);
        }
    }
    page.finish()
}

fn plain(page: &mut Page, text: &str) {
    page.wrapped(0, &[], &[Piece(Style::Plain, text)]);
}

fn usage(page: &mut Page, lead: &str, command: CommandName) {
    let word = if command == CommandName::Check { "[check]" } else { command.word() };
    let line = format!("kubelet-audit {word} {}", command.arguments());
    page.wrapped(0, &[Piece(Style::Plain, lead)], &[Piece(Style::Plain, &line)]);
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
    if page.width() < 2 * MARGIN {
        page.line(2, &[Piece(Style::Plain, name)]);
        page.wrapped(8, &[], &[Piece(Style::Plain, text)]);
        return;
    }
    let lead = format!("{name:<width$}", width = MARGIN - 2);
    page.wrapped(2, &[Piece(Style::Plain, &lead)], &[Piece(Style::Plain, text)]);
}
