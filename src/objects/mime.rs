//! MIME archives with several parts, as cloud-init and nodeadm read user data (RFC 2046).

use super::embedded::Embedded;
use super::encoding;

/// A part of an archive.
pub(super) struct Part {
    /// Its media type in lower case, without parameters.
    pub(super) kind: String,
    pub(super) content: Embedded,
}

/// Whether a text is such an archive.
pub(super) fn is_archive(text: &str) -> bool {
    let head = text.trim_start().get(..400).unwrap_or_else(|| text.trim_start());
    let is_header = |line: &str| {
        let line = line.to_ascii_lowercase();
        line.starts_with("mime-version:") || line.starts_with("content-type:") && line.contains("multipart/")
    };
    head.lines().take(3).any(is_header) && text.to_ascii_lowercase().contains("multipart/")
}

/// The parts of an archive, those of archives in it included.
pub(super) fn parts(archive: &Embedded) -> Vec<Part> {
    let mut out = Vec::new();
    add(archive, 0, &mut out);
    out
}

fn add(archive: &Embedded, depth: usize, out: &mut Vec<Part>) {
    let (headers, body) = headers(&archive.text);
    let Some(boundary) = header(&headers, "content-type").and_then(|value| boundary(&value)) else { return };
    let delimiter = format!("--{boundary}");
    let mut at = body;
    let mut start: Option<usize> = None;
    for line in archive.text.get(body..).unwrap_or_default().split_inclusive('\n') {
        let bare = line.trim_end();
        let is_last = bare.strip_prefix(&delimiter).is_some_and(|rest| rest == "--");
        if bare == delimiter || is_last {
            if let Some(start) = start {
                part(&archive.part(start, at), depth, out);
            }
            start = (!is_last).then_some(at + line.len());
        }
        at += line.len();
    }
    if let Some(start) = start {
        part(&archive.part(start, at), depth, out);
    }
}

fn part(part: &Embedded, depth: usize, out: &mut Vec<Part>) {
    let (headers, body) = headers(&part.text);
    let value = header(&headers, "content-type").unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.starts_with("multipart/") && depth < 4 {
        return add(part, depth + 1, out);
    }
    let mut content = part.part(body, part.text.len());
    let encoding = header(&headers, "content-transfer-encoding").unwrap_or_default();
    if encoding.trim().eq_ignore_ascii_case("base64") {
        let decoded = encoding::base64(&content.text).and_then(encoding::unpacked);
        let Some(text) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) else { return };
        content = content.opaque(text);
    }
    out.push(Part { kind, content });
}

/// The headers at the start of a text, continued lines joined, and where its body starts.
fn headers(text: &str) -> (Vec<String>, usize) {
    let mut headers: Vec<String> = Vec::new();
    let mut at = text.len() - text.trim_start_matches(['\n', '\r']).len();
    for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        if line.trim().is_empty() {
            at += line.len();
            break;
        }
        let is_header = line.split_once(':').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        match headers.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line.trim_end()),
            _ if is_header => headers.push(line.trim_end().to_owned()),
            _ => break,
        }
        at += line.len();
    }
    (headers, at)
}

fn header(headers: &[String], name: &str) -> Option<String> {
    headers.iter().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

fn boundary(value: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (key.trim().eq_ignore_ascii_case("boundary") && !value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};

    fn read(text: &str) -> Vec<(String, String)> {
        let archive = Embedded::whole(text, SourceId(0));
        parts(&archive)
            .into_iter()
            .map(|part| {
                let start = part.content.place(Span::at(0)).span.start as usize;
                assert!(text.get(start..).unwrap().starts_with(&part.content.text) || part.kind == "text/x");
                (part.kind, part.content.text)
            })
            .collect()
    }

    #[test]
    fn parts_are_cut_at_their_boundary() {
        let text = "MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"//\"\n\n--//\nContent-Type: a/b; x=y\n\na: 1\n--//\r\nContent-Type: text/x\nContent-Transfer-Encoding: base64\n\nYTog\nMQ==\n--//--\nend\n";
        assert!(is_archive(text));
        let expected = [("a/b", "a: 1\n"), ("text/x", "a: 1")];
        assert_eq!(read(text), expected.map(|(kind, text)| (kind.to_owned(), text.to_owned())));
        let text = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--i--\n--o\n\ny";
        assert_eq!(
            read(text),
            [("", "x\n"), ("", "y")].map(|(kind, text)| (kind.to_owned(), text.to_owned()))
        );
    }
}
