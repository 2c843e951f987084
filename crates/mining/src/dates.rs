//! Instants in logs. The XES parser reads a time without zone as UTC and silently drops one that it cannot
//! read; therefore date elements are handed to it as strings, and parsed here.

use std::io::{self, BufRead, Read};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

/// Element names (opening and closing tags) and their replacements.
const NAMES: [(&[u8], &[u8]); 2] = [(b"<date", b"<string"), (b"</date", b"</string")];

/// An instant, and whether the text names its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub micros: i64,
    pub zoned: bool,
}

/// Parses an instant. A time without zone is local (XML Schema, dateTime): it gets the given offset.
pub fn instant(text: &str, offset: Offset) -> Option<Told> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Told { micros: at.as_microsecond(), zoned: true });
    }
    if let Ok(at) = text.parse::<DateTime>() {
        // A text that names a zone in any other form is not a time without zone.
        let bare = Pieces::parse(text).is_ok_and(|pieces| {
            pieces.time().is_some() && pieces.offset().is_none() && pieces.time_zone_annotation().is_none()
        });
        let at = offset.to_timestamp(at).ok().filter(|_| bare)?;
        return Some(Told { micros: at.as_microsecond(), zoned: false });
    }
    odd_fraction(text)
}

/// Some systems write a colon before the fraction of a second: `2026-03-02T09:00:00:123+08:00`.
fn odd_fraction(text: &str) -> Option<Told> {
    let colon = text.match_indices(':').nth(2).map(|(place, _)| place).filter(|place| *place == 19)?;
    let at: Timestamp = format!("{}.{}", &text[..colon], &text[colon + 1..]).parse().ok()?;
    Some(Told { micros: at.as_microsecond(), zoned: true })
}

/// A reader that passes a text on with its date elements renamed to strings.
pub struct AsTexts<R> {
    inner: R,
    out: Vec<u8>,
    at: usize,
    /// The end of the input read so far, when it may be the start of one of the names.
    begun: Vec<u8>,
}

impl<R: BufRead> AsTexts<R> {
    pub const fn new(inner: R) -> Self {
        Self { inner, out: Vec::new(), at: 0, begun: Vec::new() }
    }

    fn take(&mut self, length: usize) {
        let mut text = std::mem::take(&mut self.begun);
        // Still valid: `inner` keeps these bytes until they are consumed.
        if let Ok(bytes) = self.inner.fill_buf() {
            text.extend_from_slice(&bytes[..length.min(bytes.len())]);
        }
        self.inner.consume(length);
        let mut rest = &text[..];
        while let Some(place) = rest.iter().position(|byte| *byte == b'<') {
            self.out.extend_from_slice(&rest[..place]);
            rest = &rest[place..];
            if NAMES.iter().any(|(name, _)| rest.len() <= name.len() && name.starts_with(rest)) {
                self.begun = rest.to_vec();
                return;
            }
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
            let found = NAMES
                .iter()
                .find(|(name, _)| rest.starts_with(name) && rest.get(name.len()).is_some_and(ends));
            let (taken, put): (usize, &[u8]) =
                found.map_or((1, b"<"), |(name, instead)| (name.len(), *instead));
            self.out.extend_from_slice(put);
            rest = &rest[taken..];
        }
        self.out.extend_from_slice(rest);
    }
}

impl<R: BufRead> BufRead for AsTexts<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.out.len() {
            self.out.clear();
            self.at = 0;
            let length = self.inner.fill_buf()?.len();
            if length == 0 {
                let begun = std::mem::take(&mut self.begun);
                self.out.extend_from_slice(&begun);
                break;
            }
            self.take(length);
        }
        Ok(&self.out[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.out.len());
    }
}

impl<R: BufRead> Read for AsTexts<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let length = bytes.len().min(into.len());
        into[..length].copy_from_slice(&bytes[..length]);
        self.consume(length);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_their_zone_or_in_the_one_that_is_given() {
        let east = Offset::constant(8);
        let read = |text: &str| instant(text, east).map(|read| (read.micros, read.zoned));
        let nine = read("2026-11-06T09:00:00+08:00").unwrap();
        assert!(nine.1);
        assert_eq!(read("2026-11-06T09:00:00"), Some((nine.0, false)), "local, not UTC");
        assert_eq!(read("2026-11-06T01:00:00Z"), Some(nine));
        assert_eq!(read("2026-11-06T09:00:00.5"), Some((nine.0 + 500_000, false)));
        assert_eq!(read("2026-11-06T09:00:00:500+08:00"), Some((nine.0 + 500_000, true)));
        for text in ["2026/11/06 09:00", "06.11.2026", "2026-11-06", "", "yesterday", "2026-13-06T09:00:00"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn dates_pass_as_texts_wherever_the_text_is_cut() {
        let text = "<log><date key=\"a\" value=\"x<date\"/><dates/><date></date ><dat";
        let passed = "<log><string key=\"a\" value=\"x<date\"/><dates/><string></string ><dat";
        for size in 1..text.len() {
            let cut = io::BufReader::with_capacity(size, text.as_bytes());
            let mut out = String::new();
            AsTexts::new(cut).read_to_string(&mut out).unwrap();
            assert_eq!(out, passed, "{size}");
        }
    }
}
