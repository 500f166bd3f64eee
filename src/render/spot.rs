//! Where a finding or an issue is shown in formats that want a file and a line for each.

use super::TargetTexts;
use super::finding::main_evidence;
use crate::report::{Finding, Issue, Location, Range, Target};

/// A file and a range in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The file as the reader knows it, without a leading `./`.
    pub(super) path: String,
    /// The range; absent where there is no text, or nothing in it to point at.
    pub(super) range: Option<Range>,
}

impl Spot {
    /// The first line; 1 where there is none, for every format wants one.
    pub(super) fn line(&self) -> u32 {
        self.range.map_or(1, |range| range.start.line)
    }

    /// The spot of a finding: the evidence that decided, or the file as a whole.
    pub(super) fn of_finding(finding: &Finding, target: &Target, texts: TargetTexts<'_>) -> Self {
        let location = main_evidence(finding).and_then(|evidence| evidence.location.as_ref());
        location.map_or_else(|| Self::of_target(target, texts), |location| Self::of(location, texts))
    }

    /// The spot of an issue.
    pub(super) fn of_issue(issue: &Issue, target: &Target, texts: TargetTexts<'_>) -> Self {
        let location = issue.location.as_ref();
        location.map_or_else(|| Self::of_target(target, texts), |location| Self::of(location, texts))
    }

    /// A location by its path.
    pub(super) fn of(location: &Location, texts: TargetTexts<'_>) -> Self {
        Self { path: path(&location.source, texts), range: location.range }
    }

    /// The spot of what concerns the run: where it is, its file is no target's.
    pub(super) fn of_notice(notice: &Issue) -> Option<Self> {
        let location = notice.location.as_ref()?;
        Some(Self { path: shown(&location.source), range: location.range })
    }

    /// A target as a whole.
    pub(super) fn of_target(target: &Target, texts: TargetTexts<'_>) -> Self {
        Self { path: path(&target.source, texts), range: None }
    }

    /// The path as a URI reference.
    pub(super) fn uri(&self) -> String {
        uri(&self.path)
    }
}

/// A path as a URI reference (RFC 3986): a relative one, or `file:` for an absolute path.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn path(source: &str, texts: TargetTexts<'_>) -> String {
    let found = texts.find(source);
    shown(found.as_ref().map_or(source, |text| &text.path))
}

fn shown(path: &str) -> String {
    match path {
        // A URI or a file name must not be a dash, which people take for "none".
        "-" => "stdin".to_owned(),
        path => path.strip_prefix("./").unwrap_or(path).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Spot;

    #[test]
    fn paths_become_uris() {
        for (path, uri) in [
            ("a/b.yaml", "a/b.yaml"),
            ("/etc/k 1.yaml", "file:///etc/k%201.yaml"),
            ("ä:#?.json", "%C3%A4%3A%23%3F.json"),
        ] {
            assert_eq!(Spot { path: path.to_owned(), range: None }.uri(), uri);
        }
    }
}
