//! Identity papers of several kinds in one text: a number of the usual kind alone, others as `kind:number`.
//!
//! Thus numbers stored before a field accepted more than one kind stay valid.

use crate::identify::{Parsed, Parts, parse};
use crate::kind::IdentifierKind;
use crate::normal::{compact, half_width};
use crate::problem::{IdentifierProblem, ProblemCode};
use crate::resident::ResidentNumber;
use jiff::civil::Date;

/// Separates the kind from the number.
const MARK: char = ':';

/// Splits a text into kind and number; without a kind it is of the usual one.
pub fn split_paper(usual: IdentifierKind, text: &str) -> (IdentifierKind, &str) {
    let end = text.char_indices().find(|(_, c)| half_width(*c) == MARK);
    let named = end.and_then(|(at, mark)| {
        let kind: IdentifierKind = text[..at].parse().ok()?;
        Some((kind, &text[at + mark.len_utf8()..]))
    });
    named.unwrap_or((usual, text))
}

/// The stored form of a number of that kind.
pub fn join_paper(usual: IdentifierKind, kind: IdentifierKind, number: &str) -> String {
    if kind == usual { number.to_owned() } else { format!("{kind}{MARK}{number}") }
}

/// Parses a number of one of the accepted kinds; the value has the form of [`join_paper`].
///
/// # Errors
/// As [`parse`]; [`ProblemCode::OtherPaper`] for a number of a kind that is not accepted, or that is plainly
/// of another kind than stated.
pub fn parse_paper(
    usual: IdentifierKind,
    also: &[IdentifierKind],
    text: &str,
) -> Result<Parsed, IdentifierProblem> {
    let (kind, number) = split_paper(usual, text);
    let taken = |kind: &IdentifierKind| *kind == usual || also.contains(kind);
    if !taken(&kind) {
        let is = kind;
        return Err(IdentifierProblem::new(usual, ProblemCode::OtherPaper { is, taken: false }));
    }
    match parse(kind, number) {
        Ok(mut parsed) => {
            parsed.value = join_paper(usual, kind, &parsed.value);
            Ok(parsed)
        }
        Err(problem) => Err(match plainly(kind, number) {
            Some(is) => IdentifierProblem::new(kind, ProblemCode::OtherPaper { is, taken: taken(&is) }),
            None => problem,
        }),
    }
}

/// The other kind that a number belongs to, as its check character or its letters show; `None` if there is
/// none.
fn plainly(asked: IdentifierKind, number: &str) -> Option<IdentifierKind> {
    const TELLING: [IdentifierKind; 4] = [
        IdentifierKind::Resident,
        IdentifierKind::ForeignResident,
        IdentifierKind::CreditCode,
        IdentifierKind::HongKongMacaoPermit,
    ];
    // A mistyped resident number of Beijing may be a valid credit code, so only codes that begin with 9
    // (undertakings) count.
    let fits = |kind: &IdentifierKind| {
        let stray = *kind == IdentifierKind::CreditCode && !compact(number).starts_with('9');
        *kind != asked && !stray && parse(*kind, number).is_ok()
    };
    TELLING.into_iter().find(fits)
}

/// The date of birth in a number: of resident numbers, and of the new numbers of foreign permanent residents.
pub fn born_on(kind: IdentifierKind, number: &str) -> Option<Date> {
    match parse(kind, number).ok()?.parts {
        Parts::Resident(ResidentNumber { born_on, .. }) => Some(born_on),
        Parts::Document(document) => document.born_on(),
        _ => None,
    }
}

/// The problem of a number whose date of birth is after today; `None` otherwise.
pub fn not_born_by(kind: IdentifierKind, number: &str, today: Date) -> Option<IdentifierProblem> {
    let born = born_on(kind, number).filter(|born| *born > today)?;
    Some(IdentifierProblem::new(kind, ProblemCode::NotBornYet { position: 7, born }))
}
