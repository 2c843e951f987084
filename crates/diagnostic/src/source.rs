//! Source texts, spans (byte offsets) and positions (line and column).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A text that spans refer to. `name` is shown to people, usually a path inside the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub name: Arc<str>,
    pub text: Arc<str>,
    /// Byte offset at which each line starts; never empty.
    lines: Vec<usize>,
}

impl Source {
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Source { name: name.into(), text, lines }
    }

    /// Line and column of a byte offset. An offset inside a character counts as the start of that character,
    /// an offset beyond the end as the end.
    pub fn place(&self, offset: usize) -> Place {
        let offset = floor_boundary(&self.text, offset);
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines[line - 1];
        Place { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// The text of a line (1-based) without its line break.
    pub fn line(&self, line: usize) -> Option<&str> {
        let start = *self.lines.get(line.checked_sub(1)?)?;
        let end = self.lines.get(line).map_or(self.text.len(), |next| next - 1);
        Some(self.text[start..end].trim_end_matches('\r'))
    }
}

/// The largest character boundary that is at most `offset`.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A position, both parts 1-based; `column` counts characters, as editors do, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// Byte offsets `start..end` in one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub source: SourceId,
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        Span { source, start, end }
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    /// From the start of the earlier span to the end of the later one; both must be in the same source.
    pub fn to(self, other: Span) -> Span {
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// All texts of one check, in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).expect("fewer than four billion files"));
        self.list.push(Source::new(name, text));
        id
    }

    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    pub fn find(&self, name: &str) -> Option<SourceId> {
        let at = self.list.iter().position(|source| &*source.name == name)?;
        u32::try_from(at).ok().map(SourceId)
    }

    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.list.iter().enumerate().map(|(at, source)| (SourceId(at as u32), source))
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Line and column at which a span starts.
    pub fn place(&self, span: Span) -> Option<Place> {
        self.get(span.source).map(|source| source.place(span.start))
    }

    /// The text under a span; `None` when the span is not inside its source.
    pub fn text(&self, span: Span) -> Option<&str> {
        self.get(span.source)?.text.get(span.range())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a", "甲: 乙\r\n丙丁 x\n");
        let at = |offset| {
            let place = source.place(offset);
            (place.line, place.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 2));
        assert_eq!(at(4), (1, 3));
        assert_eq!(at("甲: 乙\r\n".len()), (2, 1));
        assert_eq!(at("甲: 乙\r\n丙丁".len()), (2, 3));
        assert_eq!(at(1), (1, 1), "inside a character");
        assert_eq!(at(1000), (3, 1), "past the end");
        assert_eq!(source.line(1), Some("甲: 乙"));
        assert_eq!(source.line(2), Some("丙丁 x"));
        assert_eq!(source.line(3), Some(""));
        assert_eq!(source.line(0), None);
        assert_eq!(source.line(4), None);
    }

    proptest! {
        #[test]
        fn a_place_leads_back_to_its_offset(text in "[a甲\n\r😀]{0,40}", at in 0usize..200) {
            let source = Source::new("a", text.clone());
            let place = source.place(at);
            let start: usize = text.split_inclusive('\n').take(place.line - 1).map(str::len).sum();
            let within: usize = text[start..].chars().take(place.column - 1).map(char::len_utf8).sum();
            prop_assert_eq!(start + within, floor_boundary(&text, at));
        }
    }
}
