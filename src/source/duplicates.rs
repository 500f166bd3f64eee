//! Finds keys that occur more than once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Pairs (first, again) of indices with equal keys, ordered by `again`.
///
/// INVARIANT: O(n log n) for any keys, because a hostile text can have 100,000 of them in one object. A hash
/// map would not guarantee this: in WebAssembly its seed is not random.
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
