//! The spanned tree of all readers, independent of the file format.

use std::borrow::Cow;
use std::ops::Range;

/// A value with the bytes of the file that it comes from.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    pub at: Range<usize>,
    pub value: Value<'a>,
}

#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// Nothing follows the colon or the dash.
    Empty,
    Scalar(Scalar<'a>),
    List(Vec<Node<'a>>),
    Map(Map<'a>),
    /// Unreadable and already reported: readers skip it silently.
    Broken,
}

#[derive(Clone, Debug, Default)]
pub struct Map<'a> {
    pub entries: Vec<Entry<'a>>,
    /// An entry was lost to a reported error, so missing keys are not reported.
    pub incomplete: bool,
}

#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub key: Scalar<'a>,
    pub key_at: Range<usize>,
    pub value: Node<'a>,
}

/// A text, mapped back to the bytes that it comes from.
#[derive(Clone, Debug)]
pub struct Scalar<'a> {
    pub text: Cow<'a, str>,
    pub plain: bool,
    origin: Origin,
}

#[derive(Clone, Debug)]
enum Origin {
    /// The text is in the file byte for byte, from here on.
    Verbatim(usize),
    /// Pieces `(offset in text, offset in file)`, ascending; escapes and folded lines start new pieces.
    Pieces(Box<[(u32, u32)]>),
}

impl<'a> Scalar<'a> {
    pub fn verbatim(text: &'a str, at: usize, plain: bool) -> Self {
        Self { text: Cow::Borrowed(text), plain, origin: Origin::Verbatim(at) }
    }

    pub fn assembled(text: String, pieces: Vec<(u32, u32)>) -> Self {
        Self { text: Cow::Owned(text), plain: false, origin: Origin::Pieces(pieces.into()) }
    }

    /// The offset in the file of an offset in the text.
    pub fn offset(&self, within: usize) -> usize {
        match &self.origin {
            Origin::Verbatim(start) => start + within,
            Origin::Pieces(pieces) => {
                let next = pieces.partition_point(|(text, _)| *text as usize <= within);
                let Some((text, file)) = next.checked_sub(1).and_then(|at| pieces.get(at)) else {
                    return pieces.first().map_or(0, |(_, file)| *file as usize);
                };
                let there = *file as usize + (within - *text as usize);
                pieces.get(next).map_or(there, |(_, limit)| there.min(*limit as usize))
            }
        }
    }

    /// The bytes of the file behind a range of the text.
    pub fn range(&self, within: Range<usize>) -> Range<usize> {
        let start = self.offset(within.start);
        if within.end <= within.start {
            return start..start;
        }
        // At a piece boundary the end is the start of the next piece, so that an escape after the range is
        // not included.
        let end = self.offset(within.end);
        start..end.max(start)
    }
}

impl<'a> Node<'a> {
    pub fn broken(at: Range<usize>) -> Self {
        Self { at, value: Value::Broken }
    }

    pub fn scalar(&self) -> Option<&Scalar<'a>> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| &*scalar.text)
    }

    pub fn map(&self) -> Option<&Map<'a>> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&[Node<'a>]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    pub fn is_broken(&self) -> bool {
        matches!(self.value, Value::Broken)
    }
}

impl<'a> Map<'a> {
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entries.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value)
    }

    pub fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key.text == key)
    }
}
