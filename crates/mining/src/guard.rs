//! Bounds on untrusted logs: the text reaches the parser only while it stays within them.

use std::cell::RefCell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// Limits on a log.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Of the text after decompression.
    pub bytes_max: u64,
    pub events_max: u64,
    /// Distinct names of activities, departments and kinds together.
    pub names_max: usize,
}

impl Bounds {
    /// For a command-line run on one machine.
    pub const DESK: Self = Self { bytes_max: 8 << 30, events_max: 20_000_000, names_max: 200_000 };
    /// For an upload by a signed-in user.
    pub const PAGE: Self = Self { bytes_max: 512 << 20, events_max: 1_000_000, names_max: 20_000 };
}

/// Why a log is rejected. Nothing of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the log is empty")]
    Empty,
    #[error("the log is larger than {0} bytes when unpacked")]
    TooLarge(u64),
    #[error("the log has more than {0} events")]
    TooManyEvents(u64),
    #[error("the log has more than {0} different names")]
    TooManyNames(usize),
    #[error("line {line}: elements lie too deep in each other")]
    TooDeep { line: u64 },
    #[error("line {line}: an empty <{element}/> says nothing and cannot be read")]
    EmptyElement { line: u64, element: &'static str },
    #[error("the file is packed, but what is in it is broken or cut off")]
    BrokenPacking,
    #[error("line {line}: the file ends before its last element is closed; it was cut off")]
    CutOff { line: u64 },
    #[error("{}this is not XML that can be read", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    NotXml { line: Option<u64> },
    #[error("this is XML, but not an XES log: no <log> element")]
    NotXes,
    #[error("the log says that it is written in “{0}”, which is not known; save it as UTF-8")]
    UnknownEncoding(String),
    #[error("the log is not written in {0}, as it says; save it as UTF-8")]
    NotInEncoding(&'static str),
    #[error("no trace of the log has an event with a name and an instant")]
    NoEvents,
    #[error(
        "{count} events have times that cannot be read, such as “{example}”; write them as 2026-11-06T09:00:00+08:00"
    )]
    UnreadableTimes { count: u64, example: String },
    #[error("{count} events have no concept:name{}", classifier.as_ref().map(|keys| format!("; the log's classifier names them by {keys}: write that into concept:name")).unwrap_or_default())]
    NoNames { count: u64, classifier: Option<String> },
}

impl Unreadable {
    /// Stable code, the key of the translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge(_) => "too-large",
            Self::TooManyEvents(_) => "too-many-events",
            Self::TooManyNames(_) => "too-many-names",
            Self::TooDeep { .. } => "too-deep",
            Self::EmptyElement { .. } => "empty-element",
            Self::BrokenPacking => "broken-packing",
            Self::CutOff { .. } => "cut-off",
            Self::NotXml { .. } => "not-xml",
            Self::NotXes => "not-xes",
            Self::UnknownEncoding(_) => "unknown-encoding",
            Self::NotInEncoding(_) => "not-in-encoding",
            Self::NoEvents => "no-events",
            Self::UnreadableTimes { .. } => "unreadable-times",
            Self::NoNames { .. } => "no-names",
        }
    }

    /// The detail of the message: an encoding, or a time as the log writes it.
    pub fn detail(&self) -> &str {
        match self {
            Self::UnknownEncoding(name) => name,
            Self::NotInEncoding(name) => name,
            Self::UnreadableTimes { example, .. } => example,
            Self::NoNames { classifier: Some(keys), .. } => keys,
            _ => "",
        }
    }

    pub const fn count(&self) -> u64 {
        match self {
            Self::UnreadableTimes { count, .. } | Self::NoNames { count, .. } => *count,
            _ => 0,
        }
    }

    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::TooDeep { line } | Self::EmptyElement { line, .. } | Self::CutOff { line } => Some(*line),
            Self::NotXml { line } => *line,
            _ => None,
        }
    }
}

/// Nesting depth of elements; attributes of attributes of events reach four.
const DEPTH_MAX: usize = 64;

/// What the guard has read so far.
#[derive(Debug, Default)]
pub struct Seen {
    pub fault: Option<Unreadable>,
    pub line: u64,
    pub bytes: u64,
    /// The names of the open elements.
    open: Vec<Name>,
    at: At,
    /// The start of the current tag.
    tag: Vec<u8>,
    /// The last character of the current tag.
    last: u8,
}

/// The first [`NAME_BYTES`] bytes of an element's name, enough to tell elements apart.
type Name = [u8; NAME_BYTES];
const NAME_BYTES: usize = 24;

#[derive(Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    Text,
    /// Within `<…>`; `quote` is the open quote, or 0.
    Tag { quote: u8 },
    /// Within a comment or CDATA; the value is its terminator.
    Until(&'static [u8]),
}

/// Follows the syntax only: how deep elements nest, and whether all are closed.
impl Seen {
    fn look(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        for byte in bytes {
            self.line += u64::from(*byte == b'\n');
            match &mut self.at {
                At::Text => {
                    if *byte == b'<' {
                        self.tag.clear();
                        self.last = 0;
                        self.at = At::Tag { quote: 0 };
                    }
                }
                At::Tag { quote } if *quote != 0 => {
                    if *byte == *quote {
                        *quote = 0;
                    }
                }
                At::Tag { quote } => match byte {
                    b'"' | b'\'' if !self.tag.starts_with(b"!") => *quote = *byte,
                    b'>' => self.close_tag()?,
                    _ => {
                        self.last = *byte;
                        if self.tag.len() <= NAME_BYTES {
                            self.tag.push(*byte);
                            self.open_special();
                        }
                    }
                },
                At::Until(end) => {
                    let end = *end;
                    self.tag.push(*byte);
                    if self.tag.len() > end.len() {
                        self.tag.remove(0);
                    }
                    if self.tag == end {
                        self.at = At::Text;
                    }
                }
            }
        }
        Ok(())
    }

    fn open_special(&mut self) {
        let end: &[u8] = match self.tag.as_slice() {
            b"!--" => b"-->",
            b"![CDATA[" => b"]]>",
            _ => return,
        };
        self.tag.clear();
        self.at = At::Until(end);
    }

    fn close_tag(&mut self) -> Result<(), Unreadable> {
        self.at = At::Text;
        let line = self.line + 1;
        match self.tag.first() {
            Some(b'!' | b'?') => {}
            Some(b'/') => {
                if self.open.pop() != Some(name(&self.tag[1..])) {
                    return Err(Unreadable::NotXml { line: Some(line) });
                }
            }
            _ if self.last == b'/' => {
                // `process_mining` cannot read an empty event or trace element.
                for element in ["event", "trace"] {
                    if name(&self.tag) == name(element.as_bytes()) {
                        return Err(Unreadable::EmptyElement { line, element });
                    }
                }
            }
            _ => {
                if self.open.len() >= DEPTH_MAX {
                    return Err(Unreadable::TooDeep { line });
                }
                self.open.push(name(&self.tag));
            }
        }
        Ok(())
    }
}

fn name(tag: &[u8]) -> Name {
    let end = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
    let mut name = [0; NAME_BYTES];
    for (place, byte) in name.iter_mut().zip(tag.iter().take_while(|byte| !end(byte))) {
        *place = *byte;
    }
    name
}

/// A reader that stops when a bound is passed, and leaves the reason in [`Seen`].
#[derive(Debug)]
pub struct Guard<R> {
    inner: R,
    bytes_max: u64,
    /// How many bytes of the current buffer were already checked.
    looked: usize,
    seen: Rc<RefCell<Seen>>,
}

impl<R: BufRead> Guard<R> {
    pub fn new(inner: R, bytes_max: u64) -> (Self, Rc<RefCell<Seen>>) {
        let seen = Rc::new(RefCell::new(Seen::default()));
        (Self { inner, bytes_max, looked: 0, seen: seen.clone() }, seen)
    }
}

fn stop(seen: &mut Seen, fault: Unreadable) -> io::Error {
    seen.fault = Some(fault);
    io::Error::new(io::ErrorKind::InvalidData, "out of bounds")
}

impl<R: BufRead> BufRead for Guard<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let mut seen = self.seen.borrow_mut();
        let bytes = match self.inner.fill_buf() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                let known = error.get_ref().and_then(|inner| inner.downcast_ref::<Unreadable>());
                let fault = known.cloned().unwrap_or(Unreadable::BrokenPacking);
                return Err(stop(&mut seen, fault));
            }
        };
        if bytes.is_empty() && (!seen.open.is_empty() || seen.at != At::Text) {
            let line = seen.line + 1;
            return Err(stop(&mut seen, Unreadable::CutOff { line }));
        }
        let new = bytes.get(self.looked..).unwrap_or_default();
        seen.bytes += new.len() as u64;
        if seen.bytes > self.bytes_max {
            let most = self.bytes_max;
            return Err(stop(&mut seen, Unreadable::TooLarge(most)));
        }
        if let Err(fault) = seen.look(new) {
            return Err(stop(&mut seen, fault));
        }
        self.looked = bytes.len();
        Ok(bytes)
    }

    fn consume(&mut self, amount: usize) {
        self.looked = self.looked.saturating_sub(amount);
        self.inner.consume(amount);
    }
}

impl<R: BufRead> Read for Guard<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = {
            let bytes = self.fill_buf()?;
            let length = bytes.len().min(into.len());
            into[..length].copy_from_slice(&bytes[..length]);
            length
        };
        self.consume(length);
        Ok(length)
    }
}
