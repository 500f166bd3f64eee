//! Where the values of an effective configuration come from.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::report::Origin;

/// Origins by field path, an object on the wire. A sorted list: a B-tree of them is 6 KB of the module, and
/// nothing is added once it is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origins(Vec<(String, Origin)>);

impl Origins {
    /// These; of several for one path the last. Each is put where it belongs, for they come all but sorted.
    pub fn new(origins: Vec<(String, Origin)>) -> Self {
        let mut sorted: Vec<(String, Origin)> = Vec::new();
        for (path, origin) in origins {
            match sorted.binary_search_by(|(other, _)| other.cmp(&path)) {
                Ok(at) => {
                    if let Some((_, known)) = sorted.get_mut(at) {
                        *known = origin;
                    }
                }
                Err(at) => sorted.insert(at, (path, origin)),
            }
        }
        Self(sorted)
    }

    /// The origin of the value at `path`.
    pub fn get(&self, path: &str) -> Option<&Origin> {
        let at = self.0.binary_search_by(|(other, _)| other.as_str().cmp(path)).ok()?;
        self.0.get(at).map(|(_, origin)| origin)
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Origin)> {
        self.0.iter().map(|(path, origin)| (path.as_str(), origin))
    }

    /// All of them, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Origin> {
        self.0.iter_mut().map(|(_, origin)| origin)
    }

    /// Keeps those that `keep` says.
    pub fn retain(&mut self, keep: impl Fn(&Origin) -> bool) {
        self.0.retain(|(_, origin)| keep(origin));
    }
}

impl Serialize for Origins {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        for (path, origin) in &self.0 {
            object.serialize_entry(path, origin)?;
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::Origins;
    use crate::report::{Origin, OriginLayer};

    #[test]
    fn they_are_sorted_and_the_last_of_a_path_counts() {
        let origin = |layer| Origin { layer, location: None };
        let origins = Origins::new(
            [("b", OriginLayer::Config), ("a", OriginLayer::Default), ("b", OriginLayer::Flag)]
                .map(|(path, layer)| (path.to_owned(), origin(layer)))
                .into(),
        );
        assert_eq!(
            serde_json::to_string(&origins).unwrap(),
            r#"{"a":{"layer":"default"},"b":{"layer":"flag"}}"#
        );
        assert_eq!(origins.get("b"), Some(&origin(OriginLayer::Flag)));
        assert_eq!(origins.get("c"), None);
    }
}
