//! Stage one: bytes to a spanned tree.
//!
//! Parses the strict subset of YAML used by packs: block and flow mappings and sequences, plain, quoted and
//! block scalars, comments. After an error it continues with the best guess, so that one run reports
//! everything.

mod block;
mod flow;
mod lines;
mod problem;
mod scalar;
#[cfg(test)]
mod tests;
mod tree;

pub use problem::{Malformed, Problem, ProblemKind, Unsupported};
pub use tree::{Entry, Map, Node, Scalar, Value};

use lines::Line;

/// Most nesting that is parsed; no real pack reaches it.
pub const MAX_DEPTH: usize = 48;

/// The parse result: as much of a file as could be read.
#[derive(Debug)]
pub struct Parsed<'a> {
    pub root: Node<'a>,
    pub problems: Vec<Problem>,
}

/// Parses one file. `known` tells keys of packs from other words, which decides doubtful cases such as
/// `title：甲`.
pub fn parse<'a>(text: &'a str, known: &'a dyn Fn(&str) -> bool) -> Parsed<'a> {
    let mut problems = Vec::new();
    let from = if text.starts_with('\u{feff}') {
        problems.push(Problem { kind: ProblemKind::ByteOrderMark, at: 0..3 });
        3
    } else {
        0
    };
    let control = text[from..].char_indices().find(|(_, c)| is_forbidden(*c));
    if let Some((at, c)) = control {
        let at = from + at;
        problems
            .push(Problem { kind: ProblemKind::Encoding { control: Some(c) }, at: at..at + c.len_utf8() });
    }
    let lines = lines::split(text, from);
    let mut parser =
        Parser { text, lines, problems, known, tabs: None, wide: None, taken: None, deep: false };
    let root = parser.document();
    parser.report_tabs();
    parser.report_wide();
    let mut problems = parser.problems;
    problems.sort_by_key(|problem| problem.at.start);
    Parsed { root, problems }
}

/// Control characters that no text needs. Tabs and line breaks are checked elsewhere.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

struct Parser<'a> {
    text: &'a str,
    lines: Vec<Line>,
    problems: Vec<Problem>,
    known: &'a dyn Fn(&str) -> bool,
    /// First line with a tab in its indentation, and the number of such lines.
    tabs: Option<(usize, usize)>,
    /// First line indented with full-width spaces.
    wide: Option<usize>,
    /// The byte after a full-width comma that was accepted as the separator.
    taken: Option<usize>,
    /// Something was nested too deeply to be read.
    deep: bool,
}

impl<'a> Parser<'a> {
    fn report(&mut self, kind: ProblemKind, at: std::ops::Range<usize>) {
        self.problems.push(Problem { kind, at });
    }

    fn malformed(&mut self, what: Malformed, at: std::ops::Range<usize>) {
        self.report(ProblemKind::Malformed(what), at);
    }

    fn report_tabs(&mut self) {
        if let Some((line, lines)) = self.tabs {
            let line = self.lines[line];
            self.report(ProblemKind::Tab { lines }, line.raw..line.start);
        }
    }

    fn report_wide(&mut self) {
        let Some(line) = self.wide.map(|line| self.lines[line]) else { return };
        let mut blanks = self.text[line.raw..line.start].char_indices();
        if let Some((at, mark)) = blanks.rfind(|(_, c)| !matches!(c, ' ' | '\t')) {
            let at = line.raw + at;
            self.report(ProblemKind::FullWidth { mark, ascii: "  " }, at..at + mark.len_utf8());
        }
    }

    /// The first line from `from` on that is neither blank nor a comment.
    fn content(&self, from: usize) -> Option<usize> {
        (from..self.lines.len()).find(|at| !self.lines[*at].blank && !self.lines[*at].comment)
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b'\n')
    }

    /// Skips spaces and tabs within a line.
    fn skip_blanks(&self, mut at: usize, end: usize) -> usize {
        while at < end && matches!(self.byte(at), b' ' | b'\t') {
            at += 1;
        }
        at
    }

    /// Whether only white space or a comment follows `at` on its line.
    fn at_end(&self, at: usize, end: usize) -> bool {
        let next = self.skip_blanks(at, end);
        next >= end
            || (self.byte(next) == b'#'
                && (next > at || next == 0 || matches!(self.byte(next - 1), b' ' | b'\t')))
    }

    /// The line that contains a byte, searched from line `from` on.
    fn line_of(&self, at: usize, from: usize) -> usize {
        let later = self.lines[from..].partition_point(|line| line.raw <= at);
        (from + later).saturating_sub(1).max(from)
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }
}
