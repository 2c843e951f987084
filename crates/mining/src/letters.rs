//! Converts logs to UTF-8 from the encoding of their XML declaration. Read as UTF-8, step names in GBK would
//! all turn into the same replacement characters, and different steps would become one.

use std::io::{self, BufRead, Cursor, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::guard::Unreadable;

/// The XML declaration is at the very beginning (XML 1.0, 2.8).
const HEAD_BYTES: usize = 256;
const NAME_BYTES_MAX: usize = 40;
const CHUNK: usize = 1 << 16;

/// The input as UTF-8.
pub enum Letters<R> {
    /// UTF-8 already.
    Plain(io::Chain<Cursor<Vec<u8>>, R>),
    Decoded(Box<Decoded<R>>),
}

pub struct Decoded<R> {
    inner: io::Chain<Cursor<Vec<u8>>, R>,
    decoder: Decoder,
    encoding: &'static Encoding,
    text: String,
    at: usize,
    over: bool,
}

/// Detects the encoding from the beginning of a log.
///
/// # Errors
/// [`Unreadable::UnknownEncoding`] or [`Unreadable::NotInEncoding`] by the declaration;
/// [`Unreadable::BrokenPacking`] when the input cannot be read.
pub fn letters<R: BufRead>(mut input: R) -> Result<Letters<R>, Unreadable> {
    let mut head = vec![0; HEAD_BYTES];
    let mut length = 0;
    while length < HEAD_BYTES {
        match input.read(&mut head[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(Unreadable::BrokenPacking),
        }
    }
    head.truncate(length);
    let encoding = encoding_of(&head)?;
    let marked = head.starts_with(b"\xEF\xBB\xBF");
    let inner = Cursor::new(head).chain(input);
    // The parser reads UTF-8 itself, but not a byte order mark.
    if encoding == UTF_8 && !marked {
        return Ok(Letters::Plain(inner));
    }
    let decoder = encoding.new_decoder_with_bom_removal();
    let text = String::with_capacity(CHUNK);
    Ok(Letters::Decoded(Box::new(Decoded { inner, decoder, encoding, text, at: 0, over: false })))
}

fn encoding_of(head: &[u8]) -> Result<&'static Encoding, Unreadable> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    // XML 1.0, appendix F: the first character is `<`, in whatever width.
    match head {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let Some(name) = declared(head) else { return Ok(UTF_8) };
    let found = Encoding::for_label(name);
    // A declaration readable byte by byte cannot be in a 16-bit encoding.
    if let Some(wide) = found.filter(|encoding| [UTF_16LE, UTF_16BE].contains(encoding)) {
        return Err(Unreadable::NotInEncoding(wide.name()));
    }
    found.ok_or_else(|| {
        let name = String::from_utf8_lossy(name);
        let shown = name.chars().filter(|letter| !letter.is_control());
        Unreadable::UnknownEncoding(shown.take(NAME_BYTES_MAX).collect())
    })
}

/// The encoding that `<?xml … encoding="…"?>` names.
fn declared(head: &[u8]) -> Option<&[u8]> {
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|two| two == b"?>").unwrap_or(head.len());
    let head = &head[..end];
    let key = b"encoding";
    let at = head.windows(key.len()).position(|letters| letters == key)?;
    let value = head[at + key.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let end = value.iter().position(|byte| byte == quote)?;
    Some(&value[..end])
}

impl<R: BufRead> Decoded<R> {
    fn fill(&mut self) -> io::Result<&[u8]> {
        while self.at == self.text.len() && !self.over {
            self.text.clear();
            self.at = 0;
            let bytes = self.inner.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, wrong) = self.decoder.decode_to_string(bytes, &mut self.text, last);
            self.inner.consume(read);
            if wrong {
                let fault = Unreadable::NotInEncoding(self.encoding.name());
                return Err(io::Error::new(io::ErrorKind::InvalidData, fault));
            }
            self.over = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.text.as_bytes()[self.at..])
    }
}

impl<R: BufRead> BufRead for Letters<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(inner) => inner.fill_buf(),
            Self::Decoded(decoded) => decoded.fill(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Plain(inner) => inner.consume(amount),
            Self::Decoded(decoded) => decoded.at = (decoded.at + amount).min(decoded.text.len()),
        }
    }
}

impl<R: BufRead> Read for Letters<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let length = bytes.len().min(into.len());
        into[..length].copy_from_slice(&bytes[..length]);
        self.consume(length);
        Ok(length)
    }
}
