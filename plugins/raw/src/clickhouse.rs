//! The raw module as user-defined functions of ClickHouse, ABI `BUFFERED_V1`, format `RowBinary`:
//! <https://clickhouse.com/docs/sql-reference/functions/wasm_udf>.
//!
//! | function | arguments | result |
//! | --- | --- | --- |
//! | `kubelet_report` | `config String, options String` | `String`: the report as JSON |
//! | `kubelet_findings` | `config String, options String` | `Array(Tuple(...))`, see [`Row`] |
//!
//! `config` is the text of a config file or of `/configz` output. `options` is a request as JSON without
//! its config (`{"node": "a", "kubeletVersion": "1.34"}`), or empty.
//!
//! A block of rows comes in one buffer and goes in one. A buffer is a place and a size; who asks for one
//! destroys it.

use std::borrow::Cow;

use kubelet_audit::report::{Finding, Issue, OptionError, Report, Target};
use kubelet_audit::request::{ConfigInput, Request};

/// Appends one element of the result of `kubelet_findings`:
///
/// `Tuple(control String, number String, title String, status String, severity String, benchmark String,
/// effective String, missing Array(String), message String, fix String, line UInt32)`
///
/// Words are those of the report. `line` is that of the place that decided, 0 where it has none. An input
/// of which nothing can be judged has one element with an empty `control`, the status `error` and the
/// effective verdict `unknown`, so that no query takes it for a node without findings. Options that are invalid
/// or select nothing have one, too.
struct Row<'r> {
    control: &'r str,
    number: &'r str,
    title: &'r str,
    words: [&'r str; 4],
    missing: &'r [String],
    message: Cow<'r, str>,
    fix: &'r str,
    line: u32,
}

/// The answers to a block of rows; none where the bytes are not so many rows of two strings.
pub fn block(input: &[u8], rows: u32, answer: fn(&[u8], &[u8], &mut Vec<u8>)) -> Option<Vec<u8>> {
    let mut rest = input;
    let mut out = Vec::new();
    for _ in 0..rows {
        let config = string(&mut rest)?;
        let options = string(&mut rest)?;
        answer(config, options, &mut out);
    }
    rest.is_empty().then_some(out)
}

/// `kubelet_report`
pub fn report(config: &[u8], options: &[u8], out: &mut Vec<u8>) {
    match audited(config, options, None) {
        Ok(report) => put(out, &kubelet_audit::render::json::render(&report)),
        Err(error) => put(out, &super::error_text(&error)),
    }
}

/// `kubelet_findings`
pub fn findings(config: &[u8], options: &[u8], out: &mut Vec<u8>) {
    // The answer does not have the effective configuration.
    match audited(config, options, Some(false)) {
        Ok(report) => {
            let rows: Vec<Row<'_>> = report.targets.iter().flat_map(Row::all).collect();
            if rows.is_empty() {
                // The text configures no kubelet.
                put_rows(out, &[Row::of_errors(&report.notices)]);
            } else {
                put_rows(out, &rows);
            }
        }
        Err(error) => put_rows(out, &[Row::without_answer(&error.code, error.message, &error.help, 0)]),
    }
}

fn put_rows(out: &mut Vec<u8>, rows: &[Row<'_>]) {
    put_len(out, rows.len());
    rows.iter().for_each(|row| row.put(out));
}

/// The report; `effective` where it is not for the options to say whether it has the configuration.
fn audited(config: &[u8], options: &[u8], effective: Option<bool>) -> Result<Report, OptionError> {
    let text =
        |bytes| std::str::from_utf8(bytes).map_err(|error| Box::new(super::not_utf8_report(bytes, &error)));
    let (config, options) = match (text(config), text(options)) {
        (Ok(config), Ok(options)) => (config, options.trim()),
        (Err(report), _) | (_, Err(report)) => return Ok(*report),
    };
    let options = match options {
        "" => Request::default(),
        // A text alone would be a config.
        _ if !options.starts_with('{') => {
            return Ok(kubelet_audit::invalid_request("the options are not an object"));
        }
        _ => match Request::from_json(options) {
            Ok(options) => options,
            Err(reason) => return Ok(kubelet_audit::invalid_request(&reason)),
        },
    };
    let effective = effective.or(options.effective);
    kubelet_audit::audit(&Request {
        config: Some(ConfigInput::Text(config.to_owned())),
        effective,
        ..options
    })
}

impl<'r> Row<'r> {
    fn all(target: &'r Target) -> Vec<Self> {
        // No finding of a target that cannot be read says anything more.
        if !target.errors.is_empty() || target.findings.is_empty() {
            return vec![Self::of_errors(&target.errors)];
        }
        target.findings.iter().map(Self::of).collect()
    }

    fn of(finding: &'r Finding) -> Self {
        let decided = finding.evidence.iter().find(|evidence| evidence.decided);
        let range = decided.and_then(|evidence| evidence.location.as_ref()?.range);
        Self {
            control: &finding.control,
            number: &finding.benchmark.number,
            title: &finding.benchmark.title,
            words: [
                finding.status.as_str(),
                finding.severity.as_str(),
                finding.benchmark.verdict.as_str(),
                finding.effective.verdict.as_str(),
            ],
            missing: &finding.effective.missing,
            message: Cow::Borrowed(&finding.message),
            fix: &finding.fix,
            line: range.map_or(0, |range| range.start.line),
        }
    }

    /// Returns the one row of an input of which nothing can be judged.
    fn of_errors(errors: &'r [Issue]) -> Self {
        let Some(first) = errors.first() else {
            return Self::without_answer("no-kubelet", "nothing was audited".to_owned(), "", 0);
        };
        let range = first.location.as_ref().and_then(|location| location.range);
        let line = range.map_or(0, |range| range.start.line);
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        Self::without_answer(&first.code, messages.join("; "), &first.help, line)
    }

    fn without_answer(code: &'r str, message: String, help: &'r str, line: u32) -> Self {
        Self {
            control: "",
            number: "",
            title: code,
            words: ["error", "critical", "error", "unknown"],
            missing: &[],
            message: message.into(),
            fix: help,
            line,
        }
    }

    fn put(&self, out: &mut Vec<u8>) {
        for text in [self.control, self.number, self.title].iter().chain(&self.words) {
            put(out, text);
        }
        put_len(out, self.missing.len());
        for text in self.missing {
            put(out, text);
        }
        put(out, &self.message);
        put(out, self.fix);
        out.extend_from_slice(&self.line.to_le_bytes());
    }
}

/// A string: its length in LEB128, then its bytes.
fn string<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let mut len: usize = 0;
    let mut shift = 0;
    loop {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        len |= usize::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (string, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(string)
}

fn put(out: &mut Vec<u8>, text: &str) {
    put_len(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn put_len(out: &mut Vec<u8>, mut len: usize) {
    loop {
        let low = u8::try_from(len & 0x7f).unwrap_or_default();
        len >>= 7;
        out.push(if len == 0 { low } else { low | 0x80 });
        if len == 0 {
            break;
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod abi {
    #![expect(unsafe_code, reason = "exports keep their names; nothing else here is unsafe")]

    use std::collections::BTreeMap;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use super::{block, findings, report};

    /// What the host reads of a buffer.
    #[repr(C)]
    struct Buffer {
        data: *const u8,
        size: usize,
    }

    /// A buffer and its bytes.
    struct Owned {
        /// The host keeps its address.
        buffer: Box<Buffer>,
        bytes: Box<[u8]>,
    }

    // SAFETY: the pointer in `buffer` is never followed here; the host alone reads it.
    unsafe impl Send for Owned {}

    /// The buffers that the host has, by address. Only these are read or taken back, so a wrong address, a second
    /// `destroy`, or a buffer whose fields the host wrote over does no harm.
    static BUFFERS: Mutex<BTreeMap<usize, Owned>> = Mutex::new(BTreeMap::new());

    fn buffers() -> MutexGuard<'static, BTreeMap<usize, Owned>> {
        BUFFERS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hand_out(bytes: Vec<u8>) -> *const Buffer {
        let bytes = bytes.into_boxed_slice();
        let buffer = Box::new(Buffer { data: bytes.as_ptr(), size: bytes.len() });
        let address: *const Buffer = &raw const *buffer;
        buffers().insert(address as usize, Owned { buffer, bytes });
        address
    }

    /// Returns a buffer for the host to write to; null if memory is short.
    #[unsafe(no_mangle)]
    extern "C" fn clickhouse_create_buffer(size: usize) -> *const Buffer {
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(size).is_err() {
            return std::ptr::null();
        }
        bytes.resize(size, 0);
        hand_out(bytes)
    }

    /// Takes a buffer back.
    #[unsafe(no_mangle)]
    extern "C" fn clickhouse_destroy_buffer(buffer: *const Buffer) {
        drop(buffers().remove(&(buffer as usize)));
    }

    fn answer(input: *const Buffer, rows: u32, answer: fn(&[u8], &[u8], &mut Vec<u8>)) -> *const Buffer {
        let out = {
            let buffers = buffers();
            let input = buffers.get(&(input as usize)).filter(|owned| owned.buffer.size == owned.bytes.len());
            input.and_then(|input| block(&input.bytes, rows, answer))
        };
        out.map_or(std::ptr::null(), hand_out)
    }

    /// Returns the reports of a block of rows; null if the buffer does not hold that many rows of two strings.
    #[unsafe(no_mangle)]
    extern "C" fn kubelet_report(input: *const Buffer, rows: u32) -> *const Buffer {
        answer(input, rows, report)
    }

    /// Returns the findings of a block of rows; null if the buffer does not hold that many rows of two strings.
    #[unsafe(no_mangle)]
    extern "C" fn kubelet_findings(input: *const Buffer, rows: u32) -> *const Buffer {
        answer(input, rows, findings)
    }
}

#[cfg(test)]
mod tests {
    use super::{block, findings, put, put_len, report, string};

    fn rows(rows: &[(&[u8], &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for text in rows.iter().flat_map(|(config, options)| [config, options]) {
            put_len(&mut bytes, text.len());
            bytes.extend_from_slice(text);
        }
        bytes
    }

    /// What `kubelet_report` answers for one row.
    fn reported(config: &str, options: &str) -> String {
        let input = rows(&[(config.as_bytes(), options.as_bytes())]);
        let output = block(&input, 1, report).unwrap();
        String::from_utf8(string(&mut output.as_slice()).unwrap().to_vec()).unwrap()
    }

    #[test]
    fn lengths_are_written_as_they_are_read() {
        for len in [0, 1, 127, 128, 255, 256, 300, 16_383, 16_384, 1 << 20] {
            let text = "x".repeat(len);
            let mut bytes = Vec::new();
            put(&mut bytes, &text);
            let mut rest = bytes.as_slice();
            assert_eq!(string(&mut rest), Some(text.as_bytes()), "{len}");
            assert!(rest.is_empty());
        }
    }

    #[test]
    fn options_are_the_rest_of_the_request() {
        let config = "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n";
        let quoted = serde_json::to_string(config).unwrap();
        for (options, request) in [
            ("", quoted.clone()),
            (" {} ", quoted.clone()),
            (r#"{"node": "a"}"#, format!(r#"{{"config":{quoted},"node":"a"}}"#)),
            (r#"{"config": "b", "level": 1}"#, format!(r#"{{"config":{quoted},"level":1}}"#)),
        ] {
            assert_eq!(reported(config, options), kubelet_audit::audit_json(&request).unwrap(), "{options}");
        }
        for options in ["5", "[]", "{", "{\"node\": \"a\"", "{\"node\" \"a\"}", "null"] {
            assert!(reported(config, options).contains("\"invalid-request\""), "{options}");
        }
    }

    #[test]
    fn an_input_that_cannot_be_judged_is_a_row_of_its_own() {
        let inputs: &[(&[u8], &[u8])] = &[
            (b"\xff", b""),
            (b"a", b"{\"benchmark\": \"none\"}"),
            (b"", b"5"),
            (b"", b""),
            (b"Error from server (NotFound): nodes \"a\" not found", b""),
            (b"Error from server (NotFound): nodes \"a\" not found", b"{\"node\": \"a\"}"),
            (b"{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\"}", b""),
            (b"kind: Pod\napiVersion: v1\n", b""),
            (b"{\"kubeletconfig\": {\"a\"", b""),
            (b"{\"kubeletconfig\": {}}", b"{\"controls\": []}"),
            (b"{\"kubeletconfig\": {}}", b"{\"level\": 0}"),
            (b"{\"kubeletconfig\": {}}", b"{\"kubeletVersion\": \"\"}"),
        ];
        let output = block(&rows(inputs), u32::try_from(inputs.len()).unwrap(), findings).unwrap();
        let mut rest = output.as_slice();
        for (config, options) in inputs {
            let shown = String::from_utf8_lossy(&[*config, *options].concat()).into_owned();
            let (count, after) = rest.split_first().unwrap();
            rest = after;
            assert_eq!(*count, 1, "{shown}");
            let texts: Vec<_> =
                (0..7).map(|_| std::str::from_utf8(string(&mut rest).unwrap()).unwrap().to_owned()).collect();
            assert_eq!(
                (texts[0].as_str(), texts[3].as_str(), texts[6].as_str()),
                ("", "error", "unknown"),
                "{shown}"
            );
            assert_eq!(rest[0], 0);
            rest = &rest[1..];
            assert!(!string(&mut rest).unwrap().is_empty(), "{shown}");
            string(&mut rest).unwrap();
            rest = &rest[4..];
        }
        assert!(rest.is_empty());
    }

    #[test]
    fn bytes_that_are_no_rows_are_no_answer() {
        let good = rows(&[(b"a", b"")]);
        for (input, count) in
            [(&good[..1], 1), (&good[..2], 1), (&good[..], 2), (&good[..], 0), (&[0xff; 12][..], 1)]
        {
            assert_eq!(block(input, count, report), None, "{input:?} {count}");
        }
        assert_eq!(block(&[], 0, report), Some(Vec::new()));
    }
}
