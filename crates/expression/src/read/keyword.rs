//! Keywords and functions, English and Chinese.

use crate::Names;

/// A reserved word. Words for calls are keywords only before `(`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    And,
    Or,
    Not,
    In,
    Between,
    Exists,
    Contains,
    True,
    False,
    Call(Function),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Count,
    Sum,
    Every,
    Some,
    Today,
    YearsBetween,
    DaysBetween,
}

impl Function {
    pub(super) fn word(self) -> &'static str {
        match self {
            Function::Count => "count",
            Function::Sum => "sum",
            Function::Every => "every",
            Function::Some => "some",
            Function::Today => "today",
            Function::YearsBetween => "years_between",
            Function::DaysBetween => "days_between",
        }
    }
}

/// The English keywords, which are never names unless quoted.
const ENGLISH: [(&str, Keyword); 9] = [
    ("and", Keyword::And),
    ("or", Keyword::Or),
    ("not", Keyword::Not),
    ("in", Keyword::In),
    ("between", Keyword::Between),
    ("exists", Keyword::Exists),
    ("contains", Keyword::Contains),
    ("true", Keyword::True),
    ("false", Keyword::False),
];

/// Chinese synonyms; a field of the same name takes precedence.
const CHINESE: [(&str, Keyword); 16] = [
    ("且", Keyword::And),
    ("并且", Keyword::And),
    ("或", Keyword::Or),
    ("或者", Keyword::Or),
    ("非", Keyword::Not),
    ("不", Keyword::Not),
    ("属于", Keyword::In),
    ("介于", Keyword::Between),
    ("已填", Keyword::Exists),
    ("有", Keyword::Exists),
    ("包含", Keyword::Contains),
    ("含", Keyword::Contains),
    ("真", Keyword::True),
    ("是", Keyword::True),
    ("假", Keyword::False),
    ("否", Keyword::False),
];

const FUNCTIONS: [(&str, Function); 14] = [
    ("count", Function::Count),
    ("sum", Function::Sum),
    ("every", Function::Every),
    ("some", Function::Some),
    ("today", Function::Today),
    ("years_between", Function::YearsBetween),
    ("days_between", Function::DaysBetween),
    ("个数", Function::Count),
    ("合计", Function::Sum),
    ("每个", Function::Every),
    ("任一", Function::Some),
    ("今天", Function::Today),
    ("相隔年数", Function::YearsBetween),
    ("相隔天数", Function::DaysBetween),
];

pub(super) fn keyword(word: &str, called: bool, names: &dyn Names) -> Option<Keyword> {
    if let Some((_, keyword)) = ENGLISH.iter().find(|(text, _)| text.eq_ignore_ascii_case(word)) {
        return Some(*keyword);
    }
    if called && let Some((_, function)) = FUNCTIONS.iter().find(|(text, _)| *text == word) {
        return Some(Keyword::Call(*function));
    }
    let (_, keyword) = CHINESE.iter().find(|(text, _)| *text == word)?;
    names.type_of(word).is_none().then_some(*keyword)
}

/// The word between the bounds of `between`: `and`, in Chinese also 与, 和, 到, 至, 且.
pub(super) fn joins_bounds(word: &str) -> bool {
    word.eq_ignore_ascii_case("and") || ["与", "和", "到", "至", "且"].contains(&word)
}

/// Words that the canonical text puts in backquotes when they are names.
pub(crate) fn is_reserved(word: &str) -> bool {
    ENGLISH.iter().any(|(text, _)| text.eq_ignore_ascii_case(word))
        || CHINESE.iter().any(|(text, _)| *text == word)
        || joins_bounds(word)
}

pub(super) fn function_words() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(text, _)| *text)
}
