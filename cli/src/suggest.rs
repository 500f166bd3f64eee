//! Suggestions for misspelled names.

/// Similarity from which a suggestion helps, as clap has it.
const LEAST: f64 = 0.7;

/// Returns the candidate that `name` was probably meant to be.
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let rated = candidates.into_iter().map(|candidate| (strsim::jaro(name, candidate), candidate));
    let best = rated.filter(|(similarity, _)| *similarity > LEAST).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelled_name_is_suggested_and_another_is_not() {
        let names = ["read-only-port", "event-qps", "anonymous-auth"];
        assert_eq!(nearest("event-qsp", names), Some("event-qps"));
        assert_eq!(nearest("read-only", names), Some("read-only-port"));
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest("x", names), None);
    }
}
