//! Unrendered templates: Helm and other Go templates, Jinja, Terraform's `templatefile`, and `${NAME}` as
//! clusterctl, envsubst and shells expand it.
//!
//! A template is not YAML. [`mask`] replaces its expressions by text of the same length that is YAML, so
//! every offset of the tree is one of the template. A scalar that held an expression contains [`MARK`] and has
//! no known value; see [`is_placeholder`].

use super::{Limits, SourceId, Span, document};

/// Stands for an expression in the scalar that held it. YAML and JSON allow this private-use character.
const MARK: char = '\u{E000}';

/// Whether the value of a scalar is decided only when a template is rendered or a shell runs.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let is_variable =
        |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '('));
    text.contains(MARK)
        || text.contains("${")
        || text.strip_prefix('$').is_some_and(is_variable)
        || text.contains("{{") && text.contains("}}")
}

/// A template with its expressions masked.
#[derive(Debug, Default)]
pub(crate) struct Masked {
    /// The text to parse, as long as the template.
    pub(crate) text: String,
    /// Parts that the rendered text may lack, in order and apart from each other.
    pub(crate) conditional: Vec<Span>,
    /// Whether expressions were left out that may produce whole lines.
    pub(crate) has_lost_lines: bool,
}

impl Masked {
    /// Whether what starts at `at` may be absent although its document is there.
    pub(crate) fn is_conditional(&self, at: u32) -> bool {
        let after = self.conditional.partition_point(|span| span.start <= at);
        after.checked_sub(1).and_then(|last| self.conditional.get(last)).is_some_and(|span| at < span.end)
    }
}

/// Masks a text that has expressions of a template; `None` if it has none. Of several ways to mask it, the
/// first one with which the text can be parsed is taken.
pub(crate) fn mask(text: &str, limits: &Limits) -> Option<Masked> {
    if text.len() > limits.bytes {
        return None;
    }
    let has_blocks = ["{{", "{%"].iter().any(|start| text.contains(start));
    let has_terraform = text.contains("${") || text.contains("%{");
    if !has_blocks && !has_terraform {
        return None;
    }
    let parses = |text: &str| document::read(text, SourceId(0), limits).is_ok();
    if !has_blocks && parses(text) {
        return None;
    }
    let mut last = None;
    for (dollars, lines) in [(false, true), (false, false), (true, true), (true, false)] {
        let Some(masked) = masked(text, dollars, lines) else { continue };
        if parses(&masked.text) {
            return Some(masked);
        }
        last = Some(masked);
    }
    last
}

/// The role of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It is replaced by text.
    Value,
    /// It starts a block that may be left out or repeated.
    Open,
    /// It starts another branch of a block.
    Middle,
    /// It ends a block.
    Close,
    /// It produces nothing: a comment or an assignment.
    Silent,
}

#[derive(Clone, Copy)]
struct Expression {
    start: usize,
    end: usize,
    role: Role,
}

fn masked(text: &str, dollars: bool, lines: bool) -> Option<Masked> {
    let expressions = expressions(text, dollars);
    if expressions.is_empty() {
        return None;
    }
    let mut out = Masked::default();
    let mut bytes = text.as_bytes().to_vec();
    let quotes = quotes(text);
    let mut open: Vec<usize> = Vec::new();
    let mut rest = expressions.as_slice();
    while let Some(first) = rest.first() {
        // The expressions of one line are masked together if they are the whole line or have a block.
        let line_end =
            text.get(first.end..).and_then(|tail| tail.find('\n')).map_or(text.len(), |at| first.end + at);
        let count = rest.iter().take_while(|next| next.start < line_end).count().max(1);
        let (line, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        rest = after;
        for expression in line {
            match expression.role {
                Role::Open => open.push(expression.end),
                Role::Middle => {
                    if let Some(start) = open.last_mut() {
                        out.conditional.push(Span::new(*start, expression.start));
                        *start = expression.end;
                    }
                }
                Role::Close => {
                    if let Some(start) = open.pop() {
                        out.conditional.push(Span::new(start, expression.start));
                    }
                }
                Role::Value | Role::Silent => {}
            }
        }
        mask_line((text, &quotes), line, lines, &mut bytes, &mut out);
    }
    for start in open {
        out.conditional.push(Span::new(start, text.len()));
    }
    out.conditional = apart(text, out.conditional);
    out.text = String::from_utf8(bytes).ok()?;
    Some(out)
}

/// Conditional parts in order and apart from each other. A block around a whole document leaves nothing open within
/// it.
fn apart(text: &str, mut parts: Vec<Span>) -> Vec<Span> {
    let mut heads: Vec<u32> = Vec::new();
    let mut at = 0_u32;
    for line in text.split_inclusive('\n') {
        if line.starts_with("apiVersion:") || line.starts_with("kind:") {
            heads.push(at);
        }
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
    }
    parts.retain(|part| {
        let next = heads.get(heads.partition_point(|head| *head < part.start));
        next.is_none_or(|head| *head >= part.end)
    });
    parts.sort_by_key(|part| (part.start, part.end));
    let mut apart: Vec<Span> = Vec::new();
    for part in parts {
        match apart.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => apart.push(part),
        }
    }
    apart
}

/// The places of the quotes in JSON, in which an expression outside of a string has to become one; none in YAML.
fn quotes(text: &str) -> Vec<usize> {
    if !text.trim_start().starts_with('{') {
        return Vec::new();
    }
    let bytes = text.as_bytes();
    let is_quote = |at: &usize| {
        bytes.get(*at) == Some(&b'"')
            && at.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&b'\\')
    };
    (0..bytes.len()).filter(is_quote).collect()
}

/// Whether a place lies outside of the strings of its line.
fn is_outside_string(text: &str, quotes: &[usize], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rfind('\n').unwrap_or(0);
    let count = |at: usize| quotes.partition_point(|quote| *quote < at);
    !quotes.is_empty() && count(at).saturating_sub(count(line)).is_multiple_of(2)
}

fn mask_line(
    (text, quotes): (&str, &[usize]),
    line: &[Expression],
    lines: bool,
    bytes: &mut [u8],
    out: &mut Masked,
) {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
    let before = text.get(..first.start).unwrap_or_default();
    let before = before.rsplit('\n').next().unwrap_or_default();
    let behind = text.get(last.end..).unwrap_or_default();
    let behind = behind.split('\n').next().unwrap_or_default();
    let between = line.windows(2).all(|pair| match pair {
        [a, b] => text.get(a.end..b.start).is_some_and(|gap| gap.trim().is_empty()),
        _ => true,
    });
    let is_whole = before.trim().is_empty() && behind.trim().is_empty();
    let is_quiet = |expression: &Expression| expression.role != Role::Value;
    if is_whole && between && line.iter().all(is_quiet) {
        line.iter().for_each(|one| blank(bytes, one.start, one.end));
    } else if is_whole && line.iter().any(|one| one.role == Role::Value || !between) {
        if lines {
            fill(bytes, first.start, last.end, Some(b':'));
        } else {
            out.has_lost_lines = true;
            blank(bytes, first.start, last.end);
        }
    } else if line.iter().any(|one| matches!(one.role, Role::Open | Role::Middle | Role::Close)) {
        fill(bytes, first.start, last.end, None);
    } else {
        for one in line {
            if is_outside_string(text, quotes, one.start) && one.end - one.start > MARK.len_utf8() + 1 {
                fill(bytes, one.start + 1, one.end, Some(b'"'));
                if let Some(first) = bytes.get_mut(one.start) {
                    *first = b'"';
                }
            } else {
                fill(bytes, one.start, one.end, None);
            }
        }
    }
}

/// Replaces a range by spaces, and keeps its line breaks.
fn blank(bytes: &mut [u8], start: usize, end: usize) {
    for byte in bytes.get_mut(start..end).into_iter().flatten() {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

/// Replaces a range by [`MARK`] and fills it up. Every expression has at least the four bytes of `${a}`.
fn fill(bytes: &mut [u8], start: usize, end: usize, last: Option<u8>) {
    let mut mark = [0; 4];
    let mark = MARK.encode_utf8(&mut mark).as_bytes();
    let range = bytes.get_mut(start..end).unwrap_or_default();
    range.fill(b'_');
    range.iter_mut().zip(mark).for_each(|(byte, mark)| *byte = *mark);
    if let (Some(byte), Some(last)) = (range.last_mut(), last) {
        *byte = last;
    }
}

/// The expressions of a text in order. None lies in another one.
fn expressions(text: &str, dollars: bool) -> Vec<Expression> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    // A closing bracket that is not found once is not searched for again.
    let mut unclosed: Vec<&str> = Vec::new();
    let mut unclosed_line = 0;
    let is_jinja = text.contains("{%");
    while let Some(next) =
        bytes.get(at..).and_then(|rest| rest.iter().position(|b| matches!(b, b'{' | b'$' | b'%')))
    {
        at += next;
        let rest = text.get(at..).unwrap_or_default();
        let close = match rest.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") if is_jinja => "#}",
            Some("${" | "%{") if dollars => "}",
            _ => "",
        };
        let end = if close.is_empty() || unclosed.contains(&close) || close == "}" && at < unclosed_line {
            None
        } else if close == "}" {
            let end = closing_brace(rest);
            if end.is_none() {
                unclosed_line = rest.find('\n').map_or(text.len(), |line| at + line);
            }
            end
        } else {
            rest.find(close).map(|end| end + close.len())
        };
        match end {
            Some(end) => {
                let inner = rest.get(2..end - close.len()).unwrap_or_default();
                let role = if close == "#}" { Role::Silent } else { role_of(inner, rest.starts_with('$')) };
                found.push(Expression { start: at, end: at + end, role });
                at += end;
            }
            None => {
                if !close.is_empty() && close != "}" && !unclosed.contains(&close) {
                    unclosed.push(close);
                }
                at += 1;
            }
        }
    }
    found
}

/// The end of `${...}`, in which braces may be nested; it does not leave its line.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'\n' => return None,
            _ => {}
        }
    }
    None
}

fn role_of(inner: &str, is_interpolation: bool) -> Role {
    let body = inner.trim_start_matches(['-', '~', '+']).trim_start();
    if body.starts_with("/*") || body.starts_with('!') {
        return Role::Silent;
    }
    if body.starts_with('$')
        && body.split_once(['=', '}']).is_some_and(|(name, _)| name.ends_with([':', ' ']))
    {
        return Role::Silent;
    }
    let end = body
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '#' | '/' | '_')))
        .unwrap_or(body.len());
    let word = body.get(..end).unwrap_or_default();
    match word {
        _ if is_interpolation => Role::Value,
        "if" | "range" | "with" | "define" | "block" | "for" | "unless" | "macro" | "filter" | "raw"
        | "call" => Role::Open,
        "else" | "elif" | "elseif" => Role::Middle,
        "end" => Role::Close,
        "set" | "import" | "from" | "extends" | "do" | "break" | "continue" => Role::Silent,
        _ if word.starts_with('#') => Role::Open,
        _ if word.starts_with('/') || word.starts_with("end") => Role::Close,
        _ => Role::Value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(text: &str) -> Masked {
        mask(text, &Limits::default()).unwrap()
    }

    #[test]
    fn templates_become_documents_of_the_same_length() {
        for text in [
            "a: {{ .Values.a | quote }}\nb: 1\n",
            "metadata:\n  labels:\n    {{- include \"x\" . | nindent 4 }}\nspec: 1\n",
            "{{- if .Values.a }}\na: 1\n{{- else }}\na: 2\n{{- end }}\n",
            "args:\n  {{- toYaml .Values.args | nindent 2 }}\n  - --v=1\n",
            "a: {% if x %}true{% else %}false{% endif %}\n",
            "{% for n in nodes %}\n- {{ n }}\n{% endfor %}\n",
            "{\"maxPods\": ${max_pods}}",
            "a: [${a}, ${b}]\n",
            "%{ if a }\na: 1\n%{ endif }\n",
            "{{/* a comment\n  of two lines */}}\na: 1\n",
        ] {
            let found = masked(text);
            assert_eq!(found.text.len(), text.len(), "{text}");
            assert!(
                document::read(&found.text, SourceId(0), &Limits::default()).is_ok(),
                "{text}\n{}",
                found.text
            );
        }
        for text in ["a: 1\n", "{\"a\": {\"b\": {}}}", "a: ${B}\n", "- ${A:=1}\n"] {
            assert!(mask(text, &Limits::default()).is_none(), "{text}");
        }
    }

    #[test]
    fn what_a_block_holds_may_be_absent() {
        let text = "a: 1\n{% if x %}\nb: 2\n{% else %}\nb: 3\n{% endif %}\nc: 4\n";
        let found = masked(text);
        let is_open = |part: &str| found.is_conditional(u32::try_from(text.find(part).unwrap()).unwrap());
        assert_eq!(
            [is_open("a: 1"), is_open("b: 2"), is_open("b: 3"), is_open("c: 4")],
            [false, true, true, false]
        );
    }

    #[test]
    fn placeholders_are_told_from_values() {
        for text in ["${A}", "x-${A:-b}", "$MAX_PODS", "{{ a }}", "$(A)"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "a", "$", "5$", "{}", "cost: 5$"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_length(text in "([a-z:\\- \n\"é]|\\{\\{|\\}\\}|\\{%|%\\}|\\$\\{|\\}|if |end|else){0,40}") {
            if let Some(found) = mask(&text, &Limits::default()) {
                prop_assert_eq!(found.text.len(), text.len());
            }
        }
    }
}
