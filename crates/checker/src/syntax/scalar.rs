//! Scalars: plain, quoted and block texts, mapped back to their bytes.

use std::ops::Range;

use super::{Malformed, Node, Parser, ProblemKind, Scalar, Unsupported, Value};

/// A text assembled from pieces of the file.
#[derive(Default)]
struct Builder {
    text: String,
    pieces: Vec<(u32, u32)>,
}

impl Builder {
    fn mark(&mut self, file: usize) {
        let here =
            (u32::try_from(self.text.len()).unwrap_or(u32::MAX), u32::try_from(file).unwrap_or(u32::MAX));
        match self.pieces.last_mut() {
            Some(last) if last.0 == here.0 => *last = here,
            _ => self.pieces.push(here),
        }
    }

    fn push(&mut self, file: usize, text: &str) {
        self.mark(file);
        self.text.push_str(text);
    }

    /// Ends the map with the position in the file where the text ends.
    fn finish<'a>(mut self, end: usize) -> Scalar<'a> {
        if self.pieces.is_empty() {
            self.pieces.push((0, u32::try_from(end).unwrap_or(u32::MAX)));
        }
        let here = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        if self.pieces.last().is_some_and(|last| last.0 < here) {
            self.pieces.push((here, u32::try_from(end).unwrap_or(u32::MAX)));
        }
        Scalar::assembled(self.text, self.pieces)
    }
}

impl<'a> Parser<'a> {
    /// Parses a value on this line that is not a block mapping or sequence.
    pub(super) fn inline(
        &mut self,
        line: usize,
        start: usize,
        parent: Option<usize>,
        depth: usize,
    ) -> (Node<'a>, usize) {
        let end = self.lines[line].end;
        match self.byte(start) {
            b'{' | b'[' => {
                let (node, stop) = self.flow(start, parent, depth);
                let last = self.line_of(stop.saturating_sub(1).max(start), line);
                self.reject_trailing(stop, last);
                (node, last + 1)
            }
            b'"' | b'\'' => {
                let (node, stop) = self.quoted(line, start, parent);
                let last = self.line_of(stop.saturating_sub(1).max(start), line);
                self.reject_trailing(stop, last);
                (node, last + 1)
            }
            b'|' | b'>' => self.block_scalar(line, start, parent),
            mark @ (b'&' | b'*' | b'!' | b'@' | b'`' | b'%') => {
                self.reject_mark(mark, start, end);
                (Node::broken(start..end), self.next_sibling(line, parent))
            }
            _ => self.plain(line, start, parent),
        }
    }

    /// The first line after `line` that does not belong to a value under `parent`.
    fn next_sibling(&self, line: usize, parent: Option<usize>) -> usize {
        let mut next = line + 1;
        while next < self.lines.len() {
            let here = self.lines[next];
            if !here.blank && parent.is_some_and(|parent| here.indent <= parent) {
                break;
            }
            next += 1;
        }
        next
    }

    pub(super) fn reject_mark(&mut self, mark: u8, start: usize, end: usize) {
        let what = match mark {
            b'&' => Unsupported::Anchor,
            b'*' => Unsupported::Alias,
            b'!' => Unsupported::Tag,
            _ => return self.malformed(Malformed::ReservedMark, start..end),
        };
        let word = self.text[start..end].find([' ', ',', '}', ']']).map_or(end, |at| start + at);
        self.report(ProblemKind::Unsupported(what), start..word);
    }

    fn reject_trailing(&mut self, stop: usize, line: usize) {
        let end = self.lines[line].end;
        if stop < end && !self.at_end(stop, end) {
            let from = self.skip_blanks(stop, end);
            self.malformed(Malformed::TrailingText, from..end);
        }
    }

    /// Plain text, possibly folded over several deeper lines.
    fn plain(&mut self, line: usize, start: usize, parent: Option<usize>) -> (Node<'a>, usize) {
        let first_end = self.lines[line].end;
        let (stop, commented) = self.plain_stop(start, first_end);
        self.reject_colon(start, stop);
        let first: Range<usize> = start..stop;
        let mut pieces = Vec::from([first]);
        let mut breaks = Vec::new();
        let mut next = line + 1;
        let mut blanks = 0;
        let mut look = next;
        while !commented && look < self.lines.len() {
            let here = self.lines[look];
            if here.blank {
                blanks += 1;
                look += 1;
                continue;
            }
            let deeper = parent.is_none_or(|parent| here.indent > parent);
            let marker = here.indent == 0 && self.text[here.start..here.end].starts_with("---");
            if here.comment || !deeper || marker || self.reads_like_entry(here.start, here.end) {
                break;
            }
            let (stop, ended) = self.plain_stop(here.start, here.end);
            pieces.push(here.start..stop);
            breaks.push(blanks);
            blanks = 0;
            look += 1;
            next = look;
            if ended {
                break;
            }
        }
        let at = start..pieces.last().map_or(stop, |piece| piece.end);
        if pieces.len() == 1 {
            let scalar = Scalar::verbatim(&self.text[start..stop], start, true);
            return (Node { at, value: Value::Scalar(scalar) }, next);
        }
        let mut text = Builder::default();
        for (index, piece) in pieces.iter().enumerate() {
            if let Some(blanks) = index.checked_sub(1).and_then(|at| breaks.get(at)) {
                let fold = if *blanks == 0 { " ".to_owned() } else { "\n".repeat(*blanks) };
                text.push(piece.start.saturating_sub(1), &fold);
            }
            text.push(piece.start, &self.text[piece.clone()]);
        }
        let mut scalar = text.finish(at.end);
        scalar.plain = true;
        (Node { at, value: Value::Scalar(scalar) }, next)
    }

    /// Where plain text ends on its line, and whether a comment ended it.
    fn plain_stop(&self, start: usize, end: usize) -> (usize, bool) {
        let text = &self.text[start..end];
        let mut comment = None;
        let mut from = 0;
        while let Some(at) = text[from..].find('#') {
            let at = from + at;
            if at > 0 && matches!(text.as_bytes()[at - 1], b' ' | b'\t') {
                comment = Some(at);
                break;
            }
            from = at + 1;
        }
        let stop = comment.unwrap_or(text.len());
        (start + text[..stop].trim_end_matches([' ', '\t']).len(), comment.is_some())
    }

    /// Reports `a: b: c` on one line: the second colon could be that of a key.
    fn reject_colon(&mut self, start: usize, stop: usize) {
        let text = &self.text[start..stop];
        let bytes = text.as_bytes();
        let found = text
            .match_indices(':')
            .find(|(at, _)| bytes.get(at + 1).is_none_or(|byte| matches!(byte, b' ' | b'\t')));
        if let Some((at, _)) = found {
            self.malformed(Malformed::ColonInText, start + at..start + at + 1);
        }
    }

    /// The byte after the closing quote of a quoted text, if before `end`.
    pub(super) fn closing_quote(&self, start: usize, end: usize, quote: u8) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        while at < end {
            match bytes[at] {
                b'\\' if quote == b'"' => at += 1,
                byte if byte == quote => {
                    if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') && at + 1 < end {
                        at += 1;
                    } else {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// The quoted text from `start` to `stop` on one line, quotes included.
    pub(super) fn quoted_within(&mut self, start: usize, stop: usize) -> Scalar<'a> {
        let inner = start + 1..stop - 1;
        let text = &self.text[inner.clone()];
        let simple = if self.byte(start) == b'"' { !text.contains('\\') } else { !text.contains('\'') };
        if simple && !text.contains('\n') {
            return Scalar::verbatim(text, inner.start, false);
        }
        self.unescape(inner, self.byte(start))
    }

    /// A quoted text, possibly over several lines. One that is not closed ends with its line.
    pub(super) fn quoted(&mut self, line: usize, start: usize, parent: Option<usize>) -> (Node<'a>, usize) {
        let quote = self.byte(start);
        let mut last = line;
        let mut limit = self.lines[line].end;
        loop {
            if let Some(stop) = self.closing_quote(start, limit, quote) {
                let scalar = self.quoted_within(start, stop);
                return (Node { at: start..stop, value: Value::Scalar(scalar) }, stop);
            }
            let next = self.lines[last + 1..].iter().position(|line| !line.blank).map(|more| last + 1 + more);
            match next {
                Some(next)
                    if parent.is_none_or(|parent| self.lines[next].indent > parent)
                        && !self.reads_like_entry(self.lines[next].start, self.lines[next].end) =>
                {
                    last = next;
                    limit = self.lines[next].end;
                }
                _ => break,
            }
        }
        let end = self.lines[line].end;
        let curly =
            self.text[start + 1..end].char_indices().find(|(_, c)| matches!(c, '”' | '“' | '’' | '‘'));
        match curly {
            Some((at, mark)) => {
                let at = start + 1 + at;
                let ascii = if quote == b'"' { "\"" } else { "'" };
                self.report(ProblemKind::FullWidth { mark, ascii }, at..at + mark.len_utf8());
                let scalar = Scalar::verbatim(&self.text[start + 1..at], start + 1, false);
                (Node { at: start..at + mark.len_utf8(), value: Value::Scalar(scalar) }, at + mark.len_utf8())
            }
            None => {
                self.malformed(Malformed::UnclosedQuote, start..end);
                let scalar = Scalar::verbatim(&self.text[start + 1..end], start + 1, false);
                (Node { at: start..end, value: Value::Scalar(scalar) }, end)
            }
        }
    }

    /// Folds line breaks and resolves escapes of a quoted text.
    fn unescape(&mut self, inner: Range<usize>, quote: u8) -> Scalar<'a> {
        let text = self.text;
        let mut out = Builder::default();
        let mut at = inner.start;
        let mut run = at;
        while at < inner.end {
            match text.as_bytes()[at] {
                b'\\' if quote == b'"' => {
                    out.push(run, &text[run..at]);
                    at = self.escape(at, inner.end, &mut out);
                    run = at;
                }
                b'\'' if quote == b'\'' => {
                    out.push(run, &text[run..=at]);
                    at += 2;
                    run = at.min(inner.end);
                }
                b'\n' => {
                    let kept = text[run..at].trim_end_matches([' ', '\t', '\r']);
                    out.push(run, kept);
                    let rest = &text[at..inner.end];
                    let white = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
                    let breaks = rest[..white].matches('\n').count();
                    let fold = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
                    out.push(at, &fold);
                    at += white;
                    run = at;
                }
                _ => at += 1,
            }
        }
        let run = run.min(inner.end);
        out.push(run, &text[run..inner.end]);
        out.finish(inner.end)
    }

    /// Resolves one escape of a double-quoted text; returns the byte after it.
    fn escape(&mut self, at: usize, end: usize, out: &mut Builder) -> usize {
        let Some(c) = self.char_at(at + 1).filter(|_| at + 1 < end) else {
            return end;
        };
        let after = at + 1 + c.len_utf8();
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            let stop = after + digits;
            let code = self.text.get(after..stop).filter(|_| stop <= end);
            let found = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
            let Some(found) = found else {
                self.malformed(Malformed::BadEscape, at..after);
                return after;
            };
            out.push(at, found.encode_utf8(&mut [0; 4]));
            return stop;
        }
        let text = match c {
            'n' => "\n",
            't' | '\t' => "\t",
            'r' => "\r",
            '"' => "\"",
            '\\' => "\\",
            '/' => "/",
            ' ' => " ",
            '0' => "\0",
            'a' => "\u{7}",
            'b' => "\u{8}",
            'e' => "\u{1b}",
            'f' => "\u{c}",
            'v' => "\u{b}",
            'N' => "\u{85}",
            '_' => "\u{a0}",
            'L' => "\u{2028}",
            'P' => "\u{2029}",
            '\n' | '\r' => {
                let rest = &self.text[after..end];
                return end - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            }
            _ => {
                self.malformed(Malformed::BadEscape, at..after);
                return after;
            }
        };
        out.push(at, text);
        after
    }

    /// A block scalar: `|` keeps line breaks, `>` folds them; `-` strips the last break, `+` keeps all.
    fn block_scalar(&mut self, line: usize, start: usize, parent: Option<usize>) -> (Node<'a>, usize) {
        let end = self.lines[line].end;
        let folded = self.byte(start) == b'>';
        let (mut chomp, mut explicit, mut at) = (b' ', None, start + 1);
        while at < end {
            match self.byte(at) {
                mark @ (b'-' | b'+') => chomp = mark,
                digit @ b'1'..=b'9' => explicit = Some(usize::from(digit - b'0')),
                _ => break,
            }
            at += 1;
        }
        if !self.at_end(at, end) {
            self.malformed(Malformed::TrailingText, at..end);
        }
        let base = parent.map_or(0, |parent| parent + 1);
        let mut next = line + 1;
        let mut indent = explicit.map(|more| parent.unwrap_or(0) + more);
        let mut stop = next;
        while next < self.lines.len() {
            let here = self.lines[next];
            if !here.blank {
                if here.indent < indent.unwrap_or(base) {
                    break;
                }
                indent = indent.or(Some(here.indent));
                stop = next + 1;
                if here.tabbed && self.indent_has_tab(next, indent.unwrap_or(base)) {
                    self.tabs = Some(self.tabs.map_or((next, 1), |(first, count)| (first, count + 1)));
                }
            }
            next += 1;
        }
        let scalar = self.block_text(line + 1..stop, indent.unwrap_or(base), folded, chomp, next);
        let last = if stop > line + 1 { self.lines[stop - 1].end } else { end };
        (Node { at: start..last, value: Value::Scalar(scalar) }, next)
    }

    fn indent_has_tab(&self, line: usize, indent: usize) -> bool {
        let here = self.lines[line];
        self.text.as_bytes()[here.raw..here.start].iter().take(indent).any(|byte| *byte == b'\t')
    }

    /// The text of a block scalar on the lines `range`; `next` is the first line after trailing blank ones.
    fn block_text(
        &self,
        range: Range<usize>,
        indent: usize,
        folded: bool,
        chomp: u8,
        next: usize,
    ) -> Scalar<'a> {
        let mut out = Builder::default();
        let mut breaks = 0;
        let mut above_more = false;
        let mut end = self.lines.get(range.start).map_or(self.text.len(), |line| line.raw);
        for (index, line) in range.clone().enumerate() {
            let here = self.lines[line];
            if here.blank && here.end.saturating_sub(here.raw) <= indent {
                breaks += 1;
                continue;
            }
            let content = if here.tabbed { here.start } else { (here.raw + indent).min(here.end) };
            let more = matches!(self.byte(content), b' ' | b'\t');
            if index > 0 {
                let first = out.text.is_empty();
                let fold = match (folded && !more && !above_more && !first, breaks) {
                    (true, 0) => " ".to_owned(),
                    (true, breaks) => "\n".repeat(breaks),
                    (false, breaks) => "\n".repeat(breaks + usize::from(!first)),
                };
                out.push(here.raw, &fold);
            }
            out.push(content, &self.text[content..here.end]);
            end = here.end;
            breaks = 0;
            above_more = more;
        }
        let trailing = next.saturating_sub(range.end);
        match chomp {
            b'-' => {}
            b'+' => out.push(end, &"\n".repeat(trailing + usize::from(!out.text.is_empty()))),
            _ if !out.text.is_empty() => out.push(end, "\n"),
            _ => {}
        }
        out.finish(end)
    }
}
