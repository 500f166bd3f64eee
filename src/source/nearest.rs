//! The known name that a misspelled one most likely means.

use strsim::osa_distance;

/// Returns the known name that differs from `name` in letter case or punctuation alone; else the one that is
/// the fewest edits away, if those are few for its length. An edit inserts, removes or changes a letter, or
/// swaps two neighbors.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let wanted = plain(name);
    let most = (wanted.len() / 4).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    if wanted.is_empty() {
        return None;
    }
    for candidate in known {
        let letters = plain(candidate);
        if letters == wanted {
            return Some(candidate);
        }
        // The distance is at least the difference in length, so no long text is ever compared.
        if wanted.len() < 4 || letters.len().abs_diff(wanted.len()) > most {
            continue;
        }
        let distance = osa_distance(&letters, &wanted);
        if distance <= most && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The letters and digits of a name, in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const KNOWN: [&str; 4] = ["readOnlyPort", "maxPods", "cis-aks-1.7", "v"];

    #[test]
    fn a_name_is_found_by_case_punctuation_and_few_edits() {
        for (name, expected) in [
            ("readonlyport", Some("readOnlyPort")),
            ("read-only-port", Some("readOnlyPort")),
            ("readOnylPort", Some("readOnlyPort")),
            ("maxPod", Some("maxPods")),
            ("cis-aks-17", Some("cis-aks-1.7")),
            ("cis_aks_1.8", Some("cis-aks-1.7")),
            ("V", Some("v")),
            ("x", None),
            ("", None),
            ("--", None),
            ("minPods1", None),
            ("somethingElse", None),
        ] {
            assert_eq!(nearest(name, KNOWN), expected, "{name}");
        }
    }

    #[test]
    fn the_nearest_of_several_wins() {
        assert_eq!(nearest("event-qp", ["event-q", "event-qps"]), Some("event-q"));
        assert_eq!(nearest("eventt-burst", ["event-bursts", "event-burst"]), Some("event-burst"));
    }
}
