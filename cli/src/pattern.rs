//! Patterns of paths and names.

use globset::{GlobBuilder, GlobMatcher};

/// A pattern in which only `**` matches a slash.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(GlobMatcher);

impl Pattern {
    /// Whether the pattern matches a path or a name.
    pub fn is_match(&self, name: &str) -> bool {
        self.0.is_match(name)
    }

    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        self.0.glob().glob()
    }

    /// Parses a pattern.
    ///
    /// # Errors
    ///
    /// An empty or invalid pattern.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("must not be empty".to_owned());
        }
        match GlobBuilder::new(text).literal_separator(true).build() {
            Ok(glob) => Ok(Self(glob.compile_matcher())),
            Err(error) => Err(format!("invalid pattern {text:?}: {}", error.kind())),
        }
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_paths_and_names() {
        for (glob, text, want) in [
            ("node.yaml", "node.yaml", true),
            ("node.yaml", "node.yamlx", false),
            ("aks-*", "aks-pool1-000", true),
            ("*", "", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("nodes/**/x.yaml", "nodes/a/b/x.yaml", true),
            ("nodes/*/x.yaml", "nodes/a/b/x.yaml", false),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("a?c", "ac", false),
            ("*ä*", "xäy", true),
            ("fleet.ndjson#*", "fleet.ndjson#12", true),
            ("{a,b}-[0-9]", "b-7", true),
        ] {
            assert_eq!(Pattern::parse(glob).unwrap().is_match(text), want, "{glob} {text}");
        }
        assert!(Pattern::parse("[a").is_err() && Pattern::parse(" ").is_err());
        // Neither a long pattern nor a long name takes more than linear time.
        assert!(!Pattern::parse(&"*a".repeat(200)).unwrap().is_match(&"a".repeat(199)));
    }
}
