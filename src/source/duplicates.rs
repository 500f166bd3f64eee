//! Finds keys that occur more than once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Pairs (first, again) of indices whose keys are equal, ordered by `again`.
///
/// INVARIANT: O(n log n) whatever the keys are, for hostile texts hold 100,000 in one object. A hash map
/// would not do: in WebAssembly its keys are not random.
pub(super) fn repeats<K: Ord>(keys: impl IntoIterator<Item = (usize, K)>) -> Vec<(usize, usize)> {
    let mut first_of = BTreeMap::new();
    let mut found = Vec::new();
    for (at, key) in keys {
        match first_of.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(at);
            }
            Entry::Occupied(first) => found.push((*first.get(), at)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::repeats;

    #[test]
    fn every_repeat_is_paired_with_the_first_of_its_kind() {
        let keys = ["a", "b", "a", "c", "a", "b"];
        assert_eq!(repeats(keys.into_iter().enumerate()), [(0, 2), (0, 4), (1, 5)]);
    }
}
