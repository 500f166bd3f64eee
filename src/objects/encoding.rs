//! Encodings of files inside objects: `data:` URLs, base64 and gzip.

use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The most bytes that a compressed text may have when it is unpacked: a small text can hold a huge one.
const MOST: u64 = 4 * 1024 * 1024;

/// The bytes of a `data:` URL (RFC 2397), as in Ignition. `None` for any other URL.
pub(super) fn data_url(url: &str) -> Option<Vec<u8>> {
    let (media, data) = url.strip_prefix("data:")?.split_once(',')?;
    if media.ends_with(";base64") { base64(data) } else { percent(data) }
}

/// Decodes base64 (RFC 4648) of either alphabet, with or without padding; white space is skipped.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let bare: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let is_url = bare.contains(['-', '_']);
    let letters = if is_url { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    GeneralPurpose::new(letters, config).decode(bare).ok()
}

/// Unpacks gzip; other bytes are returned as they are.
pub(super) fn unpacked(bytes: Vec<u8>) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Some(bytes);
    }
    let mut out = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes.as_slice())
        .take(MOST.saturating_add(1))
        .read_to_end(&mut out);
    let is_whole = read.is_ok() && u64::try_from(out.len()).is_ok_and(|length| length <= MOST);
    is_whole.then_some(out)
}

fn percent(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? << 4 | digit()?).ok()?
            }
            other => other,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{base64, data_url, unpacked};
    use proptest::prelude::*;

    #[test]
    fn data_urls_are_those_of_ignition() {
        assert_eq!(data_url("data:,a%20b%C3%A9").as_deref(), Some("a bé".as_bytes()));
        assert_eq!(data_url("data:text/plain;charset=utf-8;base64,w6k=").as_deref(), Some("é".as_bytes()));
        for other in ["https://a", "data:", "data:,%4", "data:,%zz", "data:;base64,*", "data:,%é"] {
            assert_eq!(data_url(other), None, "{other}");
        }
        assert_eq!(base64("YWI\n=").as_deref(), Some(&b"ab"[..]));
        assert_eq!(base64("_-8").as_deref(), Some(&[0xFF, 0xEF][..]));
    }

    #[test]
    fn a_packed_text_is_limited() {
        let pack = |bytes: &[u8]| {
            let mut packer = flate2::read::GzEncoder::new(bytes, flate2::Compression::fast());
            let mut out = Vec::new();
            std::io::Read::read_to_end(&mut packer, &mut out).unwrap();
            out
        };
        assert_eq!(unpacked(pack(b"a: 1")).as_deref(), Some(&b"a: 1"[..]));
        assert_eq!(unpacked(b"a: 1".to_vec()).as_deref(), Some(&b"a: 1"[..]));
        assert_eq!(unpacked(pack(&vec![0; 5 << 20])), None);
        assert_eq!(unpacked(vec![0x1F, 0x8B, 0]), None);
    }

    proptest! {
        #[test]
        fn any_text_in_a_data_url_is_read_back(text in any::<String>()) {
            let escaped: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            prop_assert_eq!(data_url(&format!("data:,{escaped}")), Some(text.clone().into_bytes()));
            prop_assert_eq!(data_url(&text), None);
        }
    }
}
