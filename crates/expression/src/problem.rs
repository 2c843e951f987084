//! Problems of a condition's text, with their spans.

use std::ops::Range;

use diagnostic::Bilingual;

/// The kinds of problem in the text of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// `＞ ＝ （ ） “ ” ，` where the language has `> = ( ) " " ,`.
    FullWidthPunctuation,
    /// `==`, `&&`, `'…'` and other habits from programming languages.
    ForeignSyntax,
    UnknownCharacter,
    UnterminatedText,
    BadNumber,
    BadDate,
    Unexpected,
    UnexpectedEnd,
    Unbalanced,
    /// `1 < x < 5`.
    ChainedComparison,
    UnknownName,
    UnknownFunction,
    UnknownColumn,
    WrongArguments,
    /// A choice written without its quotes.
    UnquotedText,
    TypeMismatch,
    UnitMismatch,
    UnknownChoice,
    /// The text is a value, not a condition.
    NotACondition,
    /// `between 20 and 5`.
    EmptyRange,
    Empty,
    TooLong,
    TooDeep,
}

/// One problem of a condition's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionProblem {
    pub kind: ProblemKind,
    /// Bytes within the condition's text.
    pub range: Range<usize>,
    pub message: Bilingual,
    /// Text to replace `range` by, when the intention is clear.
    pub replacement: Option<String>,
}

impl ExpressionProblem {
    pub(crate) fn new(
        kind: ProblemKind,
        range: Range<usize>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        ExpressionProblem { kind, range, message: Bilingual::new(zh, en), replacement: None }
    }

    #[must_use]
    pub(crate) fn replace_by(mut self, replacement: impl Into<String>) -> Self {
        self.replacement = Some(replacement.into());
        self
    }
}
