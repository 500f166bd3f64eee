//! `cargo x oracle fuzz MINUTES`: our reading of random inputs against the oracles'.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::answers::{ask, ask_once, leaves};
use super::inputs::Input;
use super::minors::Minor;
use super::stack::{Good, Random, Stack};
use super::values::{Setting, Values};
use super::{build, built};
use crate::step::{Failure, Outcome};
use crate::workspace::{Workspace, text};

/// Inputs asked about at a time.
const ROUND: usize = 1000;
/// Kinds of difference of which one is made small and shown.
const SHOWN: usize = 40;
/// The share of inputs that start, in percent, within which a round teaches the most: nearly all of what
/// is compared needs a start, and every stage needs a stop.
const SHARE: std::ops::RangeInclusive<usize> = 40..=60;
/// How many settings one is taken from that may stop the kubelet: at first, and at most.
const BUT_ONE_IN: (usize, usize) = (8, 256);

/// What a line of a difference is about: the field, and the whole line where it is about the stage.
fn kind(line: &str) -> &str {
    match line.split_once(':') {
        Some(("stage", _)) | None => line,
        Some((name, _)) => name,
    }
}

/// Two programs that answer the same inputs.
struct Pair<'a> {
    ours: &'a Path,
    oracle: PathBuf,
    minor: String,
    /// The table of gates, for their names.
    gates: String,
    values: &'a Values,
}

impl Pair<'_> {
    /// Asks both, and gives what differs for each input, and how many start.
    fn differ(&self, inputs: &[Input]) -> Outcome<(Vec<Vec<String>>, usize)> {
        let oracle = ask(&self.oracle, &[], inputs)?;
        let ours = ask(self.ours, &[&self.minor, &self.gates], inputs)?;
        let starts = oracle.iter().filter(|answer| does_start(answer)).count();
        let found = oracle.iter().zip(&ours).map(|(oracle, ours)| self.differences(oracle, ours));
        Ok((found.collect(), starts))
    }

    fn differences(&self, oracle: &Value, ours: &Value) -> Vec<String> {
        let mut out = Vec::new();
        let mut compare = |name: &str, oracle: Option<&Value>, ours: Option<&Value>| {
            let unset = Value::Null;
            let (oracle, ours) = (oracle.unwrap_or(&unset), ours.unwrap_or(&unset));
            let is_same = oracle == ours || oracle.is_number() && oracle.as_f64() == ours.as_f64();
            if !is_same {
                out.push(format!("{name}: the oracle has {oracle}, we {ours}"));
            }
        };
        // What ends by itself, as for --help, is no start and no stop; what names other files than the input
        // has is not read by us.
        if oracle.get("exit").is_some() || ours.get("skipped").is_some() {
            return out;
        }
        if oracle.get("died").is_some() {
            // Where the process ended, the stage is not known; it did not start.
            compare("starts", Some(&false.into()), ours.get("starts"));
            return out;
        }
        for name in ["stage", "panics", "lenient"] {
            compare(name, oracle.get(name), ours.get(name));
        }
        let is_leaf = |path: &str| self.values.fields.contains_key(path);
        let all = |answer: &Value| answer.get("config").map(|config| leaves(config, &is_leaf));
        // Where it stops before its configuration was read whole, there is nothing more to compare.
        if let (Some(mut oracle_all), Some(mut ours_all)) = (all(oracle), all(ours)) {
            if oracle.pointer("/flags/seccomp-default") == Some(&"true".into()) {
                // Either the flag or the field turns it on; /configz shows the field.
                oracle_all.insert("seccompDefault".into(), true.into());
            }
            let none = Value::Object(Map::new());
            let gates = |answer: &Value| answer.get("gates").unwrap_or(&none).clone();
            compare("gates", Some(&gates(oracle)), Some(&gates(ours)));
            ours_all.retain(|_, value| !value.is_null());
            let paths: BTreeMap<_, _> = oracle_all.iter().chain(&ours_all).collect();
            for path in paths.keys() {
                compare(path, oracle_all.get(*path), ours_all.get(*path));
            }
        }
        out
    }

    /// Makes a stack smaller as long as it still differs in this kind.
    fn shrink(&self, mut stack: Stack, wanted: &str) -> Outcome<(Stack, Vec<String>)> {
        let is_wanted = |found: &[String]| found.iter().any(|line| kind(line) == wanted);
        loop {
            let smaller = stack.smaller();
            let inputs: Vec<_> = smaller.iter().map(Stack::to_input).collect();
            let (found, _) = self.differ(&inputs)?;
            match smaller.into_iter().zip(found).find(|(_, found)| is_wanted(found)) {
                Some((next, _)) => stack = next,
                None => {
                    let (found, _) = self.differ(&[stack.to_input()])?;
                    return Ok((stack, found.into_iter().next().unwrap_or_default()));
                }
            }
        }
    }
}

fn does_start(answer: &Value) -> bool {
    answer.get("starts") == Some(&true.into())
}

/// Compares for so many minutes at each of these minors, or at all whose oracle is there.
pub(crate) fn run(workspace: &Workspace, minutes: u64, names: &[&str]) -> Outcome {
    let build = ["build", "--quiet", "--package", "vectors", "--bin", "ours"];
    workspace.cargo("our reading").args(build).run()?;
    let ours = workspace.native("ours");
    let values = Values::read(workspace)?;
    let minors = built(workspace)?;
    let is_asked = |minor: &&Minor| names.is_empty() || names.contains(&minor.name().as_str());
    let asked: Vec<_> = minors.iter().filter(is_asked).collect();
    if asked.len() < names.len() {
        return Err(Failure::new("the oracle of a minor was not built").fix("cargo x oracle build MINOR"));
    }
    let mut differing = 0;
    for minor in asked {
        differing += one(workspace, minor, &values, &ours, Duration::from_secs(minutes * 60))?;
    }
    match differing {
        0 => Ok(()),
        _ => Err(Failure::new(format!("{differing} inputs are read otherwise"))),
    }
}

fn one(workspace: &Workspace, minor: &Minor, values: &Values, ours: &Path, time: Duration) -> Outcome<usize> {
    let gates = text(&workspace.root.join("oracle/tables/gates.json"))?.to_owned();
    let pair = Pair { ours, oracle: build::program(workspace, minor), minor: minor.name(), gates, values };
    let mut good = good(&pair.oracle, values)?;
    let start = Instant::now();
    let mut random = Random::new(u64::from(minor.minor));
    let (mut total, mut starting, mut differing) = (0, 0, 0);
    let mut asking = Duration::ZERO;
    let mut kinds: BTreeMap<String, (usize, Stack)> = BTreeMap::new();
    while start.elapsed() < time {
        let stacks: Vec<_> = (0..ROUND).map(|_| Stack::random(values, &good, &mut random)).collect();
        let inputs: Vec<_> = stacks.iter().map(Stack::to_input).collect();
        let began = Instant::now();
        let (found, starts) = pair.differ(&inputs)?;
        asking += began.elapsed();
        total += inputs.len();
        starting += starts;
        good.but_one_in = adjusted(good.but_one_in, starts * 100 / ROUND);
        for (stack, found) in stacks.into_iter().zip(found).filter(|(_, found)| !found.is_empty()) {
            differing += 1;
            for line in &found {
                kinds.entry(kind(line).to_owned()).or_insert((0, stack.clone())).0 += 1;
            }
        }
    }
    let mut shown: Vec<_> = kinds.iter().collect();
    shown.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (kind, (count, stack)) in shown.iter().take(SHOWN) {
        println!("{}: {count} × {kind}", pair.minor);
        let (stack, found) = pair.shrink(stack.clone(), kind)?;
        println!("   {}", stack.to_input().to_json());
        found.iter().for_each(|line| println!("   {line}"));
    }
    shown.iter().skip(SHOWN).for_each(|(kind, (count, _))| println!("{}: {count} × {kind}", pair.minor));
    println!(
        "{}: {total} inputs, {:.0} a second, {} % start, {differing} differ in {} kinds",
        pair.minor,
        f64::from(u32::try_from(total).unwrap_or(u32::MAX)) / asking.as_secs_f64().max(0.001),
        starting * 100 / total.max(1),
        kinds.len(),
    );
    Ok(differing)
}

/// Takes more or fewer settings that may stop the kubelet, after a round in which this share started.
fn adjusted(but_one_in: usize, share: usize) -> usize {
    match share {
        _ if SHARE.contains(&share) => but_one_in,
        _ if share < *SHARE.start() => (but_one_in * 2).min(BUT_ONE_IN.1),
        _ => (but_one_in / 2).max(1),
    }
}

/// Asks an oracle which settings start alone.
pub(crate) fn good(oracle: &Path, values: &Values) -> Outcome<Good> {
    let settings: Vec<Setting> = values
        .fields
        .keys()
        .flat_map(|path| values.of_field(path).into_iter().map(|value| (path.clone(), value)))
        .collect();
    let args: Vec<String> = values
        .flags
        .keys()
        .flat_map(|name| values.of_flag(name).into_iter().map(move |value| format!("--{name}={value}")))
        .collect();
    Ok(Good {
        settings: starting(oracle, settings, Stack::of_setting)?,
        args: starting(oracle, args, Stack::of_arg)?,
        but_one_in: BUT_ONE_IN.0,
    })
}

/// Those with which a stack starts.
fn starting<T: Clone>(oracle: &Path, all: Vec<T>, stack: fn(T) -> Stack) -> Outcome<Vec<T>> {
    let inputs: Vec<_> = all.iter().map(|each| stack(each.clone()).to_input()).collect();
    let answers = ask_once(oracle, &inputs)?;
    Ok(all.into_iter().zip(answers).filter(|(_, answer)| does_start(answer)).map(|(each, _)| each).collect())
}

#[cfg(test)]
mod tests {
    use super::{adjusted, kind};

    #[test]
    fn a_difference_of_stages_is_a_kind_of_its_own() {
        assert_eq!(kind("maxPods: the oracle has 1, we 2"), "maxPods");
        assert_eq!(kind("stage: the oracle has null, we \"tls\""), "stage: the oracle has null, we \"tls\"");
    }

    #[test]
    fn the_share_that_starts_stays_in_the_middle() {
        assert_eq!(adjusted(8, 50), 8);
        assert_eq!(adjusted(8, 20), 16);
        assert_eq!(adjusted(8, 80), 4);
        assert_eq!(adjusted(1, 100), 1);
    }
}
