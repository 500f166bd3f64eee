//! Lists of CPUs such as `0-3,8`.
//!
//! Source: `cpuset/cpuset.go` of k8s.io/utils, and of `pkg/kubelet/cm` up to 1.27.

/// CPUs, as ascending ranges without overlap, both ends included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CpuSet(Vec<(i64, i64)>);

impl CpuSet {
    /// Parses a list. `None` if the kubelet rejects it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let mut ranges = Vec::new();
        for piece in text.split(',') {
            let (first, last) = piece.split_once('-').unwrap_or((piece, piece));
            let (first, last): (i64, i64) = (first.parse().ok()?, last.parse().ok()?);
            if first > last {
                return None;
            }
            ranges.push((first, last));
        }
        ranges.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::new();
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= *end => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Some(Self(merged))
    }

    /// The number of CPUs.
    pub fn len(&self) -> i64 {
        self.0
            .iter()
            .fold(0, |sum, (first, last)| sum.saturating_add(last.saturating_sub(*first).saturating_add(1)))
    }

    /// Whether there is no CPU.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The highest number, if there is a CPU.
    pub fn last(&self) -> Option<i64> {
        self.0.last().map(|(_, last)| *last)
    }
}

#[cfg(test)]
mod tests {
    use super::CpuSet;

    #[test]
    fn lists_are_numbers_and_ranges() {
        for (text, len, last) in [
            ("", 0, None),
            ("3", 1, Some(3)),
            ("0-3,2,8", 5, Some(8)),
            ("+1", 1, Some(1)),
            ("5,5", 1, Some(5)),
        ] {
            let set = CpuSet::parse(text).unwrap();
            assert_eq!((set.len(), set.last()), (len, last), "{text}");
        }
        for text in ["x", "1-0", "1,", "-1", "0-", "0 - 1", "0-1-2"] {
            assert_eq!(CpuSet::parse(text), None, "{text}");
        }
        assert_eq!(CpuSet::parse("0-9223372036854775807").unwrap().len(), i64::MAX);
    }
}
