//! The anchors of a document.

use crate::sorting::sort;

/// Anchors, each with its node: runs of them sorted by name, each run longer than the next one.
///
/// INVARIANT: O(log² n) for each anchor, for hostile texts hold 100,000. A B-tree is as quick, and 2 KB more
/// of the module.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    runs: Vec<Vec<(String, u32)>>,
}

impl Anchors {
    /// Adds an anchor; it hides an earlier one of its name.
    pub(super) fn insert(&mut self, name: String, node: u32) {
        let mut run = vec![(name, node)];
        while let Some(mut longer) = self.runs.pop_if(|last| last.len() <= run.len()) {
            longer.append(&mut run);
            run = longer;
        }
        sort(&mut run, &|a, b| a.0 < b.0);
        self.runs.push(run);
    }

    /// The node of the last anchor of that name.
    pub(super) fn get(&self, name: &str) -> Option<u32> {
        self.runs.iter().rev().find_map(|run| {
            let end = run.partition_point(|(other, _)| other.as_str() <= name);
            let (found, node) = run.get(end.checked_sub(1)?)?;
            (found == name).then_some(*node)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Anchors;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn the_last_of_a_name_counts(names in proptest::collection::vec("[ab]{0,2}", 0..40)) {
            let (mut anchors, mut want) = (Anchors::default(), BTreeMap::new());
            for (node, name) in (0..).zip(names) {
                anchors.insert(name.clone(), node);
                want.insert(name, node);
                for name in ["", "a", "b", "aa", "ab", "ba", "bb"] {
                    prop_assert_eq!(anchors.get(name), want.get(name).copied());
                }
            }
        }
    }
}
