//! Lexer: tokens with spans, full-width characters folded.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use crate::Number;
use crate::answer::parse_date;
use crate::number::NumberProblem;
use crate::problem::{ExpressionProblem, ProblemKind};
use crate::tree::{Operator, Relation};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Word(Arc<str>),
    /// A name in backquotes, which is never a keyword.
    Quoted(Arc<str>),
    /// `None` after a reported problem.
    Number(Option<Number>),
    Date(Option<Date>),
    Text(Arc<str>),
    Relation(Relation),
    Operator(Operator),
    Open,
    Close,
    Comma,
    Dot,
    /// `&&`, `||` and `!` were reported and are read as these words.
    Stands(&'static str),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,
    pub range: Range<usize>,
}

/// Whether a name needs no quotes: letters of any script and `_`, after the first character also digits.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name)
}

fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn continues_name(c: char) -> bool {
    starts_name(c) || c.is_alphanumeric()
}

pub(super) fn tokens(text: &str, problems: &mut Vec<ExpressionProblem>) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), problems };
    while let Some(c) = lexer.peek() {
        lexer.token(c);
    }
    lexer.tokens
}

struct Lexer<'t, 'p> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    problems: &'p mut Vec<ExpressionProblem>,
}

/// The ASCII character that a full-width one stands for.
fn narrow(c: char) -> Option<char> {
    Some(match c {
        '、' => ',',
        '。' => '.',
        '《' | '〈' => '<',
        '》' | '〉' => '>',
        '【' => '(',
        '】' => ')',
        '！'..='～' => char::from_u32(c as u32 - 0xfee0)?,
        _ => return None,
    })
}

const OPERATORS: [(&str, Kind); 22] = [
    ("<=", Kind::Relation(Relation::AtMost)),
    (">=", Kind::Relation(Relation::AtLeast)),
    ("!=", Kind::Relation(Relation::Unequal)),
    ("<", Kind::Relation(Relation::Less)),
    (">", Kind::Relation(Relation::More)),
    ("=", Kind::Relation(Relation::Equal)),
    ("≤", Kind::Relation(Relation::AtMost)),
    ("≥", Kind::Relation(Relation::AtLeast)),
    ("≠", Kind::Relation(Relation::Unequal)),
    ("≦", Kind::Relation(Relation::AtMost)),
    ("≧", Kind::Relation(Relation::AtLeast)),
    ("+", Kind::Operator(Operator::Add)),
    ("-", Kind::Operator(Operator::Subtract)),
    ("−", Kind::Operator(Operator::Subtract)),
    ("*", Kind::Operator(Operator::Multiply)),
    ("×", Kind::Operator(Operator::Multiply)),
    ("/", Kind::Operator(Operator::Divide)),
    ("÷", Kind::Operator(Operator::Divide)),
    ("(", Kind::Open),
    (")", Kind::Close),
    (",", Kind::Comma),
    (".", Kind::Dot),
];

/// Operators from programming languages: typed text, meaning, replacement. Longest first.
const FOREIGN: [(&str, Kind, &str); 9] = [
    ("===", Kind::Relation(Relation::Equal), "="),
    ("==", Kind::Relation(Relation::Equal), "="),
    ("<>", Kind::Relation(Relation::Unequal), "!="),
    ("=>", Kind::Relation(Relation::AtLeast), ">="),
    ("=<", Kind::Relation(Relation::AtMost), "<="),
    ("&&", Kind::Stands("and"), " and "),
    ("||", Kind::Stands("or"), " or "),
    ("&", Kind::Stands("and"), " and "),
    ("|", Kind::Stands("or"), " or "),
];

impl Lexer<'_, '_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token { kind, range: start..self.at });
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        while let Some(c) = self.peek().filter(|c| wanted(*c)) {
            self.at += c.len_utf8();
        }
        start..self.at
    }

    fn token(&mut self, c: char) {
        let start = self.at;
        // U+3000 counts as white space in Unicode, and is harmless.
        if c.is_whitespace() || c == '\u{feff}' {
            self.at += c.len_utf8();
        } else if starts_name(c) {
            let range = self.take_while(continues_name);
            self.push(Kind::Word(self.text[range].into()), start);
        } else if c.is_ascii_digit() || ('０'..='９').contains(&c) {
            self.number();
        } else if c == '`' {
            self.quoted(c, '`');
        } else if let Some(close) = closing_quote(c) {
            self.quoted(c, close);
        } else {
            self.operator(c);
        }
    }

    fn quoted(&mut self, open: char, close: char) {
        let start = self.at;
        self.at += open.len_utf8();
        let mut content = String::new();
        let closed_by = loop {
            let Some(c) = self.peek() else { break None };
            self.at += c.len_utf8();
            // A straight quote closed by a curly one is a typing error, unless a curly one was opened inside.
            let slip = open == '"' && c == '”' && !content.contains('“');
            let any_curly = "“”„＂".contains(open) && "”“\"＂".contains(c);
            if c == close || slip || any_curly {
                break Some(c);
            }
            let escaped = self.peek().filter(|next| c == '\\' && matches!(*next, '"' | '\\' | '`' | '”'));
            if let Some(next) = escaped {
                self.at += next.len_utf8();
            }
            content.push(escaped.unwrap_or(c));
        };
        let range = start..self.at;
        let content: Arc<str> = content.into();
        let straight = crate::print::quoted(&content, if open == '`' { '`' } else { '"' });
        if closed_by.is_none() {
            self.problems.push(ExpressionProblem::new(
                ProblemKind::UnterminatedText,
                range,
                "引号没有闭合",
                "the quotation mark is not closed",
            ));
        } else if open == '\'' {
            self.problems.push(
                ExpressionProblem::new(
                    ProblemKind::ForeignSyntax,
                    range,
                    "文字要用双引号",
                    "text is written in double quotes",
                )
                .replace_by(straight),
            );
        } else if !matches!((open, closed_by), ('"', Some('"')) | ('`', _)) {
            self.problems.push(
                ExpressionProblem::new(
                    ProblemKind::FullWidthPunctuation,
                    range,
                    "引号要用半角的 \"",
                    "use the straight quotation mark \"",
                )
                .replace_by(straight),
            );
        }
        self.push(if open == '`' { Kind::Quoted(content) } else { Kind::Text(content) }, start);
    }

    fn number(&mut self) {
        let start = self.at;
        let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
        if let Some(length) = date_length(&self.text[start..]) {
            self.at += length;
            return self.date(start);
        }
        self.take_while(digit);
        let mut rest = self.text[self.at..].chars();
        if rest.next() == Some('.') && rest.next().is_some_and(digit) {
            self.at += 1;
            self.take_while(digit);
        }
        let digits_end = self.at;
        self.take_while(|c| c == '万' || c == '亿');
        let literal = &self.text[start..self.at];
        let literal_end = self.at;
        let trailing = self.take_while(continues_name);
        let number = literal.parse::<Number>();
        if !trailing.is_empty() {
            self.trailing_word(start, literal_end, &self.text[trailing]);
        } else {
            match number {
                Err(problem) => self.bad_number(start..self.at, problem),
                Ok(_) if self.text[start..digits_end].contains(|c: char| !c.is_ascii()) => {
                    let ascii: String =
                        self.text[start..self.at].chars().map(|c| narrow(c).unwrap_or(c)).collect();
                    self.problems.push(
                        ExpressionProblem::new(
                            ProblemKind::FullWidthPunctuation,
                            start..self.at,
                            "数字要用半角",
                            "use ASCII digits",
                        )
                        .replace_by(ascii),
                    );
                }
                Ok(_) => {}
            }
        }
        self.push(Kind::Number(number.ok()), start);
    }

    fn trailing_word(&mut self, start: usize, literal_end: usize, word: &str) {
        let literal = &self.text[start..literal_end];
        let problem = ExpressionProblem::new(
            ProblemKind::BadNumber,
            start..self.at,
            format!("数字后面不写“{word}”：单位在数据元里定义，数字与后面的词之间要空格"),
            format!("no “{word}” after a number: the field has the unit, and words are set off by a space"),
        );
        let problem = if literal.parse::<Number>().is_ok() { problem.replace_by(literal) } else { problem };
        self.problems.push(problem);
    }

    fn bad_number(&mut self, range: Range<usize>, problem: NumberProblem) {
        let (zh, en) = match problem {
            NumberProblem::TooPrecise => ("数字最多四位小数", "a number has at most four decimal places"),
            NumberProblem::OutOfRange => ("数字太大", "the number is too large"),
            NumberProblem::NotANumber => ("这不是数字", "this is not a number"),
        };
        self.problems.push(ExpressionProblem::new(ProblemKind::BadNumber, range, zh, en));
    }

    fn date(&mut self, start: usize) {
        let literal = &self.text[start..self.at];
        let date = parse_date(literal);
        let range = start..self.at;
        match date {
            Some(date) if date.to_string() == literal => {}
            Some(date) => self.problems.push(
                ExpressionProblem::new(
                    ProblemKind::BadDate,
                    range,
                    "日期要写成 年-月-日，月和日两位",
                    "write a date as year-month-day, two digits for month and day",
                )
                .replace_by(date.to_string()),
            ),
            None => self.problems.push(ExpressionProblem::new(
                ProblemKind::BadDate,
                range,
                format!("没有 {literal} 这一天"),
                format!("there is no day {literal}"),
            )),
        }
        self.push(Kind::Date(date), start);
    }

    fn operator(&mut self, c: char) {
        let start = self.at;
        // Full-width characters are folded to ASCII; the longest operator has three characters.
        let meant: String = self.text[start..].chars().take(3).map(|c| narrow(c).unwrap_or(c)).collect();
        if let Some((typed, kind, right)) = FOREIGN.iter().find(|(typed, ..)| meant.starts_with(typed)) {
            self.advance(typed.chars().count());
            let problem = ExpressionProblem::new(
                ProblemKind::ForeignSyntax,
                start..self.at,
                format!("这里写 {}", right.trim()),
                format!("write {} here", right.trim()),
            );
            self.problems.push(problem.replace_by(*right));
            return self.push(kind.clone(), start);
        }
        if let Some((typed, kind)) = OPERATORS.iter().find(|(typed, _)| meant.starts_with(typed)) {
            self.advance(typed.chars().count());
            let written = &self.text[start..self.at];
            if written != *typed {
                let problem = ExpressionProblem::new(
                    ProblemKind::FullWidthPunctuation,
                    start..self.at,
                    format!("“{written}”是全角符号，要用半角的 {typed}"),
                    format!("“{written}” is full-width; use {typed}"),
                );
                self.problems.push(problem.replace_by(*typed));
            }
            return self.push(kind.clone(), start);
        }
        self.at += c.len_utf8();
        if meant.starts_with('!') {
            let problem = ExpressionProblem::new(
                ProblemKind::ForeignSyntax,
                start..self.at,
                "这里写 not",
                "write not here",
            );
            self.problems.push(problem.replace_by("not "));
            return self.push(Kind::Stands("not"), start);
        }
        self.problems.push(ExpressionProblem::new(
            ProblemKind::UnknownCharacter,
            start..self.at,
            format!("条件里不能有“{}”", c.escape_debug()),
            format!("a condition cannot contain “{}”", c.escape_debug()),
        ));
    }

    fn advance(&mut self, characters: usize) {
        self.at += self.text[self.at..].chars().take(characters).map(char::len_utf8).sum::<usize>();
    }
}

fn closing_quote(open: char) -> Option<char> {
    Some(match open {
        '"' => '"',
        '\'' => '\'',
        '“' | '”' | '„' => '”',
        '‘' | '’' => '’',
        '「' => '」',
        '『' => '』',
        '＂' => '＂',
        _ => return None,
    })
}

/// The length of a date literal at the start: four digits, then month and day, joined by `-` or by 年 and 月.
fn date_length(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    if digits(text) != 4 {
        return None;
    }
    let (joint, last) = match text[4..].chars().next()? {
        '-' => ('-', None),
        '年' => ('月', Some('日')),
        _ => return None,
    };
    let month = 4 + text[4..].chars().next()?.len_utf8();
    let month_digits = digits(&text[month..]);
    if !(1..=2).contains(&month_digits) || !text[month + month_digits..].starts_with(joint) {
        return None;
    }
    let day = month + month_digits + joint.len_utf8();
    let day_digits = digits(&text[day..]);
    if !(1..=2).contains(&day_digits) {
        return None;
    }
    let end = day + day_digits;
    Some(match last {
        Some(last) if text[end..].starts_with(last) => end + last.len_utf8(),
        _ => end,
    })
}
