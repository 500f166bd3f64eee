//! The vectors that `cargo x oracle vectors` writes (docs/oracle.md): a line each, whole configurations.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;

use kubelet_audit::kubelet::Version;
use kubelet_audit::resolve::resolve;
use serde_json::{Map, Value};

use crate::{Disagreement, Gate, Tally, is_same, known_gates, line, shown, with_layers};

/// The names of the gates, for those that our reading has off their default.
const GATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../oracle/tables/gates.json");

/// Stages at which the configuration was read whole.
const READ: [&str; 6] = ["logging", "validation", "tls", "authorization", "start-up", "listen"];

/// The whole configuration with nothing set, by minor.
type Bases = BTreeMap<String, Map<String, Value>>;

/// Runs the vectors of a file, one in so many.
pub(crate) fn run(file: &Path, one_in: usize, tally: &mut Tally) -> Result<(), String> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let gates: Map<String, Value> = parse(&read(Path::new(GATES))?)?;
    let names: Vec<String> = gates.keys().cloned().collect();
    let gates = Version::newest_first().map(|version| (version, known_gates(&names, version))).collect();
    let text = read(file)?;
    let mut lines = text.lines();
    let header: Value = parse(lines.next().unwrap_or_default())?;
    let bases = |name: &str| by_minor(header.get("bases").and_then(|bases| bases.get(name)));
    let reader = Reader { gates, of_file: bases("file"), of_flags: bases("flags") };
    let lines: Vec<&str> = lines.step_by(one_in).collect();
    // A part of the vectors for each core.
    let part = lines.len().div_ceil(thread::available_parallelism().map_or(1, Into::into)).max(1);
    let tallies: Vec<Result<Tally, String>> = thread::scope(|scope| {
        let parts: Vec<_> = lines.chunks(part).map(|lines| scope.spawn(|| reader.tally(lines))).collect();
        let joined = parts.into_iter().map(|part| part.join().unwrap_or(Err("a thread ended".into())));
        joined.collect()
    });
    for found in tallies {
        let found = found?;
        tally.total += found.total;
        tally.agree += found.agree;
        tally.disagreements.extend(found.disagreements);
    }
    Ok(())
}

/// What every vector of a file is read with.
struct Reader {
    gates: Vec<(Version, Vec<Gate>)>,
    of_file: Bases,
    of_flags: Bases,
}

impl Reader {
    fn gates_of(&self, version: Version) -> &[Gate] {
        self.gates.iter().find(|(at, _)| *at == version).map_or(&[], |(_, gates)| gates.as_slice())
    }

    fn tally(&self, lines: &[&str]) -> Result<Tally, String> {
        let mut tally = Tally::default();
        for line in lines {
            let Some(vector) = line::named(&parse(line)?) else { continue };
            let is_full = vector.get("full") == Some(&Value::Bool(true));
            let has_file = vector.get("config").is_some_and(|config| !config.is_null());
            let bases = if has_file && !is_full { &self.of_file } else { &self.of_flags };
            let expect = by_minor(vector.get("expect"));
            let versions: Vec<_> = expect
                .iter()
                .filter_map(|(minor, expected)| Some((Version::parse(minor)?, minor, expected)))
                .collect();
            // The layers are read once for all versions to which the same arguments are given.
            let mut answers: Vec<Value> = Vec::new();
            for group in versions.chunk_by(|(a, ..), (b, ..)| a.at_least(27) == b.at_least(27)) {
                let Some((first, ..)) = group.first() else { continue };
                answers.extend(with_layers(&vector, *first, |layers| {
                    let each = group.iter();
                    each.map(|(version, ..)| {
                        shown(&vector, &resolve(layers, *version), *version, self.gates_of(*version))
                    })
                    .collect::<Vec<_>>()
                })?);
            }
            for ((_, minor, expected), got) in versions.iter().zip(&answers) {
                let before = tally.disagreements.len();
                let base = bases.get(*minor).cloned().unwrap_or_default();
                compare(&vector, minor, expected, base, got, &mut tally.disagreements);
                tally.total += 1;
                tally.agree += usize::from(tally.disagreements.len() == before);
            }
        }
        Ok(tally)
    }
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Unfolds runs of minors: `1.25-1.27,1.29` are four.
fn by_minor(folded: Option<&Value>) -> Bases {
    let mut out = Bases::new();
    for (minors, value) in folded.and_then(Value::as_object).into_iter().flatten() {
        for run in minors.split(',') {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let number = |name: &str| name.strip_prefix("1.").and_then(|minor| minor.parse::<u8>().ok());
            let (Some(first), Some(last)) = (number(first), number(last)) else { continue };
            for minor in first..=last {
                out.insert(format!("1.{minor}"), value.as_object().cloned().unwrap_or_default());
            }
        }
    }
    out
}

fn compare(
    vector: &Value,
    minor: &str,
    expected: &Map<String, Value>,
    base: Map<String, Value>,
    got: &Value,
    out: &mut Vec<Disagreement>,
) {
    let id = vector.get("id").and_then(Value::as_str).unwrap_or("?");
    let mut compare = |field: &str, expected: Option<&Value>, got: Option<&Value>| {
        let (expected, got) = (expected.unwrap_or(&Value::Null), got.unwrap_or(&Value::Null));
        if !is_same(expected, got) {
            out.push(Disagreement {
                id: id.into(),
                version: minor.into(),
                field: field.into(),
                expected: expected.clone(),
                got: got.clone(),
            });
        }
    };
    if expected.contains_key("died") || expected.contains_key("exit") && !expected.contains_key("stage") {
        // Where the process ended, the stage is not known; it did not start.
        return compare("starts", Some(&false.into()), got.get("starts"));
    }
    for name in ["stage", "panics", "lenient"] {
        compare(name, expected.get(name), got.get(name));
    }
    let stage = expected.get("stage").and_then(Value::as_str);
    let is_read = stage.is_none_or(|stage| READ.contains(&stage));
    let ends = ["panics", "exit", "died"].iter().any(|name| expected.contains_key(*name));
    if !is_read || ends {
        return;
    }
    let none = Value::Object(Map::new());
    compare("gates", Some(expected.get("gates").unwrap_or(&none)), Some(got.get("gates").unwrap_or(&none)));
    let mut fields = base;
    for (path, value) in expected.get("config").and_then(Value::as_object).into_iter().flatten() {
        fields.insert(path.clone(), value.clone());
    }
    if expected.get("flags").and_then(|flags| flags.get("seccomp-default")) == Some(&"true".into()) {
        // Either the flag or the field turns it on (cmd/kubelet/app/server.go); /configz shows the field.
        fields.insert("seccompDefault".into(), true.into());
    }
    let ours = got.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
    fields.retain(|_, value| !value.is_null());
    let paths: BTreeMap<&String, ()> = fields.keys().chain(ours.keys()).map(|path| (path, ())).collect();
    for path in paths.keys() {
        compare(path, fields.get(*path), ours.get(*path).filter(|value| !value.is_null()));
    }
}

#[cfg(test)]
mod tests {
    use super::by_minor;
    use serde_json::json;

    #[test]
    fn runs_of_minors_are_unfolded() {
        let folded = json!({"1.25-1.27,1.29": {"stage": "tls"}, "1.30": {}});
        let minors: Vec<_> = by_minor(Some(&folded)).into_keys().collect();
        assert_eq!(minors, ["1.25", "1.26", "1.27", "1.29", "1.30"]);
    }
}
