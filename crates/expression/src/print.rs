//! Printing the canonical text of a condition: English keywords, single spaces, no needless parentheses.

use std::fmt::{self, Display, Formatter};

use crate::Condition;
use crate::read::{is_plain_name, is_reserved};
use crate::tree::{Name, Term, Test};

impl Display for Condition {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        self.test().fmt(out)
    }
}

/// The text in quotes, with quotes and backslashes inside escaped.
pub(crate) fn quoted(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        if c == quote || c == '\\' || c == '”' {
            out.push('\\');
        }
        out.push(c);
    }
    out.push(quote);
    out
}

pub(crate) fn name_text(name: &str) -> String {
    if is_plain_name(name) && !is_reserved(name) { name.to_owned() } else { quoted(name, '`') }
}

impl Display for Name {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&name_text(&self.name))
    }
}

/// Precedence of a test: `or` lowest, then `and`, `not`, and comparisons.
fn rank(test: &Test) -> u8 {
    match test {
        Test::Any(_) => 0,
        Test::All(_) => 1,
        Test::Not(_) => 2,
        _ => 3,
    }
}

fn joined(out: &mut Formatter<'_>, tests: &[Test], word: &str, least: u8) -> fmt::Result {
    for (at, test) in tests.iter().enumerate() {
        if at > 0 {
            out.write_str(word)?;
        }
        within(out, test, least)?;
    }
    Ok(())
}

fn within(out: &mut Formatter<'_>, test: &Test, least: u8) -> fmt::Result {
    if rank(test) < least { write!(out, "({test})") } else { test.fmt(out) }
}

impl Display for Test {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Test::Constant(value) => value.fmt(out),
            Test::Flag(name) => name.fmt(out),
            Test::Exists(name) => write!(out, "exists {name}"),
            Test::Not(inner) => {
                out.write_str("not ")?;
                within(out, inner, 2)
            }
            Test::All(tests) => joined(out, tests, " and ", 2),
            Test::Any(tests) => joined(out, tests, " or ", 1),
            Test::Compare(left, relation, right) => write!(out, "{left} {} {right}", relation.symbol()),
            Test::Between(term, low, high) => write!(out, "{term} between {low} and {high}"),
            Test::OneOf { term, outside, list } => {
                write!(out, "{term} {}in (", if *outside { "not " } else { "" })?;
                for (at, each) in list.iter().enumerate() {
                    write!(out, "{}{each}", if at > 0 { ", " } else { "" })?;
                }
                out.write_str(")")
            }
            Test::Contains(name, text) => write!(out, "{name} contains {}", quoted(text, '"')),
            Test::Every(name, inner) => write!(out, "every({name}, {inner})"),
            Test::Some(name, inner) => write!(out, "some({name}, {inner})"),
        }
    }
}

impl Term {
    fn operand(&self, out: &mut Formatter<'_>, product: bool) -> fmt::Result {
        match self {
            Term::Chain(_, rest) => {
                // A sum inside a product keeps its parentheses, and so does a chain inside one of the same
                // precedence.
                let inner_product = rest.first().is_some_and(|(operator, _)| operator.is_product());
                if inner_product && !product { self.fmt(out) } else { write!(out, "({self})") }
            }
            _ => self.fmt(out),
        }
    }
}

impl Display for Term {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Term::Bool(value) => value.fmt(out),
            Term::Number(number) => number.fmt(out),
            Term::Date(date) => date.fmt(out),
            Term::Text(text) => out.write_str(&quoted(text, '"')),
            Term::Field(name, _) => name.fmt(out),
            Term::Today => out.write_str("today()"),
            Term::Count(name) => write!(out, "count({name})"),
            Term::Sum(name, column) => write!(out, "sum({name}.{})", name_text(column)),
            Term::Minus(inner) => match **inner {
                Term::Chain(..) | Term::Number(_) | Term::Minus(_) => write!(out, "-({inner})"),
                _ => write!(out, "-{inner}"),
            },
            Term::Chain(first, rest) => {
                let product = rest.first().is_some_and(|(operator, _)| operator.is_product());
                first.operand(out, product)?;
                for (operator, term) in rest {
                    write!(out, " {} ", operator.symbol())?;
                    term.operand(out, product)?;
                }
                Ok(())
            }
            Term::YearsBetween(from, to) => write!(out, "years_between({from}, {to})"),
            Term::DaysBetween(from, to) => write!(out, "days_between({from}, {to})"),
        }
    }
}
