//! The command line of a service, from its unit, drop-ins and environment files.
//!
//! Sources: systemd.service(5), systemd.exec(5) `EnvironmentFile=`, `PassEnvironment=`,
//! `UnsetEnvironment=`, and the order in which `exec_invoke` (execute.c) merges environments: passed
//! variables, then `Environment=`, then the files, and last the removal of unset variables.

use std::collections::BTreeSet;

use super::argument::{CommandLine, Extent, Form, Text};
use super::diagnostic_sink::DiagnosticSink;
use super::environment::{self, Variables};
use super::expansion::{Arguments, Expansion};
use super::program::{is_kubelet, words_of_program};
use super::quoting::text_of;
use super::unit::{Command, Service};
use crate::source::diagnostic::{Code, Diagnostic};

/// Reads units and drop-ins in order, and the environment files that they name.
pub(super) fn from_texts(units: &[Text<'_>], files: &[Text<'_>]) -> Result<CommandLine, Diagnostic> {
    let mut diagnostics = DiagnosticSink::default();
    let mut service = Service::default();
    for unit in units {
        service.read(unit, &mut diagnostics);
    }
    let mut missing = Vec::new();
    let mut variables = std::mem::take(&mut service.environment);
    let absent = if units.is_empty() {
        for file in files {
            environment::read(file, true, None, &mut variables, &mut diagnostics);
        }
        Vec::new()
    } else {
        read_files(&service, files, &mut variables, &mut missing, &mut diagnostics)
    };
    let removed = unset(&service.unset, &mut variables);

    let command = single_command(&service, units)?;
    let Some(command) = command else {
        missing.push(match units {
            [] => "the unit that uses the variables".to_owned(),
            _ => "ExecStart of kubelet.service".to_owned(),
        });
        missing.extend(absent.into_iter().map(|(_, path)| format!("EnvironmentFile {path}")));
        return fragment(units, files, &variables, missing, diagnostics);
    };
    let Some(skipped) = words_before_arguments(command).filter(|_| !command.by_shell) else {
        diagnostics.push(
            Diagnostic::warning(
                Code::UnresolvedVariable,
                format!(
                    "ExecStart runs {:.80} instead of the kubelet, so its arguments are unknown",
                    command.path
                ),
            )
            .help("pass the command line of the running kubelet: `ps -eww -o args`")
            .at(command.place),
        );
        missing.push(format!("the kubelet command that {:.80} runs", command.path));
        missing.extend(absent.into_iter().map(|(_, path)| format!("EnvironmentFile {path}")));
        return fragment(units, files, &variables, missing, diagnostics);
    };

    let mut arguments = Arguments::default();
    let mut expansion = Expansion::new(&variables);
    // `path` is the first word of the program.
    for piece in command.words.iter().skip(skipped - 1) {
        let done = if command.expands {
            expansion.expand(piece, command.source, &mut arguments, &mut diagnostics)
        } else {
            arguments.push_literal(piece, command.source)
        };
        done.map_err(|_| too_long(units))?;
    }
    let Expansion { used, last_use, .. } = expansion;
    // The definition of lowest precedence in use: a file that is read before it cannot change an argument.
    let weakest = used
        .iter()
        .filter(|name| !removed.contains(*name))
        .map(|name| variables.get(name).and_then(|value| value.file))
        .min();
    // A variable that is not defined, or whose definition a file that was not supplied may replace.
    let is_open = |name: &str| match variables.get(name) {
        _ if removed.contains(name) => false,
        Some(value) => absent.iter().any(|(index, _)| value.file < Some(*index)),
        None => !absent.is_empty() || !service.drop_ins_known || service.passed.contains(name),
    };
    let gap = last_use.iter().filter(|(name, _)| is_open(name)).map(|(_, at)| *at).max();
    for (index, path) in absent {
        if weakest.is_some_and(|file| file < Some(index)) {
            missing.push(format!("EnvironmentFile {path}"));
            let place = service.files.get(index).map(|file| file.place);
            let mut diagnostic =
                Diagnostic::warning(Code::IncompleteInput, format!("{path} was not supplied"))
                    .help("pass it together with the unit, or an empty file if the node does not have it");
            diagnostic.place = place;
            diagnostics.push(diagnostic);
        }
    }
    undefined(&service, command, &used, &variables, &removed, &mut missing, &mut diagnostics);
    if service.refused {
        missing.push("a unit that systemd can load".to_owned());
    }
    Ok(CommandLine {
        arguments: arguments.list,
        form: Form::Unit,
        extent: if missing.is_empty() { Extent::Full } else { Extent::Part },
        missing,
        gap,
        is_garbled: false,
        diagnostics: diagnostics.list,
    })
}

/// The command of `ExecStart=`. `Type=oneshot` allows several, which systemd runs in sequence; the result is
/// then the one that runs the kubelet.
fn single_command<'a>(service: &'a Service, units: &[Text<'_>]) -> Result<Option<&'a Command>, Diagnostic> {
    let is_kubelet = |command: &&Command| words_before_arguments(command).is_some();
    match service.commands.as_slice() {
        [] => Ok(None),
        [command] => Ok(Some(command)),
        [first, ..] if service.oneshot => {
            let mut kubelets = service.commands.iter().filter(is_kubelet);
            match (kubelets.next(), kubelets.next()) {
                (Some(one), None) => Ok(Some(one)),
                (None, _) => Ok(Some(first)),
                (Some(_), Some(second)) => Err(Diagnostic::error(
                    Code::NoKubeletCommand,
                    "the unit starts more than one kubelet",
                )
                .at(second.place)),
            }
        }
        [_, second, ..] => Err(Diagnostic::error(
            Code::UnitSyntax,
            format!("{} sets ExecStart= more than once; systemd rejects such a unit", name_of(units)),
        )
        .help("pass the unit before its drop-ins; a drop-in must first reset the setting with an empty `ExecStart=`")
        .at(second.place)),
    }
}

/// Programs that run the program in their arguments. OpenShift starts its kubelet with kubenswrapper.
const WRAPPERS: [&str; 8] =
    ["kubenswrapper", "env", "nice", "ionice", "chrt", "taskset", "numactl", "setpriv"];

/// How many words of a command stand before the kubelet's arguments; `None` if it runs another program.
fn words_before_arguments(command: &Command) -> Option<usize> {
    let first = command.words.first().map(|piece| text_of(&piece.letters));
    let program = words_of_program(Some(&command.path), first.as_deref());
    if program.is_some() || !WRAPPERS.contains(&command.path.rsplit('/').next()?) {
        return program;
    }
    let kubelet = command.words.iter().position(|piece| is_kubelet(&text_of(&piece.letters)))?;
    // The path of the wrapper is the first word, and the kubelet's own the last before its arguments.
    Some(kubelet + 2)
}

fn name_of<'a>(units: &[Text<'a>]) -> &'a str {
    units.first().map_or("the unit", |unit| unit.name)
}

/// Reads the files that `EnvironmentFile=` names, in order. Returns those that were not supplied.
fn read_files(
    service: &Service,
    files: &[Text<'_>],
    variables: &mut Variables,
    missing: &mut Vec<String>,
    diagnostics: &mut DiagnosticSink,
) -> Vec<(usize, String)> {
    let mut given: Vec<Option<&Text<'_>>> = vec![None; service.files.len()];
    let mut left: Vec<&Text<'_>> = files.iter().collect();
    for matches in [ends_with_path as fn(&str, &str) -> bool, same_file_name] {
        for (reference, slot) in service.files.iter().zip(&mut given) {
            if slot.is_none() {
                let found = left.iter().position(|file| matches(file.name, &reference.path));
                *slot = found.map(|at| left.remove(at));
            }
        }
    }
    let open = given.iter().filter(|slot| slot.is_none()).count();
    if let ([file], 1) = (left.as_slice(), open) {
        let (reference, slot) = match service.files.iter().zip(&mut given).find(|(_, slot)| slot.is_none()) {
            Some(found) => found,
            None => return Vec::new(),
        };
        diagnostics.push(
            Diagnostic::note(
                Code::IncompleteInput,
                format!(
                    "{} is used as {}, the only environment file that was not supplied",
                    file.name, reference.path
                ),
            )
            .at(reference.place),
        );
        *slot = Some(file);
        left.clear();
    }
    for (index, slot) in given.iter().enumerate() {
        if let Some(file) = slot {
            environment::read(file, false, Some(index), variables, diagnostics);
        }
    }
    // INVARIANT: a file that no setting names is read last and makes the result incomplete, or it is not read.
    let names_all = open == 0 && !service.files.is_empty();
    for file in left.into_iter().filter(|file| !file.text.trim().is_empty()) {
        if names_all {
            diagnostics.push(Diagnostic::warning(
                Code::IgnoredFile,
                format!("no EnvironmentFile= of the unit names {}; systemd does not read it", file.name),
            ));
        } else {
            environment::read(file, true, None, variables, diagnostics);
            missing.push(format!("the EnvironmentFile= setting that names {}", file.name));
        }
    }
    let absent = service.files.iter().zip(&given).enumerate().filter(|(_, (_, slot))| slot.is_none());
    absent.map(|(index, (file, _))| (index, file.path.clone())).collect()
}

/// Whether `name` is the path, or ends with it, as in a copy of the file system of a node.
fn ends_with_path(name: &str, path: &str) -> bool {
    name.ends_with(path) || path.strip_prefix('/').is_some_and(|path| name == path)
}

fn same_file_name(name: &str, path: &str) -> bool {
    let pattern = path.rsplit('/').next().unwrap_or(path);
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match pattern.split_once('*') {
        // EnvironmentFile= allows wildcards; in practice, patterns have at most one star.
        Some((head, tail)) => {
            name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail)
        }
        None => name == pattern,
    }
}

/// Removes what `UnsetEnvironment=` lists: names, and assignments if the value is equal. Returns the names.
fn unset(list: &BTreeSet<String>, variables: &mut Variables) -> BTreeSet<String> {
    let mut removed = BTreeSet::new();
    for entry in list.iter() {
        let (name, value) = match entry.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (entry.as_str(), None),
        };
        let same = |wanted: &str| variables.get(name).is_some_and(|v| text_of(&v.letters) == wanted);
        if value.is_none_or(same) {
            variables.remove(name);
            removed.insert(name.to_owned());
        }
    }
    removed
}

/// Reports the variables of the command that are not defined.
///
/// systemd replaces them with nothing. This is certain only if every drop-in was supplied, which is assumed
/// if at least one was, or if the text is the output of `systemctl cat`. For a unit alone, a drop-in may
/// define them.
fn undefined(
    service: &Service,
    command: &Command,
    used: &BTreeSet<String>,
    variables: &Variables,
    removed: &BTreeSet<String>,
    missing: &mut Vec<String>,
    diagnostics: &mut DiagnosticSink,
) {
    let is_file_missing = missing.iter().any(|m| m.starts_with("EnvironmentFile "));
    for name in used.iter().filter(|name| variables.get(name).is_none() && !removed.contains(*name)) {
        let passed = service.passed.contains(name);
        if passed {
            missing.push(format!("the value of {name:.80}, which the service manager passes on"));
        } else if !service.drop_ins_known && !is_file_missing {
            missing.push(format!("a definition of {name:.80}"));
        }
        let message = format!("{name:.80} is not defined; systemd replaces it with nothing");
        let help = if passed {
            "pass the command line of the running kubelet"
        } else {
            "pass every drop-in and environment file of the unit"
        };
        diagnostics.push(Diagnostic::note(Code::UnresolvedVariable, message).help(help).at(command.place));
    }
}

/// The arguments in the variables alone, if the command that uses them is not known.
fn fragment(
    units: &[Text<'_>],
    files: &[Text<'_>],
    variables: &Variables,
    missing: Vec<String>,
    mut diagnostics: DiagnosticSink,
) -> Result<CommandLine, Diagnostic> {
    let values = variables.of_kubelet();
    if values.is_empty() {
        let names: Vec<&str> = units.iter().chain(files).map(|text| text.name).collect();
        return Err(Diagnostic::error(
            Code::NoKubeletCommand,
            format!("{:.200} does not start a kubelet and does not set its arguments", names.join(", ")),
        )
        .help(
            "pass the unit with ExecStart=, or the file that sets KUBELET_ARGS, KUBELET_FLAGS or a similar variable",
        ));
    }
    let mut arguments = Arguments::default();
    for value in values {
        arguments.push_value(value, &mut diagnostics).map_err(|_| too_long(units))?;
    }
    let form = if units.is_empty() { Form::Environment } else { Form::Unit };
    Ok(CommandLine {
        arguments: arguments.list,
        form,
        extent: Extent::Part,
        missing,
        gap: None,
        is_garbled: false,
        diagnostics: diagnostics.list,
    })
}

fn too_long(units: &[Text<'_>]) -> Diagnostic {
    Diagnostic::error(
        Code::TooLarge,
        format!("the arguments of {} are longer than Linux allows", name_of(units)),
    )
}
