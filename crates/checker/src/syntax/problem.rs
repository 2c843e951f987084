//! What can be wrong with the writing itself, before any key has a meaning.

use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    Malformed(Malformed),
    /// A full-width mark where YAML wants the ASCII one given.
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
    /// A comma tore a text in two.
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
