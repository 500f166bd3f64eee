//! A machine as its user data describes it: files, units and scripts, put together to kubelets.

use crate::command_line::{self, Argument, CommandLine, Text};
use crate::source::tree::{Format, Node};
use crate::source::{MissingLayer, SourceId};

use super::arguments::{ArgsForm, of_arguments};
use super::context::{Context, MOST_ITEMS, Reading};
use super::draft::{Draft, KIND};
use super::embedded::Embedded;
use super::kubelet::ConfiguredKubelet;
use super::platform;
use super::search::kubelets_in;
use super::shell::{Script, Word, option};

/// A file of a machine.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) content: Embedded,
}

/// A machine as its user data describes it.
#[derive(Debug, Default)]
pub(super) struct Machine {
    /// Its files, units and their drop-ins among them.
    pub(super) files: Vec<File>,
    /// Shell scripts that set it up.
    pub(super) scripts: Vec<Embedded>,
    /// The Kubernetes version that something else names.
    pub(super) version: Option<String>,
}

/// Where systemd looks for units.
const UNIT_DIRECTORIES: [&str; 4] =
    ["/etc/systemd/system/", "/usr/lib/systemd/system/", "/lib/systemd/system/", "/run/systemd/system/"];

/// Files with variables for the kubelet's unit.
const ENVIRONMENT_FILES: [&str; 4] = [
    "/etc/default/kubelet",
    "/etc/sysconfig/kubelet",
    "/var/lib/kubelet/kubeadm-flags.env",
    "/etc/kubernetes/kubelet.env",
];

impl Machine {
    /// Adds a unit, or with `drop_in` a drop-in of it.
    pub(super) fn unit(&mut self, name: &str, drop_in: Option<&str>, content: Embedded) {
        let path = match drop_in {
            None => format!("/etc/systemd/system/{name}"),
            Some(drop_in) => format!("/etc/systemd/system/{name}.d/{drop_in}"),
        };
        self.files.push(File { path, content });
    }

    /// The kubelets that the machine runs; more than one only if its files configure several.
    pub(super) fn kubelets(mut self, cx: &Context<'_>, name: &str, depth: usize) -> Vec<ConfiguredKubelet> {
        let scripts: Vec<(Embedded, Script)> = self
            .scripts
            .drain(..)
            .map(|text| {
                let script = Script::read(&text);
                (text, script)
            })
            .collect();
        for (_, script) in &scripts {
            let written = script.files.iter();
            self.files
                .extend(written.map(|file| File { path: file.path.clone(), content: file.content.clone() }));
        }
        self.files.truncate(MOST_ITEMS);
        let own = self.own_kubelet(cx, name, &scripts);
        let mut found: Vec<_> = own.into_iter().collect();
        for file in &self.files {
            let is_config = is_kubelet_config(&file.content.text);
            if is_config && !found.is_empty() || !mentions(&file.content.text) || is_k3s(&file.path).is_some()
            {
                continue;
            }
            for mut kubelet in kubelets_in(cx, &file.content, depth.saturating_add(1)) {
                if kubelet.command_line.is_none() && is_config {
                    continue;
                }
                kubelet.name = joined(&joined(name, &format!("files[{}]", file.path)), &kubelet.name);
                kubelet.version = kubelet.version.or_else(|| self.version.clone());
                found.push(kubelet);
            }
        }
        found
    }

    fn own_kubelet(
        &self,
        cx: &Context<'_>,
        name: &str,
        scripts: &[(Embedded, Script)],
    ) -> Option<ConfiguredKubelet> {
        let reading = Reading { format: Format::Yaml, duplicates: &[] };
        let mut draft = Draft::new(cx, reading, name.to_owned());
        draft.version_text(self.version.as_deref());
        self.k3s(cx, &mut draft);
        if let Some(line) = self.command_line() {
            draft.command_line(line);
        }
        for (text, script) in scripts {
            bootstrap(text, script, &mut draft);
        }
        let named = draft.flag("config");
        let is_config = |file: &&File| is_kubelet_config(&file.content.text) && !file.path.contains(".d/");
        let config = match &named {
            Some(path) => self.files.iter().find(|file| file.path == *path),
            None => self.files.iter().find(is_config),
        };
        if let Some(file) = config {
            draft.file(&file.content);
        }
        let directory = draft.flag("config-dir").or_else(|| config.map(|file| format!("{}.d", file.path)));
        let mut drop_ins: Vec<&File> = self
            .files
            .iter()
            .filter(|file| {
                let below = directory.as_deref().and_then(|directory| file.path.strip_prefix(directory));
                below.is_some_and(|below| below.starts_with('/')) && file.path.ends_with(".conf")
            })
            .collect();
        drop_ins.sort_by(|a, b| a.path.cmp(&b.path));
        for file in drop_ins {
            if named.is_some() && config.is_none() {
                draft.missing_layer(MissingLayer::Config(named.clone().unwrap_or_default()));
            }
            draft.file(&file.content);
        }
        draft.build()
    }

    /// The command line of the kubelet's unit, or of a file with variables for it.
    fn command_line(&self) -> Option<CommandLine> {
        let is_unit = |path: &str| {
            UNIT_DIRECTORIES.iter().any(|directory| {
                path.strip_prefix(directory).is_some_and(|rest| {
                    rest == "kubelet.service"
                        || rest.starts_with("kubelet.service.d/") && rest.ends_with(".conf")
                })
            })
        };
        let mut units: Vec<&File> = self.files.iter().filter(|file| is_unit(&file.path)).collect();
        units.sort_by_key(|file| (file.path.contains(".d/"), file.path.clone()));
        let is_environment = |file: &&File| {
            if units.is_empty() {
                ENVIRONMENT_FILES.contains(&file.path.as_str())
            } else {
                units.iter().any(|unit| unit.content.text.contains(&file.path))
                    && !is_kubelet_config(&file.content.text)
            }
        };
        let files: Vec<&File> = units
            .iter()
            .copied()
            .chain(self.files.iter().filter(|file| !is_unit(&file.path)).filter(is_environment))
            .collect();
        if files.is_empty() {
            return None;
        }
        let texts: Vec<Text<'_>> = (0..)
            .map(SourceId)
            .zip(&files)
            .map(|(source, file)| Text { source, name: &file.path, text: &file.content.text })
            .collect();
        let mut line = command_line::from_texts(&texts).ok()?;
        let to_outer = |place: &mut crate::source::Place| {
            if let Some(file) = place.source_id().and_then(|id| files.get(id.index())) {
                *place = of_arguments(file.content.place(place.span));
            }
        };
        line.arguments.iter_mut().for_each(|argument| to_outer(&mut argument.place));
        line.diagnostics.iter_mut().filter_map(|diagnostic| diagnostic.place.as_mut()).for_each(to_outer);
        Some(line)
    }

    /// The settings in the config files of K3s and RKE2.
    fn k3s(&self, cx: &Context<'_>, draft: &mut Draft<'_, '_>) {
        let mut files: Vec<(&File, &'static platform::PlatformSettings)> =
            self.files.iter().filter_map(|file| Some((file, is_k3s(&file.path)?))).collect();
        files.sort_by_key(|(file, _)| (file.path.contains(".d/"), file.path.clone()));
        let mut roots = Vec::new();
        for (file, platform) in &files {
            if let Ok(document) = file.content.read(cx.limits) {
                roots.push((document.root, *platform));
            }
        }
        let nodes: Vec<&Node<'_>> = roots.iter().map(|(root, _)| root).collect();
        if let (Some((_, platform)), true) = (roots.first(), k3s_settings(&nodes, draft)) {
            draft.over(platform).on(if std::ptr::eq(*platform, &platform::RKE2) { "rke2" } else { "k3s" });
        }
    }
}

/// Adds the kubelet settings of a K3s or RKE2 config file and the drop-ins behind it: a later value
/// replaces an earlier one, and a key that ends with `+` adds to it. Returns whether there are any.
pub(super) fn k3s_settings(roots: &[&Node<'_>], draft: &mut Draft<'_, '_>) -> bool {
    let mut arguments: Vec<&Node<'_>> = Vec::new();
    let mut protect = None;
    let mut is_used = false;
    for root in roots {
        if let Some(value) = root.get("kubelet-arg") {
            arguments = vec![value];
        }
        arguments.extend(root.get("kubelet-arg+"));
        protect = root.get("protect-kernel-defaults").or(protect);
        if let Some(profile) = root.get("profile").filter(|profile| {
            profile.as_str().is_some_and(|profile| profile.starts_with("cis")) && protect.is_none()
        }) {
            draft.field(
                "protectKernelDefaults",
                &Node::new(profile.place, crate::source::tree::NodeValue::Bool(true)),
            );
        }
    }
    if let Some(value) = protect {
        draft.field("protectKernelDefaults", value);
        is_used = true;
    }
    for value in arguments {
        draft.arguments(Some(value), ArgsForm::Texts);
        is_used = true;
    }
    is_used
}

/// The settings of the program whose config file has this path.
fn is_k3s(path: &str) -> Option<&'static platform::PlatformSettings> {
    let of = |directory: &str| {
        path.strip_prefix(directory)
            .is_some_and(|rest| rest == "config.yaml" || rest.starts_with("config.yaml.d/"))
    };
    if of("/etc/rancher/k3s/") {
        Some(&platform::K3S)
    } else if of("/etc/rancher/rke2/") {
        Some(&platform::RKE2)
    } else {
        None
    }
}

/// Adds what the commands of a script hand to the kubelet.
pub(super) fn bootstrap(text: &Embedded, script: &Script, draft: &mut Draft<'_, '_>) {
    let last = |program: &str, path: &str| {
        let is_program = move |word: &str| word == program || word.ends_with(path);
        script.commands.iter().rev().find_map(|words| {
            let at = words.iter().position(|word| is_program(&word.text))?;
            words.get(at.saturating_add(1)..)
        })
    };
    if let Some(words) = last("bootstrap.sh", "/bootstrap.sh") {
        draft.used().over(&platform::EKS).on("eks");
        if let Some(extra) = option(words, "--kubelet-extra-args") {
            draft.more_arguments(extra.unquoted().split(text));
        }
    }
    if let Some(extra) = last("k0s", "/k0s").and_then(|words| option(words, "--kubelet-extra-args")) {
        draft.more_arguments(extra.unquoted().split(text));
    }
    for (program, path, platform, on) in
        [("k3s", "/k3s", &platform::K3S, "k3s"), ("rke2", "/rke2", &platform::RKE2, "rke2")]
    {
        let Some(words) = last(program, path) else { continue };
        let arguments = kubelet_args(words, text);
        if !arguments.is_empty() {
            draft.more_arguments(arguments).over(platform).on(on);
        }
    }
    if let Some(words) = last("kubelet", "/kubelet")
        && words.first().is_some_and(|word| word.text.starts_with("--"))
    {
        draft.more_arguments(words.iter().map(|word| word.argument(text)).collect());
    }
}

/// The values of `--kubelet-arg` of K3s and RKE2 as arguments of the kubelet.
pub(super) fn kubelet_args(words: &[Word], text: &Embedded) -> Vec<Argument> {
    let mut out = Vec::new();
    let mut is_next = false;
    for word in words {
        let value = match word.text.strip_prefix("--kubelet-arg=") {
            Some(value) => Some(value),
            None if is_next => Some(word.text.as_str()),
            None => None,
        };
        is_next = word.text == "--kubelet-arg";
        if let Some(value) = value {
            let place = word.argument(text).place;
            out.push(Argument { text: format!("--{}", value.trim_start_matches('-')), place });
        }
    }
    out
}

/// Whether a text is a config file of the kubelet, as far as a look shows.
pub(super) fn is_kubelet_config(text: &str) -> bool {
    text.contains(KIND) && text.contains("kubelet.config.k8s.io/") && !text.contains("kubeadm.k8s.io/")
}

/// Whether a text may contain a configuration, or an object with one.
pub(super) fn mentions(text: &str) -> bool {
    ["Kubelet", "kubelet", "MachineConfig", "kubeadm.k8s.io"].iter().any(|sign| text.contains(sign))
}

/// The name of a part of something named.
pub(super) fn joined(outer: &str, inner: &str) -> String {
    match (outer, inner) {
        ("", inner) => inner.to_owned(),
        (outer, "") => outer.to_owned(),
        (outer, inner) => format!("{outer}: {inner}"),
    }
}
