//! `cargo x oracle fuzz MINUTES`: our reading of random inputs against the oracles'.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::answers::{ask, leaves};
use super::inputs::{self, Input, Values};
use super::minors::Minor;
use super::{build, built};
use crate::step::{Failure, Outcome};
use crate::workspace::{Workspace, text};

/// Inputs asked about at a time.
const ROUND: usize = 2000;
/// One setting in so many is taken without regard to whether it starts alone.
const GOOD_OF: usize = 6;
/// Kinds of difference of which one is shrunk and shown.
const SHOWN: usize = 10;

/// SplitMix64: a seed gives the same inputs on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

type Setting = (String, Value);

/// Layers of settings, from which an input is made and which can be made smaller.
#[derive(Debug, Clone)]
pub(crate) struct Stack {
    file: Option<Vec<Setting>>,
    drop_ins: Vec<Vec<Setting>>,
    args: Vec<String>,
}

/// Settings that a minor starts with when they stand alone: inputs that stop at once teach little.
#[derive(Default)]
struct Good {
    settings: Vec<Setting>,
    args: Vec<String>,
}

impl Stack {
    /// A stack of settings without regard to whether they start.
    pub(crate) fn random(values: &Values, random: &mut Random) -> Self {
        Self::of(values, &Good::default(), random)
    }

    fn of(values: &Values, good: &Good, random: &mut Random) -> Self {
        let layer = |most: usize, random: &mut Random| {
            (0..=random.below(most)).filter_map(|_| setting(values, good, random)).collect::<Vec<_>>()
        };
        let file = (random.below(8) > 0).then(|| layer(4, random));
        let drop_ins = (0..random.below(3)).map(|_| layer(2, random)).collect();
        let args = (0..random.below(3)).filter_map(|_| arg(values, good, random)).collect();
        Self { file, drop_ins, args }
    }

    pub(crate) fn to_input(&self) -> Input {
        let drop_ins = self
            .drop_ins
            .iter()
            .enumerate()
            .map(|(number, settings)| (format!("{}0.conf", number + 1), inputs::text(&merged(settings))));
        Input {
            config: self.file.as_deref().map(|settings| inputs::text(&merged(settings))),
            drop_ins: (!self.drop_ins.is_empty()).then(|| drop_ins.collect()),
            args: self.args.clone(),
            ..Input::default()
        }
    }

    /// Every stack with one part less.
    fn smaller(&self) -> Vec<Self> {
        let mut out = Vec::new();
        let file = self.file.as_deref().unwrap_or_default();
        out.extend(without_each(file).map(|file| Self { file: Some(file), ..self.clone() }));
        for (number, settings) in self.drop_ins.iter().enumerate() {
            out.extend(without_each(settings).map(|settings| {
                let mut smaller = self.clone();
                if let Some(layer) = smaller.drop_ins.get_mut(number) {
                    *layer = settings;
                }
                smaller
            }));
        }
        out.extend(without_each(&self.drop_ins).map(|drop_ins| Self { drop_ins, ..self.clone() }));
        out.extend(without_each(&self.args).map(|args| Self { args, ..self.clone() }));
        out
    }
}

fn without_each<T: Clone>(list: &[T]) -> impl Iterator<Item = Vec<T>> + '_ {
    (0..list.len()).map(|gone| {
        list.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, item)| item.clone()).collect()
    })
}

fn setting(values: &Values, good: &Good, random: &mut Random) -> Option<Setting> {
    if !good.settings.is_empty() && random.below(GOOD_OF) > 0 {
        return random.pick(&good.settings).cloned();
    }
    let path = values.fields.keys().nth(random.below(values.fields.len()))?;
    Some((path.clone(), random.pick(&values.of_field(path))?.clone()))
}

fn arg(values: &Values, good: &Good, random: &mut Random) -> Option<String> {
    if !good.args.is_empty() && random.below(GOOD_OF) > 0 {
        return random.pick(&good.args).cloned();
    }
    let name = values.flags.keys().nth(random.below(values.flags.len()))?;
    Some(format!("--{name}={}", random.pick(&values.of_flag(name))?))
}

fn merged(settings: &[Setting]) -> Map<String, Value> {
    let mut out = Map::new();
    for (path, value) in settings {
        merge(&mut out, inputs::at(path, value.clone()));
    }
    out
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(into)), Value::Object(from)) => merge(into, from),
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}

/// What a line of a difference is about.
fn kind(line: &str) -> &str {
    line.split(':').next().unwrap_or(line)
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
        let starts = oracle.iter().filter(|answer| answer.get("starts") == Some(&true.into())).count();
        let found = oracle.iter().zip(&ours).map(|(oracle, ours)| self.differences(oracle, ours));
        Ok((found.collect(), starts))
    }

    fn differences(&self, oracle: &Value, ours: &Value) -> Vec<String> {
        let mut out = Vec::new();
        let mut compare = |name: &str, oracle: Option<&Value>, ours: Option<&Value>| {
            let unset = Value::Null;
            let (oracle, ours) = (oracle.unwrap_or(&unset), ours.unwrap_or(&unset));
            if oracle != ours {
                out.push(format!("{name}: the oracle has {oracle}, we {ours}"));
            }
        };
        for name in ["starts", "stage", "panics", "lenient"] {
            compare(name, oracle.get(name), ours.get(name));
        }
        let is_leaf = |path: &str| self.values.fields.contains_key(path);
        let all = |answer: &Value| answer.get("config").map(|config| leaves(config, &is_leaf));
        // Where it stops before its configuration was read whole, there is nothing more to compare.
        if let (Some(oracle_all), Some(ours_all)) = (all(oracle), all(ours)) {
            let none = Value::Object(Map::new());
            let gates = |answer: &Value| answer.get("gates").unwrap_or(&none).clone();
            compare("gates", Some(&gates(oracle)), Some(&gates(ours)));
            let (oracle, ours) = (oracle_all, ours_all);
            let paths: BTreeMap<_, _> = oracle.iter().chain(&ours).collect();
            for path in paths.keys() {
                compare(path, oracle.get(*path), ours.get(*path));
            }
        }
        out
    }

    /// Makes a stack smaller as long as it still differs in this kind.
    fn shrink(&self, mut stack: Stack, wanted: &str) -> Outcome<(Stack, Vec<String>)> {
        loop {
            let smaller = stack.smaller();
            let inputs: Vec<_> = smaller.iter().map(Stack::to_input).collect();
            let (found, _) = self.differ(&inputs)?;
            match smaller
                .into_iter()
                .zip(found)
                .find(|(_, found)| found.iter().any(|line| kind(line) == wanted))
            {
                Some((next, _)) => stack = next,
                None => {
                    let (found, _) = self.differ(&[stack.to_input()])?;
                    return Ok((stack, found.into_iter().next().unwrap_or_default()));
                }
            }
        }
    }
}

/// Compares for so many minutes at each of these minors, or at all whose oracle is there.
pub(crate) fn run(workspace: &Workspace, minutes: u64, names: &[&str]) -> Outcome {
    let build = ["build", "--quiet", "--package", "vectors", "--bin", "ours"];
    workspace.cargo("our reading").args(build).run()?;
    let ours = workspace.native("ours");
    let values = Values::read(workspace)?;
    let minors = built(workspace)?;
    let asked: Vec<_> =
        minors.iter().filter(|minor| names.is_empty() || names.contains(&minor.name().as_str())).collect();
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
    let good = good(&pair)?;
    let start = Instant::now();
    let seed = u64::from(minor.minor);
    let mut random = Random::new(seed);
    let (mut total, mut starting, mut differing, mut shown) = (0, 0, 0, 0);
    let mut kinds = BTreeMap::new();
    while start.elapsed() < time {
        let stacks: Vec<_> = (0..ROUND).map(|_| Stack::of(values, &good, &mut random)).collect();
        let inputs: Vec<_> = stacks.iter().map(Stack::to_input).collect();
        let (found, starts) = pair.differ(&inputs)?;
        total += inputs.len();
        starting += starts;
        let different: Vec<_> =
            stacks.into_iter().zip(found).filter(|(_, found)| !found.is_empty()).collect();
        differing += different.len();
        for (stack, found) in different {
            let mut new = None;
            for line in &found {
                let count: &mut usize = kinds.entry(kind(line).to_owned()).or_default();
                *count += 1;
                if *count == 1 {
                    new = Some(kind(line));
                }
            }
            if let Some(new) = new.filter(|_| shown < SHOWN) {
                shown += 1;
                let (stack, found) = pair.shrink(stack, new)?;
                println!("{}: {}", pair.minor, stack.to_input().to_json());
                found.iter().for_each(|line| println!("   {line}"));
            }
        }
    }
    kinds.iter().for_each(|(kind, count)| println!("   {count} × {kind}"));
    println!("{}: {total} inputs, {} % start, {differing} differ", pair.minor, starting * 100 / total.max(1));
    Ok(differing)
}

/// Asks the oracle which settings start alone.
fn good(pair: &Pair<'_>) -> Outcome<Good> {
    let settings: Vec<Setting> = pair
        .values
        .fields
        .keys()
        .flat_map(|path| pair.values.of_field(path).into_iter().map(|value| (path.clone(), value)))
        .collect();
    let args: Vec<String> = pair
        .values
        .flags
        .keys()
        .flat_map(|name| pair.values.of_flag(name).into_iter().map(move |value| format!("--{name}={value}")))
        .collect();
    let with = |file: Vec<Setting>, args: Vec<String>| Stack { file: Some(file), drop_ins: Vec::new(), args };
    let stacks = settings.iter().map(|setting| with(vec![setting.clone()], Vec::new()));
    let stacks = stacks.chain(args.iter().map(|arg| with(Vec::new(), vec![arg.clone()])));
    let inputs: Vec<_> = stacks.map(|stack| stack.to_input()).collect();
    let answers = ask(&pair.oracle, &[], &inputs)?;
    let starts: Vec<bool> = answers.iter().map(|answer| answer.get("starts") == Some(&true.into())).collect();
    let (of_settings, of_args) = starts.split_at_checked(settings.len()).unwrap_or_default();
    let kept = |starts: &[bool]| starts.to_vec();
    let settings = settings.into_iter().zip(kept(of_settings)).filter(|(_, starts)| *starts);
    let args = args.into_iter().zip(kept(of_args)).filter(|(_, starts)| *starts);
    Ok(Good { settings: settings.map(|(s, _)| s).collect(), args: args.map(|(a, _)| a).collect() })
}

#[cfg(test)]
mod tests {
    use super::{Stack, merged};
    use serde_json::json;

    #[test]
    fn a_stack_becomes_smaller_by_one_part() {
        let setting = ("a.b".to_owned(), json!(1));
        let stack = Stack {
            file: Some(vec![setting.clone()]),
            drop_ins: vec![vec![setting]],
            args: vec!["-x".into()],
        };
        assert_eq!(stack.smaller().len(), 4);
    }

    #[test]
    fn settings_of_one_object_are_merged() {
        let settings = [("a.b".to_owned(), json!(1)), ("a.c".to_owned(), json!(2))];
        assert_eq!(json!(merged(&settings)), json!({"a": {"b": 1, "c": 2}}));
    }
}
