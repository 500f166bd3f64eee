//! One sort for every list.
//!
//! The standard library's sorts are compiled anew, at 4 to 8 KB of the module, for every type and
//! every comparison. This one is compiled once: it sorts indices, and asks which item comes first.

/// The indices from 0 to `count` in the order of their items; equal items stay as they stood.
/// `is_less(a, b)` says whether item `a` comes before item `b`.
///
/// INVARIANT: a merge sort, for hostile texts hold 100,000 keys in one object.
pub(crate) fn order(count: usize, is_less: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut from: Vec<usize> = (0..count).collect();
    if (1..count).all(|at| !is_less(at, at.saturating_sub(1))) {
        return from;
    }
    let mut width = 1_usize;
    while width < count {
        let mut to = Vec::with_capacity(count);
        for both in from.chunks(width.saturating_mul(2)) {
            let (mut left, mut right) = both.split_at(width.min(both.len()));
            loop {
                let side = match (left.first(), right.first()) {
                    (Some(a), Some(b)) if is_less(*b, *a) => &mut right,
                    (Some(_), _) => &mut left,
                    _ => &mut right,
                };
                let Some((next, rest)) = side.split_first() else { break };
                to.push(*next);
                *side = rest;
            }
        }
        from = to;
        width = width.saturating_mul(2);
    }
    from
}

/// Sorts a list; equal items stay as they stood.
pub(crate) fn sort<T>(items: &mut [T], is_less: &dyn Fn(&T, &T) -> bool) {
    let order = order(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => is_less(a, b),
        _ => false,
    });
    arrange(order, &mut |a, b| items.swap(a, b));
}

/// Brings items into an order by swaps, cycle by cycle: where `order` has `from`, its item belongs.
fn arrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        while let Some(from) = order.get_mut(at).map(|from| std::mem::replace(from, at))
            && from != start
        {
            swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sort;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lists_are_sorted_as_the_standard_library_does(mut items in prop::collection::vec((0..20_u8, any::<u8>()), 0..70)) {
            let mut want = items.clone();
            want.sort_by_key(|(key, _)| *key);
            sort(&mut items, &|a, b| a.0 < b.0);
            prop_assert_eq!(items, want);
        }
    }
}
