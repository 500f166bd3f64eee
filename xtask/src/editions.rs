//! Benchmark editions: from `src/benchmark/editions/*.toml` to `src/benchmark/table.rs`.
//!
//! The types here are the format of an edition's file.

use std::fmt;
use std::fs;

use serde::Deserialize;

use crate::generate::GeneratedFile;
use crate::new_control::type_name;
use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

const EDITIONS: &str = "src/benchmark/editions";
const TABLE: &str = "src/benchmark/table.rs";

/// An edition of a benchmark; its file is called after its id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edition {
    id: String,
    /// Other accepted names, including those of kube-bench.
    #[serde(default)]
    aliases: Vec<String>,
    /// A variant of the library's `Platform`, in lower case.
    platform: String,
    /// The first and the last Kubernetes release that the edition covers; absent if only the platform
    /// decides.
    kubernetes: Option<[Release; 2]>,
    source: Option<Source>,
    /// The rows on kubelet settings, in the edition's order.
    #[serde(default)]
    rows: Vec<Row>,
}

/// A release of Kubernetes: `1.34`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Release {
    minor: u8,
}

/// The open source that the rows were read from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    url: String,
    /// The file, where the URL is a repository's.
    file: Option<String>,
    commit: Option<String>,
    /// The date of that commit or of the publication.
    date: Option<toml::value::Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    number: String,
    title: String,
    /// The slug of our control.
    control: String,
    /// The profile level; absent if no source states it for this edition.
    level: Option<u8>,
    assessment: Assessment,
    /// Whether the source skips the row (`type: skip` of kube-bench).
    #[serde(default)]
    skipped: bool,
    rule: Rule,
    /// Why the control is in the profile, if the profile is our own.
    reason: Option<Reason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    text: String,
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Assessment {
    Automated,
    Manual,
    Unknown,
}

/// What a row demands: a table with one test, or one of the names of [`NamedRule`].
#[derive(Deserialize)]
#[serde(try_from = "toml::Value")]
enum Rule {
    Named(NamedRule),
    Tested(Test, Absent),
    Only(Vec<String>),
}

/// A rule that has no value.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum NamedRule {
    /// The setting is set and not empty.
    Present,
    /// The setting is not set.
    Absent,
    /// A number above zero.
    Positive,
    /// The gate and `rotateCertificates` are both set to true.
    GateAndClientRotation,
    /// One of the two is.
    GateOrClientRotation,
    /// The effective verdict is yes.
    Effective,
    /// Like `Effective`, but a person decides if it is not.
    EffectiveForReview,
    /// The edition defines no test.
    Unstated,
    /// The edition says that the control does not apply.
    NotApplicable,
    /// The row is about something that is not a kubelet setting.
    NotAKubeletSetting,
}

enum Test {
    Is(Scalar),
    IsNot(String),
    AtLeast(i64),
    DurationIs(i64),
    DurationIsNotZero,
}

/// A rule's table: one member beside `absent`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    is: Option<Scalar>,
    is_not: Option<String>,
    at_least: Option<i64>,
    /// `"5m"`
    duration_is: Option<String>,
    /// `"0s"`
    duration_is_not: Option<String>,
    /// A list that contains only these values.
    only: Option<Vec<String>>,
    /// The outcome for a setting that is not set.
    absent: Option<Absent>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Bool(bool),
    Number(i64),
    Text(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Absent {
    Passes,
    Fails,
}

impl TryFrom<String> for Release {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let minor = text.strip_prefix("1.").and_then(|minor| minor.parse().ok());
        minor.map(|minor| Self { minor }).ok_or_else(|| format!("{text:?} is no release such as \"1.34\""))
    }
}

impl TryFrom<toml::Value> for Rule {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        if value.is_str() {
            return value.try_into().map(Self::Named).map_err(|error| error.message().to_owned());
        }
        let table: RuleTable =
            value.try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
        table.rule()
    }
}

impl RuleTable {
    fn rule(self) -> Result<Rule, String> {
        let Self { is, is_not, at_least, duration_is, duration_is_not, only, absent } = self;
        let tests = [
            is.map(Test::Is),
            is_not.map(Test::IsNot),
            at_least.map(Test::AtLeast),
            duration_is.map(|text| seconds(&text).map(Test::DurationIs)).transpose()?,
            duration_is_not
                .map(|text| match seconds(&text)? {
                    0 => Ok(Test::DurationIsNotZero),
                    _ => Err(format!("duration_is_not = {text:?}: only \"0s\" is known")),
                })
                .transpose()?,
        ];
        let mut tests = tests.into_iter().flatten();
        match (tests.next(), tests.next(), only, absent) {
            (Some(test), None, None, Some(absent)) => Ok(Rule::Tested(test, absent)),
            (Some(_), None, None, None) => Err(
                "a rule with a test says what happens to an absent setting: absent = \"passes\" or \"fails\""
                    .into(),
            ),
            (None, None, Some(only), None) => Ok(Rule::Only(only)),
            _ => Err("a rule has exactly one test".into()),
        }
    }
}

/// The length of `5m`, `0s` or `1h`.
fn seconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is no duration such as \"5m\"");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: i64 = text.trim_end_matches(unit).parse().map_err(|_| wrong())?;
    let scale = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return Err(wrong()),
    };
    Ok(number * scale)
}

/// The table of all editions.
pub(crate) fn generate(workspace: &Workspace) -> Outcome<Vec<GeneratedFile>> {
    let directory = workspace.root.join(EDITIONS);
    let mut editions = Vec::new();
    for entry in fs::read_dir(&directory).map_err(Failure::io("read", &directory))? {
        let path = entry.map_err(Failure::io("read", &directory))?.path();
        let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let failure = |why: String| Failure::new(format!("{}: {why}", path.display()));
        let edition = read(&stem, &text).map_err(failure)?;
        for Row { number, control, .. } in &edition.rows {
            let file = format!("src/controls/rules/{}.rs", control.replace('-', "_"));
            if !workspace.root.join(file).is_file() {
                return Err(failure(format!("row {number}: there is no control {control:?}")));
            }
        }
        editions.push(edition);
    }
    editions.sort_by(|a, b| sort_key(&a.id).cmp(&sort_key(&b.id)));
    Ok(vec![GeneratedFile { path: TABLE.into(), text: Table(&editions).to_string() }])
}

fn read(stem: &str, text: &str) -> Result<Edition, String> {
    let edition: Edition = toml::from_str(text).map_err(|error| error.to_string())?;
    if edition.id != stem {
        return Err(format!("the file of edition {:?} is called {}.toml", edition.id, edition.id));
    }
    Ok(edition)
}

/// Orders editions by name, and their versions by number; the strict profile comes last.
fn sort_key(id: &str) -> (bool, &str, Vec<u32>) {
    let (name, version) = id.rsplit_once('-').unwrap_or((id, ""));
    let numbers = version.trim_start_matches('v').split(['.', 'r']).filter_map(|n| n.parse().ok()).collect();
    (id == "strict", name, numbers)
}

/// The editions as Rust.
struct Table<'a>(&'a [Edition]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "//! Every edition. Generated by `cargo x gen` from `editions/*.toml`; do not edit.\n\n\
             use super::edition::{Absent, Edition, Platform, Reason, Row, Rule, Source};\n\
             use crate::report::Assessment::{Automated, Manual, Unknown};\n\n\
             pub(super) static EDITIONS: &[&Edition] = &[\n",
        )?;
        for edition in self.0 {
            writeln!(f, "    &{},", constant_name(&edition.id))?;
        }
        f.write_str("];\n")?;
        self.0.iter().try_for_each(|edition| edition.fmt(f))
    }
}

fn constant_name(id: &str) -> String {
    id.to_uppercase().replace(['-', '.'], "_")
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, aliases, platform, kubernetes, source, rows } = self;
        writeln!(f, "\npub(super) static {}: Edition = Edition {{", constant_name(id))?;
        writeln!(f, "    id: {id:?},")?;
        writeln!(f, "    aliases: &{aliases:?},")?;
        writeln!(f, "    platform: Platform::{},", type_name(platform))?;
        match kubernetes {
            Some([first, last]) => writeln!(f, "    minors: Some(({}, {})),", first.minor, last.minor)?,
            None => f.write_str("    minors: None,\n")?,
        }
        match source {
            Some(Source { url, file, commit, date }) => {
                let date = date.map(|date| date.to_string());
                writeln!(
                    f,
                    "    source: Some(Source {{ url: {url:?}, file: {file:?}, commit: {commit:?}, date: {date:?} }}),"
                )?;
            }
            None => f.write_str("    source: None,\n")?,
        }
        list(f, "rows", rows)?;
        let reasons = rows.iter().filter_map(|row| {
            let Reason { text, source } = row.reason.as_ref()?;
            let control = &row.control;
            Some(format!("Reason {{ control: {control:?}, reason: {text:?}, source: {source:?} }}"))
        });
        list(f, "reasons", reasons)?;
        f.write_str("};\n")
    }
}

/// A member that is a list, one item a line.
fn list(f: &mut fmt::Formatter<'_>, name: &str, items: impl IntoIterator<Item: fmt::Display>) -> fmt::Result {
    let mut items = items.into_iter().peekable();
    if items.peek().is_none() {
        return writeln!(f, "    {name}: &[],");
    }
    writeln!(f, "    {name}: &[")?;
    items.try_for_each(|item| writeln!(f, "        {item},"))?;
    f.write_str("    ],\n")
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, title, control, level, assessment, skipped, rule, .. } = self;
        write!(
            f,
            "Row {{ number: {number:?}, title: {title:?}, control: {control:?}, level: {level:?}, \
             assessment: {assessment:?}, is_skipped: {skipped}, rule: Rule::{rule} }}"
        )
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(rule) => f.write_str(match rule {
                NamedRule::Present => "Present",
                NamedRule::Absent => "Absent",
                NamedRule::Positive => "Positive",
                NamedRule::GateAndClientRotation => "GateAndClientRotation",
                NamedRule::GateOrClientRotation => "GateOrClientRotation",
                NamedRule::Effective => "Effective",
                NamedRule::EffectiveForReview => "EffectiveForReview",
                NamedRule::Unstated => "Unstated",
                NamedRule::NotApplicable => "NotApplicable",
                NamedRule::NotAKubeletSetting => "NotKubeletSetting",
            }),
            Self::Only(values) => write!(f, "Only {{ values: &{values:?} }}"),
            Self::Tested(test, absent) => {
                match test {
                    Test::Is(Scalar::Bool(value)) => write!(f, "Is {{ value: {value}"),
                    Test::Is(Scalar::Number(number)) => write!(f, "Number {{ is: {number}"),
                    Test::Is(Scalar::Text(text)) => write!(f, "Text {{ is: {text:?}"),
                    Test::IsNot(text) => write!(f, "NotText {{ text: {text:?}"),
                    Test::AtLeast(number) => write!(f, "AtLeast {{ number: {number}"),
                    Test::DurationIs(seconds) => write!(f, "DurationIs {{ seconds: {seconds}"),
                    Test::DurationIsNotZero => {
                        return write!(f, "DurationIsNotZero {{ absent: Absent::{absent:?} }}");
                    }
                }?;
                write!(f, ", absent: Absent::{absent:?} }}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, read, sort_key};

    const EDITION: &str = r#"
        id = "cis-aks-1.7"
        platform = "aks"

        [[rows]]
        number = "3.2.1"
        title = "Ensure that the --anonymous-auth argument is set to false"
        control = "anonymous-auth"
        level = 1
        assessment = "automated"
        rule = { is = false, absent = "fails" }
    "#;

    #[test]
    fn a_row_becomes_plain_rust() {
        let edition = read("cis-aks-1.7", EDITION).unwrap();
        let table = Table(&[edition]).to_string();
        assert!(table.contains("&CIS_AKS_1_7,\n"), "{table}");
        let row = r#"Row { number: "3.2.1", title: "Ensure that the --anonymous-auth argument is set to false", control: "anonymous-auth", level: Some(1), assessment: Automated, is_skipped: false, rule: Rule::Is { value: false, absent: Absent::Fails } },"#;
        assert!(table.contains(row), "{table}");
    }

    #[test]
    fn mistakes_are_refused_with_their_reason() {
        let rule = "{ is = false, absent = \"fails\" }";
        for (from, to, expected) in [
            ("level = 1", "levle = 1", "unknown field `levle`"),
            ("\"aks\"", "\"aks\"\nkubernetes = [\"1.30\", \"2.0\"]", "\"2.0\" is no release"),
            (rule, "\"presnt\"", "unknown variant `presnt`"),
            (rule, "{ is = false }", "what happens to an absent setting"),
            (rule, "{ is = false, is_not = \"x\", absent = \"fails\" }", "exactly one test"),
            (rule, "{ is = false, abset = \"fails\" }", "unknown field `abset`"),
            (rule, "{ duration_is = \"5\", absent = \"fails\" }", "is no duration"),
            (rule, "{ duration_is_not = \"5m\", absent = \"fails\" }", "only \"0s\""),
        ] {
            assert!(EDITION.contains(from), "{from}");
            let error = read("cis-aks-1.7", &EDITION.replace(from, to))
                .err()
                .unwrap_or_else(|| panic!("{to} is accepted"));
            assert!(error.contains(expected), "{to}: {error}");
        }
        assert!(read("cis-aks-1.8", EDITION).err().unwrap().contains("is called cis-aks-1.7.toml"));
    }

    #[test]
    fn editions_are_ordered_by_version_and_ours_is_last() {
        let mut ids = ["strict", "cis-rke-1.7", "cis-aks-1.10", "eks-stig-v1r6", "cis-aks-1.8"];
        ids.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        assert_eq!(ids, ["cis-aks-1.8", "cis-aks-1.10", "cis-rke-1.7", "eks-stig-v1r6", "strict"]);
    }
}
