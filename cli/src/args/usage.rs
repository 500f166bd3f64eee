//! Wrong usage, and what was probably meant.

use kubelet_audit::render::visible;

use crate::args::options::{self, CommandName};

/// A command line that cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UsageError {
    /// What is wrong.
    pub(crate) message: String,
    /// What was probably meant.
    pub(crate) hint: Option<String>,
    /// The command whose help tells more.
    pub(crate) command: CommandName,
}

impl UsageError {
    /// An error without a hint.
    pub(crate) fn new(command: CommandName, message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, command }
    }

    /// The same with a hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// No option of this command is called `name`, which comes with its dashes.
    pub(crate) fn unknown_option(command: CommandName, name: &str) -> Self {
        let error = Self::new(command, format!("there is no option `{name}`"));
        let bare = name.trim_start_matches('-');
        if let Some(other) = options::OPTIONS.iter().find(|option| option.long == bare) {
            let commands: Vec<_> =
                other.commands.iter().map(|command| format!("`{}`", command.word())).collect();
            return error.hint(format!("`--{bare}` is an option of {}", commands.join(" and ")));
        }
        match nearest(bare, options::of(command).map(|option| option.long)) {
            Some(near) => error.hint(format!("did you mean `--{near}`?")),
            None => error,
        }
    }

    /// `value` is none of the words that the option takes.
    pub(crate) fn unknown_word(
        command: CommandName,
        option: &str,
        value: &str,
        words: &[&'static str],
    ) -> Self {
        Self::one_of(command, format!("--{option}"), value, words)
    }

    /// `value` is none of the words that the command takes.
    pub(crate) fn unknown_argument(command: CommandName, value: &str, words: &[&'static str]) -> Self {
        Self::one_of(command, command.word().to_owned(), value, words)
    }

    fn one_of(command: CommandName, taker: String, value: &str, words: &[&'static str]) -> Self {
        let error = Self::new(command, format!("`{taker}` takes {}, not `{value}`", list(words)));
        match nearest(value, words.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        }
    }

    /// There is no control of this slug.
    pub(crate) fn unknown_control(slug: &str) -> Self {
        let error = Self::new(CommandName::Explain, format!("there is no control `{slug}`"));
        error.hint(
            match nearest(
                slug,
                kubelet_audit::controls::CONTROLS.iter().map(|control| control.metadata().slug),
            ) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`kubelet-audit controls` lists them".to_owned(),
            },
        )
    }

    /// As standard error shows it. What the user typed may come from a script or a file name.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("error: {}\n", visible(&self.message));
        if let Some(hint) = &self.hint {
            text.push_str(&format!("  {}\n", visible(hint)));
        }
        text.push_str(&format!("  `kubelet-audit {} --help` tells more\n", self.command.word()));
        text
    }
}

/// `a, b or c`
fn list(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The candidate that `word` was probably meant to be.
pub(crate) fn nearest(word: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // Hostile words may be long; no candidate is.
    if word.is_empty() || word.len() > 40 {
        return None;
    }
    candidates
        .filter_map(|candidate| {
            let is_start = word.len() >= 3 && candidate.starts_with(word);
            let distance = if is_start { 1 } else { distance(word, candidate) };
            (distance <= candidate.len().max(3) / 3).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions and replacements from `a` to `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            // `cell` still holds the row above; `diagonal` is that row one column to the left.
            let replaced = diagonal.saturating_add(usize::from(x != y));
            diagonal = *cell;
            left = replaced.min(cell.saturating_add(1)).min(left.saturating_add(1));
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn what_was_meant_is_found_and_not_guessed_wildly() {
        assert_eq!((distance("kitten", "sitting"), distance("", "ab"), distance("ab", "ab")), (3, 2, 0));
        let options = || ["config-dir", "kubelet-version", "format", "node"].into_iter();
        assert_eq!(nearest("kubelet-verson", options()), Some("kubelet-version"));
        assert_eq!(nearest("config", options()), Some("config-dir"));
        assert_eq!(nearest("output", options()), None);
        assert_eq!(nearest("no", options()), None);
    }
}
