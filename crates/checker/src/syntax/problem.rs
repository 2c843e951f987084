//! Syntax problems, which do not depend on the meaning of keys.

use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    Malformed(Malformed),
    /// A full-width mark in place of the ASCII one that YAML needs.
    FullWidth {
        mark: char,
        ascii: &'static str,
    },
    /// Lines indented with tabs.
    Tab {
        lines: usize,
    },
    MissingSpace,
    Unsupported(Unsupported),
    /// Not UTF-8, or a control character.
    Encoding {
        control: Option<char>,
    },
    TooDeep,
    DuplicateKey {
        first: Range<usize>,
    },
    ByteOrderMark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    NoColon,
    Indentation,
    UnclosedQuote,
    UnclosedBracket {
        open: char,
    },
    TrailingText,
    ColonInText,
    BracketInText,
    /// An unquoted comma split a text in two.
    CommaInText,
    StrayComma,
    MissingComma,
    ReservedMark,
    BadEscape,
    ListOnKeyLine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsupported {
    Anchor,
    Alias,
    Tag,
    MergeKey,
    Document,
    Directive,
    ComplexKey,
}
