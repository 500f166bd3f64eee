//! URLs, as far as the kubelet checks them.
//!
//! Source: Go's `net/url` (`url.Parse`).

/// The scheme of a URL, in lower case; empty if there is none. `None` if Go cannot parse the text.
pub fn scheme(text: &str) -> Option<String> {
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return None;
    }
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (scheme, rest) = split_scheme(text)?;
    let (rest, _query) = rest.split_once('?').unwrap_or((rest, ""));
    if !has_valid_escapes(fragment) {
        return None;
    }
    let path = match rest.strip_prefix("//") {
        Some(authority) => {
            let end = authority.find('/').unwrap_or(authority.len());
            let (authority, path) = authority.split_at_checked(end)?;
            is_authority(authority).then_some(path)?
        }
        // With a scheme, a rest without a leading slash is opaque.
        None if !scheme.is_empty() && !rest.starts_with('/') => return Some(scheme.to_ascii_lowercase()),
        None => {
            let first = rest.split('/').next().unwrap_or_default();
            (!first.contains(':')).then_some(rest)?
        }
    };
    has_valid_escapes(path).then(|| scheme.to_ascii_lowercase())
}

/// Splits off the scheme. `None` if the text starts with a colon.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return None,
            b':' => return text.split_once(':'),
            _ => break,
        }
    }
    Some(("", text))
}

fn is_authority(authority: &str) -> bool {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_user = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    user.chars().all(is_user) && has_valid_escapes(user) && is_host(host)
}

fn is_host(host: &str) -> bool {
    let port = match host.strip_prefix('[') {
        Some(rest) => match rest.rsplit_once(']') {
            Some((address, port)) if has_only_host_characters(address) => port,
            _ => return false,
        },
        None => host.rfind(':').and_then(|at| host.get(at..)).unwrap_or(""),
    };
    let is_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()));
    is_port && has_only_host_characters(host)
}

/// Of escapes, a host may only have those of bytes outside ASCII and, in a zone, some others.
fn has_only_host_characters(host: &str) -> bool {
    let is_allowed =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(c);
    let escapes = host.split('%').skip(1);
    let is_high = |escape: &str| escape.starts_with(|c: char| matches!(c, '8' | '9' | 'a'..='f' | 'A'..='F'));
    host.chars().all(is_allowed)
        && has_valid_escapes(host)
        && escapes.into_iter().all(|e| is_high(e) || e.starts_with("25"))
}

fn has_valid_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|escape| {
        let digits = escape.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::scheme;

    #[test]
    fn schemes_are_split_off() {
        for (text, expected) in [
            ("unix:///run/x.sock", "unix"),
            ("DNS://localhost:4317", "dns"),
            ("/run/x.sock", ""),
            ("x", ""),
            ("tcp://127.0.0.1:1", "tcp"),
            ("a:b", "a"),
            ("dns://[::1]:80/x", "dns"),
        ] {
            assert_eq!(scheme(text).as_deref(), Some(expected), "{text}");
        }
        for text in [":x", "dns://:x", "1:2", "dns://a b", "http://[::1", "/%zz", "a\nb", "127.0.0.1:80/x:y"]
        {
            assert_eq!(scheme(text), None, "{text}");
        }
    }
}
