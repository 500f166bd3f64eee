//! Random stacks of layers: what fuzzing is made of, and a part of the vectors' inputs.

use serde_json::Value;

use super::inputs::{self, Input, merged};
use super::values::{Setting, Values};

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

/// Settings that a minor starts with when they stand alone: inputs that stop at once teach little.
#[derive(Debug, Clone, Default)]
pub(crate) struct Good {
    pub(crate) settings: Vec<Setting>,
    pub(crate) args: Vec<String>,
    /// One setting in so many is taken without regard to whether it starts alone.
    pub(crate) but_one_in: usize,
}

impl Good {
    fn setting(&self, values: &Values, random: &mut Random) -> Option<Setting> {
        if !self.settings.is_empty() && random.below(self.but_one_in) > 0 {
            return random.pick(&self.settings).cloned();
        }
        let path = values.fields.keys().nth(random.below(values.fields.len()))?;
        Some((path.clone(), random.pick(&values.of_field(path))?.clone()))
    }

    fn arg(&self, values: &Values, random: &mut Random) -> Option<String> {
        if !self.args.is_empty() && random.below(self.but_one_in) > 0 {
            return random.pick(&self.args).cloned();
        }
        let name = values.flags.keys().nth(random.below(values.flags.len()))?;
        Some(format!("--{name}={}", random.pick(&values.of_flag(name))?))
    }
}

/// Layers of settings, from which an input is made and which can be made smaller.
#[derive(Debug, Clone)]
pub(crate) struct Stack {
    pub(crate) file: Option<Vec<Setting>>,
    pub(crate) drop_ins: Vec<Vec<Setting>>,
    pub(crate) args: Vec<String>,
}

impl Stack {
    /// One of one setting in a file.
    pub(crate) fn of_setting(setting: Setting) -> Self {
        Self { file: Some(vec![setting]), drop_ins: Vec::new(), args: Vec::new() }
    }

    /// One of an argument, with a file that sets nothing.
    pub(crate) fn of_arg(arg: String) -> Self {
        Self { file: Some(Vec::new()), drop_ins: Vec::new(), args: vec![arg] }
    }

    pub(crate) fn random(values: &Values, good: &Good, random: &mut Random) -> Self {
        let layer = |most: usize, random: &mut Random| {
            (0..=random.below(most)).filter_map(|_| good.setting(values, random)).collect::<Vec<_>>()
        };
        let file = (random.below(8) > 0).then(|| layer(4, random));
        let drop_ins = (0..random.below(3)).map(|_| layer(2, random)).collect();
        let args = (0..random.below(3)).filter_map(|_| good.arg(values, random)).collect();
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

    /// Every stack that is one step smaller: with one part less, or with a list or an object in a
    /// setting that has one item less.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut out = Vec::new();
        let file = self.file.as_deref().unwrap_or_default();
        out.extend(smaller_layers(file).map(|file| Self { file: Some(file), ..self.clone() }));
        for (number, settings) in self.drop_ins.iter().enumerate() {
            out.extend(smaller_layers(settings).map(|settings| {
                let mut smaller = self.clone();
                if let Some(layer) = smaller.drop_ins.get_mut(number) {
                    *layer = settings;
                }
                smaller
            }));
        }
        out.extend(without_each(&self.drop_ins).map(|drop_ins| Self { drop_ins, ..self.clone() }));
        out.extend(without_each(&self.args).map(|args| Self { args, ..self.clone() }));
        if self.file.as_deref().is_some_and(<[_]>::is_empty) {
            out.push(Self { file: None, ..self.clone() });
        }
        out
    }
}

fn without_each<T: Clone>(list: &[T]) -> impl Iterator<Item = Vec<T>> + '_ {
    (0..list.len()).map(|gone| {
        list.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, item)| item.clone()).collect()
    })
}

fn smaller_layers(settings: &[Setting]) -> impl Iterator<Item = Vec<Setting>> + '_ {
    let inside = settings.iter().enumerate().flat_map(move |(at, (_, value))| {
        smaller_values(value).into_iter().map(move |smaller| {
            let mut settings = settings.to_vec();
            if let Some((_, value)) = settings.get_mut(at) {
                *value = smaller;
            }
            settings
        })
    });
    without_each(settings).chain(inside)
}

fn smaller_values(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) if items.len() > 1 => without_each(items).map(Value::Array).collect(),
        Value::Object(pairs) if pairs.len() > 1 => {
            let without = |gone: &String| {
                let left = pairs.iter().filter(|(name, _)| *name != gone);
                left.map(|(name, value)| (name.clone(), value.clone())).collect()
            };
            pairs.keys().map(without).map(Value::Object).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Stack;
    use serde_json::json;

    #[test]
    fn a_stack_becomes_smaller_by_one_part() {
        let setting = |value| ("a.b".to_owned(), value);
        let stack = Stack {
            file: Some(vec![setting(json!(1))]),
            drop_ins: vec![vec![setting(json!(["x", "y"]))]],
            args: vec!["-x".into()],
        };
        // The file's setting, the drop-in's, either item of it, the drop-in, the argument.
        assert_eq!(stack.smaller().len(), 6);
    }
}
