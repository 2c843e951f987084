//! Block mappings and sequences, structured by indentation.

use std::collections::HashMap;
use std::ops::Range;

use super::{Entry, MAX_DEPTH, Malformed, Map, Node, Parser, ProblemKind, Scalar, Unsupported, Value};

/// A key at the start of an entry, and the byte after its colon.
struct Key<'a> {
    scalar: Scalar<'a>,
    at: Range<usize>,
    after: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn document(&mut self) -> Node<'a> {
        let mut line = 0;
        loop {
            let Some(next) = self.content(line) else {
                return Node { at: 0..0, value: Value::Empty };
            };
            let found = self.lines[next];
            let text = &self.text[found.start..found.end];
            if found.indent == 0 && text.trim_end() == "---" {
                line = next + 1;
                continue;
            }
            if found.indent == 0 && text.starts_with('%') {
                self.report(ProblemKind::Unsupported(Unsupported::Directive), found.start..found.end);
                line = next + 1;
                continue;
            }
            line = next;
            break;
        }
        self.note_tabs(line);
        let first = self.lines[line];
        let (mut node, next) = self.block(line, first.start, first.indent, None, 0);
        if let Some(rest) = self.content(next) {
            let rest = self.lines[rest];
            if !self.document_end(rest.start, rest.end, rest.indent) {
                self.malformed(Malformed::Indentation, rest.start..rest.end);
            } else if let Value::Map(map) = &mut node.value {
                // A missing key may be in the part that is not read.
                map.incomplete = true;
            }
        }
        node
    }

    /// Reports a second document and ends the first; the rest is not read.
    fn document_end(&mut self, start: usize, end: usize, indent: usize) -> bool {
        let text = self.text[start..end].trim_end();
        let marks = indent == 0 && (text == "---" || text.starts_with("--- "));
        if marks && !self.problems.iter().any(|told| told.at.start == start) {
            self.report(ProblemKind::Unsupported(Unsupported::Document), start..end);
        }
        marks || (indent == 0 && text == "...")
    }

    fn note_tabs(&mut self, line: usize) {
        if self.lines[line].wide {
            self.wide.get_or_insert(line);
        }
        if self.lines[line].tabbed {
            self.tabs = Some(self.tabs.map_or((line, 1), |(first, count)| (first, count + 1)));
        }
    }

    /// Parses the node at `start` in column `column` of `line`; a line indented no deeper than `parent` ends
    /// it. Returns the first line after it.
    pub(super) fn block(
        &mut self,
        line: usize,
        start: usize,
        column: usize,
        parent: Option<usize>,
        depth: usize,
    ) -> (Node<'a>, usize) {
        if depth > MAX_DEPTH {
            self.report(ProblemKind::TooDeep, start..self.lines[line].end);
            return (Node::broken(start..start), self.skip_deeper(line + 1, parent));
        }
        let end = self.lines[line].end;
        if self.is_dash(start, end) {
            return self.sequence(line, start, column, depth);
        }
        match self.key(line, start, false) {
            Some(key) => self.mapping(line, key, column, parent, depth),
            None => self.inline(line, start, parent, depth),
        }
    }

    /// The first line from `line` on that is indented no deeper than `parent`.
    fn skip_deeper(&self, line: usize, parent: Option<usize>) -> usize {
        let stop = |at: &usize| {
            let line = self.lines[*at];
            !line.blank && !line.comment && parent.is_some_and(|parent| line.indent <= parent)
        };
        (line..self.lines.len()).find(stop).unwrap_or(self.lines.len())
    }

    fn is_dash(&self, start: usize, end: usize) -> bool {
        self.byte(start) == b'-' && (start + 1 >= end || matches!(self.byte(start + 1), b' ' | b'\t'))
    }

    fn sequence(&mut self, line: usize, start: usize, column: usize, depth: usize) -> (Node<'a>, usize) {
        let mut list = Vec::new();
        let (mut line, mut at) = (line, start);
        let mut last = start + 1;
        let next_line = loop {
            let end = self.lines[line].end;
            let value = self.skip_blanks(at + 1, end);
            let (node, next) = if self.at_end(at + 1, end) {
                match self.content(line + 1) {
                    Some(inner) if self.lines[inner].indent > column => {
                        self.note_tabs(inner);
                        let found = self.lines[inner];
                        self.block(inner, found.start, found.indent, Some(column), depth + 1)
                    }
                    _ => (Node { at: at..at + 1, value: Value::Empty }, line + 1),
                }
            } else {
                self.block(line, value, column + (value - at), Some(column), depth + 1)
            };
            last = last.max(node.at.end);
            list.push(node);
            let Some(mut after) = self.content(next) else { break self.lines.len() };
            if self.lines[after].indent > column {
                self.note_tabs(after);
                let odd = self.lines[after];
                self.malformed(Malformed::Indentation, odd.start..odd.end);
                match self.content(self.skip_deeper(after, Some(column))) {
                    Some(found) => after = found,
                    None => break self.lines.len(),
                }
            }
            let found = self.lines[after];
            if found.indent != column || !self.is_dash(found.start, found.end) {
                break after;
            }
            self.note_tabs(after);
            line = after;
            at = found.start;
        };
        (Node { at: start..last, value: Value::List(list) }, next_line)
    }

    fn mapping(
        &mut self,
        line: usize,
        key: Key<'a>,
        column: usize,
        parent: Option<usize>,
        depth: usize,
    ) -> (Node<'a>, usize) {
        let start = key.at.start;
        let mut last = key.at.end;
        let mut map = Map::default();
        let mut pending = Some((line, key, column));
        let mut odd_indent = None;
        let mut next = line;
        while let Some((line, key, indent)) = pending.take() {
            let (value, after) = self.entry_value(line, &key, indent, depth);
            last = last.max(value.at.end).max(key.at.end);
            if key.scalar.text == "<<" {
                map.incomplete = true;
            } else {
                map.entries.push(Entry { key: key.scalar, key_at: key.at, value });
            }
            next = after;
            while let Some(found) = self.content(next) {
                let here = self.lines[found];
                next = found;
                let inside = parent.is_none_or(|parent| here.indent > parent);
                if !inside || self.document_end(here.start, here.end, here.indent) {
                    break;
                }
                self.note_tabs(found);
                if here.indent != column && odd_indent != Some(here.indent) {
                    odd_indent = Some(here.indent);
                    self.malformed(Malformed::Indentation, here.start..here.end);
                }
                if let Some(key) = self.key(found, here.start, true) {
                    pending = Some((found, key, here.indent));
                    break;
                }
                if here.indent == column {
                    self.malformed(Malformed::NoColon, here.start..here.end);
                }
                map.incomplete = true;
                next = self.skip_deeper(found + 1, Some(here.indent.min(column)));
            }
            if self.content(next).is_none() && pending.is_none() {
                next = self.lines.len();
            }
        }
        self.drop_duplicates(&mut map);
        (Node { at: start..last, value: Value::Map(map) }, next)
    }

    /// Keeps the first entry of every key, and reports the others.
    pub(super) fn drop_duplicates(&mut self, map: &mut Map<'a>) {
        let mut first: HashMap<String, Range<usize>> = HashMap::new();
        let few = map.entries.len() <= 12;
        let mut kept: Vec<Entry<'a>> = Vec::with_capacity(map.entries.len());
        for entry in std::mem::take(&mut map.entries) {
            let seen = if few {
                kept.iter().find(|other| other.key.text == entry.key.text).map(|other| other.key_at.clone())
            } else {
                first.get(&*entry.key.text).cloned()
            };
            if let Some(first) = seen {
                self.report(ProblemKind::DuplicateKey { first }, entry.key_at);
                continue;
            }
            if !few {
                first.insert(entry.key.text.to_string(), entry.key_at.clone());
            }
            kept.push(entry);
        }
        map.entries = kept;
    }

    fn entry_value(&mut self, line: usize, key: &Key<'a>, indent: usize, depth: usize) -> (Node<'a>, usize) {
        let end = self.lines[line].end;
        if key.scalar.text == "<<" {
            return (Node::broken(key.at.clone()), self.skip_deeper(line + 1, Some(indent)));
        }
        if self.at_end(key.after, end) {
            let inner = self.content(line + 1).map(|inner| (inner, self.lines[inner]));
            return match inner {
                Some((inner, found)) if found.indent > indent => {
                    self.note_tabs(inner);
                    self.block(inner, found.start, found.indent, Some(indent), depth + 1)
                }
                Some((inner, found)) if found.indent == indent && self.is_dash(found.start, found.end) => {
                    self.note_tabs(inner);
                    self.sequence(inner, found.start, found.indent, depth + 1)
                }
                _ => (Node { at: key.at.clone(), value: Value::Empty }, line + 1),
            };
        }
        let start = self.skip_blanks(key.after, end);
        if self.is_dash(start, end) {
            self.malformed(Malformed::ListOnKeyLine, start..end);
            return (Node::broken(start..end), self.skip_deeper(line + 1, Some(indent)));
        }
        self.inline(line, start, Some(indent), depth + 1)
    }

    /// The key of an entry at `start`, if there is one. `expected`: nothing else is allowed there.
    fn key(&mut self, line: usize, start: usize, expected: bool) -> Option<Key<'a>> {
        let end = self.lines[line].end;
        match self.byte(start) {
            quote @ (b'"' | b'\'') => {
                let close = self.closing_quote(start, end, quote)?;
                let colon = self.skip_blanks(close, end);
                if self.byte(colon) != b':' || colon >= end {
                    return None;
                }
                let scalar = self.quoted_within(start, close);
                return Some(Key { scalar, at: start..close, after: colon + 1 });
            }
            b'?' if start + 1 >= end || self.byte(start + 1) == b' ' => {
                self.report(ProblemKind::Unsupported(Unsupported::ComplexKey), start..end);
                return None;
            }
            b'{' | b'[' | b'|' | b'>' | b'#' => return None,
            b'&' | b'*' | b'!' | b'@' | b'`' | b'%' if !expected => return None,
            _ => {}
        }
        let (at, colon) = self.plain_key(start, end, expected)?;
        let scalar = Scalar::verbatim(&self.text[at.clone()], at.start, true);
        if &self.text[at.clone()] == "<<" {
            self.report(ProblemKind::Unsupported(Unsupported::MergeKey), at.clone());
        }
        Some(Key { scalar, at, after: colon })
    }

    /// The range of a plain key and the byte after its colon. Wrong colons are reported and accepted.
    fn plain_key(&mut self, start: usize, end: usize, expected: bool) -> Option<(Range<usize>, usize)> {
        let mut wide = None;
        let mut tight = None;
        let text = &self.text[start..end];
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            let at = start + at;
            match c {
                '#' if before == ' ' || before == '\t' => break,
                ':' => {
                    let next = at + 1;
                    if next >= end || matches!(self.byte(next), b' ' | b'\t') {
                        if self.wide_or_tight(start, wide.or(tight), end, true) {
                            break;
                        }
                        return Some((self.trimmed(start, at), next));
                    }
                    tight = tight.or(Some(at));
                }
                '：' => wide = wide.or(Some(at)),
                _ => {}
            }
            before = c;
        }
        let at = match (wide, tight) {
            (Some(wide), Some(tight)) => wide.min(tight),
            (Some(at), None) | (None, Some(at)) => at,
            (None, None) => return None,
        };
        let scheme = self.text[at..end].starts_with("://");
        if scheme || !(expected || self.wide_or_tight(start, Some(at), end, false)) {
            return None;
        }
        let mark = self.char_at(at)?;
        let after = at + mark.len_utf8();
        let key = self.trimmed(start, at);
        if key.is_empty() {
            return None;
        }
        if mark == '：' {
            self.report(ProblemKind::FullWidth { mark, ascii: ": " }, at..after);
        } else {
            self.report(ProblemKind::MissingSpace, at..after);
        }
        Some((key, after))
    }

    /// Whether a full-width or unspaced colon at `at` was surely meant as the colon of an entry.
    fn wide_or_tight(&self, start: usize, at: Option<usize>, end: usize, later_colon: bool) -> bool {
        let Some(at) = at else { return false };
        let Some(mark) = self.char_at(at) else { return false };
        let key = self.text[start..at].trim();
        let rest = self.text[at + mark.len_utf8()..end].trim_start();
        if (self.known)(key) && !rest.starts_with("//") {
            return true;
        }
        let opens = rest.starts_with(['{', '[']);
        opens || (!later_colon && mark == '：' && rest.is_empty())
    }

    fn trimmed(&self, start: usize, end: usize) -> Range<usize> {
        start..start + self.text[start..end].trim_end().len()
    }

    /// Whether a line looks like an entry, so that it cannot continue the text above.
    pub(super) fn reads_like_entry(&self, start: usize, end: usize) -> bool {
        let text = &self.text[start..end];
        let colon = text.match_indices(':').find(|(at, _)| {
            let next = text.as_bytes().get(at + 1);
            next.is_none_or(|byte| matches!(byte, b' ' | b'\t'))
        });
        if let Some((at, _)) = colon {
            return !text[..at].contains(" #");
        }
        text.find('：').is_some_and(|at| (self.known)(text[..at].trim()))
    }
}
