//! The one table of commands and options: parsing, help and suggestions are all made from it.

use kubelet_audit::render::ReportForm;

/// Declares an enum of words that an option or a command line takes, with their list.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every word, in the order of the help.
            pub(crate) const WORDS: &'static [&'static str] = &[$($word),+];

            /// The one that `word` names.
            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// A command.
    CommandName {
        /// Audits.
        Check = "check",
        /// Shows the resolved configuration.
        Effective = "effective",
        /// Lists the controls.
        Controls = "controls",
        /// Tells all about one control.
        Explain = "explain",
        /// Prints a JSON Schema.
        Schema = "schema",
        /// Prints a shell's completions.
        Completions = "completions",
        /// Prints the version.
        Version = "version",
        /// Prints help.
        Help = "help",
    }
}

words! {
    /// From which severity on a finding makes the command fail.
    FailOn {
        /// Any.
        Info = "info",
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
        /// Critical.
        Critical = "critical",
        /// None does.
        Never = "never",
    }
}

words! {
    /// What `schema` tells of.
    SchemaName {
        /// The report.
        Report = "report",
        /// The request.
        Request = "request",
        /// The file of `--waivers`.
        Waivers = "waivers",
        /// The file that `--write-baseline` writes.
        Baseline = "baseline",
    }
}

words! {
    /// A shell that completes command lines.
    Shell {
        /// GNU bash.
        Bash = "bash",
        /// zsh.
        Zsh = "zsh",
        /// fish.
        Fish = "fish",
    }
}

words! {
    /// Output of `effective`.
    EffectiveFormat {
        /// For people.
        Table = "table",
        /// On one line.
        Json = "json",
        /// Indented.
        JsonPretty = "json-pretty",
    }
}

words! {
    /// Output of `controls` and `explain`.
    CatalogueFormat {
        /// For people.
        Text = "text",
        /// For programs.
        Json = "json",
        /// For documentation.
        Markdown = "markdown",
    }
}

words! {
    /// Where fixes go.
    FixRoute {
        /// Where the settings are kept: the config file, or whatever overrides it.
        ConfigFile = "config-file",
        /// A drop-in of our own.
        DropIn = "drop-in",
    }
}

words! {
    /// When to use colours.
    ColorChoice {
        /// Where standard output is a terminal and the environment does not object.
        Auto = "auto",
        /// Always.
        Always = "always",
        /// Never.
        Never = "never",
    }
}

impl CommandName {
    /// The word for it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Effective => "effective",
            Self::Controls => "controls",
            Self::Explain => "explain",
            Self::Schema => "schema",
            Self::Completions => "completions",
            Self::Version => "version",
            Self::Help => "help",
        }
    }

    /// What it does, in one line of the help.
    pub(crate) const fn summary(self) -> &'static str {
        match self {
            Self::Check => {
                "Audit nodes: files, directories, dumps of a fleet, live nodes; the default command"
            }
            Self::Effective => {
                "Show the configuration a kubelet would run with, and where each value comes from"
            }
            Self::Controls => "List the controls",
            Self::Explain => "Tell all about one control: what it checks, why, the remedy, the editions",
            Self::Schema => "Print the JSON Schema of the report, the request, a waivers file or a baseline",
            Self::Completions => "Print the completions for a shell",
            Self::Version => "Print the version",
            Self::Help => "Print help on a command",
        }
    }

    /// What comes behind it on the command line.
    pub(crate) const fn arguments(self) -> &'static str {
        match self {
            Self::Check => "[OPTIONS] [FILE|DIR|-]...",
            Self::Effective => "[OPTIONS] [FILE|-]",
            Self::Controls => "[OPTIONS]",
            Self::Explain => "[OPTIONS] CONTROL",
            Self::Schema => "[report|request|waivers|baseline]",
            Self::Completions => "bash|zsh|fish",
            Self::Version => "",
            Self::Help => "[COMMAND]",
        }
    }

    /// Every command, in the order of the help.
    pub(crate) const ALL: [Self; 8] = [
        Self::Check,
        Self::Effective,
        Self::Controls,
        Self::Explain,
        Self::Schema,
        Self::Completions,
        Self::Version,
        Self::Help,
    ];
}

/// Which option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OptionId {
    ConfigDir,
    DropIn,
    Args,
    ArgsFrom,
    AssumeConfig,
    KubeletVersion,
    Benchmark,
    Control,
    Level,
    Severity,
    Basis,
    Node,
    ServingCertificates,
    MaxBytes,
    Diff,
    Fix,
    UnsafeFixes,
    FixRoute,
    WithFixes,
    FailOn,
    Waivers,
    Baseline,
    WriteBaseline,
    Live,
    AllNodes,
    Selector,
    Context,
    Concurrency,
    Timeout,
    Retries,
    Format,
    Output,
    IncludePassed,
    Written,
    Color,
    Verbose,
    Quiet,
    Help,
    Version,
}

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing.
    Nothing,
    /// A value, by the name it has in the help.
    Value(&'static str),
    /// One of these words; the first is the default.
    OneOf(&'static [&'static str]),
}

/// How often an option may stand on a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    /// Once: of two values one would be ignored in silence.
    Once,
    /// As often as wanted.
    Many,
}

/// Heading of an option in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// What is read.
    Layers,
    /// What is known of the node and asked about it.
    Question,
    /// What is done about it.
    Fixes,
    /// What is made of the answer.
    Gate,
    /// Which nodes of a cluster are asked.
    Live,
    /// How the answer is shown.
    Output,
}

impl Group {
    /// Every group with its heading, in the order of the help.
    pub(crate) const ALL: [(Self, &'static str); 6] = [
        (Self::Layers, "Layers of the configuration; with several FILEs they belong to each of them"),
        (Self::Question, "Facts and question"),
        (Self::Fixes, "Fixes"),
        (Self::Gate, "What fails"),
        (Self::Live, "Live nodes, through your own kubectl"),
        (Self::Output, "Output"),
    ];
}

/// One row of the table.
#[derive(Debug)]
pub(crate) struct OptionSpec {
    pub(crate) id: OptionId,
    pub(crate) long: &'static str,
    pub(crate) short: Option<char>,
    pub(crate) takes: Takes,
    pub(crate) times: Times,
    pub(crate) group: Group,
    pub(crate) commands: &'static [CommandName],
    pub(crate) help: &'static str,
}

use CommandName::{Check, Completions, Controls, Effective, Explain, Help, Schema, Version};

const AUDITS: &[CommandName] = &[Check, Effective];
const CATALOGUE: &[CommandName] = &[Controls, Explain];
const ALL: &[CommandName] = &[Check, Effective, Controls, Explain, Schema, Completions, Version, Help];

/// A row that stands once, has no short form, and belongs to the commands that read a node.
const fn option(
    id: OptionId,
    long: &'static str,
    takes: Takes,
    group: Group,
    help: &'static str,
) -> OptionSpec {
    OptionSpec { id, long, short: None, takes, times: Times::Once, group, commands: AUDITS, help }
}

/// The table, in the order of the help.
#[rustfmt::skip]
pub(crate) const OPTIONS: &[OptionSpec] = &[
    option(OptionId::ConfigDir, "config-dir", Takes::Value("DIR"), Group::Layers,
        "Drop-ins: every .conf file below DIR, as the kubelet's own --config-dir"),
    OptionSpec { times: Times::Many,
        ..option(OptionId::DropIn, "drop-in", Takes::Value("FILE"), Group::Layers,
        "One drop-in, known by its file name (repeatable)") },
    option(OptionId::Args, "args", Takes::Value("TEXT"), Group::Layers,
        "The kubelet's command line, or a line of `ps -ef`"),
    OptionSpec { times: Times::Many,
        ..option(OptionId::ArgsFrom, "args-from", Takes::Value("FILE|-"), Group::Layers,
        "A file that holds it: a process listing, systemd unit, unit drop-in or environment file \
         (repeatable: what belongs together)") },
    option(OptionId::AssumeConfig, "assume-config", Takes::Nothing, Group::Layers,
        "Read FILE and the drop-ins although the kubelet's whole command line does not name them"),
    option(OptionId::KubeletVersion, "kubelet-version", Takes::Value("VERSION"), Group::Question,
        "Kubernetes version, such as 1.31; where not given, the newest at which the input starts"),
    OptionSpec { commands: &[Check],
        ..option(OptionId::Benchmark, "benchmark", Takes::Value("ID"), Group::Question,
        "Benchmark edition, such as cis-aks-1.7, or kube-bench's name of it; auto chooses by the input, \
         strict is our own profile") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Control, "control", Takes::Value("IDS"), Group::Question,
        "Only these controls, separated by commas; `kubelet-audit controls` lists them") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Level, "level", Takes::OneOf(&["1", "2"]), Group::Question,
        "Highest profile level; controls whose level is unknown are kept") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Severity, "severity", Takes::OneOf(&["info", "low", "medium", "high", "critical"]),
        Group::Question, "Lowest severity") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Basis, "basis", Takes::OneOf(&["benchmark", "effective", "both"]), Group::Question,
        "What a finding's status is taken from: the benchmark's verdict, what the kubelet would do, \
         or the worse of the two") },
    option(OptionId::Node, "node", Takes::Value("NAME"), Group::Question, "Name of the node"),
    option(OptionId::ServingCertificates, "serving-certificates",
        Takes::OneOf(&["auto", "api-server", "external"]), Group::Question,
        "Where the serving certificates come from"),
    option(OptionId::MaxBytes, "max-bytes", Takes::Value("N"), Group::Question,
        "Largest document, in bytes or with K or M; 1M where not given, 16M at most"),
    OptionSpec { times: Times::Many, commands: &[Check],
        ..option(OptionId::Live, "live", Takes::Value("NODE"), Group::Live,
        "Ask this node for its running configuration (repeatable)") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::AllNodes, "all-nodes", Takes::Nothing, Group::Live, "Ask every node of the cluster") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Selector, "selector", Takes::Value("LABELS"), Group::Live,
        "Ask the nodes that this label selector chooses, such as pool=web") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Context, "context", Takes::Value("NAME"), Group::Live,
        "Context of the kubeconfig, where it is not the current one") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Concurrency, "concurrency", Takes::Value("N"), Group::Live,
        "Nodes asked at a time, from 1 to 64; 8 where not given") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Timeout, "timeout", Takes::Value("SECONDS"), Group::Live,
        "Time that a node has to answer; 30 where not given") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Retries, "retries", Takes::Value("N"), Group::Live,
        "How often a node that fails is asked again, from 0 to 10; 2 where not given") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::FailOn, "fail-on", Takes::OneOf(FailOn::WORDS), Group::Gate,
        "Lowest severity of a finding that makes the exit code 1") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Waivers, "waivers", Takes::Value("FILE"), Group::Gate,
        "Findings that are accepted for a time, with a reason (`kubelet-audit schema waivers`)") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Baseline, "baseline", Takes::Value("FILE"), Group::Gate,
        "An earlier JSON report or written baseline: only what is not in it fails") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::WriteBaseline, "write-baseline", Takes::Value("FILE"), Group::Gate,
        "Write what fails now to FILE, for --baseline") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Diff, "diff", Takes::Nothing, Group::Fixes,
        "Show what would be changed, as a unified diff, instead of a report") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::Fix, "fix", Takes::Nothing, Group::Fixes,
        "Change the files: findings that can be mended safely, each proved by an audit of the result") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::UnsafeFixes, "unsafe-fixes", Takes::Nothing, Group::Fixes,
        "With --diff or --fix: also what can stop the kubelet or cut something off") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::FixRoute, "fix-route", Takes::OneOf(FixRoute::WORDS), Group::Fixes,
        "With --diff or --fix: where settings go that no flag decides") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::WithFixes, "with-fixes", Takes::Nothing, Group::Fixes,
        "Put the fixes of every finding into the report, as edits (json)") },
    OptionSpec { commands: &[Check], times: Times::Many,
        ..option(OptionId::Format, "format", Takes::OneOf(ReportForm::NAMES), Group::Output,
        "Form of the report (repeatable, each but one with an --output)") },
    OptionSpec { commands: &[Check], times: Times::Many,
        ..option(OptionId::Output, "output", Takes::Value("PATH"), Group::Output,
        "Where the --format before it goes; standard output where not given") },
    OptionSpec { commands: &[Check],
        ..option(OptionId::IncludePassed, "include-passed", Takes::Nothing, Group::Output,
        "In SARIF: every answer, not only what fails") },
    OptionSpec { commands: &[Effective],
        ..option(OptionId::Format, "format", Takes::OneOf(EffectiveFormat::WORDS), Group::Output,
        "Form of the answer") },
    OptionSpec { commands: CATALOGUE,
        ..option(OptionId::Format, "format", Takes::OneOf(CatalogueFormat::WORDS), Group::Output,
        "Form of the answer") },
    OptionSpec { commands: &[Effective],
        ..option(OptionId::Written, "written", Takes::Nothing, Group::Output, "Only values that somebody wrote") },
    option(OptionId::Color, "color", Takes::OneOf(ColorChoice::WORDS), Group::Output,
        "Colours; auto looks at the terminal, NO_COLOR and FORCE_COLOR"),
    OptionSpec { short: Some('v'),
        ..option(OptionId::Verbose, "verbose", Takes::Nothing, Group::Output,
        "Say more: passes in full, notes, the commands of the remedy") },
    OptionSpec { short: Some('q'),
        ..option(OptionId::Quiet, "quiet", Takes::Nothing, Group::Output, "One line for what is wrong, nothing else") },
    OptionSpec { short: Some('h'), commands: ALL,
        ..option(OptionId::Help, "help", Takes::Nothing, Group::Output, "Print help") },
    OptionSpec { short: Some('V'), commands: ALL,
        ..option(OptionId::Version, "version", Takes::Nothing, Group::Output, "Print the version") },
];

/// The options of a command.
pub(crate) fn of(command: CommandName) -> impl Iterator<Item = &'static OptionSpec> {
    OPTIONS.iter().filter(move |option| option.commands.contains(&command))
}

#[cfg(test)]
mod tests {
    use super::{CommandName, of};

    #[test]
    fn no_command_has_two_options_of_one_name() {
        for command in CommandName::ALL {
            assert_eq!(CommandName::from_word(command.word()), Some(command));
            for option in of(command) {
                assert_eq!(of(command).filter(|other| other.long == option.long).count(), 1);
                let short = |other: &&super::OptionSpec| other.short.is_some() && other.short == option.short;
                assert!(of(command).filter(short).count() <= 1);
                assert!(!option.help.ends_with('.'));
            }
        }
    }
}
