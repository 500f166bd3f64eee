//! The command line as typed, made into what to do.

pub(crate) mod options;
pub(crate) mod reports;
pub(crate) mod usage;

use kubelet_audit::render::{Detail, Shown};
use kubelet_audit::report::Severity;
use kubelet_audit::request::{Basis, ServingCertificates};
use kubelet_audit::source::Limits;
use lexopt::Arg;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::args::options::{
    CatalogueFormat, ColorChoice, CommandName, EffectiveFormat, FailOn, FixRoute, OptionId, OptionSpec,
    SchemaName, Shell, Takes, Times,
};
use crate::args::reports::ReportArgs;
use crate::args::usage::UsageError;
use crate::host::NodeQuery;

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invocation {
    /// `check`
    Check { node: NodeArgs, gate: GateArgs, reports: ReportArgs, fixes: Option<FixArgs>, output: OutputArgs },
    /// `effective`
    Effective { node: NodeArgs, format: EffectiveFormat, shown: Shown, output: OutputArgs },
    /// `controls`
    Controls(CatalogueFormat),
    /// `explain`
    Explain { control: String, format: CatalogueFormat },
    /// `schema`
    Schema(SchemaName),
    /// `completions`
    Completions(Shell),
    /// `version`, `--version`
    Version,
    /// `help`, `--help`; on one command, or on all.
    Help(Option<CommandName>),
}

/// What to read and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NodeArgs {
    /// Positional: a target each, or several.
    pub(crate) files: Vec<String>,
    /// Nodes of a cluster to ask.
    pub(crate) live: Option<NodeQuery>,
    pub(crate) config_dir: Option<String>,
    pub(crate) drop_ins: Vec<String>,
    pub(crate) args: Option<String>,
    pub(crate) args_from: Vec<String>,
    /// Whether the files are read although the whole command line does not name them.
    pub(crate) assume_config: bool,
    pub(crate) kubelet_version: Option<String>,
    pub(crate) benchmark: Option<String>,
    pub(crate) controls: Option<Vec<String>>,
    pub(crate) level: Option<u8>,
    pub(crate) severity: Option<Severity>,
    pub(crate) basis: Basis,
    pub(crate) node: Option<String>,
    pub(crate) serving_certificates: ServingCertificates,
    pub(crate) max_bytes: Option<u32>,
    /// Whether findings bring their fixes.
    pub(crate) fixes: bool,
}

impl NodeArgs {
    /// Whether any layer besides the files is named.
    pub(crate) fn has_layers(&self) -> bool {
        self.config_dir.is_some()
            || !self.drop_ins.is_empty()
            || self.args.is_some()
            || !self.args_from.is_empty()
    }
}

/// What to do with fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FixArgs {
    /// Write them, instead of showing them.
    pub(crate) write: bool,
    /// Unsafe ones as well.
    pub(crate) unsafe_fixes: bool,
    /// Into a drop-in of our own.
    pub(crate) drop_in: bool,
}

/// What makes the command fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GateArgs {
    /// The lowest severity that does; absent where none does.
    pub(crate) fail_on: Option<Severity>,
    pub(crate) waivers: Option<String>,
    pub(crate) baseline: Option<String>,
    pub(crate) write_baseline: Option<String>,
}

/// How to show the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutputArgs {
    pub(crate) color: ColorChoice,
    pub(crate) detail: Detail,
}

/// Reads a command line, which comes without the program's name.
pub(crate) fn parse(args: &[String]) -> Result<Invocation, UsageError> {
    let named = args.first().and_then(|word| CommandName::from_word(word));
    let command = named.unwrap_or(CommandName::Check);
    let rest = args.get(usize::from(named.is_some())..).unwrap_or(&[]);

    let mut typed = Typed::default();
    let mut parser = lexopt::Parser::from_args(rest);
    loop {
        let arg = parser.next().map_err(|error| lexical(command, error))?;
        let option = match arg {
            None => break,
            Some(Arg::Value(word)) => {
                typed.words.push(word.to_string_lossy().into_owned());
                continue;
            }
            Some(Arg::Long(name)) => options::of(command)
                .find(|option| option.long == name)
                .ok_or_else(|| UsageError::unknown_option(command, &format!("--{name}")))?,
            Some(Arg::Short(name)) => options::of(command)
                .find(|option| option.short == Some(name))
                .ok_or_else(|| UsageError::unknown_option(command, &format!("-{name}")))?,
        };
        match option.id {
            OptionId::Help => return Ok(Invocation::Help(named)),
            OptionId::Version => return Ok(Invocation::Version),
            _ => {}
        }
        let value = match option.takes {
            Takes::Nothing => String::new(),
            Takes::Value(_) | Takes::OneOf(_) => {
                let value = parser.value().map_err(|error| lexical(command, error))?;
                value.to_string_lossy().into_owned()
            }
        };
        typed.add(command, option, value)?;
    }
    typed.invocation(command)
}

/// Options and words as typed, in order.
#[derive(Default)]
struct Typed {
    options: Vec<(OptionId, String)>,
    words: Vec<String>,
}

impl Typed {
    fn add(&mut self, command: CommandName, option: &OptionSpec, value: String) -> Result<(), UsageError> {
        if let Takes::OneOf(words) = option.takes
            && !words.contains(&value.as_str())
        {
            return Err(UsageError::unknown_word(command, option.long, &value, words));
        }
        let repeats = self.options.iter().any(|(id, _)| *id == option.id);
        if repeats && option.times == Times::Once && option.takes != Takes::Nothing {
            return Err(UsageError::new(command, format!("`--{}` is given more than once", option.long)));
        }
        self.options.push((option.id, value));
        Ok(())
    }

    fn has(&self, id: OptionId) -> bool {
        self.options.iter().any(|(other, _)| *other == id)
    }

    fn all(&mut self, id: OptionId) -> Vec<String> {
        self.options
            .iter_mut()
            .filter(|(other, _)| *other == id)
            .map(|(_, value)| std::mem::take(value))
            .collect()
    }

    fn one(&mut self, id: OptionId) -> Option<String> {
        self.all(id).pop()
    }

    fn invocation(mut self, command: CommandName) -> Result<Invocation, UsageError> {
        match command {
            CommandName::Check => {
                let output = self.output(command)?;
                let fixes = self.fixes(command)?;
                let reports = reports::read(command, &self.options)?;
                let gate = self.gate();
                let node = self.node(command)?;
                reports::protect_inputs(command, &reports, &gate, &node)?;
                Ok(Invocation::Check { node, gate, reports, fixes, output })
            }
            CommandName::Effective => {
                let output = self.output(command)?;
                let format = self.one(OptionId::Format).and_then(|word| EffectiveFormat::from_word(&word));
                let shown = if self.has(OptionId::Written) { Shown::Written } else { Shown::Everything };
                let node = self.node(command)?;
                if node.files.len() > 1 {
                    return Err(UsageError::new(command, "`effective` takes one FILE")
                        .hint("`kubelet-audit check` takes several"));
                }
                if node.files.is_empty() && !node.has_layers() {
                    return Err(UsageError::new(
                        command,
                        "name a FILE, - for standard input, or another layer",
                    ));
                }
                Ok(Invocation::Effective {
                    node,
                    format: format.unwrap_or(EffectiveFormat::Table),
                    shown,
                    output,
                })
            }
            CommandName::Controls => {
                let format = self.catalogue_format();
                self.no_words(command).map(|()| Invocation::Controls(format))
            }
            CommandName::Explain => {
                let format = self.catalogue_format();
                match (self.words.pop(), self.words.is_empty()) {
                    (Some(control), true) => Ok(Invocation::Explain { control, format }),
                    (Some(_), false) => Err(UsageError::new(command, "`explain` takes one CONTROL")),
                    (None, _) => Err(UsageError::new(command, "name a CONTROL")
                        .hint("`kubelet-audit controls` lists them")),
                }
            }
            CommandName::Schema => {
                let name = SchemaName::Report;
                self.word(command, SchemaName::WORDS, SchemaName::from_word, Some(name))
                    .map(Invocation::Schema)
            }
            CommandName::Completions => {
                self.word(command, Shell::WORDS, Shell::from_word, None).map(Invocation::Completions)
            }
            CommandName::Version => self.no_words(command).map(|()| Invocation::Version),
            CommandName::Help => self.help(),
        }
    }

    fn fixes(&mut self, command: CommandName) -> Result<Option<FixArgs>, UsageError> {
        let (diff, write) = (self.has(OptionId::Diff), self.has(OptionId::Fix));
        let unsafe_fixes = self.has(OptionId::UnsafeFixes);
        let route = self.one(OptionId::FixRoute).and_then(|word| FixRoute::from_word(&word));
        let wrong = |message: &str| Err(UsageError::new(command, message));
        match (diff, write) {
            (true, true) => wrong("`--diff` and `--fix` exclude each other"),
            (true, _) if self.has(OptionId::Format) || self.has(OptionId::WithFixes) => {
                wrong("`--diff` shows a diff and no report, so it takes no `--format` and no `--with-fixes`")
            }
            (false, false) if unsafe_fixes => {
                wrong("`--unsafe-fixes` says which fixes: add `--diff` or `--fix`")
            }
            (false, false) if route.is_some() => {
                wrong("`--fix-route` says where fixes go: add `--diff` or `--fix`")
            }
            (false, false) => Ok(None),
            _ if self.has(OptionId::Live) || self.has(OptionId::AllNodes) || self.has(OptionId::Selector) => {
                wrong("a running node's answer cannot be changed: name its files to `--diff` or `--fix`")
            }
            _ => {
                let drop_in = route == Some(FixRoute::DropIn);
                Ok(Some(FixArgs { write, unsafe_fixes, drop_in }))
            }
        }
    }

    /// The one argument of a command, which is one of these words.
    fn word<W>(
        mut self,
        command: CommandName,
        words: &[&'static str],
        from_word: fn(&str) -> Option<W>,
        default: Option<W>,
    ) -> Result<W, UsageError> {
        let name = command.word();
        match (self.words.pop(), self.words.is_empty()) {
            (Some(_), false) => Err(UsageError::new(command, format!("`{name}` takes one argument"))),
            (Some(word), true) => {
                from_word(&word).ok_or_else(|| UsageError::unknown_argument(command, &word, words))
            }
            (None, _) => default
                .ok_or_else(|| UsageError::new(command, format!("`{name}` needs {}", words.join(", ")))),
        }
    }

    fn gate(&mut self) -> GateArgs {
        let fail_on = self.one(OptionId::FailOn).and_then(|word| FailOn::from_word(&word));
        GateArgs {
            fail_on: match fail_on.unwrap_or(FailOn::Info) {
                FailOn::Info => Some(Severity::Info),
                FailOn::Low => Some(Severity::Low),
                FailOn::Medium => Some(Severity::Medium),
                FailOn::High => Some(Severity::High),
                FailOn::Critical => Some(Severity::Critical),
                FailOn::Never => None,
            },
            waivers: self.one(OptionId::Waivers),
            baseline: self.one(OptionId::Baseline),
            write_baseline: self.one(OptionId::WriteBaseline),
        }
    }

    fn catalogue_format(&mut self) -> CatalogueFormat {
        let format = self.one(OptionId::Format).and_then(|word| CatalogueFormat::from_word(&word));
        format.unwrap_or(CatalogueFormat::Text)
    }

    fn help(mut self) -> Result<Invocation, UsageError> {
        let command = CommandName::Help;
        let Some(word) = (!self.words.is_empty()).then(|| self.words.remove(0)) else {
            return Ok(Invocation::Help(None));
        };
        let topic = CommandName::from_word(&word).ok_or_else(|| {
            let error = UsageError::new(command, format!("there is no command `{word}`"));
            match usage::nearest(&word, CommandName::WORDS.iter().copied()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            }
        })?;
        self.no_words(command).map(|()| Invocation::Help(Some(topic)))
    }

    fn no_words(&self, command: CommandName) -> Result<(), UsageError> {
        match self.words.first() {
            Some(word) => Err(UsageError::new(
                command,
                format!("`{}` does not take the argument `{word}`", command.word()),
            )),
            None => Ok(()),
        }
    }

    fn output(&mut self, command: CommandName) -> Result<OutputArgs, UsageError> {
        let detail = match (self.has(OptionId::Quiet), self.has(OptionId::Verbose)) {
            (true, true) => {
                return Err(UsageError::new(command, "`--quiet` and `--verbose` exclude each other"));
            }
            (true, false) => Detail::Quiet,
            (false, true) => Detail::Verbose,
            (false, false) => Detail::Normal,
        };
        let color = self.one(OptionId::Color).and_then(|word| ColorChoice::from_word(&word));
        Ok(OutputArgs { color: color.unwrap_or(ColorChoice::Auto), detail })
    }

    /// The nodes to ask, where any are.
    fn live(&mut self, command: CommandName) -> Result<Option<NodeQuery>, UsageError> {
        let names = self.all(OptionId::Live);
        let selector = self.one(OptionId::Selector);
        let all = self.has(OptionId::AllNodes);
        let only_with = [
            (OptionId::Context, "context"),
            (OptionId::Concurrency, "concurrency"),
            (OptionId::Timeout, "timeout"),
            (OptionId::Retries, "retries"),
        ];
        if names.is_empty() && selector.is_none() && !all {
            return match only_with.into_iter().find(|(id, _)| self.has(*id)) {
                Some((_, name)) => {
                    Err(UsageError::new(command, format!("`--{name}` is of use for live nodes alone"))
                        .hint("name them with `--live NODE`, `--selector LABELS` or `--all-nodes`"))
                }
                None => Ok(None),
            };
        }
        if !names.is_empty() && (all || selector.is_some()) {
            let message = "`--live` names nodes, and `--all-nodes` and `--selector` choose them: use one way";
            return Err(UsageError::new(command, message));
        }
        let mut number = |id, name, range: std::ops::RangeInclusive<u32>, default| match self.one(id) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
                let message = format!(
                    "`--{name}` takes a number from {} to {}, not `{text}`",
                    range.start(),
                    range.end()
                );
                UsageError::new(command, message)
            }),
        };
        let concurrency = number(OptionId::Concurrency, "concurrency", 1..=64, 8)?;
        let timeout = number(OptionId::Timeout, "timeout", 1..=3600, 30)?;
        let retries = number(OptionId::Retries, "retries", 0..=10, 2)?;
        let context = self.one(OptionId::Context);
        Ok(Some(NodeQuery { names, all, selector, context, concurrency, timeout, retries }))
    }

    fn node(mut self, command: CommandName) -> Result<NodeArgs, UsageError> {
        let max_bytes = self.one(OptionId::MaxBytes).map(|text| bytes(command, &text)).transpose()?;
        let node = NodeArgs {
            config_dir: self.one(OptionId::ConfigDir),
            drop_ins: self.all(OptionId::DropIn),
            args: self.one(OptionId::Args),
            args_from: self.all(OptionId::ArgsFrom),
            assume_config: self.has(OptionId::AssumeConfig),
            kubelet_version: self.one(OptionId::KubeletVersion),
            benchmark: self.one(OptionId::Benchmark),
            controls: self.one(OptionId::Control).map(|ids| {
                ids.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
            }),
            level: self.one(OptionId::Level).and_then(|level| level.parse().ok()),
            severity: self.one(OptionId::Severity).and_then(|word| from_word(&word)),
            basis: self.one(OptionId::Basis).and_then(|word| from_word(&word)).unwrap_or_default(),
            node: self.one(OptionId::Node),
            serving_certificates: self
                .one(OptionId::ServingCertificates)
                .and_then(|word| from_word(&word))
                .unwrap_or_default(),
            max_bytes,
            fixes: self.has(OptionId::WithFixes),
            live: self.live(command)?,
            files: self.words,
        };
        let reads_stdin = |path: &&String| path.as_str() == "-";
        if node.files.iter().chain(&node.args_from).filter(reads_stdin).count() > 1 {
            return Err(UsageError::new(command, "standard input (`-`) can be read only once"));
        }
        if node.drop_ins.iter().any(|path| path == "-") {
            return Err(UsageError::new(
                command,
                "`--drop-in` takes no `-`: a drop-in is known by its file name",
            ));
        }
        Ok(node)
    }
}

/// Returns the variant that a request has under this name.
fn from_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    let deserializer: StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
    T::deserialize(deserializer).ok()
}

/// `65536`, `64K`, `4M`
fn bytes(command: CommandName, text: &str) -> Result<u32, UsageError> {
    let (digits, unit) = match text.strip_suffix(['K', 'k']) {
        Some(digits) => (digits, 1024),
        None => text.strip_suffix(['M', 'm']).map_or((text, 1), |digits| (digits, 1024 * 1024)),
    };
    let number = digits.parse::<u32>().ok().filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()));
    let most = u32::try_from(Limits::MAX_BYTES).unwrap_or(u32::MAX);
    match number.map(|number| number.saturating_mul(unit)) {
        Some(bytes) if (1..=most).contains(&bytes) => Ok(bytes),
        Some(_) => Err(UsageError::new(command, format!("`--max-bytes` is from 1 to 16M, not `{text}`"))),
        None => {
            Err(UsageError::new(command, format!("`--max-bytes` takes a number such as 4M, not `{text}`")))
        }
    }
}

/// What the lexer does not take, in our words.
fn lexical(command: CommandName, error: lexopt::Error) -> UsageError {
    match error {
        lexopt::Error::MissingValue { option: Some(option) } => {
            let takes = options::of(command)
                .find(|spec| option.trim_start_matches('-') == spec.long)
                .map_or(Takes::Nothing, |spec| spec.takes);
            let wanted = match takes {
                Takes::Value(name) => name.to_owned(),
                Takes::OneOf(words) => words.join("|"),
                Takes::Nothing => "a value".to_owned(),
            };
            UsageError::new(command, format!("`{option}` needs {wanted} behind it"))
        }
        lexopt::Error::UnexpectedValue { option, .. } => {
            UsageError::new(command, format!("`{option}` takes no value"))
        }
        // Its other errors come from methods that are not called here.
        _ => UsageError::new(command, "the arguments cannot be read"),
    }
}

#[cfg(test)]
mod tests;
