//! Flow mappings and sequences: `{a: 1, b: [2, 3]}`, possibly over several lines.

use std::ops::Range;

use super::{Entry, MAX_DEPTH, Malformed, Map, Node, Parser, ProblemKind, Scalar, Value};

impl<'a> Parser<'a> {
    /// Parses the bracket at `start`; returns the byte after its closing bracket.
    pub(super) fn flow(&mut self, start: usize, parent: Option<usize>, depth: usize) -> (Node<'a>, usize) {
        if depth > MAX_DEPTH {
            let stop = self.balanced(start, parent);
            self.report(ProblemKind::TooDeep, start..start + 1);
            self.deep = true;
            return (Node::broken(start..stop), stop);
        }
        if self.byte(start) == b'{' {
            self.flow_map(start, parent, depth)
        } else {
            self.flow_list(start, parent, depth)
        }
    }

    /// The byte after the bracket that closes the one at `start`, ignoring brackets in quotes; or the end of
    /// the value.
    fn balanced(&self, start: usize, parent: Option<usize>) -> usize {
        let mut open = 0usize;
        let mut at = start;
        while at < self.text.len() {
            match self.byte(at) {
                b'{' | b'[' => open += 1,
                b'}' | b']' => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return at + 1;
                    }
                }
                quote @ (b'"' | b'\'') => {
                    let end = self.line_end(at);
                    at = self.closing_quote(at, end, quote).map_or(at, |close| close - 1);
                }
                b'\n' if self.leaves_flow(at + 1, parent) => return at,
                _ => {}
            }
            at += 1;
        }
        self.text.len()
    }

    fn line_end(&self, at: usize) -> usize {
        self.lines[self.line_of(at, 0)].end
    }

    /// Whether the next content line cannot be inside the bracket.
    fn leaves_flow(&self, at: usize, parent: Option<usize>) -> bool {
        let Some(parent) = parent else { return false };
        if at >= self.text.len() {
            return true;
        }
        let line = self.line_of(at, 0);
        match self.content(line) {
            Some(found) => {
                let here = self.lines[found];
                here.indent <= parent && !matches!(self.byte(here.start), b'}' | b']')
            }
            None => true,
        }
    }

    /// Skips white space, line breaks and comments. `None` when the bracket ends without being closed.
    fn flow_space(&mut self, mut at: usize, parent: Option<usize>) -> Option<usize> {
        loop {
            if at >= self.text.len() {
                return None;
            }
            match self.byte(at) {
                b' ' | b'\t' | b'\r' => at += 1,
                b'\n' => {
                    if self.leaves_flow(at + 1, parent) {
                        return None;
                    }
                    at += 1;
                }
                b'#' if at == 0 || matches!(self.byte(at - 1), b' ' | b'\t' | b'\n' | b',') => {
                    at = self.line_end(at)
                }
                _ => return Some(at),
            }
        }
    }

    fn unclosed(&mut self, start: usize) -> usize {
        let open = char::from(self.byte(start));
        // An unclosed quote inside has swallowed the closing bracket.
        let swallowed = self.problems.last().is_some_and(|last| {
            last.at.start > start && last.kind == ProblemKind::Malformed(Malformed::UnclosedQuote)
        });
        if !swallowed {
            self.malformed(Malformed::UnclosedBracket { open }, start..start + 1);
        }
        self.line_end(start)
    }

    /// Parses a flow sequence; returns where parsing continues. After an unclosed bracket that is the end of
    /// its line, or of what was read if later.
    fn flow_list(&mut self, start: usize, parent: Option<usize>, depth: usize) -> (Node<'a>, usize) {
        let mut list = Vec::new();
        let mut at = start + 1;
        let stop = loop {
            let before = at;
            match self.flow_space(at, parent) {
                None => {
                    let end = self.unclosed(start);
                    break end.max(self.trimmed_back(start, before));
                }
                Some(here) => at = here,
            }
            match self.byte(at) {
                b']' => break at + 1,
                b'}' => {
                    self.malformed(Malformed::UnclosedBracket { open: '[' }, start..start + 1);
                    break at;
                }
                b',' => {
                    self.malformed(Malformed::StrayComma, at..at + 1);
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let (node, after) = self.flow_value(at, parent, depth + 1, false);
            list.push(node);
            at = self.flow_separator(after, parent);
        };
        let cut = self.cut_off(depth, list.iter());
        (Node { at: start..stop, value: if cut { Value::Broken } else { Value::List(list) } }, stop)
    }

    /// Whether deeper content was not read: then the shape says nothing, up to the value of a top-level
    /// entry.
    fn cut_off<'n>(&self, depth: usize, mut inner: impl Iterator<Item = &'n Node<'a>>) -> bool
    where
        'a: 'n,
    {
        self.deep && depth > 0 && inner.any(Node::is_broken)
    }

    fn trimmed_back(&self, start: usize, at: usize) -> usize {
        start + self.text[start..at.min(self.text.len())].trim_end().len()
    }

    /// After a value: consumes the comma, or leaves the closing bracket to the caller.
    fn flow_separator(&mut self, at: usize, parent: Option<usize>) -> usize {
        if self.taken.take() == Some(at) {
            return at;
        }
        let Some(here) = self.flow_space(at, parent) else { return at };
        match self.byte(here) {
            b',' => here + 1,
            b']' | b'}' => here,
            _ => {
                if let Some(mark) = self.char_at(here).filter(|mark| matches!(mark, '，' | '、')) {
                    let after = here + mark.len_utf8();
                    self.report(ProblemKind::FullWidth { mark, ascii: ", " }, here..after);
                    return after;
                }
                let line = self.line_end(here);
                let shown = self.char_at(here).map_or(line, |c| here + c.len_utf8());
                self.malformed(Malformed::MissingComma, here..shown);
                here
            }
        }
    }

    fn flow_map(&mut self, start: usize, parent: Option<usize>, depth: usize) -> (Node<'a>, usize) {
        let mut map = Map::default();
        let mut at = start + 1;
        let stop = loop {
            let before = at;
            match self.flow_space(at, parent) {
                None => {
                    let end = self.unclosed(start);
                    map.incomplete = true;
                    break end.max(self.trimmed_back(start, before));
                }
                Some(here) => at = here,
            }
            match self.byte(at) {
                b'}' => break at + 1,
                b']' => {
                    self.malformed(Malformed::UnclosedBracket { open: '{' }, start..start + 1);
                    break at;
                }
                b',' => {
                    self.malformed(Malformed::StrayComma, at..at + 1);
                    at += 1;
                    continue;
                }
                _ => {}
            }
            at = self.flow_entry(at, parent, depth, &mut map);
            at = self.flow_separator(at, parent);
        };
        self.drop_duplicates(&mut map);
        let cut = self.cut_off(depth, map.entries.iter().map(|entry| &entry.value));
        (Node { at: start..stop, value: if cut { Value::Broken } else { Value::Map(map) } }, stop)
    }

    fn flow_entry(&mut self, start: usize, parent: Option<usize>, depth: usize, map: &mut Map<'a>) -> usize {
        let (key, key_at, colon) = match self.flow_key(start) {
            Some(found) => found,
            None => {
                // Not an entry: the text is skipped as a key without a value, and reported.
                let (node, after) = self.flow_value(start, parent, depth + 1, true);
                if !matches!(node.value, Value::Broken) && !self.torn(start, node.at.end, map) {
                    self.malformed(Malformed::NoColon, node.at.clone());
                }
                map.incomplete = true;
                return after;
            }
        };
        let space = self.flow_space(colon, parent);
        let (value, after) = match space {
            Some(here) if !matches!(self.byte(here), b',' | b'}' | b']') => {
                self.flow_value(here, parent, depth + 1, true)
            }
            _ => (Node { at: key_at.clone(), value: Value::Empty }, colon),
        };
        map.entries.push(Entry { key, key_at, value });
        after
    }

    /// Whether the text at `start` continues the plain text before the comma, which is then broken and
    /// reported once, however many commas it has.
    fn torn(&mut self, start: usize, end: usize, map: &mut Map<'a>) -> bool {
        let Some(entry) = map.entries.last_mut() else { return false };
        let told = entry.value.is_broken()
            && self.problems.last().is_some_and(|last| {
                last.kind == ProblemKind::Malformed(Malformed::CommaInText)
                    && last.at.start == entry.value.at.start
            });
        let plain = entry.value.scalar().is_some_and(|scalar| scalar.plain);
        if !plain && !told {
            return false;
        }
        let text = entry.value.at.start..end.max(start);
        entry.value = Node::broken(text.clone());
        if told {
            if let Some(last) = self.problems.last_mut() {
                last.at = text;
            }
        } else {
            self.malformed(Malformed::CommaInText, text);
        }
        true
    }

    /// A key of a flow mapping, with the byte after its colon.
    fn flow_key(&mut self, start: usize) -> Option<(Scalar<'a>, Range<usize>, usize)> {
        let end = self.line_end(start);
        if let quote @ (b'"' | b'\'') = self.byte(start) {
            let close = self.closing_quote(start, end, quote)?;
            let colon = self.skip_blanks(close, end);
            let scalar = self.quoted_within(start, close);
            return (colon < end && self.byte(colon) == b':').then_some((scalar, start..close, colon + 1));
        }
        let mut doubtful = None;
        for (at, c) in self.text[start..end].char_indices() {
            let at = start + at;
            match c {
                ',' | '{' | '}' | '[' | ']' => break,
                ':' => {
                    let next = at + 1;
                    let ends = next >= end
                        || matches!(self.byte(next), b' ' | b'\t' | b',' | b'{' | b'}' | b'[' | b']');
                    if ends && doubtful.is_none() {
                        return Some(self.cut_key(start, at, next));
                    }
                    if ends {
                        break;
                    }
                    doubtful = doubtful.or(Some((at, c)));
                }
                '：' => doubtful = doubtful.or(Some((at, c))),
                _ => {}
            }
        }
        let (at, mark) = doubtful?;
        let after = at + mark.len_utf8();
        if self.text[start..at].trim().is_empty() || self.text[after..end].starts_with("//") {
            return None;
        }
        let kind = match mark {
            '：' => ProblemKind::FullWidth { mark, ascii: ": " },
            _ => ProblemKind::MissingSpace,
        };
        self.report(kind, at..after);
        Some(self.cut_key(start, at, after))
    }

    fn cut_key(&self, start: usize, end: usize, after: usize) -> (Scalar<'a>, Range<usize>, usize) {
        let text = self.text[start..end].trim_end();
        (Scalar::verbatim(text, start, true), start..start + text.len(), after)
    }

    fn flow_value(
        &mut self,
        start: usize,
        parent: Option<usize>,
        depth: usize,
        in_map: bool,
    ) -> (Node<'a>, usize) {
        match self.byte(start) {
            b'{' | b'[' => self.flow(start, parent, depth),
            b'"' | b'\'' => {
                let line = self.line_of(start, 0);
                self.quoted(line, start, parent)
            }
            mark @ (b'&' | b'*' | b'!' | b'@' | b'`' | b'%') => {
                let end = self.line_end(start);
                let stop = self.text[start..end].find([',', '}', ']']).map_or(end, |at| start + at);
                self.reject_mark(mark, start, end);
                (Node::broken(start..stop), stop.max(start + 1))
            }
            _ => self.flow_plain(start, parent, in_map),
        }
    }

    /// Plain text inside brackets. Text that contains brackets must be quoted.
    fn flow_plain(&mut self, start: usize, parent: Option<usize>, in_map: bool) -> (Node<'a>, usize) {
        let end = self.line_end(start);
        let mut at = start;
        let mut wide_comma = None;
        let mut bracketed = false;
        let stop = loop {
            if at >= end {
                break end;
            }
            let Some(c) = self.char_at(at) else { break end };
            let next = at + c.len_utf8();
            match c {
                ',' | ']' | '}' => break at,
                '{' | '[' => {
                    if !std::mem::replace(&mut bracketed, true) {
                        self.malformed(Malformed::BracketInText, at..next);
                    }
                    at = self.balanced(at, parent).min(end).max(next);
                    continue;
                }
                '#' if at > start && matches!(self.byte(at - 1), b' ' | b'\t') => break at,
                '，' | '；' if in_map => wide_comma = Some((at, c)),
                ':' | '：' if in_map => {
                    let colon = c == ':' && (next >= end || matches!(self.byte(next), b' ' | b'\t'));
                    if let Some((comma, mark)) = wide_comma {
                        let word = self.text[comma + mark.len_utf8()..at].trim();
                        if (self.known)(word) {
                            let after = comma + mark.len_utf8();
                            self.report(ProblemKind::FullWidth { mark, ascii: ", " }, comma..after);
                            let text = self.text[start..comma].trim_end();
                            let scalar = Scalar::verbatim(text, start, true);
                            let node = Node { at: start..start + text.len(), value: Value::Scalar(scalar) };
                            return (node, self.comma_taken(after));
                        }
                    }
                    if colon {
                        self.malformed(Malformed::ColonInText, at..next);
                    }
                }
                _ => {}
            }
            at = next;
        };
        let text = self.text[start..stop].trim_end();
        if bracketed {
            return (Node::broken(start..start + text.len()), stop.max(start + 1));
        }
        if stop == end {
            return self.flow_folded(start, stop, parent);
        }
        let scalar = Scalar::verbatim(text, start, true);
        (Node { at: start..start + text.len(), value: Value::Scalar(scalar) }, stop.max(start + 1))
    }

    /// Treats a full-width comma as the separator: the next entry begins at `after`.
    fn comma_taken(&mut self, after: usize) -> usize {
        self.taken = Some(after);
        after
    }

    /// Plain text that continues on the next lines.
    fn flow_folded(&mut self, start: usize, stop: usize, parent: Option<usize>) -> (Node<'a>, usize) {
        let first = self.text[start..stop].trim_end();
        let here = Node {
            at: start..start + first.len(),
            value: Value::Scalar(Scalar::verbatim(first, start, true)),
        };
        let Some(next) = self.flow_space(stop, parent) else { return (here, stop) };
        if next <= stop || matches!(self.byte(next), b',' | b']' | b'}' | b'{' | b'[' | b'"' | b'\'') {
            return (here, stop.max(start + 1));
        }
        let commented = self.text[stop..next].contains('#');
        let end = self.line_end(next);
        let cut = self.text[next..end].find([',', ']', '}', '{', '[']).map_or(end, |at| next + at);
        if commented || self.reads_like_entry(next, cut) {
            return (here, stop.max(start + 1));
        }
        let mut text = first.to_owned();
        let file = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut pieces = vec![(0, file(start))];
        let (mut next, mut cut, mut gap) = (next, cut, stop);
        loop {
            let breaks = self.text[gap..next].matches('\n').count();
            pieces.push((file(text.len()), file(next.saturating_sub(1))));
            text.push_str(&if breaks > 1 { "\n".repeat(breaks - 1) } else { " ".to_owned() });
            pieces.push((file(text.len()), file(next)));
            text.push_str(self.text[next..cut].trim_end());
            gap = cut;
            if cut < self.line_end(next) {
                break;
            }
            let Some(more) = self.flow_space(cut, parent) else { break };
            let end = self.line_end(more);
            let stop = self.text[more..end].find([',', ']', '}', '{', '[']).map_or(end, |at| more + at);
            if stop == more || self.text[cut..more].contains('#') || self.reads_like_entry(more, stop) {
                break;
            }
            (next, cut) = (more, stop);
        }
        let at = start..self.trimmed_back(start, cut);
        let mut scalar = Scalar::assembled(text, pieces);
        scalar.plain = true;
        (Node { at, value: Value::Scalar(scalar) }, cut)
    }
}
