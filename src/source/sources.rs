//! The texts of one audit and the configuration layers they belong to.

use std::borrow::Cow;

use super::place::{Place, SourceId};

/// A layer of a kubelet's configuration, lowest precedence first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The file named by `--config`.
    Config,
    /// A file under `--config-dir`.
    DropIn,
    /// A flag on the command line.
    Flag,
    /// A `/configz` dump, in which all layers are already merged.
    Configz,
}

/// A layer that the kubelet uses but the caller did not supply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingLayer {
    /// The file named by `--config`.
    Config(String),
    /// The directory named by `--config-dir`.
    DropIns(String),
    /// The rest of the command line.
    CommandLine,
    /// Settings that the platform puts below those of the input.
    Base(&'static str),
    /// Arguments that an undefined variable may add to a command line. They can replace what stands before
    /// them.
    Variables,
    /// The value of a setting that the input leaves open.
    Value(UnknownValue),
}

/// A setting whose value the input leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue {
    /// The dotted path of the field, or the flag with its dashes.
    pub path: String,
    /// Why it is open, to follow the path: `a placeholder of a template`.
    pub why: &'static str,
    /// Where it would be set, if a text says so.
    pub place: Option<Place>,
}

impl MissingLayer {
    /// The layer as a noun phrase for messages.
    pub fn describe(&self) -> String {
        match self {
            Self::Config(path) => format!("the config file {path}"),
            Self::DropIns(path) => format!("the drop-ins under {path}"),
            Self::CommandLine => "the rest of the kubelet's command line".into(),
            Self::Base(what) => (*what).into(),
            Self::Variables => "the arguments in undefined variables of the command line".into(),
            Self::Value(value) => format!("the value of {} ({})", value.path, value.why),
        }
    }
}

/// One text, or already parsed object, of an audit.
#[derive(Debug)]
pub struct Source<'a> {
    /// The name given by the caller; locations show it.
    pub name: String,
    /// The layer it belongs to.
    pub layer: Layer,
    /// The text. For an already parsed object its canonical JSON, from which values are quoted.
    pub text: Cow<'a, str>,
    /// Whether `text` is the caller's own. If not (parsed object, argv), no position is reported.
    pub has_positions: bool,
}

/// Every source of one audit.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    list: Vec<Source<'a>>,
}

impl<'a> Sources<'a> {
    /// Adds a source and returns its id.
    pub fn add(&mut self, source: Source<'a>) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(source);
        id
    }

    /// Changes the layer of a source. The kind of a document is known only after it is parsed.
    pub fn set_layer(&mut self, id: SourceId, layer: Layer) {
        if let Some(source) = self.list.get_mut(id.index()) {
            source.layer = layer;
        }
    }

    /// The source with this id.
    pub fn get(&self, id: SourceId) -> Option<&Source<'a>> {
        self.list.get(id.index())
    }

    /// The source that a place lies in; `None` for defaults and generated values.
    pub fn at(&self, place: Place) -> Option<&Source<'a>> {
        self.get(place.source_id()?)
    }

    /// The text at `place`; empty for defaults and generated values.
    pub fn text_at(&self, place: Place) -> &str {
        self.at(place).map_or("", |source| place.span.slice(&source.text))
    }

    /// All sources in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source<'a>)> {
        (0..).map(SourceId).zip(&self.list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn more_sources_than_sixteen_bits_can_number_stay_apart() {
        let mut sources = Sources::default();
        let ids: Vec<SourceId> = (0..66_000)
            .map(|number| {
                sources.add(Source {
                    name: format!("{number}.conf"),
                    layer: Layer::DropIn,
                    text: Cow::Owned(number.to_string()),
                    has_positions: true,
                })
            })
            .collect();
        for (number, id) in ids.into_iter().enumerate() {
            let text = number.to_string();
            assert_eq!(sources.text_at(Place::new(id, Span::new(0, text.len()))), text);
        }
        assert_eq!((sources.text_at(Place::DEFAULT), sources.text_at(Place::GENERATED)), ("", ""));
    }
}
