//! `kubelet-audit completions`: scripts made from the table of options.

use crate::args::options::{self, CommandName, OptionSpec, SchemaName, Shell, Takes};

/// The program's name, as shells know it.
const NAME: &str = env!("CARGO_PKG_NAME");

/// The script of a shell.
pub(crate) fn script(shell: Shell) -> String {
    match shell {
        Shell::Bash => bash(),
        Shell::Zsh => zsh(),
        Shell::Fish => fish(),
    }
}

/// What an option's value is.
enum Value {
    /// One of these words.
    Words(&'static [&'static str]),
    /// A path of a file.
    File,
    /// A path of a directory.
    Directory,
    /// Nothing that could be completed.
    Free,
}

fn value(option: &OptionSpec) -> Option<Value> {
    Some(match option.takes {
        Takes::Nothing => return None,
        Takes::OneOf(words) => Value::Words(words),
        Takes::Value("DIR") => Value::Directory,
        Takes::Value("FILE" | "FILE|-" | "PATH") => Value::File,
        Takes::Value(_) => Value::Free,
    })
}

/// What stands behind a command without being an option.
fn argument(command: CommandName) -> Value {
    match command {
        CommandName::Check | CommandName::Effective => Value::File,
        CommandName::Explain => Value::Words(&[]),
        CommandName::Schema => Value::Words(SchemaName::WORDS),
        CommandName::Completions => Value::Words(Shell::WORDS),
        CommandName::Help => Value::Words(CommandName::WORDS),
        CommandName::Controls | CommandName::Version => Value::Free,
    }
}

/// The words that may stand there; of `explain` the controls.
fn words(command: CommandName, words: &[&'static str]) -> String {
    if command == CommandName::Explain {
        let slugs: Vec<&str> =
            kubelet_audit::controls::CONTROLS.iter().map(|control| control.metadata().slug).collect();
        return slugs.join(" ");
    }
    words.join(" ")
}

fn bash() -> String {
    let mut out = format!(
        "# {NAME} completions for bash: source this file, or put it where bash-completion finds it.\n\
         _kubelet_audit_paths() {{\n\
         \x20   local IFS=$'\\n'\n\
         \x20   compopt -o filenames 2>/dev/null\n\
         \x20   COMPREPLY=($(compgen -\"$1\" -- \"$cur\"))\n\
         }}\n\
         _kubelet_audit() {{\n\
         \x20   local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} command=check\n\
         \x20   if [[ $COMP_CWORD -gt 1 ]]; then\n\
         \x20       case ${{COMP_WORDS[1]}} in\n\
         \x20           {}) command=${{COMP_WORDS[1]}} ;;\n\
         \x20       esac\n\
         \x20   fi\n\
         \x20   COMPREPLY=()\n\
         \x20   case $command,$prev in\n",
        CommandName::WORDS.join("|")
    );
    for command in CommandName::ALL {
        for option in options::of(command) {
            let Some(value) = value(option) else { continue };
            let what = match value {
                Value::Words(words) => format!("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", words.join(" ")),
                Value::File => bash_paths("f"),
                Value::Directory => bash_paths("d"),
                Value::Free => ":".to_owned(),
            };
            out.push_str(&format!("        {},--{}) {what}; return ;;\n", command.word(), option.long));
        }
    }
    out.push_str("    esac\n    case $command in\n");
    for command in CommandName::ALL {
        let long: Vec<String> = options::of(command).map(|option| format!("--{}", option.long)).collect();
        let more = match argument(command) {
            Value::File => bash_paths("f"),
            Value::Words(list) => format!("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", words(command, list)),
            Value::Directory | Value::Free => ":".to_owned(),
        };
        out.push_str(&format!(
            "        {})\n            if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '{}' -- \"$cur\")); else {more}; fi ;;\n",
            command.word(),
            long.join(" ")
        ));
    }
    out.push_str(&format!(
        "    esac\n\
         \x20   if [[ $COMP_CWORD -eq 1 && $cur != -* ]]; then\n\
         \x20       COMPREPLY+=($(compgen -W '{}' -- \"$cur\"))\n\
         \x20   fi\n\
         }}\n\
         complete -o bashdefault -F _kubelet_audit {NAME}\n",
        CommandName::WORDS.join(" ")
    ));
    out
}

/// Paths, spaces in them and all.
fn bash_paths(kind: &str) -> String {
    format!("_kubelet_audit_paths {kind}")
}

fn zsh() -> String {
    let mut out = format!(
        "#compdef {NAME}\n\
         # {NAME} completions for zsh: put this file as _{NAME} into a directory of fpath.\n\
         _kubelet_audit() {{\n\
         \x20   local -a commands\n\
         \x20   local command=check curcontext=\"$curcontext\" state line\n\
         \x20   commands=(\n"
    );
    for command in CommandName::ALL {
        out.push_str(&format!("        {}\n", quoted(&format!("{}:{}", command.word(), command.summary()))));
    }
    out.push_str(&format!(
        "    )\n\
         \x20   if (( CURRENT > 2 )) && [[ -n ${{(M)${{:-{}}}:#(|* )$words[2](| *)}} ]]; then\n\
         \x20       command=$words[2]\n\
         \x20       shift words\n\
         \x20       (( CURRENT-- ))\n\
         \x20   fi\n\
         \x20   (( CURRENT == 2 )) && [[ $words[CURRENT] != -* && $words[1] == {NAME} ]] && _describe command commands\n\
         \x20   case $command in\n",
        CommandName::WORDS.join("\\ ")
    ));
    for command in CommandName::ALL {
        out.push_str(&format!("        {})\n            _arguments -s", command.word()));
        for option in options::of(command) {
            let repeat = if option.times == options::Times::Many { "*" } else { "" };
            let help = option.help.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
            let after = match value(option) {
                None => String::new(),
                Some(Value::Words(words)) => format!(":word:({})", words.join(" ")),
                Some(Value::File) => ":file:_files".to_owned(),
                Some(Value::Directory) => ":directory:_files -/".to_owned(),
                Some(Value::Free) => ":value: ".to_owned(),
            };
            let equals = if after.is_empty() { "" } else { "=" };
            let spec = format!("{repeat}--{}{equals}[{help}]{after}", option.long);
            out.push_str(&format!(" \\\n                {}", quoted(&spec)));
        }
        let rest = match argument(command) {
            Value::File => "*:file:_files".to_owned(),
            Value::Words(list) => format!("1:word:({})", words(command, list)),
            Value::Directory | Value::Free => String::new(),
        };
        if !rest.is_empty() {
            out.push_str(&format!(" \\\n                {}", quoted(&rest)));
        }
        out.push_str(" ;;\n");
    }
    out.push_str(&format!(
        "    esac\n}}\nif [[ $funcstack[1] == _{NAME} ]]; then _kubelet_audit \"$@\"; else compdef _kubelet_audit {NAME}; fi\n"
    ));
    out
}

fn fish() -> String {
    let mut out = format!("# {NAME} completions for fish: put this file into ~/.config/fish/completions.\n");
    let all = CommandName::WORDS.join(" ");
    for command in CommandName::ALL {
        out.push_str(&format!(
            "complete -c {NAME} -n 'not __fish_seen_subcommand_from {all}' -a {} -d {}\n",
            command.word(),
            fish_quoted(command.summary())
        ));
    }
    for command in CommandName::ALL {
        let condition = match command {
            // The default: it needs not be named.
            CommandName::Check => {
                let others: Vec<&str> =
                    CommandName::WORDS.iter().copied().filter(|word| *word != command.word()).collect();
                format!("not __fish_seen_subcommand_from {}", others.join(" "))
            }
            _ => format!("__fish_seen_subcommand_from {}", command.word()),
        };
        for option in options::of(command) {
            let short = option.short.map_or_else(String::new, |c| format!(" -s {c}"));
            let value = match value(option) {
                None => String::new(),
                Some(Value::Words(words)) => format!(" -x -a '{}'", words.join(" ")),
                Some(Value::File) => " -r -F".to_owned(),
                Some(Value::Directory) => " -x -a '(__fish_complete_directories)'".to_owned(),
                Some(Value::Free) => " -x".to_owned(),
            };
            out.push_str(&format!(
                "complete -c {NAME} -n '{condition}' -l {}{short}{value} -d {}\n",
                option.long,
                fish_quoted(option.help)
            ));
        }
        match argument(command) {
            Value::Words(list) => out
                .push_str(&format!("complete -c {NAME} -n '{condition}' -f -a '{}'\n", words(command, list))),
            Value::File | Value::Directory => {}
            Value::Free => out.push_str(&format!("complete -c {NAME} -n '{condition}' -f\n")),
        }
    }
    out
}

/// A word as POSIX shells and zsh take it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A word as fish takes it.
fn fish_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
